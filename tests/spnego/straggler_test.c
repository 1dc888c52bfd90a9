/* SPDX-License-Identifier: MIT */
/* straggler_test.c - KDCs that do not answer, each in its way, asked with a ticket and with
 * a password: NTLM goes on in time, and says why. And what a program does while a thread
 * of Kerberos' is out: further threads, signals, forks, its end. */

#include "config.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "gss_exchange.h"
#include "kdc.h"
#include "scratch.h"

/* Threads that still wait for a KDC. */
const char suite_kept_open[] = "socket:";

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

enum kind { REFUSES, SILENT, HANGS }; /* a closed port; UDP alone, unread; TCP, too */

static int socket_at(int type, in_port_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = *port};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = address.sin_port;
    return fd;
}

/* The realm's KDC is one of this kind from now on; its sockets end with the test. */
static void use_kdc_that(enum kind kind, const char *lines)
{
    static int count; /* settings of the same name are read once a second */
    in_port_t port = 0;
    char text[512], name[32];
    int tcp = socket_at(SOCK_STREAM, &port);

    if (kind == HANGS)
        ck_assert_int_eq(listen(tcp, 64), 0);
    if (kind != REFUSES)
        socket_at(SOCK_DGRAM, &port);
    snprintf(name, sizeof(name), "no-kdc-%d.conf", count++);
    snprintf(text, sizeof(text),
             "[libdefaults]\n default_realm = HOME.TEST\n dns_lookup_kdc = false\n"
             " dns_canonicalize_hostname = false\n"
             "[realms]\n HOME.TEST = {\n  kdc = 127.0.0.1:%d\n }\n"
             "[domain_realm]\n .home.test = HOME.TEST\n[ntlmssp]\n%s\n",
             ntohs(port), lines);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
}

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    kdc_log_in("alice", "secret");
    /* NTLM knows her by the same password as well */
    setenv("NTLM_USER_FILE", fixture_file("users", 0600, ACCOUNTS "HOME.TEST:alice:secret\n"),
           1);
}

enum way { BY_TICKET, BY_PASSWORD, BY_STORE, BY_ADDED_STORE };

/* The password is a key of the credential store. */
static gss_cred_id_t client_by_store(bool added)
{
    gss_key_value_element_desc element = {"password", "secret"};
    gss_key_value_set_desc store = {1, &element};
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_name_t name = user_of("alice@HOME.TEST");
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, own;

    if (added)
        major = gss_add_cred_from(&own, GSS_C_NO_CREDENTIAL, name, SPNEGO, GSS_C_INITIATE, 0, 0,
                                  &store, &credential, NULL, NULL, NULL);
    else
        major = gss_acquire_cred_from(&own, name, 0, &mechs, GSS_C_INITIATE, &store,
                                      &credential, NULL, NULL);
    ck_assert_uint_eq(major, GSS_S_COMPLETE);
    gss_release_name(&own, &name);
    return credential;
}

static gss_cred_id_t client(enum way way)
{
    if (way == BY_STORE || way == BY_ADDED_STORE)
        return client_by_store(way == BY_ADDED_STORE);
    return way == BY_PASSWORD ? credential_by_password(SPNEGO, "alice@HOME.TEST", "secret")
                              : GSS_C_NO_CREDENTIAL;
}

/* The login as far as it goes; the credential is new. */
static void log_in(struct exchange *exchange, enum way way)
{
    gss_cred_id_t credential = client(way);

    exchange_run(exchange, &(struct request){.mech = SPNEGO,
                                             .client_credential = credential,
                                             .target = "HTTP@server.home.test"});
    if (credential)
        release(credential);
}

static const struct situation {
    enum kind kind;
    enum way way;
    const char *first, *next; /* why Kerberos is out */
} situations[] = {
    {REFUSES, BY_TICKET, "Kerberos: Cannot contact any KDC",
     "Kerberos: Cannot contact any KDC"},
    {REFUSES, BY_PASSWORD, "Kerberos: Cannot contact any KDC",
     "Kerberos: Cannot contact any KDC"},
    {SILENT, BY_TICKET, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
    {SILENT, BY_PASSWORD, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
    {HANGS, BY_TICKET, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
    {HANGS, BY_PASSWORD, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
    {REFUSES, BY_STORE, "Kerberos: Cannot contact any KDC", "Kerberos: Cannot contact any KDC"},
    {SILENT, BY_STORE, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
    {HANGS, BY_ADDED_STORE, "did not answer in time (kerberos_timeout)",
     "silent less than a minute"},
};

/* NTLM has a credential, and may not log in to this server: so the reasons are told. */
static void fails_because(const struct situation *situation, const char *why)
{
    struct exchange exchange;

    log_in(&exchange, situation->way);
    ck_assert(GSS_ERROR(exchange.client.major));
    assert_contains(side_text(&exchange, &exchange.client), why);
    exchange_end(&exchange);
}

START_TEST(a_kdc_that_does_not_answer_is_told_by_its_reason)
{
    const struct situation *situation = &situations[_i];
    struct timespec before, after;

    use_kdc_that(situation->kind, " kerberos_timeout = 1\n restrict_sending_ntlm = deny\n"
                                  " client_allowed_ntlm_servers = nowhere");
    clock_gettime(CLOCK_MONOTONIC, &before);
    fails_because(situation, situation->first);
    clock_gettime(CLOCK_MONOTONIC, &after);
    ck_assert_int_lt(after.tv_sec - before.tv_sec, 15); /* libkrb5 takes 18 and 27 */
    fails_because(situation, situation->next);
}
END_TEST

START_TEST(ntlm_goes_on_whichever_way_a_kdc_does_not_answer)
{
    struct exchange exchange;

    use_kdc_that(situations[_i].kind, " kerberos_timeout = 1");
    for (int i = 0; i < 2; i++) {
        log_in(&exchange, situations[_i].way);
        ck_assert(exchange.client.major == GSS_S_COMPLETE || exchange.client.complete);
        exchange_end(&exchange);
    }
}
END_TEST

/* ---- while a thread is out ---- */

static void says_all_that_is_asked(gss_cred_id_t credential)
{
    gss_OID_set mechs;
    gss_name_t name;

    assert_complete(gss_inquire_cred(&minor, credential, NULL, NULL, NULL, NULL));
    assert_complete(gss_inquire_cred(&minor, credential, &name, NULL, NULL, &mechs));
    assert_name(name, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    ck_assert_uint_gt(mechs->count, 0);
    gss_release_name(&minor, &name);
    gss_release_oid_set(&minor, &mechs);
}

/* Kerberos' part is the thread's until it comes back, and libkrb5 has it wait for 27 s. */
START_TEST(a_credential_says_whose_it_is_while_a_thread_has_it)
{
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_cred_id_t credential;
    struct timespec before, after;
    struct exchange exchange;
    gss_cred_usage_t usage = -1;
    OM_uint32 lifetime;

    use_kdc_that(HANGS, " kerberos_timeout = 1");
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_complete(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &mechs, GSS_C_INITIATE,
                                     &credential, NULL, NULL));
    exchange_run(&exchange, &(struct request){.mech = SPNEGO,
                                              .client_credential = credential,
                                              .target = "HTTP@server.home.test"});
    exchange_end(&exchange);
    if (_i == 0)
        assert_complete(gss_inquire_cred(&minor, credential, NULL, &lifetime, &usage, NULL));
    else
        assert_complete(gss_inquire_cred_by_mech(&minor, credential, SPNEGO, NULL, &lifetime,
                                                 NULL, &usage));
    if (_i == 0)
        says_all_that_is_asked(credential);
    clock_gettime(CLOCK_MONOTONIC, &after);
    ck_assert_int_eq(usage, GSS_C_INITIATE);
    ck_assert_int_lt(after.tv_sec - before.tv_sec, 15);
    release(credential);
}
END_TEST

static bool goes_on(void *arg)
{
    struct exchange exchange;
    bool good;

    log_in(&exchange, *(enum way *)arg);
    good = exchange.client.complete || exchange.client.major == GSS_S_COMPLETE;
    exchange_end(&exchange);
    return good;
}

/* A process with a thread out: it forks, both go on, and it ends. */
static int fork_and_end(enum way way)
{
    if (!goes_on(&way) || !holds_in_child(goes_on, &way))
        return 5;
    return goes_on(&way) ? 3 : 6;
}

START_TEST(a_program_forks_and_ends_while_a_thread_is_out)
{
    int status = 0;
    pid_t child;

    /* libkrb5 goes from UDP to TCP after one second, for which its thread wants memory: a
     * fork in that moment can leave a lock taken. For ten seconds after it the thread only
     * waits. */
    use_kdc_that(HANGS, " kerberos_timeout = 2");
    child = fork();
    if (child == 0)
        exit(fork_and_end((enum way)_i));
    ck_assert_int_ge(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}
END_TEST

#define THREADS 6

static atomic_int alarms; /* any thread may have the signal */
static char initiated;    /* what a thread returns whose login has begun */

static void on_alarm(int number)
{
    (void)number;
    atomic_fetch_add(&alarms, 1);
}

/* No test's helper but this may be called in several threads: they share `minor`. */
static void *initiate(void *arg)
{
    gss_buffer_desc text = {21, (char[]){"HTTP@server.home.test"}}, token;
    gss_buffer_desc user = {15, (char[]){"alice@HOME.TEST"}},
                    password = {6, (char[]){"secret"}};
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_name_t target = GSS_C_NO_NAME, name = GSS_C_NO_NAME;
    OM_uint32 major, own, ignored;

    major = gss_import_name(&own, &text, GSS_C_NT_HOSTBASED_SERVICE, &target);
    if (major == GSS_S_COMPLETE && arg) {
        major = gss_import_name(&own, &user, GSS_C_NT_USER_NAME, &name);
        if (major == GSS_S_COMPLETE)
            major = gss_acquire_cred_with_password(&own, name, &password, 0, &mechs,
                                                   GSS_C_INITIATE, &credential, NULL, NULL);
    }
    if (major == GSS_S_COMPLETE)
        major = gss_init_sec_context(&own, credential, &context, target, SPNEGO, 0, 0,
                                     GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, &token,
                                     NULL, NULL);
    if (major == GSS_S_CONTINUE_NEEDED)
        gss_release_buffer(&ignored, &token);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    gss_release_cred(&ignored, &credential);
    gss_release_name(&ignored, &target);
    gss_release_name(&ignored, &name);
    return major == GSS_S_CONTINUE_NEEDED ? &initiated : NULL;
}

/* With a signal every 10 milliseconds, and forks of who does nothing in the child. */
START_TEST(threads_log_in_while_others_are_out)
{
    const struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    pthread_t threads[THREADS];
    static int by_password;
    void *result;
    int status;

    use_kdc_that(HANGS, " kerberos_timeout = 1");
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, initiate, i % 2 ? &by_password : NULL), 0);
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();

        if (child == 0)
            _exit(0);
        while (waitpid(child, &status, 0) < 0)
            continue;
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &result), 0);
        ck_assert_ptr_eq(result, &initiated);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    ck_assert_int_gt(atomic_load(&alarms), 0);
}
END_TEST

int main(void)
{
    Suite *suite;
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    /* Threads of other tests could hold the C library's locks when one forks, and valgrind
     * takes what they have for lost when the process ends before them. */
    if (skipped_without_fork("spnego_straggler_test"))
        return 77;
    suite = suite_create("spnego_straggler");
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_set_timeout(cases, 120);
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_test(cases, threads_log_in_while_others_are_out);
    tcase_add_loop_test(cases, a_kdc_that_does_not_answer_is_told_by_its_reason, 0,
                        sizeof(situations) / sizeof(situations[0]));
    tcase_add_loop_test(cases, ntlm_goes_on_whichever_way_a_kdc_does_not_answer, 0,
                        sizeof(situations) / sizeof(situations[0]));
    tcase_add_loop_test(cases, a_credential_says_whose_it_is_while_a_thread_has_it, 0, 2);
    tcase_add_loop_test(cases, a_program_forks_and_ends_while_a_thread_is_out, 0, 3);
    return suite_run(suite);
}
