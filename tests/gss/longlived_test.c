/* SPDX-License-Identifier: MIT */
/* longlived_test.c - a server that acquired its credential once and keeps it,
 * while the account file and the settings change: it follows both. */

#include "config.h"

#include "gss_exchange.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static gss_cred_id_t server;

static void begin_server(gss_OID mech)
{
    server = credential_of(mech, GSS_C_ACCEPT, NULL, NULL);
}

/* As mv does. */
static void replace_accounts(const char *text)
{
    ck_assert_int_eq(rename(fixture_file("next", 0600, text), fixture_accounts()), 0);
}

static void append_accounts(const char *text)
{
    int fd = open(fixture_accounts(), O_WRONLY | O_APPEND);

    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* A logon of TESTDOM\alice at the server. */
static void log_in(struct exchange *exchange, gss_OID mech, const char *password)
{
    gss_cred_id_t client = credential_by_password(mech, "TESTDOM\\alice", password);

    exchange_run(exchange, &(struct request){.mech = mech,
                                             .flags = GSS_C_INTEG_FLAG,
                                             .client_credential = client,
                                             .server_credential = server});
    release(client);
}

static void lets_in(gss_OID mech, const char *password)
{
    struct exchange exchange;

    log_in(&exchange, mech, password);
    ck_assert_msg(exchange.server.complete, "%s: %s", password,
                  side_text(&exchange, &exchange.server));
    exchange_end(&exchange);
}

static void refuses_with(gss_OID mech, const char *password, OM_uint32 major,
                         enum ntlm_error error)
{
    struct exchange exchange;

    log_in(&exchange, mech, password);
    assert_refused(&exchange, &exchange.server, major, error);
    exchange_end(&exchange);
}

static void refuses(gss_OID mech, const char *password, enum ntlm_error error)
{
    refuses_with(mech, password, GSS_S_FAILURE, error);
}

START_TEST(accounts_that_change_are_followed)
{
    gss_OID mech = _i ? SPNEGO : NTLMSSP;

    begin_server(mech);
    lets_in(mech, "Wonderland 7");
    replace_accounts("TESTDOM:bob:\n");
    refuses(mech, "Wonderland 7", NTLM_ERR_LOGON_DENIED);
    append_accounts("TESTDOM:alice:Looking glass\n");
    lets_in(mech, "Looking glass");
    refuses(mech, "Wonderland 7", NTLM_ERR_LOGON_DENIED);
    release(server);
}
END_TEST

START_TEST(an_account_that_is_locked_or_disabled_is_from_then_on)
{
    /* of "Password" */
    static const char format[] = "alice:1:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:"
                                 "a4f49c406510bdcab6824ee7c30fd852:[U%s]:LCT-0:\n";
    char text[128];

    begin_server(NTLMSSP);
    snprintf(text, sizeof(text), format, "");
    replace_accounts(text);
    lets_in(NTLMSSP, "Password");
    snprintf(text, sizeof(text), format, "L");
    replace_accounts(text);
    refuses(NTLMSSP, "Password", NTLM_ERR_ACCOUNT_LOCKED);
    snprintf(text, sizeof(text), format, "D");
    replace_accounts(text);
    refuses(NTLMSSP, "Password", NTLM_ERR_ACCOUNT_DISABLED);
    release(server);
}
END_TEST

START_TEST(an_account_file_that_cannot_be_used_is_mended_without_a_restart)
{
    begin_server(NTLMSSP);
    ck_assert_int_eq(chmod(fixture_accounts(), 0606), 0);
    refuses_with(NTLMSSP, "Wonderland 7", GSS_S_DEFECTIVE_CREDENTIAL, NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(unlink(fixture_accounts()), 0);
    refuses_with(NTLMSSP, "Wonderland 7", GSS_S_NO_CRED, NTLM_ERR_FILE_UNREADABLE);
    replace_accounts(ACCOUNTS);
    lets_in(NTLMSSP, "Wonderland 7");
    release(server);
}
END_TEST

START_TEST(settings_that_change_are_followed)
{
    begin_server(NTLMSSP);
    lets_in(NTLMSSP, "Wonderland 7");
    fixture_settings("require_seal = true");
    refuses(NTLMSSP, "Wonderland 7", NTLM_ERR_WEAK_NO_SEAL);
    fixture_settings("check_target_name = required\ntarget_names = elsewhere.test");
    refuses(NTLMSSP, "Wonderland 7", NTLM_ERR_TARGET_NAME);
    fixture_settings("check_target_name = required\ntarget_names = server.test");
    lets_in(NTLMSSP, "Wonderland 7");
    fixture_settings(NULL);
    lets_in(NTLMSSP, "Wonderland 7");
    release(server);
}
END_TEST

static OM_uint32 outcome_of_a_logon(void)
{
    struct exchange exchange;
    OM_uint32 outcome;

    log_in(&exchange, NTLMSSP, "Wonderland 7");
    outcome = exchange.server.minor;
    exchange_end(&exchange);
    return outcome;
}

/* The file is looked at now and then: sooner or later it is seen. */
START_TEST(a_settings_file_that_changes_is_followed)
{
    const struct timespec moment = {.tv_nsec = 50000000};
    FILE *file;

    begin_server(NTLMSSP);
    lets_in(NTLMSSP, "Wonderland 7");
    file = fopen(getenv("KRB5_CONFIG"), "w");
    ck_assert_ptr_nonnull(file);
    fputs("[ntlmssp]\nrequire_seal = true\n", file);
    ck_assert_int_eq(fclose(file), 0);
    while (outcome_of_a_logon() == 0)
        nanosleep(&moment, NULL);
    refuses(NTLMSSP, "Wonderland 7", NTLM_ERR_WEAK_NO_SEAL);
    release(server);
}
END_TEST

/* Or a check that its administrator meant to ask for would be left out. */
START_TEST(a_setting_that_cannot_be_understood_stops_the_server)
{
    gss_cred_id_t client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    struct exchange exchange;

    begin_server(NTLMSSP);
    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG,
                                                .client_credential = client,
                                                .server_credential = server});
    ck_assert(exchange_step(&exchange));
    fixture_settings("require_seal = maybe");
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_BAD_SETTING);
    assert_contains(side_text(&exchange, &exchange.server), "require_seal");
    exchange_end(&exchange);
    fixture_settings(NULL);
    lets_in(NTLMSSP, "Wonderland 7");
    release(client);
    release(server);
}
END_TEST

/* As servers do that fork their workers beforehand. */
START_TEST(workers_that_were_forked_follow_what_changes_afterwards)
{
    int ready[2], changed[2], status; /* each is said by closing the pipe */
    pid_t worker;
    char byte;

    begin_server(NTLMSSP);
    lets_in(NTLMSSP, "Wonderland 7");
    ck_assert_int_eq(pipe(ready), 0);
    ck_assert_int_eq(pipe(changed), 0);
    worker = fork();
    ck_assert_int_ge(worker, 0);
    if (worker == 0) {
        close(changed[1]);
        lets_in(NTLMSSP, "Wonderland 7");
        close(ready[1]);
        ck_assert_int_eq(read(changed[0], &byte, 1), 0);
        lets_in(NTLMSSP, "Looking glass");
        refuses(NTLMSSP, "Wonderland 7", NTLM_ERR_LOGON_DENIED);
        _exit(EXIT_SUCCESS);
    }
    close(ready[1]);
    close(changed[0]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 0);
    replace_accounts("TESTDOM:alice:Looking glass\n");
    lets_in(NTLMSSP, "Looking glass");
    close(changed[1]);
    close(ready[0]);
    ck_assert_int_eq(waitpid(worker, &status, 0), worker);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    release(server);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("long-lived server");
    TCase *accounts = fixture_case(suite, "accounts");
    TCase *settings = fixture_case(suite, "settings");

    tcase_add_loop_test(accounts, accounts_that_change_are_followed, 0, 2);
    tcase_add_test(accounts, an_account_that_is_locked_or_disabled_is_from_then_on);
    tcase_add_test(accounts, an_account_file_that_cannot_be_used_is_mended_without_a_restart);
    tcase_add_test(accounts, workers_that_were_forked_follow_what_changes_afterwards);
    tcase_add_test(settings, settings_that_change_are_followed);
    tcase_add_test(settings, a_settings_file_that_changes_is_followed);
    tcase_add_test(settings, a_setting_that_cannot_be_understood_stops_the_server);
    return suite_run(suite);
}
