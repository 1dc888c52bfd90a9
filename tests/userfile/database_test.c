/* SPDX-License-Identifier: MIT */
/* database_test.c - an account file that is a database: it answers as the text that it was
 * made of, and a change counts for the next question. Damage is in damage_test.c. */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "database_fixture.h"
#include "scratch.h"
#include "secrets.h"
#include "suite.h"
#include "support/failure.h"
#include "userfile_lookup.h"
#include "wiped.h"

#define NT "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */
#define NO "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

static const char text[] =
    "# everybody\nDOM:alice:one\ndom:ALICE:no one reads it\n:alice:any\n:bob:any bob\n"
    "B:carol:first\nA:carol:second\nDOM:carol:third\nexample.com:dave:d\nDOM:dave@example.com:"
    "at\n"
    "D\xc3\xb6M:zo\xc3\xab:\xc3\xbc\nDOM:empty:\nDOM\\off:1:" NO ":" NT
    ":[UD         ]:LCT-0:\n"
    "shut:1:" NO ":" NT ":[UL         ]:LCT-0:\nnone:1:" NO ":" NO ":[UN         ]:LCT-0:\n"
    ".:local:l\nDOM:long:fifteen characters and more\nDOM:al:x\nDOM:alicea:y\n:do:z\n";

static void assert_same(const char *from_text, const char *from_database,
                        const struct account_query *query)
{
    struct account one, other;
    enum ntlm_error error = userfile_find(from_text, query, &one);

    ck_assert_int_eq(userfile_find(from_database, query, &other), error);
    ck_assert_msg(memcmp(one.nt_hash, other.nt_hash, 16) == 0, "%s\\%s: another NT hash",
                  query->domain, query->user);
    ck_assert_str_eq(one.user, other.user);
    ck_assert_str_eq(one.domain, other.domain);
    ck_assert(one.has_nt_hash == other.has_nt_hash && one.disabled == other.disabled &&
              one.empty_password == other.empty_password && one.locked == other.locked);
    if (query->lm)
        ck_assert(one.has_lm_hash == other.has_lm_hash);
    else
        ck_assert(!other.has_lm_hash);
    if (other.has_lm_hash)
        ck_assert_mem_eq(one.lm_hash, other.lm_hash, 16);
    account_clear(&one);
    account_clear(&other);
}

START_TEST(a_database_answers_as_the_text)
{
    static const char *const users[] = {"alice",
                                        "ALICE",
                                        "bob",
                                        "carol",
                                        "dave",
                                        "dave@example.com",
                                        "DAVE@EXAMPLE.COM",
                                        "zo\xc3\xab",
                                        "ZO\xc3\x8b",
                                        "empty",
                                        "off",
                                        "shut",
                                        "none",
                                        "local",
                                        "long",
                                        "al",
                                        "alicea",
                                        "do",
                                        "nobody",
                                        "alice@DOM",
                                        "bob@example.com",
                                        "@",
                                        "a@",
                                        "@a",
                                        "\x01"};
    static const char *const domains[] = {"",           "DOM",         "dom",   "A",
                                          "B",          "example.com", "OTHER", "D\xc3\xb6M",
                                          "d\xc3\x96m", ".",           "HOST"};
    static const char *const same[] = {"example.com", NULL}, *const local[] = {".", "A", NULL};
    /* more than are looked up without memory of their own */
    static const char *const many[] = {"Q", "R", "S", "T",           "U", "V", "W",
                                       "X", "Y", "Z", "q",           "r", "s", "t",
                                       "u", "v", "w", "example.com", NULL};
    const char *database, *plain;

    if (skipped_without_databases("a_database_answers_as_the_text"))
        return;
    database = database_of("database", text);
    plain = scratch_write("accounts", text);
    for (size_t u = 0; u < sizeof(users) / sizeof(users[0]); u++)
        for (size_t d = 0; d < sizeof(domains) / sizeof(domains[0]); d++)
            for (unsigned i = 0; i < 9; i++) {
                struct account_query query = query_of(users[u], domains[d], i & 1);

                query.same_domains = i & 8 ? many : i & 2 ? local : i & 4 ? same : NULL;
                query.same_realms = i & 8 ? many : i & 4 ? same : NULL;
                assert_same(plain, database, &query);
            }
}
END_TEST

START_TEST(names_longer_than_a_key_are_unknown)
{
    static char user[70000];
    const char *database;

    if (skipped_without_databases("names_longer_than_a_key_are_unknown"))
        return;
    database = database_of("database", text);
    for (size_t len = 500; len < sizeof(user) - 1; len = len < 600 ? len + 1 : len * 2) {
        memset(user, 'a', len);
        user[len] = '\0';
        finds_none(database, user, "DOM");
        finds_none(database, "erin", user);
        finds_none(database, user, "");
    }
}
END_TEST

/* gss-negotiate account COMMAND --file DATABASE REST, with this as its input. */
static void change(const char *database, const char *command, const char *rest,
                   const char *input)
{
    char arguments[512];

    snprintf(arguments, sizeof(arguments), "%s --file %s %s", command, database, rest);
    ck_assert(account_command(arguments, input));
}

START_TEST(a_change_counts_for_the_next_question)
{
    const char *database;

    if (skipped_without_databases("a_change_counts_for_the_next_question"))
        return;
    database = database_of("database", text);
    finds(database, "alice", "DOM", "one");
    change(database, "add", "--replace 'DOM\\alice'", "two\n");
    finds(database, "alice", "DOM", "two");
    change(database, "add", "'DOM\\erin'", "e\n");
    finds(database, "erin", "DOM", "e");
    finds(database, "erin", "", "e");
    change(database, "remove", "'DOM\\erin'", "");
    finds_none(database, "erin", "DOM");
    finds_none(database, "erin", "");
    finds(database, "alice", "DOM", "two");
}
END_TEST

START_TEST(the_account_of_a_user_alone_is_the_first_that_is_left)
{
    const char *database;

    if (skipped_without_databases("the_account_of_a_user_alone_is_the_first_that_is_left"))
        return;
    database = database_of("database", text);
    finds(database, "carol", "", "first");
    change(database, "remove", "'b\\CAROL'", "");
    finds(database, "carol", "", "second");
    change(database, "add", "'B\\carol'", "again\n");
    finds(database, "carol", "", "second");
    finds(database, "carol", "B", "again");
    change(database, "add", "carol", "any\n");
    finds(database, "carol", "", "any");
}
END_TEST

START_TEST(one_kind_of_file_may_take_the_place_of_the_other)
{
    const char *database, *path;
    struct stat st;

    if (skipped_without_databases("one_kind_of_file_may_take_the_place_of_the_other"))
        return;
    for (int i = 0; i < 5; i++) {
        path = scratch_write("changing", "DOM:alice:text\n");
        finds(path, "alice", "DOM", "text");
        database = database_of("database", text);
        ck_assert_int_eq(rename(database, path), 0);
        finds(path, "alice", "DOM", "one");
        database = database_of("database", "DOM:alice:other\n");
        ck_assert_int_eq(rename(database, path), 0);
        finds(path, "alice", "DOM", "other");
        /* in place */
        ck_assert_int_eq(stat(path, &st), 0);
        ck_assert_ptr_nonnull(scratch_write("changing", "DOM:alice:in place\n"));
        finds(path, "alice", "DOM", "in place");
    }
}
END_TEST

START_TEST(the_only_account_is_a_client_s_own)
{
    struct account account;
    const char *path;

    if (skipped_without_databases("the_only_account_is_a_client_s_own"))
        return;
    path = database_of("database", "DOM:alice:one\n");
    ck_assert_int_eq(userfile_find(path, &QUERY(NULL, NULL), &account), NTLM_OK);
    ck_assert_str_eq(account.user, "alice");
    ck_assert(has_password(&account, "one"));
    account_clear(&account);
    path = database_of("database", text);
    ck_assert_int_eq(userfile_find(path, &QUERY(NULL, NULL), &account), NTLM_ERR_NO_IDENTITY);
    path = database_of("database", "");
    ck_assert_int_eq(userfile_find(path, &QUERY(NULL, NULL), &account), NTLM_ERR_NO_SUCH_LINE);
}
END_TEST

START_TEST(others_must_not_be_able_to_write_it)
{
    struct account account;
    const char *path;

    if (skipped_without_databases("others_must_not_be_able_to_write_it"))
        return;
    path = database_of("database", text);
    finds(path, "alice", "DOM", "one");
    ck_assert_int_eq(chmod(path, 0622), 0);
    ck_assert_int_eq(userfile_find(path, &QUERY("alice", "DOM"), &account),
                     NTLM_ERR_FILE_INSECURE);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_FILE_INSECURE), "chmod go-w it"));
    ck_assert_int_eq(userfile_check(path), NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(chmod(path, 0640), 0);
    finds(path, "alice", "DOM", "one");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(userfile_find(path, &QUERY("alice", "DOM"), &account),
                     NTLM_ERR_FILE_UNREADABLE);
}
END_TEST

#define CHANGES 40

/* Gives alice the password of each change, and then says that all are made. */
static pid_t begin_changes(const char *path, int changes)
{
    pid_t pid = fork();
    char arguments[512], password[32];

    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    snprintf(arguments, sizeof(arguments), "add --file %s --replace 'DOM\\alice'", path);
    for (int i = 0; i < changes; i++) {
        snprintf(password, sizeof(password), "change %d\n", i % 2);
        if (!account_command(arguments, password))
            _exit(1);
    }
    _exit(0);
}

static bool finds_a_change(void *arg)
{
    struct account account;
    bool good = !userfile_find(arg, &QUERY("alice", "DOM"), &account);

    good = good && (has_password(&account, "change 0") || has_password(&account, "change 1") ||
                    has_password(&account, "one"));
    account_clear(&account);
    return good;
}

START_TEST(no_answer_is_lost_while_it_changes)
{
    char *path;
    unsigned answers = 0;
    int status = 0;
    pid_t pid;

    if (skipped_without_databases("no_answer_is_lost_while_it_changes"))
        return;
    path = strdup(database_of("database", text));
    pid = begin_changes(path, CHANGES);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        ck_assert(finds_a_change(path));
        finds(path, "bob", "", "any bob");
        if (answers++ % 500 == 0)
            ck_assert(holds_in_child(finds_a_change, path));
    }
    ck_assert_int_eq(status, 0);
    ck_assert_uint_gt(answers, 0);
    finds(path, "alice", "DOM", "change 1");
    free(path);
}
END_TEST

static atomic_bool stop;
static atomic_uint wrong;

static void *ask(void *path)
{
    while (!stop) {
        struct account account;

        wrong += !finds_a_change(path);
        wrong +=
            userfile_find(path, &QUERY("nobody", "DOM"), &account) != NTLM_ERR_NO_SUCH_LINE;
        account_clear(&account);
    }
    return NULL;
}

START_TEST(no_thread_sees_half_a_change)
{
    pthread_t readers[4];
    const size_t count = sizeof(readers) / sizeof(readers[0]);
    char *path;
    int status;
    pid_t pid;

    if (skipped_without_databases("no_thread_sees_half_a_change"))
        return;
    path = strdup(database_of("shared", text));
    pid = begin_changes(path, 10); /* forked before there are threads */
    stop = false;
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(pthread_create(&readers[i], NULL, ask, path), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    stop = true;
    for (size_t i = 0; i < count; i++)
        pthread_join(readers[i], NULL);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(wrong, 0);
    finds(path, "alice", "DOM", "change 1");
    free(path);
}
END_TEST

static bool learn(void *arg)
{
    (void)arg;
    return secrets_add_account(&(struct secrets_account){"alice", "DOM", "Wonderland 7"});
}

static void wipes(const char *path, const struct account_query *query, const char *expected)
{
    struct account account;

    wiped_forget();
    wiped_watch(true);
    ck_assert(!userfile_find(path, query, &account));
    account_clear(&account);
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(), expected);
}

/* What is in one place is wiped in others, too: see wiped.h. */
START_TEST(each_copy_of_a_hash_is_wiped)
{
    static const char password[] = "DOM:alice:Wonderland 7\n";
    static const char hash[] = "alice:1:" NO ":cc00bb161ae632398b69c69b56b6dec5:[U]:LCT-0:\n";
    const struct account_query only = {.domain = ""};
    const char *database;

    if (skipped_sanitized("each_copy_of_a_hash_is_wiped") ||
        skipped_without_databases("each_copy_of_a_hash_is_wiped"))
        return;
    secrets_forget();
    secrets_learn(learn, NULL);
    database = database_of("alice", password);
    wipes(file_of(password), &LM_QUERY("alice", "DOM"),
          "1 password\n3 NT hash\n3 PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n");
    wipes(file_of(hash), &LM_QUERY("alice", "DOM"), "5 NT hash\n");
    wipes(database, &LM_QUERY("alice", "DOM"), "4 NT hash\n");
    wipes(database, &only, "5 NT hash\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("userfile database");
    TCase *cases = tcase_create("database");

    scratch_begin();
    tcase_add_test(cases, a_database_answers_as_the_text);
    tcase_add_test(cases, names_longer_than_a_key_are_unknown);
    tcase_add_test(cases, a_change_counts_for_the_next_question);
    tcase_add_test(cases, the_account_of_a_user_alone_is_the_first_that_is_left);
    tcase_add_test(cases, one_kind_of_file_may_take_the_place_of_the_other);
    tcase_add_test(cases, the_only_account_is_a_client_s_own);
    tcase_add_test(cases, others_must_not_be_able_to_write_it);
    tcase_add_test(cases, no_answer_is_lost_while_it_changes);
    tcase_add_test(cases, no_thread_sees_half_a_change);
    tcase_add_test(cases, each_copy_of_a_hash_is_wiped);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
