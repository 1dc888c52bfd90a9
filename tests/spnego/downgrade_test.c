/* SPDX-License-Identifier: MIT */
/* downgrade_test.c - a man in the middle where both sides have Kerberos and NTLM, who wants
 * them to take NTLM, or nothing of what they asked for: also where the server speaks
 * first. What he can do with NTLM alone is in tests/hostile. */

#include "config.h"

#include "kdc.h"
#include "scratch.h"
#include "spnego_exchange.h"

#define STEPS 6

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

static struct der_bytes ntlm_alone(void)
{
    static uint8_t list[32];
    const struct der_bytes ntlm = content_of(&ntlmssp_oid);
    size_t size = token_write_mechs(&ntlm, 1, NULL);

    token_write_mechs(&ntlm, 1, list + size);
    return (struct der_bytes){list, size};
}

/* ---- what he does with a token ---- */

static void leave_ntlm_alone(struct token *token)
{
    token->mech_types = ntlm_alone();
    token->mech_token = NO_BYTES;
}

static void strip_the_token(struct token *token)
{
    token->mech_token = NO_BYTES;
}

static void strip_the_mic(struct token *token)
{
    token->mic = NO_BYTES;
}

static void strip_the_mic_and_complete(struct token *token)
{
    token->mic = NO_BYTES;
    token->state = STATE_ACCEPT_COMPLETED;
}

static void choose_ntlm(struct token *token)
{
    *token = (struct token){.kind = TOKEN_RESPONSE,
                            .state = STATE_REQUEST_MIC,
                            .supported_mech = content_of(&ntlmssp_oid)};
}

static void choose_ntlm_and_complete(struct token *token)
{
    choose_ntlm(token);
    token->state = STATE_ACCEPT_COMPLETED;
}

static void complete_without_the_token(struct token *token)
{
    token->state = STATE_ACCEPT_COMPLETED;
    token->mech_token = NO_BYTES;
}

static void reject(struct token *token)
{
    *token = (struct token){.kind = TOKEN_RESPONSE, .state = STATE_REJECT};
}

static void reject_in_words(struct token *token)
{
    token->state = STATE_REJECT;
}

static void complete(struct token *token)
{
    token->state = STATE_ACCEPT_COMPLETED;
}

static void put_ntlms_token(struct token *token)
{
    token->mech_token = (struct der_bytes){(const uint8_t *)"NTLMSSP\0\1\0\0", 12};
}

/* Step 0 is the initiator's first token, step 1 the answer, and so on. */
static const struct attack {
    const char *name;
    void (*alter[STEPS])(struct token *token);
    const char *text; /* what the one says who finds it out */
} attacks[] = {
    {"Kerberos stripped from the list", {leave_ntlm_alone}, "mechListMIC is wrong"},
    {"the same, and the initiator's mechListMIC stripped",
     {leave_ntlm_alone, NULL, NULL, NULL, strip_the_mic},
     "mechListMIC is missing"},
    {"the same, and the acceptor's mechListMIC stripped",
     {leave_ntlm_alone, NULL, NULL, NULL, NULL, strip_the_mic_and_complete},
     "mechListMIC is"},
    {"Kerberos' optimistic token stripped",
     {strip_the_token},
     "lacks the mechanism's own token"},
    {"NTLM put in the acceptor's choice", {NULL, choose_ntlm}, "complete already"},
    {"NTLM chosen, and complete at once", {NULL, choose_ntlm_and_complete}, "was chosen"},
    {"Kerberos' answer stripped", {NULL, strip_the_token}, "lacks the mechanism's own token"},
    {"Kerberos' answer stripped, and complete",
     {NULL, complete_without_the_token},
     "lacks the mechanism's own token"},
    {"a mechListMIC put beside Kerberos' answer", {NULL, add_a_mic}, "mechListMIC is wrong"},
    {"a rejection", {NULL, reject}, "the peer rejected the negotiation"},
};
#define ATTACKS ((int)(sizeof(attacks) / sizeof(attacks[0])))

/* The same where the initiator would rather have NTLM, and the acceptor has Kerberos alone:
 * then both prove the list. */
static const struct attack second_choices[] = {
    {"a token beside the choice",
     {NULL, put_ntlms_token},
     "a mechanism's token before that mechanism has begun"},
    {"the choice is complete at once",
     {NULL, complete},
     "another mechanism than the first was chosen"},
    {"the choice is a rejection", {NULL, reject_in_words}, "the peer rejected the negotiation"},
    {"NTLM's token for Kerberos'",
     {NULL, NULL, put_ntlms_token},
     "the token is another mechanism's than the chosen one"},
    {"Kerberos' token stripped", {NULL, NULL, strip_the_token}, "lacks the mechanism's"},
    {"the acceptor's mechListMIC stripped",
     {NULL, NULL, NULL, strip_the_mic},
     "mechListMIC is missing"},
    {"the same, and complete",
     {NULL, NULL, NULL, strip_the_mic_and_complete},
     "mechListMIC is missing"},
    {"the acceptor's mechListMIC replaced",
     {NULL, NULL, NULL, add_a_mic},
     "mechListMIC is wrong"},
    {"the initiator's mechListMIC stripped",
     {NULL, NULL, NULL, NULL, strip_the_mic},
     "lacks the mechanism's own token"},
    {"the initiator's mechListMIC replaced",
     {NULL, NULL, NULL, NULL, add_a_mic},
     "mechListMIC is wrong"},
    {"a token beside the initiator's mechListMIC",
     {NULL, NULL, NULL, NULL, put_ntlms_token},
     "though the mechanism is complete"},
    {"the initiator's rejection", {NULL, NULL, NULL, NULL, reject_in_words}, "rejected"},
};

#define SECOND_CHOICES ((int)(sizeof(second_choices) / sizeof(second_choices[0])))

static const struct request request = {.mech = (gss_OID)(uintptr_t)&spnego_oid,
                                       .flags = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG,
                                       .target = "HTTP@server.home.test"};

/* The server's NegTokenInit2 is what the initiator has in its first call. */
static void let_the_server_speak(struct exchange *exchange)
{
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER;

    exchange->server.major = gss_accept_sec_context(
        &minor, &exchange->server.context, GSS_C_NO_CREDENTIAL, &nothing,
        GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &exchange->tokens[1], NULL, NULL, NULL);
    ck_assert_uint_eq(exchange->server.major, GSS_S_CONTINUE_NEEDED);
    exchange->steps = 2;
}

static void run(const struct attack *attack, const struct request *asked, bool server_first,
                struct exchange *exchange)
{
    int first = server_first ? 2 : 0;
    struct token token;
    bool more = true;

    exchange_begin(exchange, asked);
    if (server_first)
        let_the_server_speak(exchange);
    while (more) {
        int step = exchange->steps - first;

        more = exchange_step(exchange);
        if (!attack || !more || step >= STEPS || !attack->alter[step])
            continue;
        token = sent(exchange, step + first);
        attack->alter[step](&token);
        replace_token(exchange, step + first, &token);
    }
}

static void assert_found_out(const struct attack *attack, struct exchange *exchange)
{
    const char *text;

    ck_assert_msg(GSS_ERROR(exchange->client.major) || GSS_ERROR(exchange->server.major),
                  "%s: nobody minds", attack->name);
    text = side_text(exchange,
                     GSS_ERROR(exchange->client.major) ? &exchange->client : &exchange->server);
    ck_assert_msg(strstr(text, attack->text), "%s: \"%s\" does not say \"%s\"", attack->name,
                  text, attack->text);
    ck_assert_msg(!(exchange->client.complete && exchange->server.complete), "%s",
                  attack->name);
}

START_TEST(a_downgrade_is_found_out)
{
    const struct attack *attack = &attacks[_i % ATTACKS];
    struct exchange exchange;

    run(attack, &request, _i >= ATTACKS, &exchange);
    assert_found_out(attack, &exchange);
    exchange_end(&exchange);
}
END_TEST

static gss_cred_id_t credential_with(gss_cred_usage_t usage, gss_OID_desc *mechs, size_t count)
{
    gss_cred_id_t credential = credential_of(SPNEGO, usage, NULL, STORE(NULL));
    gss_OID_set_desc set = {count, mechs};

    assert_complete(gss_set_neg_mechs(&minor, credential, &set));
    return credential;
}

/* _i: an attack; behind the last one there is none. */
START_TEST(a_second_choice_is_proved_by_both)
{
    const struct attack *attack = &second_choices[_i];
    const bool attacked = _i < SECOND_CHOICES;
    gss_OID_desc mechs[] = {ntlmssp_oid, krb5_oid};
    struct request asked = request;
    struct exchange exchange;
    gss_OID mech;

    asked.client_credential = credential_with(GSS_C_INITIATE, mechs, 2);
    asked.server_credential = credential_with(GSS_C_ACCEPT, &mechs[1], 1);
    run(attacked ? attack : NULL, &asked, false, &exchange);
    if (attacked) {
        assert_found_out(attack, &exchange);
    } else {
        negotiation_is_complete(&exchange);
        assert_complete(gss_inquire_context(&minor, exchange.server.context, NULL, NULL, NULL,
                                            &mech, NULL, NULL, NULL));
        ck_assert(gss_oid_equal(mech, KRB5));
        assert_talk(exchange.client.context, exchange.server.context);
    }
    exchange_end(&exchange);
    release(asked.client_credential);
    release(asked.server_credential);
}
END_TEST

START_TEST(without_him_kerberos_is_taken)
{
    struct exchange exchange;
    gss_OID mech;

    run(NULL, &request, _i == 1, &exchange);
    assert_complete(exchange.client.major);
    assert_complete(gss_inquire_context(&minor, exchange.server.context, NULL, NULL, NULL,
                                        &mech, NULL, NULL, NULL));
    ck_assert(gss_oid_equal(mech, KRB5));
    exchange_end(&exchange);
}
END_TEST

/* RFC 4178 has no code over what a server says first, and [MS-SPNG] calls it a hint: who
 * wants Kerberos alone restricts NTLM. */
START_TEST(a_servers_hello_may_be_altered)
{
    struct exchange exchange;
    struct token hello;
    gss_OID mech;

    exchange_begin(&exchange, &request);
    let_the_server_speak(&exchange);
    hello = sent(&exchange, 1);
    hello.mech_types = ntlm_alone();
    replace_token(&exchange, 1, &hello);
    while (exchange_step(&exchange))
        continue;
    assert_complete(gss_inquire_context(&minor, exchange.server.context, NULL, NULL, NULL,
                                        &mech, NULL, NULL, NULL));
    ck_assert(gss_oid_equal(mech, NTLMSSP));
    exchange_end(&exchange);
    kdc_configure_with("[ntlmssp]\n restrict_sending_ntlm = deny\n"
                       " client_allowed_ntlm_servers = nowhere\n");
    exchange_begin(&exchange, &request);
    let_the_server_speak(&exchange);
    replace_token(&exchange, 1, &hello);
    ck_assert(!exchange_step(&exchange));
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure_with("[ntlmssp]\n kerberos_timeout = 0\n");
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    kdc_log_in("alice", "secret");
}

int main(void)
{
    Suite *suite = suite_create("spnego_downgrade");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_loop_test(cases, without_him_kerberos_is_taken, 0, 2);
    tcase_add_loop_test(cases, a_downgrade_is_found_out, 0, 2 * ATTACKS);
    tcase_add_loop_test(cases, a_second_choice_is_proved_by_both, 0, SECOND_CHOICES + 1);
    tcase_add_test(cases, a_servers_hello_may_be_altered);
    return suite_run(suite);
}
