/* SPDX-License-Identifier: MIT */
/* negotiation_test.c - the record of a login that NTLM lets in and our SPNEGO refuses. */

#include "config.h"

#include <sys/socket.h>
#include <unistd.h>

#include "spnego_exchange.h"
#include "system_log.h"

static int fd;

/* Up to the client's last token, whose mechListMIC is then taken away (or not). */
static void log_in(bool altered)
{
    struct exchange exchange;

    negotiation_begin(&exchange, SIGNED, 3);
    if (altered) {
        struct token token = sent(&exchange, 2);

        token.mic = NO_BYTES;
        replace_token(&exchange, 2, &token);
    }
    negotiation_finish(&exchange);
    ck_assert_int_eq(exchange.server.complete, !altered);
    exchange_end(&exchange);
}

START_TEST(a_refusal_follows_the_success)
{
    const char *record;

    fd = system_log_listen("/dev/log", SOCK_DGRAM);
    log_in(true);
    record = system_log_next(fd);
    assert_contains(record, "mech_ntlmssp[");
    assert_contains(record, "outcome=\"success\"");
    record = system_log_next(fd);
    assert_contains(record, "<37>mech_spnego[");
    assert_contains(record, "negotiation outcome=\"failure\" account=\"TESTDOM\\\\alice\" "
                            "reason=\"");
    assert_contains(record, "mechListMIC is missing");
    ck_assert_str_eq(system_log_next(fd), "");
    close(fd);
}
END_TEST

START_TEST(a_success_is_one_record)
{
    fd = system_log_listen("/dev/log", SOCK_DGRAM);
    log_in(false);
    assert_contains(system_log_next(fd), "mech_ntlmssp[");
    ck_assert_str_eq(system_log_next(fd), "");
    close(fd);
}
END_TEST

START_TEST(off_is_off)
{
    fd = system_log_listen("/dev/log", SOCK_DGRAM);
    fixture_settings("audit_logons = off\n");
    log_in(true);
    ck_assert_str_eq(system_log_next(fd), "");
    close(fd);
}
END_TEST

int main(void)
{
    Suite *suite;
    TCase *cases;

    if (!system_log_begin()) {
        printf("ok - audit_negotiation # SKIP a log of its own takes a mount namespace\n");
        return EXIT_SUCCESS;
    }
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    suite = suite_create("negotiation");
    cases = fixture_case(suite, "negotiation");
    tcase_add_test(cases, a_refusal_follows_the_success);
    tcase_add_test(cases, a_success_is_one_record);
    tcase_add_test(cases, off_is_off);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
