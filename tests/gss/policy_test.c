/* SPDX-License-Identifier: MIT */
/* policy_test.c - what the administrator requires of logins from here
 * (client_require_sign, client_require_seal), and of those that come back to us
 * (check_reflection). */

#include "config.h"

#include <gssapi/gssapi_krb5.h>

#include "gss_exchange.h"

#define SIGN "client_require_sign = true\n"
#define SEAL "client_require_seal = true\n"

static gss_OID mech_of(int i)
{
    return i ? SPNEGO : NTLMSSP;
}

static void without_ci_flags(gss_cred_id_t credential)
{
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER;

    assert_complete(gss_set_cred_option(
        &minor, &credential, (gss_OID)(uintptr_t)GSS_KRB5_CRED_NO_CI_FLAGS_X, &nothing));
}

START_TEST(a_login_is_protected_though_the_program_does_not_ask)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = mech_of(_i)});
    ck_assert_uint_eq(exchange.server.flags & GSS_C_CONF_FLAG, 0);
    exchange_end(&exchange);
    fixture_settings(SIGN);
    exchange_establish(&exchange, &(struct request){.mech = mech_of(_i)});
    ck_assert_uint_ne(exchange.server.flags & GSS_C_INTEG_FLAG, 0);
    ck_assert_uint_eq(exchange.server.flags & GSS_C_CONF_FLAG, 0);
    exchange_end(&exchange);
    fixture_settings(SEAL);
    exchange_establish(&exchange, &(struct request){.mech = mech_of(_i)});
    ck_assert_uint_ne(exchange.server.flags & GSS_C_CONF_FLAG, 0);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

/* A man in the middle, or the server's own policy. */
START_TEST(a_server_that_does_not_grant_it_ends_the_login)
{
    static const uint32_t stripped[] = {0x30, 0x20};
    struct exchange exchange;

    fixture_settings(_i ? SEAL : SIGN);
    exchange_begin(&exchange, &(struct request){.flags = 0});
    for (int i = 0; i < 2; i++)
        ck_assert(exchange_step(&exchange));
    ((uint8_t *)exchange.tokens[1].value)[20] &= (uint8_t)~stripped[_i];
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_SERVER_FLAGS);
    exchange_end(&exchange);
}
END_TEST

/* Cyrus SASL for a bind without a layer: the server would wait for signatures. */
START_TEST(a_program_that_wants_none_is_refused)
{
    struct request asked = {.client_credential =
                                credential_of(NTLMSSP, GSS_C_INITIATE, NULL, STORE(NULL))};
    struct exchange exchange;

    without_ci_flags(asked.client_credential);
    exchange_establish(&exchange, &asked);
    exchange_end(&exchange);
    fixture_settings(_i ? SEAL : SIGN);
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_CLIENT_POLICY);
    exchange_end(&exchange);
    asked.flags = _i ? GSS_C_CONF_FLAG : GSS_C_INTEG_FLAG;
    exchange_establish(&exchange, &asked);
    exchange_end(&exchange);
    if (_i) { /* signing is not enough */
        asked.flags = GSS_C_INTEG_FLAG;
        exchange_run(&exchange, &asked);
        assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_CLIENT_POLICY);
        exchange_end(&exchange);
    }
    release(asked.client_credential);
}
END_TEST

START_TEST(an_anonymous_login_is_refused)
{
    struct exchange exchange;

    fixture_settings(SIGN "allow_anonymous = true\n");
    exchange_run(&exchange, &(struct request){.flags = GSS_C_ANON_FLAG});
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_CLIENT_POLICY);
    exchange_end(&exchange);
}
END_TEST

static OM_uint32 server_says(const char *target)
{
    struct exchange exchange;
    OM_uint32 says;

    exchange_run(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG, .target = target});
    says = exchange.server.minor;
    ck_assert_int_eq(exchange.server.complete, says == 0);
    exchange_end(&exchange);
    return says;
}

/* Default credentials: by default they go by every name. */
START_TEST(reflection_is_refused_everywhere_if_the_setting_says_so)
{
    ck_assert_uint_eq(server_says("HTTP@files.test"), 0);
    fixture_settings("check_reflection = always\n");
    ck_assert_uint_eq(server_says("HTTP@files.test"), (OM_uint32)NTLM_ERR_REFLECTION);
    ck_assert_uint_eq(server_says("HTTP@testhost"), 0);
    ck_assert_uint_eq(server_says("HTTP@localhost"), 0);
    fixture_settings("check_reflection = always\ntarget_names = files.test\n");
    ck_assert_uint_eq(server_says("HTTP@files.test"), 0);
    ck_assert_uint_eq(server_says("HTTP@other.test"), (OM_uint32)NTLM_ERR_REFLECTION);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("policy");
    TCase *cases = fixture_case(suite, "policy");

    tcase_add_loop_test(cases, a_login_is_protected_though_the_program_does_not_ask, 0, 2);
    tcase_add_loop_test(cases, a_server_that_does_not_grant_it_ends_the_login, 0, 2);
    tcase_add_loop_test(cases, a_program_that_wants_none_is_refused, 0, 2);
    tcase_add_test(cases, an_anonymous_login_is_refused);
    tcase_add_test(cases, reflection_is_refused_everywhere_if_the_setting_says_so);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
