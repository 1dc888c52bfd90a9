/* SPDX-License-Identifier: MIT */
/* negotiate_test.c - the rules of our negotiation, with NTLM under it, and who
 * meddles between the two sides. Everything goes through MIT's mechglue, with
 * mech_spnego.so registered. */

#include "config.h"

#include <stdio.h>

#include "gss_exchange.h"
#include "spnego/token.h"

#define SIGNED GSS_C_INTEG_FLAG
#define NO_BYTES ((struct der_bytes){NULL, 0})

static const gss_OID_desc other_oid = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f");

static struct der_bytes bytes_of(gss_buffer_desc buffer)
{
    return (struct der_bytes){buffer.value, buffer.length};
}

static struct der_bytes content_of(const gss_OID_desc *oid)
{
    return (struct der_bytes){oid->elements, oid->length};
}

/* What a step sent; its fields lie in the exchange's token. */
static struct token sent(const struct exchange *exchange, int step)
{
    struct token token;
    const char *problem = token_read(bytes_of(exchange->tokens[step]), &token);

    ck_assert_msg(!problem, "%s", problem);
    return token;
}

static gss_buffer_desc written(const struct token *token)
{
    size_t size = token_write(token, NULL);
    uint8_t *bytes = malloc(size);

    ck_assert_ptr_nonnull(bytes);
    token_write(token, bytes + size);
    return (gss_buffer_desc){size, bytes};
}

static void replace(struct exchange *exchange, int step, const struct token *token)
{
    gss_buffer_desc made = written(token);

    release_buffer(&exchange->tokens[step]);
    exchange->tokens[step] = made;
}

static void begin(struct exchange *exchange, OM_uint32 flags, int steps)
{
    exchange_begin(exchange, &(struct request){.mech = SPNEGO, .flags = flags});
    for (int i = 0; i < steps; i++)
        ck_assert(exchange_step(exchange));
}

static void finish(struct exchange *exchange)
{
    while (exchange_step(exchange))
        continue;
}

static void assert_both_complete(struct exchange *exchange)
{
    ck_assert_msg(exchange->client.complete, "the initiator: %s",
                  side_text(exchange, &exchange->client));
    ck_assert_msg(exchange->server.complete, "the acceptor: %s",
                  side_text(exchange, &exchange->server));
}

static void assert_fails(const struct exchange *exchange, const struct side *side,
                         OM_uint32 major, const char *text)
{
    ck_assert_uint_eq(side->major, major);
    assert_contains(side_text(exchange, side), text);
}

/* ---- what may be left out, and what peers do ---- */

static void leave_out_the_choice(struct token *answer)
{
    answer->supported_mech = NO_BYTES;
}

static void leave_out_the_state(struct token *answer)
{
    answer->state = STATE_NONE;
}

static void repeat_the_token(struct token *answer)
{
    answer->mic = answer->mech_token;
}

static void ask_for_a_mic(struct token *answer)
{
    answer->state = STATE_REQUEST_MIC;
}

static void (*const tolerated_in_the_first_answer[])(struct token *) = {
    leave_out_the_choice, leave_out_the_state, repeat_the_token, ask_for_a_mic};

START_TEST(the_first_answer_may_be_like_this)
{
    struct exchange exchange;
    struct token answer;

    begin(&exchange, SIGNED, 2);
    answer = sent(&exchange, 1);
    tolerated_in_the_first_answer[_i](&answer);
    replace(&exchange, 1, &answer);
    finish(&exchange);
    assert_both_complete(&exchange);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

/* Windows 2003 says so with NTLM's last token, Samba nothing, old IIS sends an empty
 * token. */
START_TEST(the_last_answer_may_be_like_this)
{
    static const enum token_state states[] = {STATE_ACCEPT_INCOMPLETE, STATE_NONE,
                                              STATE_ACCEPT_COMPLETED};
    struct exchange exchange;
    struct token answer;

    begin(&exchange, SIGNED, 4);
    answer = sent(&exchange, 3);
    answer.state = states[_i];
    if (answer.state == STATE_ACCEPT_COMPLETED)
        answer.mech_token = (struct der_bytes){(const uint8_t *)"", 0};
    replace(&exchange, 3, &answer);
    finish(&exchange);
    assert_both_complete(&exchange);
    exchange_end(&exchange);
}
END_TEST

/* What krb5 1.21's do, that lose ours. */
START_TEST(an_acceptor_without_a_mic_is_tolerated_where_nobody_asked)
{
    struct exchange exchange;
    struct token answer;

    begin(&exchange, 0, 4);
    answer = sent(&exchange, 3);
    ck_assert_ptr_nonnull(answer.mic.data);
    answer.mic = NO_BYTES;
    replace(&exchange, 3, &answer);
    finish(&exchange);
    assert_both_complete(&exchange);
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_acceptor_without_a_mic_is_refused_where_messages_are_to_be_protected)
{
    struct exchange exchange;
    struct token answer;

    begin(&exchange, SIGNED, 4);
    answer = sent(&exchange, 3);
    answer.mic = NO_BYTES;
    replace(&exchange, 3, &answer);
    exchange_step(&exchange);
    assert_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN, "mechListMIC is missing");
    assert_contains(side_text(&exchange, &exchange.client), "krb5 1.21");
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_acceptor_that_asked_must_send_its_mic)
{
    struct exchange exchange;
    struct token answer;

    begin(&exchange, 0, 2);
    answer = sent(&exchange, 1);
    answer.state = STATE_REQUEST_MIC;
    replace(&exchange, 1, &answer);
    ck_assert(exchange_step(&exchange));
    ck_assert(exchange_step(&exchange));
    answer = sent(&exchange, 3);
    answer.mic = NO_BYTES;
    replace(&exchange, 3, &answer);
    exchange_step(&exchange);
    assert_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN, "mechListMIC is missing");
    exchange_end(&exchange);
}
END_TEST

/* ---- what an initiator refuses ---- */

static void choose_what_was_not_offered(struct token *answer)
{
    answer->supported_mech = content_of(&other_oid);
}

static void complete_too_early(struct token *answer)
{
    answer->state = STATE_ACCEPT_COMPLETED;
}

static void leave_out_the_token(struct token *answer)
{
    answer->mech_token = NO_BYTES;
}

static void add_a_mic(struct token *answer)
{
    answer->mic = (struct der_bytes){(const uint8_t *)"mic", 3};
}

static void begin_anew(struct token *answer)
{
    *answer = (struct token){.kind = TOKEN_INIT,
                             .mech_types = {(const uint8_t *)"\x30\x04\x06\x02\x2a\x03", 6}};
}

static void add_a_token(struct token *answer)
{
    answer->mech_token = (struct der_bytes){(const uint8_t *)"NTLMSSP", 8};
}

static const struct {
    int step; /* the acceptor's answer that is altered */
    void (*alter)(struct token *answer);
    const char *text;
} refused_answers[] = {
    {1, choose_what_was_not_offered, "was not offered"},
    {1, complete_too_early, "though the mechanism is not complete"},
    {1, leave_out_the_token, "lacks the mechanism's own token"},
    {1, add_a_mic, "the acceptor cannot have made one yet"},
    {1, begin_anew, "not a NegTokenResp"},
    {3, choose_what_was_not_offered, "it had chosen before"},
    {3, ask_for_a_mic, "comes with the first answer only"},
    {3, add_a_token, "though the mechanism is complete"},
    {3, add_a_mic, "mechListMIC is wrong"},
};

START_TEST(an_initiator_refuses_an_answer_that_cannot_be)
{
    int step = refused_answers[_i].step;
    struct exchange exchange;
    struct token answer;

    begin(&exchange, SIGNED, step + 1);
    answer = sent(&exchange, step);
    refused_answers[_i].alter(&answer);
    replace(&exchange, step, &answer);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    assert_contains(side_text(&exchange, &exchange.client), refused_answers[_i].text);
    ck_assert_int_eq(sent(&exchange, step + 1).state, STATE_REJECT);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_rejection_ends_the_login)
{
    const struct token rejection = {.kind = TOKEN_RESPONSE, .state = STATE_REJECT};
    int step = _i == 0 ? 1 : 3;
    struct exchange exchange;

    begin(&exchange, SIGNED, step + 1);
    replace(&exchange, step, &rejection);
    exchange_step(&exchange);
    assert_fails(&exchange, &exchange.client, step == 1 ? GSS_S_BAD_MECH : GSS_S_FAILURE,
                 "the peer rejected the negotiation");
    ck_assert_uint_eq(exchange.tokens[step + 1].length, 0);
    exchange_end(&exchange);
}
END_TEST

/* Another mechanism than the first may be chosen, but then the acceptor proves that
 * it had our list. */
START_TEST(a_choice_that_is_not_the_first_must_be_proved)
{
    const struct token choice = {.kind = TOKEN_RESPONSE,
                                 .state = STATE_ACCEPT_COMPLETED,
                                 .supported_mech = content_of(&ntlmssp_oid)};
    struct exchange exchange;
    struct token answer;

    begin(&exchange, SIGNED, 2);
    answer = choice;
    replace(&exchange, 1, &answer);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

/* ---- what an acceptor does ---- */

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
    finish(&exchange);
    assert_both_complete(&exchange);
    assert_talk(exchange.client.context, exchange.server.context);
    release_buffer(&hello);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_server_that_names_nothing_we_have_ends_the_login)
{
    static const uint8_t list[] = "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f";
    const struct token hello = {.kind = TOKEN_INIT2, .mech_types = {list, sizeof(list) - 1}};
    gss_buffer_desc token = written(&hello), out = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t target = service_of("HTTP@server.test");
    OM_uint32 ignored;

    assert_status(GSS_S_BAD_MECH,
                  gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, target, SPNEGO, 0,
                                       0, GSS_C_NO_CHANNEL_BINDINGS, &token, NULL, &out, NULL,
                                       NULL));
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

/* The mechglue would give it to the mechanism whose token it is. */
START_TEST(an_optimistic_token_of_another_mechanism_is_not_used)
{
    static const uint8_t kerberos[] = "\x60\x0d\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\1";
    struct exchange exchange;
    struct token init, answer;

    begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    init.mech_token = (struct der_bytes){kerberos, sizeof(kerberos)};
    replace(&exchange, 0, &init);
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

    begin(&exchange, SIGNED, 3);
    token = sent(&exchange, 2);
    refused_responses[_i].alter(&token);
    replace(&exchange, 2, &token);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    assert_contains(side_text(&exchange, &exchange.server), refused_responses[_i].text);
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

    begin(&exchange, SIGNED, 3);
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

/* ---- what the caller is told ---- */

START_TEST(integrity_that_only_the_negotiation_asked_for_is_not_told)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO});
    ck_assert_uint_eq(exchange.client.flags & GSS_C_INTEG_FLAG, 0);
    exchange_end(&exchange);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    ck_assert_uint_ne(exchange.client.flags & GSS_C_INTEG_FLAG, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(each_mechanism_says_why_it_has_no_credential)
{
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_cred_id_t credential;
    const char *text;

    unsetenv("NTLM_USER_FILE");
    ck_assert(GSS_ERROR(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &mechs, GSS_C_INITIATE,
                                         &credential, NULL, NULL)));
    text = status_text(minor, SPNEGO);
    ck_assert_msg(strncmp(text, "Kerberos: No Kerberos credentials available", 43) == 0, "%s",
                  text);
    assert_contains(text, "; NTLM: ");
}
END_TEST

START_TEST(each_mechanism_says_why_it_cannot_log_in)
{
    struct exchange exchange;
    const char *text;

    fixture_settings("restrict_sending_ntlm = deny\n client_allowed_ntlm_servers = nowhere");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO});
    text = side_text(&exchange, &exchange.client);
    ck_assert_msg(strncmp(text, "NTLM: ", 6) == 0, "%s", text);
    assert_contains(text, "restrict_sending_ntlm");
    assert_contains(text, "; Kerberos: No Kerberos credentials available");
    exchange_end(&exchange);
}
END_TEST

START_TEST(the_trace_shows_each_token_and_decision)
{
    static const char *const lines[] = {
        "SPNEGO is ours in this process",
        "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: ",
        "SPNEGO: NTLM is chosen, the initiator's first",
        "SPNEGO acceptor sends NegTokenResp negState: accept-incomplete; supportedMech: NTLM;",
        "; mechListMIC: 16 bytes",
        "SPNEGO: the peer's mechListMIC is right",
        "SPNEGO initiator receives NegTokenResp negState: accept-completed; mechListMIC: ",
    };
    const char *path = fixture_file("trace", 0600, "");
    struct exchange exchange;
    char text[65536] = "";
    FILE *file;

    if (skipped_without_fork("the_trace_shows_each_token_and_decision"))
        return;
    setenv("NTLM_TRACE", path, 1);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    exchange_end(&exchange);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
    fclose(file);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_contains(text, lines[i]);
}
END_TEST

/* Access lists have the bytes that MIT's gives. */
START_TEST(a_name_is_exported_as_by_mit)
{
    static const char exported[] = "\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02"
                                   "\x00\x00\x00\x0dTESTDOM\\alice";
    struct exchange exchange;
    gss_buffer_desc out;
    gss_name_t again;
    OM_uint32 ignored;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO});
    assert_complete(gss_export_name(&minor, exchange.source, &out));
    assert_bytes(out, exported, sizeof(exported) - 1);
    assert_complete(gss_import_name(&minor, &out, GSS_C_NT_EXPORT_NAME, &again));
    gss_release_name(&ignored, &again);
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

/* ---- NegoEx ---- */

/* MIT's SPNEGO speaks it, and has such a credential whole: then the list of mechanisms
 * has NegoEx' own identifier in place of the mechanism's. */
START_TEST(a_mechanism_of_negoex_is_left_to_mits)
{
    static const gss_OID_desc negoex = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e");
    struct der_bytes cursor = NO_BYTES, oid;
    struct exchange exchange;
    struct token init;
    char text[4096];
    size_t used;
    FILE *file = fopen(SPNEGO_MECH_CONF, "r");
    bool found = false;

    ck_assert_ptr_nonnull(file);
    if (skipped_without_fork("a_mechanism_of_negoex_is_left_to_mits")) {
        fclose(file);
        return;
    }
    used = fread(text, 1, sizeof(text) / 2, file);
    fclose(file);
    snprintf(text + used, sizeof(text) - used, "negoex 1.3.6.1.4.1.32473.1 %s\n", NEGOEX_MECH);
    setenv("GSS_MECH_CONFIG", fixture_file("mechs", 0600, text), 1);
    begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    while (token_next_mech(init.mech_types, &cursor, &oid))
        found = found || der_equal(oid, content_of(&negoex));
    ck_assert(found);
    exchange_end(&exchange);
}
END_TEST

/* ---- any byte ---- */

/* Bytes that mean nothing: the state in a token, as long as it is another of those
 * that there can be then. Everything else is covered by a MIC, or fixed. */
static bool means_nothing(const struct token *before, const struct token *after)
{
    return before->kind == TOKEN_RESPONSE && after->kind == TOKEN_RESPONSE &&
           before->state != after->state && after->state != STATE_REJECT;
}

START_TEST(a_changed_byte_is_refused)
{
    enum { EXCHANGES = 40000 };
    unsigned accepted = 0, seed = 1;

    for (int i = 0; i < EXCHANGES; i++) {
        struct exchange exchange;
        struct token before, after;
        gss_buffer_desc *token;
        uint8_t *byte;
        int step = i % 4;

        begin(&exchange, SIGNED, step + 1);
        token = &exchange.tokens[step];
        before = sent(&exchange, step);
        seed = seed * 1103515245 + 12345;
        byte = (uint8_t *)token->value + (seed >> 8) % token->length;
        seed = seed * 1103515245 + 12345;
        *byte ^= (uint8_t)(1 + (seed >> 8) % 255);
        finish(&exchange);
        if (exchange.client.complete && exchange.server.complete) {
            accepted++;
            ck_assert_msg(!token_read(bytes_of(*token), &after) &&
                              means_nothing(&before, &after),
                          "exchange %d: byte %td of token %d does not matter, now %#x", i,
                          byte - (uint8_t *)token->value, step, *byte);
        }
        exchange_end(&exchange);
    }
    printf("# %u of %d changed bytes meant nothing\n", accepted, EXCHANGES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_negotiate");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "peers");
    tcase_add_loop_test(cases, the_first_answer_may_be_like_this, 0, 4);
    tcase_add_loop_test(cases, the_last_answer_may_be_like_this, 0, 3);
    tcase_add_test(cases, an_acceptor_without_a_mic_is_tolerated_where_nobody_asked);
    tcase_add_test(cases,
                   an_acceptor_without_a_mic_is_refused_where_messages_are_to_be_protected);
    tcase_add_test(cases, an_acceptor_that_asked_must_send_its_mic);
    cases = fixture_case(suite, "initiator");
    tcase_add_loop_test(cases, an_initiator_refuses_an_answer_that_cannot_be, 0,
                        sizeof(refused_answers) / sizeof(refused_answers[0]));
    tcase_add_loop_test(cases, a_rejection_ends_the_login, 0, 2);
    tcase_add_test(cases, a_choice_that_is_not_the_first_must_be_proved);
    cases = fixture_case(suite, "acceptor");
    tcase_add_test(cases, an_acceptor_speaks_first_when_it_is_asked_to);
    tcase_add_test(cases, a_server_that_names_nothing_we_have_ends_the_login);
    tcase_add_test(cases, an_acceptor_asks_for_a_mic_where_the_first_choice_was_another);
    tcase_add_test(cases, an_optimistic_token_of_another_mechanism_is_not_used);
    tcase_add_loop_test(cases, an_acceptor_refuses_a_token_that_cannot_be, 0,
                        sizeof(refused_responses) / sizeof(refused_responses[0]));
    tcase_add_test(cases, a_complete_context_takes_no_further_token);
    tcase_add_test(cases, a_context_is_not_used_before_the_negotiation_is_over);
    cases = fixture_case(suite, "telling");
    tcase_add_test(cases, integrity_that_only_the_negotiation_asked_for_is_not_told);
    tcase_add_test(cases, each_mechanism_says_why_it_has_no_credential);
    tcase_add_test(cases, each_mechanism_says_why_it_cannot_log_in);
    tcase_add_test(cases, the_trace_shows_each_token_and_decision);
    tcase_add_test(cases, a_name_is_exported_as_by_mit);
    cases = fixture_case(suite, "NegoEx");
    tcase_add_test(cases, a_mechanism_of_negoex_is_left_to_mits);
    cases = fixture_case(suite, "bytes");
    tcase_set_timeout(cases, 1200);
    tcase_add_test(cases, a_changed_byte_is_refused);
    return suite_run(suite);
}
