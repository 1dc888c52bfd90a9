/* SPDX-License-Identifier: MIT */
/* stage_test.c - every function that takes a context, at every stage of an
 * exchange, on both sides and after a failure: an answer or a clean error. */

#include "config.h"

#include "gss_exchange.h"

#define SET_SEQUENCE "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01"
#define RESET_CRYPTO "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x03"

enum expectation { INCOMPLETE, COMPLETE, DEAD };

static void assert_closed(OM_uint32 major)
{
    ck_assert_msg(major == GSS_S_NO_CONTEXT || major == GSS_S_UNAVAILABLE, "it is %#x", major);
}

/* gss_inquire_context, whole and with nothing asked for. */
static void look_at(const struct side *side, bool initiator, enum expectation stage)
{
    gss_name_t source = GSS_C_NO_NAME, target = GSS_C_NO_NAME;
    OM_uint32 lifetime, flags, major, ignored;
    int local, open;
    gss_OID mech;

    major = gss_inquire_context(&minor, side->context, &source, &target, &lifetime, &mech,
                                &flags, &local, &open);
    if (stage == DEAD) {
        assert_closed(major);
        return;
    }
    ck_assert_uint_eq(major, GSS_S_COMPLETE);
    ck_assert_int_eq(local != 0, initiator);
    ck_assert_int_eq(open != 0, stage == COMPLETE);
    if (stage == COMPLETE) {
        ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
        ck_assert(gss_oid_equal(mech, NTLMSSP));
        ck_assert_uint_ne(flags & GSS_C_INTEG_FLAG, 0);
        assert_name(source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    }
    if (initiator && target)
        assert_name(target, "HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    gss_release_name(&ignored, &source);
    gss_release_name(&ignored, &target);
    assert_complete(
        gss_inquire_context(&minor, side->context, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void try_messages(gss_ctx_id_t context, bool works)
{
    gss_buffer_desc in = text_buffer("Curiouser"), out = GSS_C_EMPTY_BUFFER;
    gss_iov_buffer_desc iov[] = {
        {.type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE},
        {.type = GSS_IOV_BUFFER_TYPE_EMPTY},
    };
    OM_uint32 expected = works ? GSS_S_COMPLETE : GSS_S_NO_CONTEXT, size, ignored;

    assert_status(expected, gss_wrap(&minor, context, 1, 0, &in, NULL, &out));
    release_buffer(&out);
    assert_status(expected, gss_get_mic(&minor, context, 0, &in, &out));
    release_buffer(&out);
    assert_status(expected, gss_wrap_aead(&minor, context, 1, 0, &in, &in, NULL, &out));
    release_buffer(&out);
    assert_status(expected, gss_wrap_iov(&minor, context, 1, 0, NULL, iov, 2));
    gss_release_iov_buffer(&ignored, iov, 2);
    assert_status(expected, gss_wrap_iov_length(&minor, context, 1, 0, NULL, iov, 2));
    assert_status(expected, gss_wrap_size_limit(&minor, context, 1, 0, 100, &size));
    ck_assert(GSS_ERROR(gss_unwrap(&minor, context, &in, &out, NULL, NULL)));
    ck_assert(GSS_ERROR(gss_verify_mic(&minor, context, &in, &in, NULL)));
    ck_assert(GSS_ERROR(gss_unwrap_aead(&minor, context, &in, &in, &out, NULL, NULL)));
    ck_assert(GSS_ERROR(gss_unwrap_iov(&minor, context, NULL, NULL, iov, 2)));
}

static OM_uint32 ask_by_oid(gss_ctx_id_t context, const char *oid, size_t oid_len)
{
    gss_OID_desc object = {(OM_uint32)oid_len, (void *)(uintptr_t)oid};
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    OM_uint32 ignored, major = gss_inquire_sec_context_by_oid(&minor, context, &object, &set);

    ck_assert_int_eq(set != GSS_C_NO_BUFFER_SET, major == GSS_S_COMPLETE);
    gss_release_buffer_set(&ignored, &set);
    return major;
}
#define ASK_BY_OID(context, oid) ask_by_oid(context, oid, sizeof(oid) - 1)

static OM_uint32 set_by_oid(gss_ctx_id_t context, const char *oid, size_t oid_len)
{
    gss_OID_desc object = {(OM_uint32)oid_len, (void *)(uintptr_t)oid};
    gss_buffer_desc value = bytes_buffer("\0\0\0\0", 4);

    return gss_set_sec_context_option(&minor, &context, &object, &value);
}
#define SET_BY_OID(context, oid) set_by_oid(context, oid, sizeof(oid) - 1)

static void try_inquiries(gss_ctx_id_t context, enum expectation stage)
{
    OM_uint32 expected = stage == COMPLETE ? GSS_S_COMPLETE : GSS_S_NO_CONTEXT, lifetime;
    OM_uint32 major;

    assert_status(expected, gss_context_time(&minor, context, &lifetime));
    assert_status(stage == INCOMPLETE ? GSS_S_UNAVAILABLE : expected,
                  ASK_BY_OID(context, OID_SESSION_KEY));
    assert_status(expected, ASK_BY_OID(context, OID_SASL_SSF));
    major = ASK_BY_OID(context, OID_REQUIRE_MIC);
    ck_assert_uint_eq(major, stage == DEAD ? GSS_S_NO_CONTEXT : GSS_S_COMPLETE);
    assert_status(GSS_S_UNAVAILABLE, ASK_BY_OID(context, "\x2a\x03\x04"));
    assert_status(stage == COMPLETE ? GSS_S_UNAVAILABLE : GSS_S_NO_CONTEXT,
                  SET_BY_OID(context, SET_SEQUENCE));
    assert_status(GSS_S_UNAVAILABLE, SET_BY_OID(context, "\x2a\x03\x04"));
    if (stage != COMPLETE) /* half way there is nothing to reset */
        assert_status(stage == DEAD ? GSS_S_NO_CONTEXT : GSS_S_COMPLETE,
                      SET_BY_OID(context, RESET_CRYPTO));
}

/* Export is for whoever is complete or half way; it ends the context. */
static void try_export(struct side *side, enum expectation stage)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major = gss_export_sec_context(&minor, &side->context, &token);

    if (stage != DEAD) {
        ck_assert_uint_eq(major, GSS_S_COMPLETE);
        ck_assert_ptr_null(side->context);
    } else {
        assert_closed(major);
        ck_assert_uint_eq(token.length, 0);
        ck_assert_ptr_nonnull(side->context);
    }
    release_buffer(&token);
}

static void try_everything(struct side *side, bool initiator, enum expectation stage)
{
    look_at(side, initiator, stage);
    try_inquiries(side->context, stage);
    try_messages(side->context, stage == COMPLETE);
    try_export(side, stage);
}

/* Tries everything on both sides after so many steps. */
static void try_after(gss_OID mech, int steps)
{
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = mech, .flags = GSS_C_CONF_FLAG});
    while (exchange.steps < steps)
        exchange_step(&exchange);
    if (exchange.client.context)
        try_everything(&exchange.client, true,
                       exchange.client.complete ? COMPLETE : INCOMPLETE);
    if (exchange.server.context)
        try_everything(&exchange.server, false,
                       exchange.server.complete ? COMPLETE : INCOMPLETE);
    exchange_end(&exchange);
}

START_TEST(every_function_answers_at_every_stage)
{
    try_after(NTLMSSP, _i);
}
END_TEST

/* SPNEGO answers for itself while it is on the way; it must not crash. */
START_TEST(spnego_answers_at_every_stage)
{
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    while (exchange.steps < _i)
        exchange_step(&exchange);
    for (int i = 0; i < 2; i++) {
        struct side *side = i ? &exchange.server : &exchange.client;
        gss_buffer_desc in = text_buffer("Curiouser"), out = GSS_C_EMPTY_BUFFER;
        OM_uint32 lifetime;

        if (!side->context)
            continue;
        look_at(side, i == 0, side->complete ? COMPLETE : INCOMPLETE);
        gss_context_time(&minor, side->context, &lifetime);
        ASK_BY_OID(side->context, OID_SESSION_KEY);
        ASK_BY_OID(side->context, OID_SASL_SSF);
        ASK_BY_OID(side->context, OID_REQUIRE_MIC);
        gss_wrap(&minor, side->context, 1, 0, &in, NULL, &out);
        release_buffer(&out);
        try_export(side, side->complete ? COMPLETE : DEAD); /* not half way */
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_failed_acceptor_is_dead_and_to_be_deleted)
{
    gss_cred_id_t wrong = credential_by_password(NTLMSSP, "TESTDOM\\alice", "wrong");
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;

    exchange_run(&exchange,
                 &(struct request){.flags = GSS_C_CONF_FLAG, .client_credential = wrong});
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    ck_assert_ptr_nonnull(exchange.server.context);
    try_everything(&exchange.server, false, DEAD);
    assert_status(GSS_S_NO_CONTEXT,
                  gss_accept_sec_context(&minor, &exchange.server.context, GSS_C_NO_CREDENTIAL,
                                         &exchange.tokens[2], GSS_C_NO_CHANNEL_BINDINGS, NULL,
                                         NULL, &output, NULL, NULL, NULL));
    assert_minor(NTLM_ERR_DEAD_CONTEXT);
    assert_complete(gss_delete_sec_context(&minor, &exchange.server.context, GSS_C_NO_BUFFER));
    ck_assert_ptr_null(exchange.server.context);
    exchange_end(&exchange);
    release(wrong);
}
END_TEST

START_TEST(a_failed_initiator_is_dead_and_to_be_deleted)
{
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    exchange_step(&exchange);
    memset(exchange.tokens[1].value, 'x', 8);
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN, NTLM_ERR_NOT_NTLM);
    ck_assert_ptr_nonnull(exchange.client.context);
    try_everything(&exchange.client, true, DEAD);
    assert_status(GSS_S_NO_CONTEXT,
                  gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &exchange.client.context,
                                       exchange.target, NTLMSSP, 0, 0,
                                       GSS_C_NO_CHANNEL_BINDINGS, &exchange.tokens[1], NULL,
                                       &output, NULL, NULL));
    assert_minor(NTLM_ERR_DEAD_CONTEXT);
    assert_complete(gss_delete_sec_context(&minor, &exchange.client.context, GSS_C_NO_BUFFER));
    ck_assert_ptr_null(exchange.client.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_first_call_that_fails_leaves_no_context)
{
    gss_buffer_desc broken = bytes_buffer("NTLMSSP\0\1\0\0", 11), output = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    struct exchange exchange;

    assert_status(GSS_S_DEFECTIVE_TOKEN,
                  gss_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &broken,
                                         GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output, NULL,
                                         NULL, NULL));
    assert_minor(NTLM_ERR_TRUNCATED);
    ck_assert_ptr_null(context);
    ck_assert_uint_eq(output.length, 0);

    unsetenv("NTLM_USER_FILE");
    exchange_run(&exchange, &(struct request){0});
    ck_assert(GSS_ERROR(exchange.client.major));
    ck_assert_ptr_null(exchange.client.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_complete_context_takes_no_more_tokens)
{
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_status(GSS_S_FAILURE,
                  gss_accept_sec_context(&minor, &exchange.server.context, GSS_C_NO_CREDENTIAL,
                                         &exchange.tokens[2], GSS_C_NO_CHANNEL_BINDINGS, NULL,
                                         NULL, &output, NULL, NULL, NULL));
    assert_minor(NTLM_ERR_ALREADY_COMPLETE);
    ck_assert_uint_eq(output.length, 0);
    assert_status(GSS_S_FAILURE, gss_init_sec_context(
                                     &minor, GSS_C_NO_CREDENTIAL, &exchange.client.context,
                                     exchange.target, NTLMSSP, 0, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                     &exchange.tokens[1], NULL, &output, NULL, NULL));
    assert_minor(NTLM_ERR_ALREADY_COMPLETE);
    try_everything(&exchange.server, false, DEAD);
    try_everything(&exchange.client, true, DEAD);
    exchange_end(&exchange);
}
END_TEST

START_TEST(functions_that_ntlm_has_not_are_unavailable)
{
    gss_buffer_desc text = text_buffer("text"), out = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_status(GSS_S_UNAVAILABLE,
                  gss_process_context_token(&minor, exchange.client.context, &text));
    assert_status(GSS_S_UNAVAILABLE, gss_pseudo_random(&minor, exchange.client.context,
                                                       GSS_C_PRF_KEY_FULL, &text, 16, &out));
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(deleting_with_an_output_token_gives_an_empty_one)
{
    gss_buffer_desc token = text_buffer("unset");
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){0});
    assert_complete(gss_delete_sec_context(&minor, &exchange.client.context, &token));
    ck_assert_uint_eq(token.length, 0);
    ck_assert_ptr_null(exchange.client.context);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_stage");
    TCase *cases = fixture_case(suite, "stages");
    tcase_add_loop_test(cases, every_function_answers_at_every_stage, 1, 5);
    tcase_add_loop_test(cases, spnego_answers_at_every_stage, 1, 6);
    cases = fixture_case(suite, "failures");
    tcase_add_test(cases, a_failed_acceptor_is_dead_and_to_be_deleted);
    tcase_add_test(cases, a_failed_initiator_is_dead_and_to_be_deleted);
    tcase_add_test(cases, a_first_call_that_fails_leaves_no_context);
    tcase_add_test(cases, a_complete_context_takes_no_more_tokens);
    tcase_add_test(cases, functions_that_ntlm_has_not_are_unavailable);
    tcase_add_test(cases, deleting_with_an_output_token_gives_an_empty_one);
    return suite_run(suite);
}
