/* SPDX-License-Identifier: MIT */
/* impersonate_test.c - a thread takes the credentials of the client's account, and
 * its own again. What needs root is skipped without. Everything happens in a
 * thread of its own, and the kernel says what its credentials are. What others may
 * do with them is in impersonate_rights_test.c. */

#include "config.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gssapi/gssapi_ext.h>

#include "context.h"
#include "local_accounts.h"
#include "scratch.h"
#include "sspi_contexts.h"
#include "suite.h"
#include "thread_cred.h"
#include "thread_ids.h"

#define FIRST LOCAL_FIRST
#define SECOND LOCAL_SECOND
#define NO_ACCOUNT "nobody-of-that-name"

static void *run(void *act)
{
    (*(void (**)(void))act)();
    return NULL;
}

static void in_thread(void (*act)(void))
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, run, &act), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

/* What /proc says of a thread: the lines that credentials(7) speaks of. */
struct who {
    char text[4096];
};

static struct who who_is(const char *thread)
{
    static const char *const fields[] = {"Uid:", "Gid:", "Groups:", "Cap"};
    struct who who = {""};
    char path[64], line[2048];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%s/status", thread);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file))
        for (size_t i = 0; i < 4; i++)
            if (strncmp(line, fields[i], strlen(fields[i])) == 0)
                strncat(who.text, line, sizeof(who.text) - strlen(who.text) - 1);
    fclose(file);
    return who;
}

static struct who this_thread(void)
{
    return who_is("thread-self");
}

static struct who first_thread(void)
{
    return who_is("self");
}

static void is_still(struct who before, struct who now)
{
    ck_assert_str_eq(now.text, before.text);
}

/* The effective user, all groups, and no capability but permitted ones; the real user
 * is the server's own when that is the account, and nobody's otherwise. */
static void has_credentials_of(const char *account, bool is_own)
{
    const struct passwd *passwd = getpwnam(account);
    gid_t groups[64], actual[64];
    int count = 64, actual_count = getgroups(64, actual);
    uid_t uid[3];
    gid_t gid[3];

    ck_assert_ptr_nonnull(passwd);
    ck_assert_int_eq(getresuid(&uid[0], &uid[1], &uid[2]), 0);
    ck_assert_int_eq(getresgid(&gid[0], &gid[1], &gid[2]), 0);
    ck_assert_uint_eq(uid[0], is_own ? passwd->pw_uid : THREAD_CRED_NO_USER);
    ck_assert_uint_eq(uid[1], passwd->pw_uid);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(gid[i], passwd->pw_gid);
    ck_assert_int_ge(getgrouplist(account, passwd->pw_gid, groups, &count), 0);
    ck_assert_int_eq(actual_count, count);
    for (int i = 0; i < count; i++) {
        int at = 0;
        while (at < actual_count && actual[at] != groups[i])
            at++;
        ck_assert_int_lt(at, actual_count);
    }
    ck_assert_ptr_nonnull(strstr(this_thread().text, "CapEff:\t0000000000000000\n"));
    ck_assert_ptr_nonnull(strstr(this_thread().text, "CapInh:\t0000000000000000\n"));
    ck_assert_ptr_nonnull(strstr(this_thread().text, "CapAmb:\t0000000000000000\n"));
}

static enum contexts_kind kind;

static void impersonate_and_revert(void)
{
    struct contexts contexts = contexts_make_as(kind, GSS_C_INTEG_FLAG, FIRST);
    struct who before = this_thread(), others = first_thread();

    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    has_credentials_of(FIRST, false);
    is_still(others, first_thread());
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&contexts);
}

START_TEST(a_thread_and_only_it_becomes_the_clients_account)
{
    kind = (enum contexts_kind)_i;
    in_thread(impersonate_and_revert);
}
END_TEST

static void use_files(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    const char *secret = scratch_write("secret", "for root's eyes");
    char directory[] = "/tmp/impersonate.XXXXXX", made[64];
    struct stat status;
    int fd;

    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chmod(directory, 0777), 0);
    snprintf(made, sizeof(made), "%s/made", directory);
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(open(secret, O_RDONLY), -1);
    ck_assert_int_eq(access(secret, R_OK), -1);
    fd = open(made, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &status), 0);
    ck_assert_uint_eq(status.st_uid, getpwnam(FIRST)->pw_uid);
    close(fd);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    fd = open(secret, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(unlink(made), 0);
    ck_assert_int_eq(rmdir(directory), 0);
    contexts_end(&contexts);
}

START_TEST(files_are_opened_and_made_as_the_client)
{
    in_thread(use_files);
}
END_TEST

static void impersonate_one_after_the_other(void)
{
    struct contexts first = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    struct contexts second = contexts_make_as(CONTEXTS_NTLM, 0, SECOND);
    struct contexts none = contexts_make_as(CONTEXTS_NTLM, 0, NO_ACCOUNT);
    struct who before = this_thread();

    ck_assert_int_eq(ImpersonateSecurityContext(&first.server), SEC_E_OK);
    ck_assert_int_eq(ImpersonateSecurityContext(&second.server), SEC_E_OK);
    has_credentials_of(SECOND, false);
    ck_assert_int_eq(ImpersonateSecurityContext(&none.server), SEC_E_NO_IMPERSONATION);
    has_credentials_of(SECOND, false);
    ck_assert_int_eq(ImpersonateSecurityContext(&second.server), SEC_E_OK);
    ck_assert_int_eq(RevertSecurityContext(&first.server), SEC_E_OK);
    is_still(before, this_thread());
    ck_assert_int_eq(RevertSecurityContext(&first.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&first);
    contexts_end(&second);
    contexts_end(&none);
}

START_TEST(one_revert_ends_nested_impersonation)
{
    in_thread(impersonate_one_after_the_other);
}
END_TEST

static void delete_while_impersonating(void)
{
    struct contexts first = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    struct contexts second = contexts_make_as(CONTEXTS_NTLM, 0, SECOND);

    ck_assert_int_eq(ImpersonateSecurityContext(&first.server), SEC_E_OK);
    contexts_end(&first);
    has_credentials_of(FIRST, false);
    ck_assert_int_eq(RevertSecurityContext(&first.server), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(RevertSecurityContext(&second.server), SEC_E_OK);
    contexts_end(&second);
}

START_TEST(impersonation_outlives_its_context)
{
    in_thread(delete_while_impersonating);
}
END_TEST

static void end_while_impersonating(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);

    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}

/* A leak checker says that nothing is left of it. */
START_TEST(a_thread_may_end_while_it_impersonates)
{
    struct who before = this_thread();

    in_thread(end_while_impersonating);
    is_still(before, this_thread());
}
END_TEST

static void become(uid_t uid)
{
    ck_assert_int_eq(syscall(SYS_setresuid32, uid, uid, uid), 0);
}

/* Only these capabilities, permitted and in effect. */
static void keep_capabilities(unsigned first, unsigned second)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};

    data[0].effective = data[0].permitted = 1u << first | 1u << second;
    ck_assert_int_eq(syscall(SYS_capset, &header, data), 0);
}

/* The groups go, the user does not. */
static void fail_half_way(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    struct who before;

    keep_capabilities(CAP_SETGID, CAP_CHOWN);
    before = this_thread();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_NO_IMPERSONATION);
    is_still(before, this_thread());
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&contexts);
}

START_TEST(a_failure_half_way_leaves_the_thread_as_it_was)
{
    in_thread(fail_half_way);
}
END_TEST

static void impersonate_without_privilege(void)
{
    struct contexts first = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    struct contexts second = contexts_make_as(CONTEXTS_NTLM, 0, SECOND);
    const struct passwd *passwd = getpwnam(FIRST);
    gid_t group = passwd->pw_gid, groups[8];
    int count = 8;
    struct who before;

    ck_assert_int_ge(getgrouplist(FIRST, group, groups, &count), 0);
    ck_assert_int_eq(syscall(SYS_setgroups32, count, groups), 0);
    ck_assert_int_eq(syscall(SYS_setresgid32, group, group, group), 0);
    become(passwd->pw_uid);
    before = this_thread();
    ck_assert_int_eq(ImpersonateSecurityContext(&second.server), SEC_E_NO_IMPERSONATION);
    is_still(before, this_thread());
    /* as whom it runs already */
    ck_assert_int_eq(ImpersonateSecurityContext(&first.server), SEC_E_OK);
    has_credentials_of(FIRST, true);
    ck_assert_int_eq(RevertSecurityContext(&first.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&first);
    contexts_end(&second);
}

START_TEST(without_privilege_a_thread_impersonates_only_its_own_account)
{
    in_thread(impersonate_without_privilege);
}
END_TEST

/* A service that is not root and may change its user: as the client it has
 * nothing of that. */
static void impersonate_with_capabilities(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, FIRST);
    struct who before;

    ck_assert_int_eq(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), 0);
    become(getpwnam(SECOND)->pw_uid);
    keep_capabilities(CAP_SETUID, CAP_SETGID);
    before = this_thread();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    has_credentials_of(FIRST, false);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&contexts);
}

START_TEST(capabilities_are_not_the_clients)
{
    in_thread(impersonate_with_capabilities);
}
END_TEST

static void impersonate_nobody_known(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NEGOTIATE_NTLM, 0, NO_ACCOUNT);
    struct who before = this_thread();

    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_NO_IMPERSONATION);
    is_still(before, this_thread());
    contexts_end(&contexts);
}

START_TEST(a_client_without_an_account_is_not_impersonated)
{
    in_thread(impersonate_nobody_known);
}
END_TEST

static void impersonate_who_allows_identification(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, GSS_C_IDENTIFY_FLAG, FIRST);
    struct who before = this_thread();

    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_NO_IMPERSONATION);
    is_still(before, this_thread());
    contexts_end(&contexts);
}

START_TEST(a_client_that_allows_identification_is_not_impersonated)
{
    in_thread(impersonate_who_allows_identification);
}
END_TEST

START_TEST(only_a_complete_acceptors_handle_is_valid)
{
    struct context *half = context_new(false, package_of(PACKAGE_NTLM), NULL);
    struct contexts contexts = contexts_make(CONTEXTS_NTLM, 0);
    CtxtHandle handles[] = {contexts.client, {0, 0}, {3, 4}};
    void *token;

    half->stage = CONTEXT_HALF;
    ck_assert_int_eq(handle_open(&handles[1], &half->object), SEC_E_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(ImpersonateSecurityContext(&handles[i]), SEC_E_INVALID_HANDLE);
        ck_assert_int_eq(RevertSecurityContext(&handles[i]), SEC_E_INVALID_HANDLE);
    }
    ck_assert_int_eq(ImpersonateSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(RevertSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(QuerySecurityContextToken(NULL, &token), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DeleteSecurityContext(&handles[1]), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(reverting_without_impersonation_changes_nothing)
{
    struct contexts contexts = contexts_make(CONTEXTS_NTLM, 0);
    struct who before = this_thread();

    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    is_still(before, this_thread());
    contexts_end(&contexts);
}
END_TEST

START_TEST(there_are_no_access_tokens)
{
    struct contexts contexts = contexts_make(CONTEXTS_NTLM, 0);
    void *token;

    ck_assert_int_eq(QuerySecurityContextToken(&contexts.server, &token),
                     SEC_E_UNSUPPORTED_FUNCTION);
    contexts_end(&contexts);
}
END_TEST

/* By name in the log: they did not pass. */
static void skip(const char *const *tests)
{
    for (; *tests; tests++)
        printf("ok - %s # SKIP needs root\n", *tests);
}

#define ROOT_TESTS(X)                                                                          \
    X(files_are_opened_and_made_as_the_client)                                                 \
    X(one_revert_ends_nested_impersonation)                                                    \
    X(impersonation_outlives_its_context)                                                      \
    X(a_thread_may_end_while_it_impersonates)                                                  \
    X(a_failure_half_way_leaves_the_thread_as_it_was)                                          \
    X(without_privilege_a_thread_impersonates_only_its_own_account)                            \
    X(capabilities_are_not_the_clients)

static void add_root_tests(Suite *suite)
{
    TCase *cases = tcase_create("as root");

    tcase_add_loop_test(cases, a_thread_and_only_it_becomes_the_clients_account, 0,
                        CONTEXTS_KINDS);
#define ADD(test) tcase_add_test(cases, test);
    ROOT_TESTS(ADD)
    suite_add_tcase(suite, cases);
}

int main(void)
{
    static const char *const users[] = {FIRST, SECOND, NO_ACCOUNT, NULL};
#define NAME(test) #test,
    static const char *const root_tests[] = {"a_thread_and_only_it_becomes_the_clients_account",
                                             ROOT_TESTS(NAME) NULL};
    bool accounts = local_accounts_begin();
    Suite *suite = suite_create("sspi impersonate");
    TCase *cases = tcase_create("as anybody");

    contexts_begin(users);
    tcase_add_test(cases, a_client_without_an_account_is_not_impersonated);
    tcase_add_test(cases, a_client_that_allows_identification_is_not_impersonated);
    tcase_add_test(cases, only_a_complete_acceptors_handle_is_valid);
    tcase_add_test(cases, reverting_without_impersonation_changes_nothing);
    tcase_add_test(cases, there_are_no_access_tokens);
    suite_add_tcase(suite, cases);
    if (accounts)
        add_root_tests(suite);
    else
        skip(root_tests);
    return suite_run(suite);
}
