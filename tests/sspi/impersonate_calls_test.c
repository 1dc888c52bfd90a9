/* SPDX-License-Identifier: MIT */
/* impersonate_calls_test.c - ImpersonateSecurityContext and RevertSecurityContext while each
 * of the system's calls that they make fails in turn: the thread is then wholly the client,
 * or wholly itself. Needs root, and is skipped without. */

#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
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
WRAPPED(int, getgrouplist, (const char *user, gid_t group, gid_t *groups, int *count),
        (user, group, groups, count), -1)
WRAPPED(int, getpwnam_r,
        (const char *name, struct passwd *entry, char *memory, size_t size,
         struct passwd **found),
        (name, entry, memory, size, found), ERANGE)
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

int main(void)
{
    static const char *const users[] = {LOCAL_FIRST, NULL};
    Suite *suite = suite_create("sspi impersonate calls");
    TCase *cases = tcase_create("calls");

    accounts = local_accounts_begin();
    contexts_begin(users);
    tcase_add_test(cases, a_thread_is_the_client_or_itself_whichever_call_fails);
    tcase_add_test(cases, a_thread_gets_back_to_itself_after_whichever_call_failed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
