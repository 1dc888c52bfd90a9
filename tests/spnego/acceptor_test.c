/* SPDX-License-Identifier: MIT */
/* acceptor_test.c - what the acceptor of a negotiation does with an initiator's tokens,
 * with NTLM under it, and with none at first. */

#include "config.h"

#include <malloc.h>

#include "spnego_exchange.h"

/* What SECURITY says that a client costs which comes no further than its first message,
 * where the server's names are not long. */
#define HALF_OPEN_MAX 4096
/* As long as NTLM takes one. */
#define NEGOTIATE_MAX 1024

/* By hand, for an acceptor with this token first. */
static OM_uint32 accept_token(gss_ctx_id_t *context, gss_buffer_desc token, gss_buffer_t out)
{
    return gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL, &token,
                                  GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, out, NULL, NULL, NULL);
}

START_TEST(an_acceptor_speaks_first_when_it_is_asked_to)
{
    gss_buffer_desc hello, empty = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;
    struct token token;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    assert_status(GSS_S_CONTINUE_NEEDED, accept_token(&exchange.server.context, empty, &hello));
    ck_assert_ptr_null(token_read(bytes_of(hello), &token));
    ck_assert_int_eq(token.kind, TOKEN_INIT2);
    /* the initiator heeds it */
    exchange.client.major = gss_init_sec_context(
        &minor, GSS_C_NO_CREDENTIAL, &exchange.client.context, exchange.target, SPNEGO, SIGNED,
        0, GSS_C_NO_CHANNEL_BINDINGS, &hello, NULL, &exchange.tokens[0], NULL, NULL);
    ck_assert_uint_eq(exchange.client.major, GSS_S_CONTINUE_NEEDED);
    exchange.steps = 1;
    negotiation_finish(&exchange);
    negotiation_is_complete(&exchange);
    assert_talk(exchange.client.context, exchange.server.context);
    release_buffer(&hello);
    exchange_end(&exchange);
}
END_TEST

static const uint8_t others_list[] = "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f";

/* _i: it names nothing that we have; it answers; it says what nobody understands. */
START_TEST(a_server_that_speaks_first_and_makes_no_sense_ends_the_login)
{
    static const OM_uint32 majors[] = {GSS_S_BAD_MECH, GSS_S_DEFECTIVE_TOKEN,
                                       GSS_S_DEFECTIVE_TOKEN};
    const struct token hello = {
        .kind = _i ? TOKEN_RESPONSE : TOKEN_INIT2,
        .mech_types = {_i ? NULL : others_list, _i ? 0 : sizeof(others_list) - 1},
        .state = _i ? STATE_ACCEPT_INCOMPLETE : STATE_NONE};
    gss_buffer_desc token = written(&hello), out = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t target = service_of("HTTP@server.test");
    OM_uint32 ignored;

    if (_i == 2)
        *(uint8_t *)token.value ^= 0x80;
    assert_status(majors[_i], gss_init_sec_context(
                                  &minor, GSS_C_NO_CREDENTIAL, &context, target, SPNEGO, 0, 0,
                                  GSS_C_NO_CHANNEL_BINDINGS, &token, NULL, &out, NULL, NULL));
    ck_assert_ptr_null(context);
    ck_assert_uint_eq(out.length, 0);
    release_buffer(&token);
    gss_release_name(&ignored, &target);
}
END_TEST

START_TEST(an_acceptor_asks_for_a_mic_where_the_first_choice_was_another)
{
    const struct der_bytes oids[] = {content_of(&other_oid), content_of(&ntlmssp_oid)};
    uint8_t list[64];
    size_t size = token_write_mechs(oids, 2, NULL);
    struct token init = {.kind = TOKEN_INIT, .mech_types = {list, size}}, answer;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token, out;
    OM_uint32 ignored;

    token_write_mechs(oids, 2, list + size);
    init.mech_token = (struct der_bytes){(const uint8_t *)"optimistic", 10};
    token = written(&init);
    assert_status(GSS_S_CONTINUE_NEEDED, accept_token(&context, token, &out));
    ck_assert_ptr_null(token_read(bytes_of(out), &answer));
    ck_assert_int_eq(answer.state, STATE_REQUEST_MIC);
    ck_assert(der_equal(answer.supported_mech, content_of(&ntlmssp_oid)));
    ck_assert_ptr_null(answer.mech_token.data);
    release_buffer(&token);
    release_buffer(&out);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
}
END_TEST

/* A list of about this many bytes, of which NTLM is the first. */
static struct der_bytes long_list(uint8_t *list, size_t size)
{
    struct der_bytes oids[4096] = {content_of(&ntlmssp_oid)};
    size_t count = 1;

    for (; token_write_mechs(oids, count, NULL) < size; count++)
        oids[count] = content_of(&other_oid);
    count--;
    size = token_write_mechs(oids, count, NULL);
    token_write_mechs(oids, count, list + size);
    return (struct der_bytes){list, size};
}

/* An acceptor that has had a first message as long as any; it may have refused it. */
static void half_open(struct exchange *exchange, struct der_bytes list)
{
    static uint8_t negotiate[NEGOTIATE_MAX];
    struct token init;

    negotiation_begin(exchange, SIGNED, 1);
    init = sent(exchange, 0);
    memcpy(negotiate, init.mech_token.data, init.mech_token.len);
    init.mech_token = (struct der_bytes){negotiate, sizeof(negotiate)};
    init.mech_types = list;
    replace_token(exchange, 0, &init);
    exchange_step(exchange);
    gss_delete_sec_context(&minor, &exchange->client.context, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &exchange->target);
    release_buffer(&exchange->tokens[0]);
    release_buffer(&exchange->tokens[1]);
}

/* _i: the list is longer than it may be. */
START_TEST(a_half_open_acceptor_holds_little_however_long_the_list)
{
    static uint8_t list[32768];
    const struct der_bytes whole = long_list(list, _i ? sizeof(list) : TOKEN_MECH_TYPES_MAX);
    enum { FIRST = 10, ALL = 2 * FIRST }; /* the first use what was freed before */
    static struct exchange exchanges[ALL];
    size_t before, held;

    for (int i = 0; i < FIRST; i++)
        half_open(&exchanges[i], whole);
    before = mallinfo2().uordblks;
    for (int i = FIRST; i < ALL; i++)
        half_open(&exchanges[i], whole);
    held = mallinfo2().uordblks - before;
    ck_assert_msg(held <= FIRST * HALF_OPEN_MAX, "%zu bytes each", held / FIRST);
    for (int i = 0; i < ALL; i++) {
        ck_assert_uint_eq(exchanges[i].server.major,
                          _i ? GSS_S_DEFECTIVE_TOKEN : GSS_S_CONTINUE_NEEDED);
        exchange_end(&exchanges[i]);
    }
}
END_TEST

static const struct der_bytes optimistic[] = {
    {(const uint8_t *)"\x60\x0d\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\1", 15},
    {(const uint8_t *)"NTLMSSP", 7},
    {(const uint8_t *)"NTLMSSQ\0\1\0\0", 12},
    {(const uint8_t *)"\x60\x03\x06\x01", 4},
    {(const uint8_t *)"", 0},
};

/* The mechglue would give it to the mechanism whose token it is. */
START_TEST(an_optimistic_token_of_another_mechanism_is_not_used)
{
    struct exchange exchange;
    struct token init, answer;

    negotiation_begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    init.mech_token = optimistic[_i];
    replace_token(&exchange, 0, &init);
    exchange_step(&exchange);
    ck_assert_uint_eq(exchange.server.major, GSS_S_CONTINUE_NEEDED);
    answer = sent(&exchange, 1);
    ck_assert_int_eq(answer.state, STATE_ACCEPT_INCOMPLETE);
    ck_assert_ptr_null(answer.mech_token.data);
    exchange_end(&exchange);
}
END_TEST

static void reject(struct token *token)
{
    token->state = STATE_REJECT;
}

static void choose(struct token *token)
{
    token->supported_mech = content_of(&ntlmssp_oid);
}

static void strip_the_mic(struct token *token)
{
    token->mic = (struct der_bytes){NULL, 0};
}

static const struct {
    void (*alter)(struct token *token);
    const char *text;
} refused_responses[] = {
    {strip_the_mic, "its mechListMIC is missing"},
    {reject, "the peer rejected the negotiation"},
    {choose, "the choice is not the initiator's"},
    {leave_out_the_token, "lacks the mechanism's own token"},
    {begin_anew, "though the negotiation has begun"},
    {add_a_mic, "mechListMIC is wrong"},
};

START_TEST(an_acceptor_refuses_a_token_that_cannot_be)
{
    struct exchange exchange;
    struct token token;

    negotiation_begin(&exchange, SIGNED, 3);
    token = sent(&exchange, 2);
    refused_responses[_i].alter(&token);
    replace_token(&exchange, 2, &token);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    assert_contains(side_text(&exchange, &exchange.server), refused_responses[_i].text);
    exchange_end(&exchange);
}
END_TEST

/* _i: with the NEGOTIATE, or with the AUTHENTICATE. */
START_TEST(a_mic_is_refused_where_there_is_no_integrity)
{
    gss_cred_id_t credential = credential_without_integrity();
    struct exchange exchange;
    struct token token;

    exchange_begin(&exchange,
                   &(struct request){.mech = SPNEGO, .client_credential = credential});
    for (int i = 0; i < (_i ? 3 : 1); i++)
        ck_assert(exchange_step(&exchange));
    token = sent(&exchange, _i ? 2 : 0);
    add_a_mic(&token);
    replace_token(&exchange, _i ? 2 : 0, &token);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.server, GSS_S_DEFECTIVE_TOKEN,
                      _i ? "the mechanism has no integrity" : "the mechanism is not complete");
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
    release(credential);
}
END_TEST

/* _i: it has said so itself, or has had the list without a token. */
START_TEST(an_acceptor_that_waits_says_hello_once)
{
    gss_buffer_desc out, nothing = GSS_C_EMPTY_BUFFER;
    struct exchange exchange;
    struct token init;

    negotiation_begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    init.mech_token = NO_BYTES;
    replace_token(&exchange, 0, &init);
    assert_status(GSS_S_CONTINUE_NEEDED, accept_token(&exchange.server.context,
                                                      _i ? exchange.tokens[0] : nothing, &out));
    release_buffer(&out);
    assert_status(GSS_S_DEFECTIVE_TOKEN, accept_token(&exchange.server.context, nothing, &out));
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_complete_context_takes_no_further_token)
{
    struct exchange exchange;
    gss_buffer_desc out;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    ck_assert(GSS_ERROR(accept_token(&exchange.server.context, exchange.tokens[2], &out)));
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_context_is_not_used_before_the_negotiation_is_over)
{
    gss_buffer_desc text = text_buffer("early"), out;
    struct exchange exchange;
    OM_uint32 flags;
    gss_OID mech;
    int open;

    negotiation_begin(&exchange, SIGNED, 3);
    assert_status(GSS_S_NO_CONTEXT,
                  gss_wrap(&minor, exchange.client.context, 1, 0, &text, NULL, &out));
    assert_complete(gss_inquire_context(&minor, exchange.client.context, NULL, NULL, NULL,
                                        &mech, &flags, NULL, &open));
    ck_assert(gss_oid_equal(mech, SPNEGO));
    ck_assert_int_eq(open, 0);
    ck_assert_uint_eq(flags & (GSS_C_PROT_READY_FLAG | GSS_C_TRANS_FLAG), 0);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_acceptor");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "acceptor");
    tcase_add_test(cases, an_acceptor_speaks_first_when_it_is_asked_to);
    tcase_add_loop_test(cases, a_server_that_speaks_first_and_makes_no_sense_ends_the_login, 0,
                        3);
    tcase_add_loop_test(cases, a_half_open_acceptor_holds_little_however_long_the_list, 0, 2);
    tcase_add_test(cases, an_acceptor_asks_for_a_mic_where_the_first_choice_was_another);
    tcase_add_loop_test(cases, an_optimistic_token_of_another_mechanism_is_not_used, 0,
                        sizeof(optimistic) / sizeof(optimistic[0]));
    tcase_add_loop_test(cases, an_acceptor_that_waits_says_hello_once, 0, 2);
    tcase_add_loop_test(cases, an_acceptor_refuses_a_token_that_cannot_be, 0,
                        sizeof(refused_responses) / sizeof(refused_responses[0]));
    tcase_add_loop_test(cases, a_mic_is_refused_where_there_is_no_integrity, 0, 2);
    tcase_add_test(cases, a_complete_context_takes_no_further_token);
    tcase_add_test(cases, a_context_is_not_used_before_the_negotiation_is_over);
    return suite_run(suite);
}
