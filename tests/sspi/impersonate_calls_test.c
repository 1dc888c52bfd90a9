/* SPDX-License-Identifier: MIT */
/* impersonate_calls_test.c - ImpersonateSecurityContext and RevertSecurityContext while each
 * of the system's calls that they make fails in turn: the thread is then wholly the client,
 * or wholly itself. Needs root, and is skipped without. */

#include "config.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/securebits.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "local_accounts.h"
#include "sspi_contexts.h"
#include "suite.h"
#include "thread_cred.h"

static bool accounts;
static unsigned calls_left; /* until one fails; 0: none will */

static bool call_fails(void)
{
    if (calls_left == 0 || --calls_left > 0)
        return false;
    errno = EPERM;
    return true;
}

/* The linker leads the calls of what is in this program here. */
#define WRAPPED(type, name, parameters, arguments, failure)                                    \
    type __real_##name parameters;                                                             \
    type __wrap_##name parameters;                                                             \
    type __wrap_##name parameters                                                              \
    {                                                                                          \
        return call_fails() ? failure : __real_##name arguments;                               \
    }

WRAPPED(int, getresuid, (uid_t * real, uid_t *effective, uid_t *saved),
        (real, effective, saved), -1)
WRAPPED(int, getresgid, (gid_t * real, gid_t *effective, gid_t *saved),
        (real, effective, saved), -1)
WRAPPED(int, getgroups, (int count, gid_t *groups), (count, groups), -1)

/* What the system says of an account from now on; 0: the truth. */
static int account_error;
static int group_count; /* more than there is room for; -1: the count is not told */

int __real_getgrouplist(const char *user, gid_t group, gid_t *groups, int *count);
int __wrap_getgrouplist(const char *user, gid_t group, gid_t *groups, int *count);

int __wrap_getgrouplist(const char *user, gid_t group, gid_t *groups, int *count)
{
    if (group_count > 0)
        *count = group_count;
    return call_fails() || group_count ? -1 : __real_getgrouplist(user, group, groups, count);
}

int __real_getpwnam_r(const char *name, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);
int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found)
{
    if (account_error || call_fails()) {
        *found = NULL;
        return account_error ? account_error : ERANGE;
    }
    return __real_getpwnam_r(name, entry, memory, size, found);
}

/* The securebits from now on, as the system tells them; 0: its own. */
static int securebits;

int __real_prctl(int option, unsigned long a, unsigned long b, unsigned long c,
                 unsigned long d);
int __wrap_prctl(int option, unsigned long a, unsigned long b, unsigned long c,
                 unsigned long d);

int __wrap_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
    return option == PR_GET_SECUREBITS && securebits ? securebits
                                                     : __real_prctl(option, a, b, c, d);
}

/* These change nothing, and do not say so. */
WRAPPED(int, setfsuid, (uid_t uid), (uid), 0)
WRAPPED(int, setfsgid, (gid_t gid), (gid), 0)

int __real_pthread_setspecific(pthread_key_t key, const void *value);
int __wrap_pthread_setspecific(pthread_key_t key, const void *value);

/* It takes memory for a first value, and none to take one back. */
int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    return value && call_fails() ? ENOMEM : __real_pthread_setspecific(key, value);
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

long __wrap_syscall(long number, ...)
{
    long a, b, c, d, e;
    va_list args;

    va_start(args, number);
    a = va_arg(args, long);
    b = va_arg(args, long);
    c = va_arg(args, long);
    d = va_arg(args, long);
    e = va_arg(args, long);
    va_end(args);
    return call_fails() ? -1 : __real_syscall(number, a, b, c, d, e);
}

static bool is_same(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->real_uid == b->real_uid && a->effective_uid == b->effective_uid &&
           a->saved_uid == b->saved_uid && a->filesystem_uid == b->filesystem_uid &&
           a->real_gid == b->real_gid && a->effective_gid == b->effective_gid &&
           a->saved_gid == b->saved_gid && a->filesystem_gid == b->filesystem_gid &&
           a->group_count == b->group_count &&
           memcmp(a->groups, b->groups, (size_t)a->group_count * sizeof(gid_t)) == 0 &&
           a->permitted == b->permitted && a->effective == b->effective &&
           a->inheritable == b->inheritable && a->ambient == b->ambient;
}

static bool thread_is(const struct thread_cred *expected)
{
    struct thread_cred now;
    bool is = thread_cred_read(&now) == SEC_E_OK && is_same(&now, expected);

    thread_cred_clear(&now);
    return is;
}

/* The call with its nth call of the system's failing. *enough: it makes fewer. */
static SECURITY_STATUS with_failure(SECURITY_STATUS SEC_ENTRY (*call)(PCtxtHandle),
                                    PCtxtHandle context, unsigned nth, bool *enough)
{
    SECURITY_STATUS status;

    calls_left = nth;
    status = call(context);
    *enough = calls_left > 0;
    calls_left = 0;
    return status;
}

START_TEST(a_thread_is_the_client_or_itself_whichever_call_fails)
{
    struct thread_cred self, client;
    struct contexts contexts;
    bool enough = false;
    unsigned refused = 0;

    if (!accounts) {
        puts("ok - impersonation while calls fail # SKIP needs root");
        return;
    }
    contexts = contexts_make_as(CONTEXTS_NTLM, CONTEXTS_SEAL, LOCAL_FIRST);
    ck_assert_int_eq(thread_cred_read(&self), SEC_E_OK);
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(thread_cred_read(&client), SEC_E_OK);
    ck_assert_uint_eq(client.effective_uid, LOCAL_FIRST_UID);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    for (unsigned nth = 1; !enough; nth++) {
        SECURITY_STATUS status =
            with_failure(ImpersonateSecurityContext, &contexts.server, nth, &enough);

        ck_assert_msg(thread_is(status == SEC_E_OK ? &client : &self), "call %u: 0x%08x", nth,
                      (unsigned)status);
        refused += status != SEC_E_OK;
        ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
        ck_assert(thread_is(&self));
    }
    ck_assert_uint_gt(refused, 10);
    thread_cred_clear(&self);
    thread_cred_clear(&client);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_thread_gets_back_to_itself_after_whichever_call_failed)
{
    struct thread_cred self, client;
    struct contexts contexts;
    bool enough = false;

    if (!accounts)
        return;
    contexts = contexts_make_as(CONTEXTS_NTLM, CONTEXTS_SEAL, LOCAL_FIRST);
    ck_assert_int_eq(thread_cred_read(&self), SEC_E_OK);
    for (unsigned nth = 1; !enough; nth++) {
        SECURITY_STATUS status;

        ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
        ck_assert_int_eq(thread_cred_read(&client), SEC_E_OK);
        status = with_failure(RevertSecurityContext, &contexts.server, nth, &enough);
        ck_assert_msg(thread_is(status == SEC_E_OK ? &self : &client), "call %u: 0x%08x", nth,
                      (unsigned)status);
        ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
        ck_assert(thread_is(&self));
        thread_cred_clear(&client);
    }
    thread_cred_clear(&self);
    contexts_end(&contexts);
}
END_TEST

#define SETPCAP (UINT64_C(1) << CAP_SETPCAP)
#define CHOWN (UINT64_C(1) << CAP_CHOWN)

/* Who a server is, and what its thread then is as the client. */
static const struct {
    const char *name;
    uid_t real, effective, saved;
    uint64_t permitted, inheritable, ambient;
    int securebits;
    SECURITY_STATUS status;
    uid_t becomes; /* the real user */
} servers[] = {
    {"the client", LOCAL_FIRST_UID, LOCAL_FIRST_UID, LOCAL_FIRST_UID, 0, 0, 0, 0, SEC_E_OK,
     LOCAL_FIRST_UID},
    {"the client but for its real user", 0, LOCAL_FIRST_UID, LOCAL_FIRST_UID, 0, 0, 0, 0,
     SEC_E_OK, THREAD_CRED_NO_USER},
    {"the client by its real user", LOCAL_FIRST_UID, 0, 0, 0, 0, 0, 0, SEC_E_OK,
     THREAD_CRED_NO_USER},
    {"the client but for its saved user", LOCAL_FIRST_UID, LOCAL_FIRST_UID, 0, 0, 0, 0, 0,
     SEC_E_OK, THREAD_CRED_NO_USER},
    {"ambient, and could not get it back", 0, 0, 0, SETPCAP | CHOWN, CHOWN, CHOWN,
     SECBIT_NO_CAP_AMBIENT_RAISE, SEC_E_NO_IMPERSONATION, 0},
    {"ambient, and the system does not tell", 0, 0, 0, SETPCAP | CHOWN, CHOWN, CHOWN, -1,
     SEC_E_NO_IMPERSONATION, 0},
    {"ambient, and nothing forbids it", 0, 0, 0, SETPCAP | CHOWN, CHOWN, CHOWN, SECBIT_NOROOT,
     SEC_E_OK, THREAD_CRED_NO_USER},
    {"inheritable, and could not get it back", 0, 0, 0, CHOWN, CHOWN << 1, 0, 0,
     SEC_E_NO_IMPERSONATION, 0},
    {"inheritable, and with the right to get it back", 0, 0, 0, SETPCAP, CHOWN, 0, 0, SEC_E_OK,
     THREAD_CRED_NO_USER},
    {"the client, and inheritable", LOCAL_FIRST_UID, LOCAL_FIRST_UID, LOCAL_FIRST_UID, 0, CHOWN,
     0, 0, SEC_E_OK, LOCAL_FIRST_UID},
};

START_TEST(what_a_thread_is_as_the_client_of_a_server)
{
    struct thread_cred self = {.real_uid = servers[_i].real,
                               .effective_uid = servers[_i].effective,
                               .saved_uid = servers[_i].saved,
                               .permitted = servers[_i].permitted,
                               .inheritable = servers[_i].inheritable,
                               .ambient = servers[_i].ambient};
    struct thread_cred client;
    SECURITY_STATUS status;

    if (!accounts)
        return;
    securebits = servers[_i].securebits;
    status = thread_cred_of_account(LOCAL_FIRST, &self, &client);
    securebits = 0;
    ck_assert_msg(status == servers[_i].status, "%s: %08x", servers[_i].name, (unsigned)status);
    if (status == SEC_E_OK) {
        ck_assert_msg(client.real_uid == servers[_i].becomes, "%s", servers[_i].name);
        ck_assert_uint_eq(client.effective_uid, LOCAL_FIRST_UID);
        ck_assert_uint_eq(client.effective, 0);
        ck_assert_uint_eq(client.ambient, 0);
    }
    thread_cred_clear(&client);
}
END_TEST

static SECURITY_STATUS status_of_account(void)
{
    struct thread_cred self = {.groups = NULL}, client;
    SECURITY_STATUS status = thread_cred_of_account(LOCAL_FIRST, &self, &client);

    thread_cred_clear(&client);
    return status;
}

START_TEST(an_account_that_the_system_cannot_tell_of)
{
    if (!accounts)
        return;
    ck_assert_int_eq(status_of_account(), SEC_E_OK);
    account_error = ERANGE; /* however much room it gets */
    ck_assert_int_eq(status_of_account(), SEC_E_NO_IMPERSONATION);
    account_error = EIO;
    ck_assert_int_eq(status_of_account(), SEC_E_NO_IMPERSONATION);
    account_error = ENOMEM;
    ck_assert_int_eq(status_of_account(), SEC_E_INSUFFICIENT_MEMORY);
    account_error = 0;
    group_count = NGROUPS_MAX + 1;
    ck_assert_int_eq(status_of_account(), SEC_E_NO_IMPERSONATION);
    group_count = -1;
    ck_assert_int_eq(status_of_account(), SEC_E_NO_IMPERSONATION);
    group_count = 0;
}
END_TEST

START_TEST(each_id_alone_is_changed)
{
    static const size_t ids[] = {offsetof(struct thread_cred, real_gid),
                                 offsetof(struct thread_cred, effective_gid),
                                 offsetof(struct thread_cred, saved_gid),
                                 offsetof(struct thread_cred, real_uid),
                                 offsetof(struct thread_cred, saved_uid),
                                 offsetof(struct thread_cred, filesystem_gid),
                                 offsetof(struct thread_cred, filesystem_uid)};
    struct thread_cred self, wanted;

    if (!accounts)
        return;
    ck_assert_int_eq(thread_cred_read(&self), SEC_E_OK);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        wanted = self;
        *(uid_t *)(void *)((char *)&wanted + ids[i]) = LOCAL_FIRST_UID;
        ck_assert_int_eq(thread_cred_set(&wanted), SEC_E_OK);
        ck_assert(thread_is(&wanted));
        ck_assert_int_eq(thread_cred_set(&self), SEC_E_OK);
        ck_assert(thread_is(&self));
    }
    thread_cred_clear(&self);
}
END_TEST

int main(void)
{
    static const char *const users[] = {LOCAL_FIRST, NULL};
    Suite *suite = suite_create("sspi impersonate calls");
    TCase *cases = tcase_create("calls");

    accounts = local_accounts_begin();
    contexts_begin(users);
    tcase_add_test(cases, a_thread_is_the_client_or_itself_whichever_call_fails);
    tcase_add_test(cases, a_thread_gets_back_to_itself_after_whichever_call_failed);
    tcase_add_loop_test(cases, what_a_thread_is_as_the_client_of_a_server, 0,
                        sizeof(servers) / sizeof(servers[0]));
    tcase_add_test(cases, an_account_that_the_system_cannot_tell_of);
    tcase_add_test(cases, each_id_alone_is_changed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
