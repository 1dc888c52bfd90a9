/* SPDX-License-Identifier: MIT */
/* impersonate_rights_test.c - what impersonating gives to whom: nothing of the
 * server's to the programs that its thread starts as the client, and to the
 * client's own processes no right over the server. Needs root, and is skipped
 * without. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "local_accounts.h"
#include "scratch.h"
#include "server_rights.h"
#include "sspi_contexts.h"
#include "suite.h"
#include "thread_cred.h"
#include "thread_ids.h"

/* The program itself, to be started as somebody else. */
const char suite_kept_open[] = "sspi_impersonate_rights";

/* What a program that was started as the client found that it can do, as bits of
 * its exit status. */
enum right {
    BECOME_ROOT = 1,
    BECOME_THE_SERVICE = 2,
    USE_A_CAPABILITY = 4,
    BECOME_ROOTS_GROUP = 8,
    READ_ROOTS_FILE = 16,
    NOT_THE_CLIENT = 32 /* it has another effective user, or another group */
};

static bool can_become(uid_t uid)
{
    return syscall(SYS_setresuid32, -1, uid, -1) == 0 ||
           syscall(SYS_setreuid32, uid, uid) == 0 || syscall(SYS_setuid32, uid) == 0 ||
           syscall(SYS_setresuid32, uid, uid, uid) == 0;
}

static bool has_capabilities(void)
{
    struct thread_cred cred;
    bool has = thread_cred_read(&cred) != SEC_E_OK ||
               (cred.permitted | cred.effective | cred.inheritable | cred.ambient) != 0;

    thread_cred_clear(&cred);
    return has;
}

static bool is_the_client(void)
{
    gid_t groups[8];
    int count = getgroups(8, groups);

    for (int i = 0; i < count; i++)
        if (groups[i] != LOCAL_FIRST_UID && groups[i] != 54330)
            return false;
    return count >= 0 && geteuid() == LOCAL_FIRST_UID && getgid() == LOCAL_FIRST_UID &&
           getegid() == LOCAL_FIRST_UID;
}

/* What this program does when another test of it starts it. */
static int find_rights(const char *roots_file)
{
    int rights = 0;

    rights |= is_the_client() ? 0 : NOT_THE_CLIENT;
    rights |= has_capabilities() ? USE_A_CAPABILITY : 0;
    rights |= open(roots_file, O_RDONLY) >= 0 ? READ_ROOTS_FILE : 0;
    rights |=
        setgid(0) == 0 || setegid(0) == 0 || setgroups(0, NULL) == 0 ? BECOME_ROOTS_GROUP : 0;
    rights |= can_become(0) ? BECOME_ROOT : 0;
    rights |= can_become(LOCAL_SERVICE_UID) ? BECOME_THE_SERVICE : 0;
    return rights;
}

/* How a thread starts a program. */
enum way { FORK, VFORK, POSIX_SPAWN, POSIX_SPAWN_RESET, WAYS };

/* Of this test's thread: */
static enum way way;
static const char *roots_file;

static char program_path[64]; /* this program's file, open */
static char *const arguments[] = {(char[]){"test"}, (char[]){"find-rights"}, NULL, NULL};

static pid_t spawn(short flags, char *const *argv)
{
    posix_spawnattr_t attributes;
    pid_t child = -1;

    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, flags);
    ck_assert_int_eq(posix_spawn(&child, program_path, NULL, &attributes, argv, environ), 0);
    posix_spawnattr_destroy(&attributes);
    return child;
}

static pid_t start(char *const *argv)
{
    pid_t child;

    if (way == POSIX_SPAWN)
        return spawn(0, argv);
    if (way == POSIX_SPAWN_RESET)
        return spawn(POSIX_SPAWN_RESETIDS, argv);
    child = way == FORK ? fork() : vfork();
    if (child == 0) {
        execve(program_path, argv, environ);
        _exit(127);
    }
    return child;
}

/* What a program can do that the calling thread starts. */
static int rights_of_program(void)
{
    char *argv[] = {arguments[0], arguments[1], (char *)(uintptr_t)roots_file, NULL};
    pid_t child = start(argv);
    int status;

    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void (*be_server)(void);

static void start_program_as_client(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);
    /* the real user becomes the effective one: it is no account's */
    int expected = way == POSIX_SPAWN_RESET ? NOT_THE_CLIENT : 0;

    be_server();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(rights_of_program(), expected);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}

START_TEST(a_program_that_is_started_as_the_client_has_nothing_of_the_server)
{
    be_server = servers[(size_t)_i / WAYS];
    way = (enum way)((size_t)_i % WAYS);
    in_thread(start_program_as_client);
}
END_TEST

/* That find_rights finds something where there is something. */
START_TEST(a_program_that_is_started_as_the_server_has_what_the_server_has)
{
    way = (enum way)_i;
    ck_assert_int_eq(rights_of_program() & ~READ_ROOTS_FILE,
                     NOT_THE_CLIENT | USE_A_CAPABILITY | BECOME_ROOTS_GROUP | BECOME_ROOT |
                         BECOME_THE_SERVICE);
}
END_TEST

/* A shell gives up an effective user that is not the real one. */
static void use_system(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);
    char command[256];
    int status;

    snprintf(command, sizeof(command), "cat %s >/dev/null 2>&1 || test $(id -u) = 0",
             roots_file);
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    status = system(command);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert(WIFEXITED(status));
    ck_assert_int_ne(WEXITSTATUS(status), 0);
    contexts_end(&contexts);
}

START_TEST(a_command_of_system_as_the_client_has_nothing_of_the_server)
{
    in_thread(use_system);
}
END_TEST

/* In a child that has not executed anything. */
static bool is_the_client_for_good(void *arg)
{
    struct contexts *contexts = arg;
    uid_t uid[3];

    if (RevertSecurityContext(&contexts->server) != SEC_E_NO_IMPERSONATION ||
        getresuid(&uid[0], &uid[1], &uid[2]) != 0 || uid[0] != LOCAL_FIRST_UID ||
        uid[2] != LOCAL_FIRST_UID)
        return false;
    return find_rights(roots_file) == 0;
}

static void fork_as_client(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);

    be_server();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert(holds_in_child(is_the_client_for_good, &contexts));
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}

START_TEST(a_child_that_is_forked_as_the_client_is_the_client_for_good)
{
    be_server = servers[_i];
    in_thread(fork_as_client);
}
END_TEST

static bool has_nothing_of_the_server(void *arg)
{
    (void)arg;
    return getuid() == LOCAL_FIRST_UID && find_rights(roots_file) == 0;
}

static void *fork_and_look(void *arg)
{
    *(bool *)arg = holds_in_child(has_nothing_of_the_server, NULL);
    return NULL;
}

/* A thread that is started as the client knows of no impersonation. */
static void fork_in_thread_as_client(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);
    bool nothing = false;
    pthread_t thread;

    be_server();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, fork_and_look, &nothing), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(nothing);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}

START_TEST(a_child_that_is_forked_by_a_thread_of_the_client_is_the_clients_too)
{
    be_server = servers[_i];
    in_thread(fork_in_thread_as_client);
}
END_TEST

static long session_keyring(void)
{
    return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1, 0, 0);
}

static bool has_another_session_keyring(void *parents)
{
    return session_keyring() != *(long *)parents;
}

static void fork_with_keyring(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);
    long keyring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0);

    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    if (keyring > 0) /* there are keyrings here */
        ck_assert(holds_in_child(has_another_session_keyring, &keyring));
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}

START_TEST(a_child_that_is_forked_as_the_client_leaves_the_servers_keyring)
{
    in_thread(fork_with_keyring);
}
END_TEST

/* A thread that impersonates until it is told to revert. */
static _Atomic pid_t impersonating;
static atomic_bool may_revert;

static void *stay_impersonating(void *arg)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);

    be_server();
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_OK);
    impersonating = (pid_t)syscall(SYS_gettid);
    while (!may_revert)
        sched_yield();
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
    return arg;
}

static bool is_refused(long result)
{
    return result == -1 && (errno == EPERM || errno == EACCES);
}

static bool cannot_open(const char *name, int flags)
{
    char path[64];
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)impersonating, name);
    fd = open(path, flags);
    if (fd >= 0)
        close(fd);
    return is_refused(fd);
}

/* In a process of the client's own, as root made it. */
static bool has_no_power_over_the_server(void *arg)
{
    const gid_t group = LOCAL_FIRST_UID;
    struct rlimit none = {0, 0};
    pid_t thread = impersonating, process = getppid();

    (void)arg;
    if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(LOCAL_FIRST_UID) != 0)
        return false;
    for (int number = 1; number < SIGRTMAX; number++)
        if (number != SIGCONT && (!is_refused(kill(thread, number)) ||
                                  !is_refused(syscall(SYS_tkill, thread, number)) ||
                                  !is_refused(syscall(SYS_tgkill, process, thread, number))))
            return false;
    return is_refused(kill(process, SIGTERM)) &&
           is_refused(ptrace(PTRACE_ATTACH, thread, NULL, NULL)) &&
           is_refused(ptrace(PTRACE_SEIZE, thread, NULL, NULL)) &&
           is_refused(prlimit(thread, RLIMIT_CPU, &none, NULL)) && cannot_open("mem", O_RDWR) &&
           cannot_open("environ", O_RDONLY) && cannot_open("maps", O_RDONLY) &&
           cannot_open("oom_score_adj", O_WRONLY);
}

START_TEST(the_client_has_no_power_over_a_thread_that_impersonates_it)
{
    pthread_t thread;

    be_server = servers[_i];
    impersonating = 0;
    may_revert = false;
    ck_assert_int_eq(pthread_create(&thread, NULL, stay_impersonating, NULL), 0);
    while (!impersonating)
        sched_yield();
    ck_assert(holds_in_child(has_no_power_over_the_server, NULL));
    may_revert = true;
    pthread_join(thread, NULL);
}
END_TEST

static bool same_credentials(const struct thread_cred *a, const struct thread_cred *b)
{
    return a->real_uid == b->real_uid && a->effective_uid == b->effective_uid &&
           a->saved_uid == b->saved_uid && a->filesystem_uid == b->filesystem_uid &&
           a->real_gid == b->real_gid && a->effective_gid == b->effective_gid &&
           a->saved_gid == b->saved_gid && a->filesystem_gid == b->filesystem_gid &&
           a->permitted == b->permitted && a->effective == b->effective &&
           a->inheritable == b->inheritable && a->ambient == b->ambient &&
           a->group_count == b->group_count;
}

static SECURITY_STATUS expected_status;

static void impersonate_and_revert(void)
{
    struct contexts contexts = contexts_make_as(CONTEXTS_NTLM, 0, LOCAL_FIRST);
    struct thread_cred before, after;

    be_server();
    ck_assert_int_eq(thread_cred_read(&before), SEC_E_OK);
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), expected_status);
    ck_assert_int_eq(RevertSecurityContext(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(thread_cred_read(&after), SEC_E_OK);
    ck_assert(same_credentials(&before, &after));
    thread_cred_clear(&before);
    thread_cred_clear(&after);
    contexts_end(&contexts);
}

START_TEST(reverting_gives_back_all_credentials)
{
    be_server = servers[_i];
    expected_status = SEC_E_OK;
    in_thread(impersonate_and_revert);
}
END_TEST

START_TEST(who_could_not_get_its_credentials_back_does_not_impersonate)
{
    be_server = unable_servers[_i];
    expected_status = SEC_E_NO_IMPERSONATION;
    in_thread(impersonate_and_revert);
}
END_TEST

static void prepare(void)
{
    int program = open("/proc/self/exe", O_RDONLY);

    ck_assert_int_ge(program, 0);
    snprintf(program_path, sizeof(program_path), "/proc/self/fd/%d", program);
    roots_file = scratch_write("roots", "for root alone");
}

static void skip(void)
{
    static const char *const tests[] = {
        "a_program_that_is_started_as_the_client_has_nothing_of_the_server",
        "a_program_that_is_started_as_the_server_has_what_the_server_has",
        "a_command_of_system_as_the_client_has_nothing_of_the_server",
        "a_child_that_is_forked_as_the_client_is_the_client_for_good",
        "a_child_that_is_forked_by_a_thread_of_the_client_is_the_clients_too",
        "a_child_that_is_forked_as_the_client_leaves_the_servers_keyring",
        "the_client_has_no_power_over_a_thread_that_impersonates_it",
        "reverting_gives_back_all_credentials",
        "who_could_not_get_its_credentials_back_does_not_impersonate",
    };

    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        printf("ok - %s # SKIP needs root\n", tests[i]);
}

static void add_tests(TCase *cases)
{
    tcase_add_loop_test(cases,
                        a_program_that_is_started_as_the_client_has_nothing_of_the_server, 0,
                        SERVERS * WAYS);
    tcase_add_loop_test(cases, a_program_that_is_started_as_the_server_has_what_the_server_has,
                        0, WAYS);
    tcase_add_test(cases, a_command_of_system_as_the_client_has_nothing_of_the_server);
    tcase_add_loop_test(cases, a_child_that_is_forked_as_the_client_is_the_client_for_good, 0,
                        SERVERS);
    tcase_add_loop_test(
        cases, a_child_that_is_forked_by_a_thread_of_the_client_is_the_clients_too, 0, SERVERS);
    tcase_add_test(cases, a_child_that_is_forked_as_the_client_leaves_the_servers_keyring);
    tcase_add_loop_test(cases, the_client_has_no_power_over_a_thread_that_impersonates_it, 0,
                        SERVERS);
    tcase_add_loop_test(cases, reverting_gives_back_all_credentials, 0, SERVERS);
    tcase_add_loop_test(cases, who_could_not_get_its_credentials_back_does_not_impersonate, 0,
                        UNABLE_SERVERS);
}

int main(int argc, char **argv)
{
    static const char *const users[] = {LOCAL_FIRST, LOCAL_SECOND, NULL};
    TCase *cases = tcase_create("rights");
    Suite *suite = suite_create("sspi impersonate rights");

    if (argc == 3)
        _exit(find_rights(argv[2]));
    if (!local_accounts_begin()) {
        skip();
        return EXIT_SUCCESS;
    }
    contexts_begin(users);
    tcase_add_checked_fixture(cases, prepare, NULL);
    add_tests(cases);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
