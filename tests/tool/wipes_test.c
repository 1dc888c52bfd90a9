/* SPDX-License-Identifier: MIT */
/* wipes_test.c - how long passwords, hashes and keys are in the memory of gss-negotiate: each
 * copy that a command makes is wiped where it was, and neither a block that is given back nor
 * a dead frame of the stack has one. The commands run in this process; what they read of the
 * password is in files. What is typed at a terminal is secret_test.c's. */

#include "config.h"

#include <ctype.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "child.h"
#include "commands.h"
#include "dispatch.h"
#include "freed.h"
#include "ntlm/keys.h"
#include "ntlm_exchange.h"
#include "scratch.h"
#include "secrets.h"
#include "suite.h"
#include "userfile/cache.h"
#include "wiped.h"

#define PASSWORD "Wonderland 7"
#define OTHERS "CORP:bob:another one\n"
#define HERS "CORP:alice:" PASSWORD "\n"
#define TOKENS_IN_HEX 4096
#define WORDS 10

static const struct secrets_account alice = {"alice", "CORP", PASSWORD};

/* The linker leads the calls here (--wrap): GSSAPI is said to have NTLM, so that "check" asks
 * for what NTLM would log in with. */
OM_uint32 __wrap_gss_test_oid_set_member(OM_uint32 *minor, gss_OID member, gss_OID_set set,
                                         int *present);

OM_uint32 __wrap_gss_test_oid_set_member(OM_uint32 *minor, gss_OID member, gss_OID_set set,
                                         int *present)
{
    (void)member;
    (void)set;
    *minor = 0;
    *present = true;
    return GSS_S_COMPLETE;
}

/* The part of it that has secrets; what the others find is the machine's. */
static enum exit_status check_identity(const struct arguments *arguments)
{
    static const struct mech_files files;
    struct report report = {.json = NULL};

    (void)arguments;
    setenv("NTLM_USER_FILE", scratch_path("accounts"), 1);
    check_negotiate(&report, &files);
    unsetenv("NTLM_USER_FILE");
    return STATUS_OK;
}

static const struct command check = {.name = "check", .run = check_identity};
static const struct command *const commands[] = {
    &command_account, &check, &command_decode, &command_login, &command_try, NULL};

/* ---- what they are given ---- */

enum file { NONE, TEXT, HASHES, DATABASE };
enum input { NOTHING, PASSWORD_LINE, HASH_LINE };

/* What a library keeps until the process ends: liblmdb its pages, a lookup the index of the
 * account file. */
enum keeper { NOBODY, LMDB, INDEX };

/* The responses of a login that somebody recorded: NTLMV2's has no LM response. */
enum recorded { NONE_RECORDED, NTLMV1, NTLMV1_ESS, NTLMV2, LMV2 };

/* A way to run a command, and which copies of secrets it wipes: see wiped.h. "FILE" is the
 * account file's path, "TOKENS" stands for those of a login. */
static const struct row {
    const char *words[WORDS];
    enum file file;
    enum input input;
    enum keeper keeper;
    enum recorded recorded; /* what TOKENS are of */
    enum exit_status status;
    unsigned others; /* wiped blocks without a secret; 0: not counted */
    const char *wiped;
} rows[] = {
    {{"account", "add", "--file", "FILE", "CORP\\alice"},
     .input = PASSWORD_LINE,
     .wiped = "1 password\n3 NT hash\n4 NT hash in digits\n1 password in UTF-16\n"},
    {{"account", "add", "--file", "FILE", "--plain-text", "CORP\\alice"},
     .input = PASSWORD_LINE,
     .wiped = "4 password\n2 NT hash\n2 password in UTF-16\n"},
    {{"account", "add", "--file", "FILE", "--plain-text", "#CORP\\alice"},
     .input = PASSWORD_LINE,
     .status = STATUS_USAGE,
     .wiped = "1 NT hash\n3 password\n1 password in UTF-16\n"},
    {{"account", "add", "--file", "FILE", "--nt-hash", "CORP\\alice"},
     .input = HASH_LINE,
     .wiped = "3 NT hash\n5 NT hash in digits\n"},
    {{"account", "add", "--file", "FILE", "--replace", "CORP\\alice"},
     TEXT,
     PASSWORD_LINE,
     .wiped = "3 password\n3 NT hash\n4 NT hash in digits\n1 password in UTF-16\n"},
    {{"account", "add", "--file", "FILE", "--replace", "CORP\\alice"},
     DATABASE,
     PASSWORD_LINE,
     LMDB,
     .wiped = "1 password\n7 NT hash\n4 NT hash in digits\n1 password in UTF-16\n"},
    {{"account", "verify", "--file", "FILE", "CORP\\alice"},
     TEXT,
     PASSWORD_LINE,
     INDEX,
     .wiped = "2 password\n4 NT hash\n2 password in UTF-16\n"},
    {{"account", "verify", "--file", "FILE", "CORP\\alice"},
     HASHES,
     PASSWORD_LINE,
     INDEX,
     .wiped = "1 password\n1 NT hash in digits\n5 NT hash\n1 password in UTF-16\n"},
    {{"account", "verify", "--file", "FILE", "CORP\\alice"},
     DATABASE,
     PASSWORD_LINE,
     .wiped = "1 password\n5 NT hash\n1 password in UTF-16\n"},
    {{"account", "verify", "--file", "FILE", "--nt-hash", "CORP\\alice"},
     TEXT,
     HASH_LINE,
     INDEX,
     .wiped = "1 NT hash in digits\n1 password\n4 NT hash\n1 password in UTF-16\n"},
    {{"account", "list", "--file", "FILE"},
     TEXT,
     .wiped = "2 password\n1 NT hash\n1 password in UTF-16\n"},
    {{"account", "list", "--file", "FILE"}, DATABASE, .wiped = "3 NT hash\n"},
    {{"account", "lint", "FILE"},
     TEXT,
     .wiped = "2 password\n1 NT hash\n1 password in UTF-16\n"},
    {{"account", "lint", "FILE"}, DATABASE, .wiped = "4 NT hash\n"},
    {{"account", "remove", "--file", "FILE", "CORP\\bob"}, TEXT, .wiped = "3 password\n"},
    {{"account", "remove", "--file", "FILE", "CORP\\alice"},
     HASHES,
     .wiped = "2 NT hash in digits\n1 NT hash\n"},
    {{"account", "remove", "--file", "FILE", "CORP\\bob"},
     DATABASE,
     NOTHING,
     LMDB,
     .wiped = "1 NT hash\n"},
    {{"account", "import", "FILE", "NEW"},
     TEXT,
     NOTHING,
     LMDB,
     .wiped = "1 password\n2 NT hash\n1 password in UTF-16\n"},
    {{"account", "import", "FILE", "NEW"},
     HASHES,
     NOTHING,
     LMDB,
     .wiped = "1 NT hash in digits\n3 NT hash\n"},
    {{"account", "hash"},
     NONE,
     PASSWORD_LINE,
     .others = 33,
     .wiped = "1 NT hash in small digits\n1 NT hash\n1 password\n1 password in UTF-16\n"},
    {{"decode", "--verify", "TOKENS"},
     NONE,
     PASSWORD_LINE,
     .recorded = NTLMV1,
     .wiped = "1 password\n1 NTLMv1's session base key\n1 session key\n2 LM response\n1 LM "
              "hash\n1 NT hash\n3 PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n"},
    {{"decode", "--verify", "TOKENS"},
     NONE,
     PASSWORD_LINE,
     .recorded = NTLMV1_ESS,
     .wiped = "1 password\n1 NTLMv1's session base key\n1 session key\n1 NTLMv1's session base "
              "key for HMAC, out\n2 NTLMv1's session base key for HMAC, ins\n1 NT hash\n3 "
              "PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n"},
    {{"decode", "--verify", "TOKENS"},
     NONE,
     PASSWORD_LINE,
     .recorded = NTLMV2,
     .wiped = "1 password\n1 session key\n4 SessionBaseKey\n1 NTOWFv2 for HMAC, outside\n2 "
              "NTOWFv2 for HMAC, inside\n2 NTOWFv2\n1 NT hash for HMAC, outside\n2 NT hash for "
              "HMAC, inside\n3 PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n"},
    {{"decode", "--verify", "TOKENS"},
     NONE,
     PASSWORD_LINE,
     .recorded = LMV2,
     .wiped =
         "1 password\n1 session key\n3 LM response\n4 SessionBaseKey\n2 NTOWFv2 for HMAC, "
         "outside\n4 NTOWFv2 for HMAC, inside\n4 NTOWFv2\n2 NT hash for HMAC, outside\n4 NT "
         "hash for HMAC, inside\n3 PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n"},
    {{"decode", "--verify", "--nt-hash", "TOKENS"},
     NONE,
     HASH_LINE,
     .recorded = NTLMV2,
     .wiped = "1 NT hash in digits\n1 session key\n4 SessionBaseKey\n1 NTOWFv2 for HMAC, "
              "outside\n2 NTOWFv2 for HMAC, inside\n2 NTOWFv2\n1 NT hash for HMAC, outside\n2 "
              "NT hash for HMAC, inside\n"},
    {{"login", "CORP\\alice"},
     NONE,
     PASSWORD_LINE,
     .wiped = "2 NT hash\n1 password\n1 NTOWFv2 for HMAC, outside\n1 NTOWFv2 for HMAC, "
              "inside\n2 NTOWFv2\n1 NT hash for HMAC, outside\n2 NT hash for HMAC, inside\n3 "
              "PASSWORD\n1 PASSWORD in UTF-16\n1 password in UTF-16\n"},
    {{"login", "--nt-hash", "CORP\\alice"},
     NONE,
     HASH_LINE,
     .wiped =
         "2 NT hash\n1 NT hash in digits\n1 NTOWFv2 for HMAC, outside\n1 NTOWFv2 for HMAC, "
         "inside\n2 NTOWFv2\n1 NT hash for HMAC, outside\n2 NT hash for HMAC, inside\n"},
    /* There is no NTLM here: the module's copies are not the command's. */
    {{"try", "--ntlm", "--account-file", "FILE", "--user", "CORP\\alice"},
     NONE,
     PASSWORD_LINE,
     .status = STATUS_BAD,
     .wiped = "1 password\n"},
    {{"check"},
     TEXT,
     NOTHING,
     INDEX,
     .wiped = "1 NTOWFv2 for HMAC, outside\n1 NTOWFv2 for HMAC, inside\n2 NTOWFv2\n1 NT hash "
              "for HMAC, outside\n2 NT hash for HMAC, inside\n1 password\n5 NT hash\n1 "
              "password in UTF-16\n"},
};
#define ROWS (int)(sizeof(rows) / sizeof(rows[0]))

static struct exchange x; /* a login's both sides */
static bool has_keyring;
static bool responses_are_secret; /* also those that stand in the tokens */

/* ---- a command ---- */

/* The command line, with the files' paths; the tokens are of the login before. */
static int command_line(const struct row *row, char **argv)
{
    static char tokens[TOKENS_IN_HEX];
    char *rest = NULL;
    int argc = 0;

    argv[argc++] = (char *)(uintptr_t) "gss-negotiate";
    for (const char *const *word = row->words; *word; word++) {
        const char *given = *word;

        if (strcmp(given, "FILE") == 0)
            given = scratch_path("accounts");
        else if (strcmp(given, "NEW") == 0)
            given = scratch_path("new");
        else if (strcmp(given, "TOKENS") == 0)
            given = strtok_r(strcpy(tokens, scratch_read("tokens")), " \n", &rest);
        argv[argc++] = (char *)(uintptr_t)given;
    }
    for (char *token; rest && (token = strtok_r(NULL, " \n", &rest));)
        argv[argc++] = token;
    argv[argc] = NULL;
    return argc;
}

/* The standard descriptor is the file's; what it was is returned. */
static int redirect(int standard, const char *name, int flags)
{
    const int before = fcntl(standard, F_DUPFD_CLOEXEC, 0);
    const int file = open(scratch_path(name), flags | O_CLOEXEC, 0600);

    ck_assert_int_ge(before, 0);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(dup2(file, standard), standard);
    close(file);
    return before;
}

static void restore(int standard, int before)
{
    ck_assert_int_eq(dup2(before, standard), standard);
    close(before);
}

/* With the standard descriptors on files: "input" and "output". */
static enum exit_status run(const struct row *row)
{
    char *argv[WORDS + TOKENS + 1];
    const int argc = command_line(row, argv);
    const int in = redirect(STDIN_FILENO, "input", O_RDONLY);
    const int out = redirect(STDOUT_FILENO, "output", O_WRONLY | O_CREAT);
    enum exit_status status;

    output_begin();
    status = command_dispatch(commands, "gss-negotiate", "", argc, argv);
    status = output_end(status);
    freed_stack();
    restore(STDIN_FILENO, in);
    restore(STDOUT_FILENO, out);
    return status;
}

/* ---- what it is given ---- */

static bool hash_digits(char digits[2 * NTLM_HASH_SIZE + 1])
{
    uint8_t hash[NTLM_HASH_SIZE];

    if (ntlm_nt_hash(PASSWORD, strlen(PASSWORD), hash))
        return false;
    for (size_t i = 0; i < sizeof(hash); i++)
        snprintf(digits + 2 * i, 3, "%02X", hash[i]);
    return true;
}

static void write_tokens(void)
{
    FILE *file = fopen(scratch_path("tokens"), "w");

    for (int i = 0; i < TOKENS; i++) {
        for (size_t at = 0; at < x.tokens[i].len; at++)
            fprintf(file, "%02x", x.tokens[i].data[at]);
        fputc(i < TOKENS - 1 ? ' ' : '\n', file);
    }
    fclose(file);
}

/* Who is told no time sends an LMv2 response. */
static void tell_no_time(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes("\2\0\2\0D\0\1\0\2\0S\0\0\0\0\0", 16);
}

static bool record_login(enum recorded recorded)
{
    struct ntlm_bytes lm;

    exchange_begin(&x);
    x.user = x.account = alice.user;
    x.domain = alice.domain;
    x.password = x.account_password = alice.password;
    x.client.lm_compat_level = recorded == NTLMV1 ? 0 : recorded == NTLMV1_ESS ? 1 : 3;
    x.server.lm_compat_level = 0;
    if (exchange_run_to(&x, CHALLENGE_SENT))
        return false;
    if (recorded == LMV2)
        exchange_edit_challenge(&x, tell_no_time);
    if (exchange_authenticate(&x))
        return false;
    write_tokens();
    lm = exchange_decoded(&x).lm_response;
    if (responses_are_secret && (recorded == NTLMV1 || recorded == LMV2))
        secrets_add("LM response", lm.data, NTLM_KEY_SIZE);
    secrets_add_session_key(ntlm_initiator_outcome(x.initiator)->session_key);
    return secrets_add_base_key(&alice, x.tokens[AUTHENTICATE_SENT].data,
                                x.tokens[AUTHENTICATE_SENT].len);
}

static void write_files(const struct row *row, const char *digits)
{
    static const struct row import = {.words = {"account", "import", "NEW", "FILE"}};
    char text[256];

    snprintf(text, sizeof(text), "%s\n", row->input == HASH_LINE ? digits : PASSWORD);
    scratch_write("input", row->input ? text : "");
    snprintf(text, sizeof(text), OTHERS "CORP\\alice:0:%s:%s:[U          ]:LCT-5F5E1000:\n",
             "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", digits);
    if (row->file == DATABASE)
        scratch_write("new", OTHERS HERS);
    else if (row->file)
        scratch_write("accounts", row->file == HASHES ? text : OTHERS HERS);
    if (row->file == DATABASE)
        run(&import);
}

/* In a child: nothing of it is in the test's memory but the list of secrets. */
static bool prepare(void *arg)
{
    const struct row *row = arg;
    char digits[2 * NTLM_HASH_SIZE + 1];

    if (!hash_digits(digits) || !secrets_add_account(&alice))
        return false;
    secrets_add("NT hash in digits", digits, 2 * NTLM_HASH_SIZE);
    unlink(scratch_path("accounts"));
    unlink(scratch_path("new"));
    write_files(row, digits);
    for (char *digit = digits; *digit; digit++)
        *digit = (char)tolower((unsigned char)*digit);
    /* standard output's buffer has what came first no longer */
    secrets_add("NT hash in small digits", digits + NTLM_HASH_SIZE, NTLM_HASH_SIZE);
    return !row->recorded || record_login(row->recorded);
}

/* What a lookup of an earlier row left of the account file is none of this row's. */
static void forget_index(void)
{
    const char *path = scratch_path("accounts");
    struct loaded_file *loaded;
    unsigned slot;

    ck_assert_int_eq(cache_get(path, &slot, &loaded), NTLM_OK);
    loaded_file_unref(loaded);
    cache_put(slot, path, NULL);
}

static void setup(const struct row *row)
{
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("GSS_MECH_CONFIG", "/dev/null", 1);
    setenv("NTLM_LOGIN_KEYRING", "session", 1);
    secrets_forget();
    forget_index();
    wiped_forget();
    secrets_learn(prepare, (void *)(uintptr_t)row);
}

static bool skipped(const char *test, const struct row *row)
{
#ifndef HAVE_LMDB
    if (row->file == DATABASE || strcmp(row->words[1], "import") == 0) {
        printf("ok - %s # SKIP there was no liblmdb when this was built\n", test);
        return true;
    }
#endif
    if (strcmp(row->words[0], "login") == 0 && !has_keyring) {
        printf("ok - %s # SKIP there is no keyring\n", test);
        return true;
    }
    return skipped_sanitized(test);
}

/* ---- tests ---- */

START_TEST(each_copy_of_a_secret_is_wiped)
{
    const struct row *row = &rows[_i];

    if (skipped("each_copy_of_a_secret_is_wiped", row))
        return;
    responses_are_secret = true;
    setup(row);
    wiped_watch(true);
    ck_assert_int_eq(run(row), row->status);
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(), row->wiped);
    if (row->others)
        ck_assert_uint_eq(wiped_others(), row->others);
}
END_TEST

START_TEST(memory_that_is_given_back_has_no_secret)
{
    const struct row *row = &rows[_i];

    if (row->keeper == LMDB || skipped("memory_that_is_given_back_has_no_secret", row))
        return;
    responses_are_secret = false;
    setup(row);
    freed_watch(true);
    ck_assert_int_eq(run(row), row->status);
    freed_assert_clean();
}
END_TEST

START_TEST(no_secret_is_left_in_memory)
{
    const struct row *row = &rows[_i];
    char where[256];
    const char *found;

    if (row->keeper || skipped("no_secret_is_left_in_memory", row) ||
        skipped_without_fork("no_secret_is_left_in_memory"))
        return;
    responses_are_secret = false;
    setup(row);
    ck_assert_int_eq(run(row), row->status);
    found = secrets_found_anywhere(where, sizeof(where));
    ck_assert_msg(!found, "%s in %s", found, where);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("tool_wipes");
    TCase *cases = tcase_create("wipes");

    (void)argc;
    freed_begin(argv);
    scratch_begin();
#ifdef HAVE_KEYUTILS
    has_keyring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0;
#endif
    tcase_add_loop_test(cases, each_copy_of_a_secret_is_wiped, 0, ROWS);
    tcase_add_loop_test(cases, memory_that_is_given_back_has_no_secret, 0, ROWS);
    tcase_add_loop_test(cases, no_secret_is_left_in_memory, 0, ROWS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
