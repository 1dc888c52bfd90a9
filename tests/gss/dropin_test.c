/* SPDX-License-Identifier: MIT */
/* dropin_test.c - what programs that were written for gss-ntlmssp find here as there:
 * moving an acceptor half way, default negotiate flags, and the probes of older
 * pyspnego. */

#include "config.h"

#include "gss_exchange.h"
#include "gssapi_ntlmssp.h"

static gss_OID_desc neg_flags = {GSS_NTLMSSP_NEG_FLAGS_OID_LENGTH,
                                 (void *)(uintptr_t)GSS_NTLMSSP_NEG_FLAGS_OID_STRING};
static gss_OID_desc reset_crypto = {GSS_NTLMSSP_RESET_CRYPTO_OID_LENGTH,
                                    (void *)(uintptr_t)GSS_NTLMSSP_RESET_CRYPTO_OID_STRING};
static gss_OID_desc session_key = {sizeof(OID_SESSION_KEY) - 1,
                                   (void *)(uintptr_t)OID_SESSION_KEY};

#define NEGOTIATE_SEAL 0x20u
#define NEGOTIATE_128 0x20000000u

static void half_way(struct exchange *exchange, const struct request *asked)
{
    exchange_begin(exchange, asked);
    exchange_step(exchange);
    exchange_step(exchange);
    ck_assert_uint_eq(exchange->server.major, GSS_S_CONTINUE_NEEDED);
}

static void move(gss_ctx_id_t *context)
{
    gss_buffer_desc token;

    assert_complete(gss_export_sec_context(&minor, context, &token));
    ck_assert_ptr_null(*context);
    assert_complete(gss_import_sec_context(&minor, &token, context));
    release_buffer(&token);
}

START_TEST(an_acceptor_goes_on_in_another_process)
{
    struct exchange exchange;

    half_way(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG});
    move(&exchange.server.context);
    while (exchange_step(&exchange))
        ;
    ck_assert(exchange.client.complete && exchange.server.complete);
    assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

/* What is asked for. */
static const OM_uint32 moved[] = {0, GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG, GSS_C_ANON_FLAG,
                                  GSS_C_DCE_STYLE | GSS_C_INTEG_FLAG};

START_TEST(an_initiator_goes_on_in_another_process)
{
    struct gss_channel_bindings_struct bindings = bindings_of("tls-unique:x");
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    exchange_begin(&exchange, &(struct request){.flags = moved[_i],
                                                .client_bindings = &bindings,
                                                .server_bindings = &bindings});
    exchange_step(&exchange);
    ck_assert_uint_eq(exchange.client.major, GSS_S_CONTINUE_NEEDED);
    move(&exchange.client.context);
    while (exchange_step(&exchange))
        ;
    ck_assert(exchange.client.complete && exchange.server.complete);
    if (moved[_i] & GSS_C_INTEG_FLAG)
        assert_talk(exchange.client.context, exchange.server.context);
    if (!(moved[_i] & GSS_C_ANON_FLAG))
        assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    exchange_end(&exchange);
}
END_TEST

/* The protection that was asked for before the move is asked for after it. */
START_TEST(a_moved_initiator_refuses_a_challenge_without_what_it_asked_for)
{
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    move(&exchange.client.context);
    exchange_step(&exchange);
    ((uint8_t *)exchange.tokens[1].value)[20] &= (uint8_t)~NEGOTIATE_SEAL;
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_SERVER_FLAGS);
    exchange_end(&exchange);
}
END_TEST

START_TEST(restrict_sending_ntlm_holds_for_a_moved_initiator)
{
    struct exchange exchange;
    gss_buffer_desc token;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    assert_complete(gss_export_sec_context(&minor, &exchange.client.context, &token));
    fixture_settings("restrict_sending_ntlm = deny");
    assert_status(GSS_S_UNAUTHORIZED,
                  gss_import_sec_context(&minor, &token, &exchange.client.context));
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_moved_acceptor_refuses_as_it_would_have)
{
    gss_cred_id_t wrong = credential_by_password(NTLMSSP, "TESTDOM\\alice", "wrong");
    struct exchange exchange;

    half_way(&exchange, &(struct request){.client_credential = wrong});
    move(&exchange.server.context);
    while (exchange_step(&exchange))
        ;
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
    exchange_end(&exchange);
    release(wrong);
}
END_TEST

START_TEST(a_moved_acceptor_has_the_account_file_of_its_credential)
{
    const char *file = fixture_file("others", 0600, "OTHER:dora:key\n");
    gss_cred_id_t client = credential_by_password(NTLMSSP, "OTHER\\dora", "key");
    gss_cred_id_t server =
        credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE(GSS_NTLMSSP_CS_KEYFILE, file));
    struct exchange exchange;

    half_way(&exchange,
             &(struct request){.client_credential = client, .server_credential = server});
    move(&exchange.server.context);
    while (exchange_step(&exchange))
        ;
    ck_assert(exchange.server.complete);
    exchange_end(&exchange);
    release(client);
    release(server);
}
END_TEST

/* A server that gives its bindings with the first call alone has them after the move. */
START_TEST(a_moved_acceptor_keeps_its_bindings)
{
    struct gss_channel_bindings_struct theirs = bindings_of("tls-unique:theirs"),
                                       ours = bindings_of(_i ? "tls-unique:ours"
                                                             : "tls-unique:theirs");
    struct exchange exchange;

    half_way(&exchange,
             &(struct request){.client_bindings = &theirs, .server_bindings = &ours});
    exchange.asked.server_bindings = GSS_C_NO_CHANNEL_BINDINGS;
    move(&exchange.server.context);
    while (exchange_step(&exchange))
        ;
    if (_i) {
        assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS,
                       NTLM_ERR_BINDINGS_DIFFER);
    } else {
        ck_assert(exchange.server.complete);
        ck_assert_uint_ne(exchange.server.flags & GSS_C_CHANNEL_BOUND_FLAG, 0);
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_moved_acceptor_knows_its_names)
{
    gss_name_t service = service_of("HTTP@other.test");
    struct exchange exchange;
    gss_cred_id_t server;

    assert_complete(acquire_from(NTLMSSP, GSS_C_ACCEPT, service, NULL, &server));
    half_way(&exchange, &(struct request){.server_credential = server});
    move(&exchange.server.context);
    while (exchange_step(&exchange))
        ;
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_REFLECTION);
    exchange_end(&exchange);
    release(server);
    gss_release_name(&minor, &service);
}
END_TEST

START_TEST(a_damaged_half_made_context_is_refused)
{
    struct exchange exchange;
    gss_buffer_desc token, cut;
    gss_ctx_id_t made;

    half_way(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_complete(gss_export_sec_context(
        &minor, _i ? &exchange.server.context : &exchange.client.context, &token));
    for (size_t len = 0; len < token.length; len += 3) {
        cut = bytes_buffer(token.value, len);
        ck_assert(GSS_ERROR(gss_import_sec_context(&minor, &cut, &made)));
    }
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

static uint32_t challenge_flags(const struct exchange *exchange)
{
    const uint8_t *at = (const uint8_t *)exchange->tokens[1].value + 20;

    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

START_TEST(an_acceptors_default_negotiate_flags_hold_until_an_empty_value)
{
    gss_cred_id_t server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    uint32_t flags = 0xffffffffu & ~NEGOTIATE_SEAL;
    gss_buffer_desc value = bytes_buffer(&flags, sizeof(flags)), empty = GSS_C_EMPTY_BUFFER;
    const struct request asked = {.flags = GSS_C_CONF_FLAG, .server_credential = server};
    struct exchange exchange;

    assert_complete(gss_set_cred_option(&minor, &server, &neg_flags, &value));
    half_way(&exchange, &asked);
    ck_assert_uint_eq(challenge_flags(&exchange) & (NEGOTIATE_SEAL | NEGOTIATE_128),
                      NEGOTIATE_128);
    exchange_end(&exchange);
    assert_complete(gss_set_cred_option(&minor, &server, &neg_flags, &empty));
    half_way(&exchange, &asked);
    ck_assert_uint_eq(challenge_flags(&exchange) & NEGOTIATE_SEAL, NEGOTIATE_SEAL);
    exchange_end(&exchange);
    release(server);
}
END_TEST

START_TEST(probes_of_an_unfinished_context_are_answered)
{
    uint32_t direction = 1;
    gss_buffer_desc value = bytes_buffer(&direction, sizeof(direction));
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    struct exchange exchange;

    half_way(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG});
    for (int i = 0; i < 2; i++) {
        gss_ctx_id_t *context = i ? &exchange.server.context : &exchange.client.context;

        assert_complete(gss_set_sec_context_option(&minor, context, &reset_crypto, &value));
        assert_status(GSS_S_UNAVAILABLE,
                      gss_inquire_sec_context_by_oid(&minor, *context, &session_key, &set));
    }
    while (exchange_step(&exchange))
        ;
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_dropin");
    TCase *cases = fixture_case(suite, "as gss-ntlmssp");

    tcase_add_test(cases, an_acceptor_goes_on_in_another_process);
    tcase_add_test(cases, a_moved_acceptor_refuses_as_it_would_have);
    tcase_add_test(cases, a_moved_acceptor_has_the_account_file_of_its_credential);
    tcase_add_loop_test(cases, an_initiator_goes_on_in_another_process, 0,
                        sizeof(moved) / sizeof(moved[0]));
    tcase_add_test(cases, a_moved_initiator_refuses_a_challenge_without_what_it_asked_for);
    tcase_add_test(cases, restrict_sending_ntlm_holds_for_a_moved_initiator);
    tcase_add_loop_test(cases, a_moved_acceptor_keeps_its_bindings, 0, 2);
    tcase_add_test(cases, a_moved_acceptor_knows_its_names);
    tcase_add_loop_test(cases, a_damaged_half_made_context_is_refused, 0, 2);
    tcase_add_test(cases, an_acceptors_default_negotiate_flags_hold_until_an_empty_value);
    tcase_add_test(cases, probes_of_an_unfinished_context_are_answered);
    return suite_run(suite);
}
