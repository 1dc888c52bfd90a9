/* SPDX-License-Identifier: MIT */
/* logon_test.c - the record of logons, through MIT's mechglue, into the journal's and
 * syslog's own sockets: what it says of each, and that it disturbs none. */

#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "gss_exchange.h"
#include "system_log.h"

/* The connection to the log stays for the next login. */
const char suite_kept_open[] = "socket:";

#define JOURNAL "/run/systemd/journal/socket"
#define SYSLOG "/dev/log"

static int fd;

static void listen_to_syslog(void)
{
    unlink(JOURNAL);
    fd = system_log_listen(SYSLOG, SOCK_DGRAM);
}

/* One login; its outcome is the row's. */
static void log_in(const struct request *asked)
{
    struct exchange exchange;

    exchange_run(&exchange, asked);
    exchange_end(&exchange);
}

static void log_in_as(const char *user, const char *password)
{
    struct request asked = {.flags = GSS_C_INTEG_FLAG,
                            .client_credential =
                                credential_by_password(NTLMSSP, user, password)};

    log_in(&asked);
    release(asked.client_credential);
}

static void assert_says(const char *record, const char *const parts[])
{
    for (; *parts; parts++)
        assert_contains(record, *parts);
}

#define ASSERT_SAYS(...)                                                                       \
    assert_says(system_log_next(fd), (const char *const[]){__VA_ARGS__, NULL})

START_TEST(a_login_is_one_line)
{
    listen_to_syslog();
    log_in_as("TESTDOM\\alice", "Wonderland 7");
    ASSERT_SAYS("<38>mech_ntlmssp[",
                "]: logon outcome=\"success\" user=\"alice\" "
                "domain=\"TESTDOM\" workstation=\"TESTHOST\"",
                " account=\"TESTDOM\\\\alice\" source=\"file\"", " target=\"HTTP/server.test\"",
                " bindings=\"none\" response=\"NTLMv2\" protection=\"sign\" mic=\"yes\"");
    ck_assert_str_eq(system_log_next(fd), "");
}
END_TEST

START_TEST(the_journal_has_fields)
{
    const char *record;

    fd = system_log_listen(JOURNAL, SOCK_DGRAM);
    log_in_as("TESTDOM\\alice", "Wonderland 7");
    record = system_log_next(fd);
    assert_says(record, (const char *const[]){
                            "PRIORITY=6\nSYSLOG_FACILITY=4\nSYSLOG_IDENTIFIER=mech_ntlmssp\n",
                            "\nMESSAGE=logon outcome=\"success\"", "\nNTLM_OUTCOME=success\n",
                            "\nNTLM_USER=alice\n", "\nNTLM_WORKSTATION=TESTHOST\n", NULL});
}
END_TEST

START_TEST(a_failure_says_why_and_never_with_what)
{
    const char *record;

    listen_to_syslog();
    log_in_as("TESTDOM\\alice", _i ? "Wonderland 7" : "Looking 8");
    record = system_log_next(fd);
    ck_assert_ptr_null(strstr(record, "Looking"));
    ck_assert_ptr_null(strstr(record, "Wonderland"));
    if (_i) {
        assert_contains(record, "outcome=\"success\"");
        return;
    }
    assert_says(record,
                (const char *const[]){"<37>mech_ntlmssp", "outcome=\"failure\" user=\"alice\"",
                                      "source=\"file\"",
                                      "error=\"40\" reason=\"Unknown user or wrong "
                                      "password: wrong password for \\\"TESTDOM\\\\alice\\\"",
                                      NULL});
    ck_assert_ptr_null(strstr(record, "account="));
    ck_assert_ptr_null(strstr(record, "mic="));
}
END_TEST

START_TEST(the_setting_chooses)
{
    static const struct {
        const char *setting;
        int good, bad;
    } rows[] = {{"audit_logons = all\n", 1, 1},
                {"audit_logons = Failures\n", 0, 1},
                {"audit_logons = off\n", 0, 0},
                {"audit_logons = off\nrestrict_receiving_ntlm = audit\n", 1, 1},
                {"", 1, 1}};

    listen_to_syslog();
    fixture_settings(rows[_i].setting);
    log_in_as("TESTDOM\\alice", "Wonderland 7");
    ck_assert_int_eq(*system_log_next(fd) != '\0', rows[_i].good);
    log_in_as("TESTDOM\\alice", "wrong");
    ck_assert_int_eq(*system_log_next(fd) != '\0', rows[_i].bad);
}
END_TEST

/* A name of the client's that tries to be the end of the line and another one. */
START_TEST(a_name_cannot_forge)
{
    const char *record;

    listen_to_syslog();
    log_in_as("x\" outcome=\"success\" user=\"alice", "guess");
    record = system_log_next(fd);
    assert_contains(record, "outcome=\"failure\" user=\"x\\\" outcome\\=\\\"success\\\" "
                            "user\\=\\\"alice\"");
    ck_assert_ptr_null(strchr(record, '\n'));
    ck_assert_str_eq(system_log_next(fd), "");
}
END_TEST

static struct gss_channel_bindings_struct with_address(const char *data, OM_uint32 type,
                                                       const char *address, size_t len)
{
    struct gss_channel_bindings_struct bindings = bindings_of(data);

    bindings.initiator_addrtype = type;
    bindings.initiator_address = bytes_buffer(address, len);
    return bindings;
}

START_TEST(the_channel_and_the_address_in_it_are_named)
{
    struct gss_channel_bindings_struct one =
        with_address("tls-server-end-point:1", GSS_C_AF_INET, "\xc0\0\2\7", 4);
    struct gss_channel_bindings_struct other = with_address(
        "tls-server-end-point:2", 24, "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7", 16);
    /* addresses that are none of their type */
    struct gss_channel_bindings_struct short4 = with_address("x", GSS_C_AF_INET, "\xc0\0\2", 3);
    struct gss_channel_bindings_struct short6 = with_address("x", 24, "\x20\1\x0d\xb8", 4);
    struct gss_channel_bindings_struct local = with_address("x", GSS_C_AF_LOCAL, "/run/a", 6);
    struct {
        gss_channel_bindings_t client, server;
        const char *says, *peer;
    } rows[] = {
        {&one, &one, "bindings=\"match\"", "peer=\"192.0.2.7\""},
        {&other, &one, "bindings=\"differ\"", "peer=\"192.0.2.7\""},
        {NULL, &other, "bindings=\"missing\"", "peer=\"2001:db8::7\""},
        {NULL, &short4, "bindings=\"missing\" response=", ""},
        {NULL, &short6, "bindings=\"missing\" response=", ""},
        {NULL, &local, "bindings=\"missing\" response=", ""},
        {&one, NULL, "bindings=\"not-checked\"", ""},
        {NULL, NULL, "bindings=\"none\"", ""},
    };

    const char *record;

    listen_to_syslog();
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG,
                             .client_bindings = rows[_i].client,
                             .server_bindings = rows[_i].server});
    record = system_log_next(fd);
    assert_contains(record, rows[_i].says);
    assert_contains(record, rows[_i].peer);
    ck_assert((strstr(record, " peer=") != NULL) == (*rows[_i].peer != '\0'));
}
END_TEST

START_TEST(the_service_is_the_credential_s)
{
    static const struct {
        const char *name, *says;
    } rows[] = {{"imap@mail.test", " service=\"imap/mail.test\" target=\"HTTP/server.test\""},
                {"imap", " service=\"imap\" target=\"HTTP/server.test\""}};
    struct request asked = {.flags = GSS_C_INTEG_FLAG};
    gss_name_t name = service_of(rows[_i].name);
    OM_uint32 ignored;

    listen_to_syslog();
    ck_assert_uint_eq(
        acquire_from(NTLMSSP, GSS_C_ACCEPT, name, STORE(NULL), &asked.server_credential),
        GSS_S_COMPLETE);
    log_in(&asked);
    ASSERT_SAYS(rows[_i].says);
    release(asked.server_credential);
    gss_release_name(&ignored, &name);
}
END_TEST

/* By a program that goes by rules of its own. _i: with audit_logons = off. */
START_TEST(a_refusal_of_the_programs_follows_the_success)
{
    gss_OID_desc option = OID("\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x03");
    gss_buffer_desc reason = text_buffer("not \"alice\"");
    struct exchange exchange;

    listen_to_syslog();
    fixture_settings(_i ? "audit_logons = off\n" : NULL);
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    assert_complete(
        gss_set_sec_context_option(&minor, &exchange.server.context, &option, &reason));
    ck_assert(GSS_ERROR(
        gss_set_sec_context_option(&minor, &exchange.client.context, &option, &reason)));
    if (!_i) {
        ASSERT_SAYS("outcome=\"success\"");
        ASSERT_SAYS("<37>mech_ntlmssp[", "]: refusal outcome=\"failure\" "
                                         "account=\"TESTDOM\\\\alice\" "
                                         "reason=\"not \\\"alice\\\"\"");
    }
    ck_assert_str_eq(system_log_next(fd), "");
    exchange_end(&exchange);
}
END_TEST

/* Before anybody is named: a token that is none, settings that are wrong, NTLM forbidden. */
START_TEST(what_fails_early_is_recorded_too)
{
    static const struct {
        const char *settings, *token, *says;
    } rows[] = {
        {"", "NTLMSSP\0\1\0", "error=\"22\""},
        {"restrict_receiving_ntlm = deny\n", "NTLMSSP\0\1\0\0\0\1\2\0\0", "error=\"63\""},
        {"max_clock_skew = never\n", "NTLMSSP\0\1\0\0\0\1\2\0\0", "error=\"6\""},
    };
    gss_buffer_desc input, output = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE(NULL));

    listen_to_syslog();
    fixture_settings(rows[_i].settings);
    input = bytes_buffer(rows[_i].token, _i ? 16 : 10);
    ck_assert(GSS_ERROR(gss_accept_sec_context(&minor, &context, credential, &input,
                                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output,
                                               NULL, NULL, NULL)));
    ASSERT_SAYS("logon outcome=\"failure\" service=\"host/TESTHOST\" ", rows[_i].says,
                "reason=\"");
    release(credential);
}
END_TEST

/* Who sent it is in it all the same; what the response says is not known. */
START_TEST(a_malformed_response_has_a_sender)
{
    /* RespType, HiRespType, Reserved; the beginning of MsvAvTargetName */
    static const char *const parts[] = {"\1\1\0\0\0\0", "H\0T\0T"};
    struct exchange exchange;
    const char *record;
    uint8_t *at;

    listen_to_syslog();
    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i < 3; i++)
        ck_assert(exchange_step(&exchange));
    at = memmem(exchange.tokens[2].value, exchange.tokens[2].length, parts[_i], _i ? 5 : 6);
    ck_assert_ptr_nonnull(at);
    at[1] = 0xd8;
    exchange_step(&exchange);
    record = system_log_next(fd);
    assert_contains(record, "outcome=\"failure\" user=\"alice\" domain=\"TESTDOM\" "
                            "workstation=\"TESTHOST\"");
    assert_contains(record, _i ? " error=\"25\"" : " error=\"27\"");
    ck_assert((strstr(record, " response=\"NTLMv2\"") != NULL) == (_i == 1));
    ck_assert((strstr(record, " bindings=") != NULL) == (_i == 1));
    ck_assert_ptr_null(strstr(record, " target="));
    exchange_end(&exchange);
}
END_TEST

START_TEST(calls_after_the_end_are_no_logins)
{
    struct exchange exchange;
    OM_uint32 ignored;

    listen_to_syslog();
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    system_log_next(fd);
    for (int i = 0; i < 3; i++) {
        gss_buffer_desc output = GSS_C_EMPTY_BUFFER;

        ck_assert(GSS_ERROR(gss_accept_sec_context(
            &ignored, &exchange.server.context, GSS_C_NO_CREDENTIAL, &exchange.tokens[2],
            GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output, NULL, NULL, NULL)));
    }
    ck_assert_str_eq(system_log_next(fd), "");
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_audit_of_sending_is_recorded)
{
    listen_to_syslog();
    fixture_settings("restrict_sending_ntlm = audit\naudit_logons = off\n");
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    ASSERT_SAYS("<37>mech_ntlmssp[", "]: sending server=\"server.test\" user=\"alice\" "
                                     "domain=\"TESTDOM\" restriction=\"deny would refuse");
    ck_assert_str_eq(system_log_next(fd), "");
}
END_TEST

START_TEST(an_audit_of_sending_by_nobody_has_no_user)
{
    gss_name_t nobody = name_of("", GSS_C_NT_ANONYMOUS);
    struct request asked = {.flags = GSS_C_ANON_FLAG};
    const char *record;
    OM_uint32 ignored;

    listen_to_syslog();
    fixture_settings("restrict_sending_ntlm = audit\naudit_logons = off\n"
                     "allow_anonymous = true\n");
    ck_assert_uint_eq(
        acquire_from(NTLMSSP, GSS_C_INITIATE, nobody, NULL, &asked.client_credential),
        GSS_S_COMPLETE);
    log_in(&asked);
    record = system_log_next(fd);
    assert_contains(record,
                    "]: sending server=\"server.test\" restriction=\"deny would refuse");
    ck_assert_ptr_null(strstr(record, "user="));
    release(asked.client_credential);
    gss_release_name(&ignored, &nobody);
}
END_TEST

START_TEST(an_audit_of_receiving_is_recorded)
{
    listen_to_syslog();
    fixture_settings("restrict_receiving_ntlm = audit\n");
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    ASSERT_SAYS("outcome=\"success\"", "restriction=\"deny would refuse this\"");
    ck_assert_str_eq(system_log_next(fd), "");
}
END_TEST

/* Nobody reads what comes; or nobody listens. */
START_TEST(a_log_that_takes_nothing_costs_no_login)
{
    struct exchange exchange;

    if (_i == 0)
        listen_to_syslog();
    else
        unlink(SYSLOG), unlink(JOURNAL);
    for (int i = 0; i < 600; i++) {
        exchange_establish(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
        exchange_end(&exchange);
    }
    if (_i)
        sleep(2); /* until it is looked for again, by the next test of this process */
}
END_TEST

START_TEST(a_log_that_comes_back_is_found_within_a_second)
{
    unlink(SYSLOG);
    unlink(JOURNAL);
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    listen_to_syslog();
    sleep(2);
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    ASSERT_SAYS("mech_ntlmssp[");
    ck_assert_str_eq(system_log_next(fd), "");
}
END_TEST

/* Each descriptor that this process may have is taken. What that costs is the record of this
 * login, and not those of the logins after it. */
START_TEST(a_moment_without_descriptors_costs_one_record)
{
    const struct request asked = {.flags = GSS_C_INTEG_FLAG};
    struct rlimit usual, none;
    int next;

    listen_to_syslog();
    log_in(&asked); /* reads what it needs files for */
    ASSERT_SAYS("mech_ntlmssp[");
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &usual), 0);
    next = dup(fd);
    close(next);
    none = usual;
    none.rlim_cur = (rlim_t)next;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    log_in(&asked);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &usual), 0);
    ck_assert_str_eq(system_log_next(fd), "");
    log_in(&asked);
    ASSERT_SAYS("mech_ntlmssp[");
}
END_TEST

/* The program's own connection goes on, under its own name. */
START_TEST(the_programs_own_log_is_left_alone)
{
    listen_to_syslog();
    openlog("program", LOG_NDELAY, LOG_DAEMON);
    log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    ASSERT_SAYS("mech_ntlmssp[");
    syslog(LOG_INFO, "still here");
    ASSERT_SAYS("<30>", "program: still here");
    closelog();
}
END_TEST

static void *log_in_often(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++)
        log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
    return NULL;
}

START_TEST(threads_and_children_write_whole_lines)
{
    pthread_t threads[3];
    pid_t child;
    int lines = 0, status;
    const char *record;

    if (skipped_without_fork("threads_and_children_write_whole_lines"))
        return;
    listen_to_syslog();
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, log_in_often, NULL), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    child = fork();
    if (child == 0) {
        log_in(&(struct request){.flags = GSS_C_INTEG_FLAG});
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    while (*(record = system_log_next(fd))) {
        ck_assert_int_eq(strncmp(record, "<38>mech_ntlmssp[", 17), 0);
        ck_assert_ptr_nonnull(strstr(record, " mic=\"yes\""));
        lines++;
    }
    ck_assert_int_gt(lines, 0); /* what the queue holds */
}
END_TEST

int main(void)
{
    Suite *suite;
    TCase *cases;

    if (!system_log_begin()) {
        printf("ok - audit_logon # SKIP a log of its own takes a mount namespace\n");
        return EXIT_SUCCESS;
    }
    suite = suite_create("logon");
    cases = fixture_case(suite, "logon");
    tcase_add_test(cases, a_login_is_one_line);
    tcase_add_test(cases, the_journal_has_fields);
    tcase_add_loop_test(cases, a_failure_says_why_and_never_with_what, 0, 2);
    tcase_add_loop_test(cases, the_setting_chooses, 0, 5);
    tcase_add_test(cases, a_name_cannot_forge);
    tcase_add_loop_test(cases, the_channel_and_the_address_in_it_are_named, 0, 8);
    tcase_add_loop_test(cases, the_service_is_the_credential_s, 0, 2);
    tcase_add_loop_test(cases, a_refusal_of_the_programs_follows_the_success, 0, 2);
    tcase_add_loop_test(cases, what_fails_early_is_recorded_too, 0, 3);
    tcase_add_loop_test(cases, a_malformed_response_has_a_sender, 0, 2);
    tcase_add_test(cases, calls_after_the_end_are_no_logins);
    tcase_add_test(cases, an_audit_of_sending_is_recorded);
    tcase_add_test(cases, an_audit_of_sending_by_nobody_has_no_user);
    tcase_add_test(cases, an_audit_of_receiving_is_recorded);
    tcase_add_loop_test(cases, a_log_that_takes_nothing_costs_no_login, 0, 2);
    tcase_add_test(cases, a_log_that_comes_back_is_found_within_a_second);
    tcase_add_test(cases, a_moment_without_descriptors_costs_one_record);
    tcase_add_test(cases, the_programs_own_log_is_left_alone);
    tcase_add_test(cases, threads_and_children_write_whole_lines);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
