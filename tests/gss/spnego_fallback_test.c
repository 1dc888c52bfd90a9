/* SPDX-License-Identifier: MIT */
/* spnego_fallback_test.c - an initiator that offers something else first, as
 * Windows does with Kerberos, and falls back to NTLM when the acceptor chooses
 * it: then a mechListMIC is demanded from both. The initiator's SPNEGO is put
 * together here, around raw NTLM. */

#include "config.h"

#include "gss_exchange.h"
#include "spnego_token.h"

#define RESET_CRYPTO "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x03"

/* A mechanism that nobody has here, and NTLM. */
static const gss_OID_desc offered[] = {OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f"),
                                       OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")};

static struct exchange exchange; /* its client is raw NTLM, its server SPNEGO */
static gss_buffer_desc offer, reply;
static struct spnego_token said; /* in reply */

/* The acceptor takes this token, which is freed. */
static OM_uint32 tell(gss_buffer_desc token)
{
    release_buffer(&reply);
    exchange.server.major =
        gss_accept_sec_context(&minor, &exchange.server.context, GSS_C_NO_CREDENTIAL, &token,
                               GSS_C_NO_CHANNEL_BINDINGS, &exchange.source, NULL, &reply,
                               &exchange.server.flags, NULL, NULL);
    free(token.value);
    if (reply.length > 0)
        spnego_read(reply, &said);
    return exchange.server.major;
}

/* As far as the AUTHENTICATE, which is not yet told. */
static void begin(OM_uint32 flags)
{
    gss_buffer_desc none = GSS_C_EMPTY_BUFFER;

    exchange_begin(&exchange, &(struct request){.flags = flags});
    offer = spnego_init_token(offered, 2, text_buffer("for another"));
    assert_status(GSS_S_CONTINUE_NEEDED,
                  tell(spnego_init_token(offered, 2, text_buffer("for another"))));
    ck_assert_int_eq(said.state, REQUEST_MIC);
    ck_assert(gss_oid_equal(&said.supported_mech, NTLMSSP));
    ck_assert_uint_eq(said.mech_token.length, 0);

    exchange_step(&exchange); /* the NEGOTIATE */
    assert_status(GSS_S_CONTINUE_NEEDED, tell(spnego_response_token(exchange.tokens[0], none)));
    ck_assert_int_eq(said.state, ACCEPT_INCOMPLETE);
    assert_complete(gss_init_sec_context(
        &minor, GSS_C_NO_CREDENTIAL, &exchange.client.context, exchange.target, NTLMSSP, flags,
        0, GSS_C_NO_CHANNEL_BINDINGS, &said.mech_token, NULL, &exchange.tokens[2], NULL, NULL));
}

static void end(void)
{
    release_buffer(&reply);
    free(offer.value);
    exchange_end(&exchange);
}

/* What SPNEGO does after it made (0) or verified (1) a mechListMIC. */
static void reset(uint32_t receiving)
{
    gss_OID_desc option = OID(RESET_CRYPTO);
    gss_buffer_desc value = bytes_buffer(&receiving, sizeof(receiving));

    assert_complete(
        gss_set_sec_context_option(&minor, &exchange.client.context, &option, &value));
}

/* Tells the AUTHENTICATE, with the signature of this mech list. */
static OM_uint32 tell_signed(gss_buffer_desc mech_list)
{
    gss_buffer_desc mic;
    OM_uint32 major;

    assert_complete(gss_get_mic(&minor, exchange.client.context, 0, &mech_list, &mic));
    reset(0);
    major = tell(spnego_response_token(exchange.tokens[2], mic));
    release_buffer(&mic);
    return major;
}

START_TEST(an_initiator_falls_back_to_ntlm)
{
    struct spnego_token token;

    begin(GSS_C_CONF_FLAG);
    spnego_read(offer, &token);
    assert_complete(tell_signed(token.mech_list));
    assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    ck_assert_int_eq(said.state, ACCEPT_COMPLETED);
    ck_assert_uint_eq(said.mic.length, 16);
    assert_complete(
        gss_verify_mic(&minor, exchange.client.context, &token.mech_list, &said.mic, NULL));
    reset(1);
    assert_talk(exchange.client.context, exchange.server.context);
    end();
}
END_TEST

START_TEST(a_fallback_that_was_forced_is_noticed)
{
    /* The client offered less than what the acceptor was told. */
    gss_buffer_desc truth =
        bytes_buffer("\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 14);

    begin(GSS_C_CONF_FLAG);
    assert_status(GSS_S_BAD_SIG, tell_signed(truth));
    ck_assert_int_eq(said.state, REJECT);
    ck_assert_ptr_null(exchange.source);
    end();
}
END_TEST

START_TEST(a_fallback_without_a_signature_is_refused)
{
    gss_buffer_desc none = GSS_C_EMPTY_BUFFER;

    begin(GSS_C_CONF_FLAG);
    assert_status(GSS_S_DEFECTIVE_TOKEN, tell(spnego_response_token(exchange.tokens[2], none)));
    ck_assert_int_eq(said.state, REJECT);
    ck_assert_ptr_null(exchange.source);
    end();
}
END_TEST

/* RFC 4178 5: where no integrity is to be had, there can be no mechListMIC. */
START_TEST(a_fallback_without_integrity_needs_no_signature)
{
    gss_buffer_desc none = GSS_C_EMPTY_BUFFER;

    begin(0);
    assert_complete(tell(spnego_response_token(exchange.tokens[2], none)));
    ck_assert_int_eq(said.state, ACCEPT_COMPLETED);
    assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_spnego_fallback");
    TCase *cases = fixture_case(suite, "fallback");
    tcase_add_test(cases, an_initiator_falls_back_to_ntlm);
    tcase_add_test(cases, a_fallback_that_was_forced_is_noticed);
    tcase_add_test(cases, a_fallback_without_a_signature_is_refused);
    tcase_add_test(cases, a_fallback_without_integrity_needs_no_signature);
    return suite_run(suite);
}
