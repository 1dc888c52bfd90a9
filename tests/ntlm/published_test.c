/* SPDX-License-Identifier: MIT */
/* published_test.c - the examples of [MS-NLMP] 4.2 from one end to the other:
 * from the published CHALLENGE to the published AUTHENTICATE, byte for byte,
 * and to the published sealed message; and an acceptor that believes them. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

#include "ntlm/session.h"
#include "suite.h"
#include "vectors.h"

/* What the examples leave to chance: ClientChallenge, where there is one, then
 * RandomSessionKey. */
static const uint8_t chance[24] = {0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
                                   0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,
                                   0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55};
static const uint8_t version[8] = {5, 1, 0x28, 0x0a, 0, 0, 0, 15};

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
    x.user = x.account = vector_text("user");
    x.domain = vector_text("domain");
    x.password = x.account_password = vector_text("password");
    x.client.workstation = vector_text("workstation");
    x.client.version = version;
    x.client.target_name = NULL;
    x.client.require_128 = x.client.require_ess = false;
    x.client_side.now = vector_number("time");
    x.client_side.script = ntlm_bytes(chance, sizeof(chance));
    x.server.max_skew = 0; /* the examples are of 1601 */
    x.server.lm_compat_level = 0;
    x.server_side.script = vector("server_challenge");
}

static void end(void)
{
    exchange_end(&x);
}

/* An answer without ClientChallenge takes the session key alone by chance. */
static void leave_only_the_session_key_to_chance(void)
{
    x.client_side.script = ntlm_bytes(chance + 8, 16);
}

static void answer(struct ntlm_bytes challenge)
{
    ck_assert_int_eq(exchange_run_to(&x, NEGOTIATE_SENT), NTLM_OK);
    exchange_replace(&x, CHALLENGE_SENT, challenge);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
}

/* Lets the acceptor look at it, as if it had sent the same ServerChallenge. */
static enum ntlm_error accept(void)
{
    ck_assert_int_eq(exchange_challenge(&x), NTLM_OK);
    return exchange_accept(&x);
}

static void assert_seals(const char *sealed, const char *signature)
{
    const struct ntlm_outcome *outcome = ntlm_initiator_outcome(x.initiator);
    const struct ntlm_bytes plain = vector("plaintext");
    uint8_t data[32], made[NTLM_SIGNATURE_SIZE];
    struct ntlm_part part = {.in = plain.data, .out = data, .len = plain.len};
    struct ntlm_session *session;

    ck_assert_int_eq(
        ntlm_session_new(outcome->session_key, outcome->flags, NTLM_CLIENT, &session), NTLM_OK);
    ck_assert_int_eq(ntlm_session_seal(session, &part, 1, made), NTLM_OK);
    assert_vector(data, plain.len, sealed);
    assert_vector(made, sizeof(made), signature);
    ntlm_session_free(session);
}

START_TEST(the_ntlmv1_authenticate_is_the_one_published)
{
    x.client.lm_compat_level = 0;
    leave_only_the_session_key_to_chance();
    answer(vector("v1.challenge_message"));
    assert_vector(x.tokens[AUTHENTICATE_SENT].data, x.tokens[AUTHENTICATE_SENT].len,
                  "v1.authenticate_message");
    assert_vector(ntlm_initiator_outcome(x.initiator)->session_key, 16, "exported_session_key");
    assert_seals("v1.sealed_data", "v1.signature_random_pad_zeroed");
    ck_assert_int_eq(accept(), NTLM_OK);
    assert_vector(ntlm_acceptor_outcome(x.acceptor)->session_key, 16, "exported_session_key");
}
END_TEST

START_TEST(the_ntlmv2_authenticate_is_the_one_published)
{
    answer(vector("v2.challenge_message"));
    assert_vector(x.tokens[AUTHENTICATE_SENT].data, x.tokens[AUTHENTICATE_SENT].len,
                  "v2.authenticate_message");
    assert_vector(ntlm_initiator_outcome(x.initiator)->session_key, 16, "exported_session_key");
    assert_seals("v2.sealed_data", "v2.signature");
    /* The proof is right; only then is our timestamp missed, which the
     * example's server does not send. */
    ck_assert_int_eq(accept(), NTLM_ERR_CHALLENGE_ALTERED);
}
END_TEST

/* For the other examples there is no whole message. */
static void answer_to_flags(uint32_t flags)
{
    struct ntlm_challenge message = {.flags = flags, .target_info = vector("v2.target_info")};
    struct ntlm_writer out = {0};

    memcpy(message.server_challenge, vector("server_challenge").data, 8);
    x.client.default_flags = flags;
    ntlm_challenge_encode(&message, &out);
    answer(ntlm_bytes(out.data, out.len));
    ntlm_writer_clear(&out);
}

START_TEST(the_ntlmv1_answer_with_extended_session_security_is_the_one_published)
{
    x.client.lm_compat_level = 1;
    answer_to_flags(vector_number("v1ess.flags"));
    const struct ntlm_authenticate message = exchange_decoded(&x);
    assert_vector(message.lm_response.data, message.lm_response.len, "v1ess.lm_response");
    assert_vector(message.nt_response.data, message.nt_response.len, "v1ess.nt_response");
    ck_assert_uint_eq(message.session_key.len, 0);
    assert_vector(ntlm_initiator_outcome(x.initiator)->session_key, 16,
                  "v1ess.key_exchange_key");
    assert_seals("v1ess.sealed_data", "v1ess.signature");
}
END_TEST

START_TEST(the_ntlmv1_session_keys_are_exchanged_as_published)
{
    static const struct {
        uint32_t flag;
        const char *key;
    } rows[] = {
        {0, "v1.encrypted_session_key"},
        {NTLMSSP_REQUEST_NON_NT_SESSION_KEY, "v1.non_nt_session_key.encrypted_session_key"},
        {NTLMSSP_NEGOTIATE_LM_KEY, "v1.lm_key.encrypted_session_key"},
    };

    x.client.lm_compat_level = 0;
    leave_only_the_session_key_to_chance();
    answer_to_flags(vector_number("v1.flags") | rows[_i].flag);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    assert_vector(message.session_key.data, message.session_key.len, rows[_i].key);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("published");
    TCase *cases = tcase_create("published");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, the_ntlmv1_authenticate_is_the_one_published);
    tcase_add_test(cases, the_ntlmv2_authenticate_is_the_one_published);
    tcase_add_test(cases,
                   the_ntlmv1_answer_with_extended_session_security_is_the_one_published);
    tcase_add_loop_test(cases, the_ntlmv1_session_keys_are_exchanged_as_published, 0, 3);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
