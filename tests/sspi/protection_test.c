/* SPDX-License-Identifier: MIT */
/* protection_test.c - protection that the caller asked for is had, or the login fails: a
 * man in the middle takes it out of the server's CHALLENGE ([MS-NLMP] 3.1.5.1.2). */

#include "config.h"

#include <string.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_token.h"
#include "suite.h"

/* Where the CHALLENGE's flags are, and its TargetInfo. */
#define FLAGS 20
#define TARGET_INFO 40

#define SIGN 0x10u
#define SEAL 0x20u

static unsigned char *challenge_of(struct exchange *exchange)
{
    const unsigned char *message;

    ck_assert_uint_gt(token_message(&exchange->server, &message), 48);
    ck_assert_uint_eq(token_type(&exchange->server), 2);
    return exchange->server.token + (message - exchange->server.token);
}

static struct exchange *challenged(const char *package, ULONG requested)
{
    struct exchange *exchange = exchange_of_alice(package);

    exchange->client.requested = requested;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    return exchange;
}

static const char *const packages[] = {"NTLM", "Negotiate"};

static const struct {
    ULONG requested;
    unsigned char lost;
    bool fails;
} rows[] = {
    {ISC_REQ_INTEGRITY, SIGN, true},
    {ISC_REQ_CONFIDENTIALITY, SEAL, true},
    {ISC_REQ_CONFIDENTIALITY, SIGN | SEAL, true},
    {ISC_REQ_INTEGRITY | ISC_REQ_CONFIDENTIALITY, SEAL, true},
    {ISC_REQ_MUTUAL_AUTH | ISC_REQ_INTEGRITY, SIGN | SEAL, true},
    {0, 0, false},
    {ISC_REQ_CONFIDENTIALITY, 0, false},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

START_TEST(protection_that_was_asked_for_and_is_not_granted_ends_the_login)
{
    size_t row = (size_t)_i % ROWS;
    struct exchange *exchange = challenged(packages[(size_t)_i / ROWS], rows[row].requested);

    challenge_of(exchange)[FLAGS] &= (unsigned char)~rows[row].lost;
    if (rows[row].fails)
        ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    else
        exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

/* CVE-2019-1019: without the server's names a session key can be another's. */
static void rename_av(unsigned char *challenge, unsigned char id, unsigned char to)
{
    unsigned char *at =
        challenge + challenge[TARGET_INFO + 4] + 256 * challenge[TARGET_INFO + 5];

    while (at[0] != id) {
        ck_assert_uint_ne(at[0], 0);
        at += 4 + at[2] + 256 * at[3];
    }
    at[0] = to;
}

START_TEST(protection_without_the_servers_names_is_sec_e_logon_denied)
{
    static const ULONG requested[] = {ISC_REQ_INTEGRITY, ISC_REQ_CONFIDENTIALITY};

    for (unsigned char id = 1; id <= 2; id++) { /* MsvAvNbComputerName, MsvAvNbDomainName */
        struct exchange *exchange = challenged("NTLM", requested[_i]);

        rename_av(challenge_of(exchange), id, 5); /* MsvAvDnsTreeName */
        ck_assert_int_eq(exchange_client(exchange), SEC_E_LOGON_DENIED);
        exchange_free(exchange);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi protection");
    TCase *cases = fixture_case("protection");

    tcase_add_loop_test(cases, protection_that_was_asked_for_and_is_not_granted_ends_the_login,
                        0, 2 * ROWS);
    tcase_add_loop_test(cases, protection_without_the_servers_names_is_sec_e_logon_denied, 0,
                        2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
