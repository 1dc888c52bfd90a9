/* SPDX-License-Identifier: MIT */
/* restart_test.c - a client that begins again on a context which is half made or was
 * refused, as HTTP servers keep it for a connection. */

#include "config.h"

#include "gss_exchange.h"

/* An exchange whose acceptor goes on with this context, and takes it over. */
static void begin_on(struct exchange *exchange, gss_ctx_id_t context, gss_cred_id_t client)
{
    exchange_begin(exchange, &(struct request){.flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG,
                                               .client_credential = client});
    exchange->server.context = context;
}

/* The acceptor's context of an exchange that is over, or given up. */
static gss_ctx_id_t context_of(struct exchange *exchange)
{
    gss_ctx_id_t context = exchange->server.context;

    exchange->server.context = GSS_C_NO_CONTEXT;
    exchange_end(exchange);
    return context;
}

static void finish(struct exchange *exchange)
{
    while (exchange_step(exchange))
        ;
}

static gss_ctx_id_t refused_context(void)
{
    gss_cred_id_t wrong = credential_by_password(NTLMSSP, "TESTDOM\\alice", "wrong");
    struct exchange exchange;

    begin_on(&exchange, GSS_C_NO_CONTEXT, wrong);
    finish(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
    ck_assert_ptr_nonnull(exchange.server.context);
    release(wrong);
    return context_of(&exchange);
}

static void assert_established(struct exchange *exchange)
{
    ck_assert_msg(exchange->client.complete && exchange->server.complete, "%s",
                  side_text(exchange, &exchange->server));
    assert_name(exchange->source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    assert_talk(exchange->client.context, exchange->server.context);
}

START_TEST(a_refused_client_may_begin_again)
{
    struct exchange exchange;

    begin_on(&exchange, refused_context(), GSS_C_NO_CREDENTIAL);
    finish(&exchange);
    assert_established(&exchange);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_client_may_be_refused_more_than_once)
{
    gss_cred_id_t wrong = credential_by_password(NTLMSSP, "TESTDOM\\alice", "wrong");
    gss_ctx_id_t context = refused_context();
    struct exchange exchange;

    for (int i = 0; i < 3; i++) {
        begin_on(&exchange, context, wrong);
        finish(&exchange);
        assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
        context = context_of(&exchange);
    }
    begin_on(&exchange, context, GSS_C_NO_CREDENTIAL);
    finish(&exchange);
    assert_established(&exchange);
    exchange_end(&exchange);
    release(wrong);
}
END_TEST

START_TEST(a_client_may_begin_again_half_way)
{
    struct exchange exchange, again;

    begin_on(&exchange, GSS_C_NO_CONTEXT, GSS_C_NO_CREDENTIAL);
    exchange_step(&exchange);
    exchange_step(&exchange);
    ck_assert_uint_eq(exchange.server.major, GSS_S_CONTINUE_NEEDED);
    begin_on(&again, context_of(&exchange), GSS_C_NO_CREDENTIAL);
    finish(&again);
    assert_established(&again);
    exchange_end(&again);
}
END_TEST

/* The answer to the first CHALLENGE is none to the second. */
START_TEST(the_exchange_before_is_forgotten)
{
    struct exchange exchange, again;
    gss_ctx_id_t context;

    begin_on(&exchange, GSS_C_NO_CONTEXT, GSS_C_NO_CREDENTIAL);
    exchange_step(&exchange); /* NEGOTIATE */
    exchange_step(&exchange); /* CHALLENGE */
    exchange_step(&exchange); /* AUTHENTICATE */
    context = exchange.server.context;
    begin_on(&again, context, GSS_C_NO_CREDENTIAL);
    exchange_step(&again);
    exchange_step(&again);
    ck_assert_uint_eq(again.server.major, GSS_S_CONTINUE_NEEDED);
    exchange.server.context = again.server.context;
    again.server.context = GSS_C_NO_CONTEXT;
    exchange_step(&exchange);
    ck_assert_msg(GSS_ERROR(exchange.server.major), "the former exchange goes on");
    exchange_end(&exchange);
    exchange_end(&again);
}
END_TEST

START_TEST(a_complete_context_begins_nothing)
{
    struct exchange exchange, again;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    begin_on(&again, context_of(&exchange), GSS_C_NO_CREDENTIAL);
    finish(&again);
    assert_refused(&again, &again.server, GSS_S_FAILURE, NTLM_ERR_ALREADY_COMPLETE);
    exchange_end(&again);
}
END_TEST

START_TEST(a_refused_context_takes_nothing_but_a_new_beginning)
{
    struct exchange exchange, donor;

    exchange_establish(&donor, &(struct request){.flags = GSS_C_CONF_FLAG});
    begin_on(&exchange, refused_context(), GSS_C_NO_CREDENTIAL);
    exchange_step(&exchange);
    release_buffer(&exchange.tokens[0]);
    exchange.tokens[0] = donor.tokens[2];
    donor.tokens[2] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_NO_CONTEXT, NTLM_ERR_DEAD_CONTEXT);
    exchange_end(&exchange);
    exchange_end(&donor);
}
END_TEST

START_TEST(what_forbids_a_beginning_forbids_beginning_again)
{
    gss_cred_id_t server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    struct exchange exchange;
    gss_ctx_id_t context = refused_context();

    fixture_settings("restrict_receiving_ntlm = deny");
    begin_on(&exchange, context, GSS_C_NO_CREDENTIAL);
    exchange.asked.server_credential = server;
    finish(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_UNAUTHORIZED,
                   NTLM_ERR_RECEIVING_RESTRICTED);
    fixture_settings(NULL);
    context = context_of(&exchange);
    begin_on(&exchange, context, GSS_C_NO_CREDENTIAL);
    exchange.asked.server_credential = server;
    finish(&exchange);
    assert_established(&exchange);
    exchange_end(&exchange);
    release(server);
}
END_TEST

/* A negotiation that is refused, or begun, is over with the next NegTokenInit (RFC 4178
 * 4.2), and MIT's mechglue then answers for the mechanism: ours is as MIT's. Servers that
 * keep the context for a connection let a client begin again by another one. _i: whether
 * it is half made. */
START_TEST(a_negotiation_does_not_begin_again_on_its_context)
{
    gss_cred_id_t wrong = credential_by_password(SPNEGO, "TESTDOM\\alice", "wrong");
    const int steps = _i ? 2 : STEPS_MAX;
    struct exchange exchange, again;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .client_credential = wrong});
    for (int i = 0; i < steps && exchange_step(&exchange); i++)
        ;
    ck_assert(!exchange.server.complete);
    for (int tries = 0; tries < 2; tries++) {
        exchange_begin(&again, &(struct request){.mech = SPNEGO});
        again.server.context = context_of(&exchange);
        finish(&again);
        ck_assert(!again.server.complete);
        ck_assert_uint_eq(again.server.major,
                          _i && tries == 0 ? GSS_S_DEFECTIVE_TOKEN : GSS_S_NO_CONTEXT);
        exchange = again;
    }
    exchange_end(&again);
    exchange_establish(&again, &(struct request){.mech = SPNEGO});
    exchange_end(&again);
    release(wrong);
}
END_TEST

static void assert_lasts(gss_ctx_id_t context, bool complete)
{
    OM_uint32 inquired = 7, time_rec = 7;

    assert_complete(
        gss_inquire_context(&minor, context, NULL, NULL, &inquired, NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(inquired, complete ? GSS_C_INDEFINITE : 0);
    if (complete) {
        assert_complete(gss_context_time(&minor, context, &time_rec));
        ck_assert_uint_eq(time_rec, GSS_C_INDEFINITE);
    } else {
        assert_status(GSS_S_NO_CONTEXT, gss_context_time(&minor, context, &time_rec));
    }
}

/* In another process, as it were. */
static void move(gss_ctx_id_t *context)
{
    gss_buffer_desc token;

    assert_complete(gss_export_sec_context(&minor, context, &token));
    assert_complete(gss_import_sec_context(&minor, &token, context));
    release_buffer(&token);
}

/* NTLM's contexts never expire. _i: whether SPNEGO makes them. */
START_TEST(a_context_lasts_for_ever_once_it_is_complete_wherever_it_goes)
{
    struct exchange exchange;

    exchange_begin(&exchange,
                   &(struct request){.mech = _i ? SPNEGO : NTLMSSP, .flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    exchange_step(&exchange);
    if (!_i) { /* MIT's SPNEGO says what it likes of half a negotiation */
        assert_lasts(exchange.client.context, false);
        assert_lasts(exchange.server.context, false);
        move(&exchange.client.context);
        move(&exchange.server.context);
        assert_lasts(exchange.client.context, false);
        assert_lasts(exchange.server.context, false);
    }
    finish(&exchange);
    for (int moved = 0; moved < 2; moved++) {
        assert_lasts(exchange.client.context, true);
        assert_lasts(exchange.server.context, true);
        move(&exchange.client.context);
        move(&exchange.server.context);
    }
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(the_lifetime_of_a_half_made_context_is_none)
{
    OM_uint32 lifetime = 7;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    exchange_step(&exchange);
    assert_complete(gss_inquire_context(&minor, exchange.client.context, NULL, NULL, &lifetime,
                                        NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(lifetime, 0);
    lifetime = 7;
    assert_complete(gss_inquire_context(&minor, exchange.server.context, NULL, NULL, &lifetime,
                                        NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(lifetime, 0);
    finish(&exchange);
    assert_complete(gss_inquire_context(&minor, exchange.client.context, NULL, NULL, &lifetime,
                                        NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    lifetime = 0;
    assert_complete(gss_inquire_context(&minor, exchange.server.context, NULL, NULL, &lifetime,
                                        NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_restart");
    TCase *cases = fixture_case(suite, "begins again");

    tcase_add_test(cases, a_refused_client_may_begin_again);
    tcase_add_test(cases, a_client_may_be_refused_more_than_once);
    tcase_add_test(cases, a_client_may_begin_again_half_way);
    tcase_add_test(cases, the_exchange_before_is_forgotten);
    tcase_add_test(cases, a_complete_context_begins_nothing);
    tcase_add_test(cases, a_refused_context_takes_nothing_but_a_new_beginning);
    tcase_add_test(cases, what_forbids_a_beginning_forbids_beginning_again);
    tcase_add_test(cases, the_lifetime_of_a_half_made_context_is_none);
    tcase_add_loop_test(cases, a_context_lasts_for_ever_once_it_is_complete_wherever_it_goes, 0,
                        2);
    tcase_add_loop_test(cases, a_negotiation_does_not_begin_again_on_its_context, 0, 2);
    return suite_run(suite);
}
