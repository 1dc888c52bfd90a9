/* SPDX-License-Identifier: MIT */
/* upn_test.c - a user with an @ in an identity: NTLM gets it whole, whatever the domain
 * beside it is, and that as it is ([MS-NLMP] 2.2.1.3). What Kerberos makes of it is
 * in kdc_test.c. */

#include "config.h"

#include <string.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_token.h"
#include "suite.h"

/* Where the AUTHENTICATE's fields are. */
#define DOMAIN_FIELDS 28
#define USER_FIELDS 36

static unsigned word(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

/* A name of the client's AUTHENTICATE, as ASCII (static). */
static const char *name_at(const struct side *side, size_t fields)
{
    static char name[64];
    const unsigned char *message;
    size_t length = token_message(side, &message), size, offset;

    ck_assert_uint_eq(token_type(side), 3);
    ck_assert_uint_gt(length, 64);
    size = word(message + fields) / 2;
    offset = word(message + fields + 4);
    ck_assert_uint_lt(size, sizeof(name));
    ck_assert_uint_le(offset + 2 * size, length);
    for (size_t i = 0; i < size; i++)
        name[i] = (char)message[offset + 2 * i];
    name[size] = '\0';
    return name;
}

static const char *const packages[] = {"NTLM", "Negotiate"};

static const struct {
    const char *domain, *user; /* as given */
    const char *sent_domain, *sent_user;
} rows[] = {
    {NULL, "alice@mail.example", "", "alice@mail.example"},
    {"", "alice@mail.example", "", "alice@mail.example"},
    {"CORP", "alice@mail.example", "CORP", "alice@mail.example"},
    {"corp.example", "alice@mail.example", "corp.example", "alice@mail.example"},
    {".", "alice@mail.example", ".", "alice@mail.example"},
    {"CORP", "alice@CORP", "CORP", "alice@CORP"},
    {NULL, "alice@CORP", "", "alice@CORP"},
    {NULL, "alice@a@b.example", "", "alice@a@b.example"},
    {"CORP", "alice@a@b.example", "CORP", "alice@a@b.example"},
    {NULL, "alice@", "", "alice@"},
    {"CORP", "alice@", "CORP", "alice@"},
    {NULL, "\\alice@mail.example", "", "alice@mail.example"},
    {"OTHER", "CORP\\alice@mail", "CORP", "alice@mail"},
    {NULL, "CORP\\alice", "CORP", "alice"},
    {"CORP", "alice", "CORP", "alice"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

START_TEST(a_user_with_an_at_goes_to_ntlm_whole)
{
    const char *package = packages[(size_t)_i / ROWS];
    size_t row = (size_t)_i % ROWS;
    SEC_WINNT_AUTH_IDENTITY_A identity =
        exchange_identity(rows[row].domain ? rows[row].domain : "", rows[row].user, "secret");
    struct exchange *exchange;

    if (!rows[row].domain)
        identity.Domain = NULL;
    fixture_accounts("CORP:bob:geheim\n");
    exchange = exchange_new(package, &identity);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(name_at(&exchange->client, USER_FIELDS), rows[row].sent_user);
    ck_assert_str_eq(name_at(&exchange->client, DOMAIN_FIELDS), rows[row].sent_domain);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi upn");
    TCase *cases = fixture_case("upn");

    tcase_add_loop_test(cases, a_user_with_an_at_goes_to_ntlm_whole, 0, 2 * ROWS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
