/* sspi_initiate_test.c - InitializeSecurityContext, parameter by parameter. */

#include <string.h>

#include "context.h"
#include "sspi_machine.h"
#include "sspi_pair.h"
#include "suite.h"

#define ACCOUNTS "CORP:alice:secret\n"

static struct pair *pair_of(const char *package)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = pair_identity("CORP", "alice", "secret");

    machine_accounts(ACCOUNTS);
    return pair_new(package, &alice);
}

START_TEST(ntlm_logs_in)
{
    struct pair *pair = pair_of("NTLM");

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(pair_client(pair), SEC_E_OK);
    ck_assert_uint_gt(pair->client.length, 0);
    ck_assert_int_eq(pair_server(pair), SEC_E_OK);
    ck_assert_uint_eq(pair->server.length, 0);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    ck_assert_str_eq(pair_package(&pair->server), "NTLM");
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_logs_in)
{
    struct pair *pair = pair_of("Negotiate");

    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    ck_assert_str_eq(pair_package(&pair->server), "NTLM");
    pair_free(pair);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi initiate");
    TCase *cases = machine_case("initiate");
    tcase_add_test(cases, ntlm_logs_in);
    tcase_add_test(cases, negotiate_logs_in);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
