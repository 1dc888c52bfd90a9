/* SPDX-License-Identifier: MIT */
/* keys_test.c - every known answer of [MS-NLMP] 4.2 for hashes, responses and
 * keys; for what is not published there, answers computed with Python's
 * hashlib and hmac. */

#include "config.h"

#include "ntlm/keys.h"

#include <string.h>

#include "hmac_key.h"
#include "ntlm/crypto.h"
#include "ntlm/flags.h"
#include "ntlm/rc4.h"
#include "ntlm/secret.h"
#include "suite.h"
#include "vectors.h"

#define V1_FLAGS vector_number("v1.flags")
#define ESS NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY

static const uint8_t *data(const char *key)
{
    return vector(key).data;
}

/* EncryptedRandomSessionKey (3.1.5.1.2), as the initiator makes it. */
static void assert_encrypted_key(const uint8_t kxkey[16], const char *key)
{
    uint8_t out[16];

    ck_assert_int_eq(
        ntlm_rc4k(ntlm_bytes(kxkey, 16), data("exported_session_key"), out, sizeof(out)),
        NTLM_OK);
    assert_vector(out, sizeof(out), key);
}

/* Hashes */

START_TEST(the_nt_hash_is_md4_of_the_utf16_password)
{
    const char *password = vector_text("password");
    uint8_t out[16];

    ck_assert_int_eq(ntlm_nt_hash(password, strlen(password), out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1.ntowf");
    ck_assert_int_eq(ntlm_nt_hash(NULL, 0, out), NTLM_OK);
    assert_hex(out, sizeof(out), "31d6cfe0d16ae931b73c59d7e0c089c0");
}
END_TEST

START_TEST(a_password_that_is_not_utf8_has_no_hash)
{
    uint8_t out[16];

    ck_assert_int_eq(ntlm_nt_hash("p\xe4ss", 4, out), NTLM_ERR_BAD_PASSWORD_TEXT);
    ck_assert_int_eq(ntlm_lm_hash("p\xe4ss", 4, out), NTLM_ERR_BAD_PASSWORD_TEXT);
}
END_TEST

START_TEST(the_lm_hash_ignores_the_password_s_case)
{
    const char *password = vector_text("password");
    uint8_t out[16];

    ck_assert_int_eq(ntlm_lm_hash(password, strlen(password), out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1.lmowf");
    ck_assert_int_eq(ntlm_lm_hash("pASSWORD", 8, out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1.lmowf");
    ck_assert_int_eq(ntlm_lm_hash("", 0, out), NTLM_OK);
    assert_hex(out, sizeof(out), "aad3b435b51404eeaad3b435b51404ee");
}
END_TEST

START_TEST(the_lm_hash_is_of_the_oem_password)
{
    uint8_t lower[16], upper[16], out[16];

    ck_assert_int_eq(ntlm_lm_hash("\xc3\xa9t\xc3\xa9", 5, lower), NTLM_OK);
    ck_assert_int_eq(ntlm_lm_hash("\xc3\x89T\xc3\x89", 5, upper), NTLM_OK);
    ck_assert(ntlm_equal(lower, upper, sizeof(lower)));
    /* DES by hand: the key is 90 54 90, code page 850's ETE with accents */
    ck_assert_int_eq(
        ntlm_des((const uint8_t *)"\x90T\x90\0\0\0\0", (const uint8_t *)"KGS!@#$%", out),
        NTLM_OK);
    ck_assert(ntlm_equal(lower, out, 8));
}
END_TEST

START_TEST(a_password_beyond_fourteen_oem_characters_has_no_lm_hash)
{
    uint8_t out[16];

    ck_assert_int_eq(ntlm_lm_hash("12345678901234", 14, out), NTLM_OK);
    ck_assert_int_eq(ntlm_lm_hash("123456789012345", 15, out), NTLM_ERR_NO_LM_HASH);
    ck_assert_int_eq(ntlm_lm_hash("\xd0\x9f\xd0\xb0", 4, out), NTLM_ERR_NO_LM_HASH);
    ck_assert_int_eq(ntlm_lm_hash("nul\0byte", 8, out), NTLM_ERR_NO_LM_HASH);
}
END_TEST

START_TEST(ntowfv2_is_of_the_upper_case_user_and_the_domain_as_it_is)
{
    static const char user[] = "U\0s\0e\0r", upper[] = "U\0S\0E\0R";
    static const char domain[] = "D\0o\0m\0a\0i\0n", other[] = "D\0O\0M\0A\0I\0N";
    uint8_t out[16];

    ck_assert_int_eq(
        ntlm_ntowfv2(data("v1.ntowf"), ntlm_bytes(user, 8), ntlm_bytes(domain, 12), out),
        NTLM_OK);
    assert_vector(out, sizeof(out), "v2.ntowf");
    ck_assert_int_eq(
        ntlm_ntowfv2(data("v1.ntowf"), ntlm_bytes(upper, 8), ntlm_bytes(domain, 12), out),
        NTLM_OK);
    assert_vector(out, sizeof(out), "v2.ntowf");
    ck_assert_int_eq(
        ntlm_ntowfv2(data("v1.ntowf"), ntlm_bytes(user, 8), ntlm_bytes(other, 12), out),
        NTLM_OK);
    ck_assert(!ntlm_equal(out, data("v2.ntowf"), sizeof(out)));
    ck_assert_int_eq(
        ntlm_ntowfv2(data("v1.ntowf"), ntlm_bytes(NULL, 0), ntlm_bytes(NULL, 0), out), NTLM_OK);
    assert_hex(out, sizeof(out), "fa3610ae39ee4a98abf7fe129547eee9");
}
END_TEST

/* Responses and base keys */

START_TEST(ntlmv1_and_lm_responses_are_those_published)
{
    uint8_t out[24];

    ck_assert_int_eq(ntlm_v1_response(data("v1.ntowf"), data("server_challenge"), out),
                     NTLM_OK);
    assert_vector(out, sizeof(out), "v1.nt_response");
    ck_assert_int_eq(ntlm_v1_response(data("v1.lmowf"), data("server_challenge"), out),
                     NTLM_OK);
    assert_vector(out, sizeof(out), "v1.lm_response");
}
END_TEST

START_TEST(ntlmv1_with_extended_session_security_answers_both_challenges)
{
    uint8_t challenge[8], out[24];

    ck_assert_int_eq(
        ntlm_v1_ess_challenge(data("server_challenge"), data("client_challenge"), challenge),
        NTLM_OK);
    ck_assert_int_eq(ntlm_v1_response(data("v1.ntowf"), challenge, out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1ess.nt_response");
}
END_TEST

START_TEST(the_ntlmv2_proof_is_the_one_published)
{
    uint8_t out[16];

    ck_assert_int_eq(ntlm_v2_proof(hmac_key(data("v2.ntowf")), data("server_challenge"),
                                   vector("v2.temp"), out),
                     NTLM_OK);
    assert_vector(out, sizeof(out), "v2.nt_proof");
}
END_TEST

START_TEST(lmv2_is_the_proof_over_the_client_challenge)
{
    uint8_t out[24];

    ck_assert_int_eq(ntlm_v2_proof(hmac_key(data("v2.ntowf")), data("server_challenge"),
                                   vector("client_challenge"), out),
                     NTLM_OK);
    memcpy(out + 16, data("client_challenge"), 8);
    assert_vector(out, sizeof(out), "v2.lm_response");
}
END_TEST

START_TEST(session_base_keys_are_those_published)
{
    uint8_t out[16];

    ck_assert_int_eq(ntlm_v1_base_key(data("v1.ntowf"), out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1.session_base_key");
    assert_vector(out, sizeof(out), "v1ess.session_base_key");
    ck_assert_int_eq(ntlm_v2_base_key(hmac_key(data("v2.ntowf")), data("v2.nt_proof"), out),
                     NTLM_OK);
    assert_vector(out, sizeof(out), "v2.session_base_key");
}
END_TEST

/* KeyExchangeKey */

static struct ntlm_kxkey_input v1_logon(uint32_t more_flags)
{
    return (struct ntlm_kxkey_input){
        .flags = V1_FLAGS | more_flags,
        .base_key = data("v1.session_base_key"),
        .lm_key = data("v1.lmowf"),
        .lm_response = vector("v1.lm_response"),
        .server_challenge = data("server_challenge"),
    };
}

static const struct {
    uint32_t flag;
    const char *key_exchange_key, *encrypted_key;
} v1_kxkeys[] = {
    {0, "v1.key_exchange_key", "v1.encrypted_session_key"},
    {NTLMSSP_REQUEST_NON_NT_SESSION_KEY, "v1.non_nt_session_key.key_exchange_key",
     "v1.non_nt_session_key.encrypted_session_key"},
    {NTLMSSP_NEGOTIATE_LM_KEY, "v1.lm_key.key_exchange_key", "v1.lm_key.encrypted_session_key"},
    /* LM_KEY counts before NON_NT_SESSION_KEY (3.4.5.1) */
    {NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_REQUEST_NON_NT_SESSION_KEY,
     "v1.lm_key.key_exchange_key", "v1.lm_key.encrypted_session_key"},
};

START_TEST(ntlmv1_exchanges_its_key_under_the_one_the_flags_ask_for)
{
    struct ntlm_kxkey_input in = v1_logon(v1_kxkeys[_i].flag);
    uint8_t out[16];

    ck_assert_int_eq(ntlm_kxkey(&in, out), NTLM_OK);
    assert_vector(out, sizeof(out), v1_kxkeys[_i].key_exchange_key);
    assert_encrypted_key(out, v1_kxkeys[_i].encrypted_key);
}
END_TEST

START_TEST(a_key_from_an_unknown_lm_hash_is_refused)
{
    struct ntlm_kxkey_input in = v1_logon(v1_kxkeys[_i].flag);
    uint8_t out[16];

    in.lm_key = NULL;
    ck_assert_int_eq(ntlm_kxkey(&in, out), _i == 0 ? NTLM_OK : NTLM_ERR_NO_LM_HASH);
}
END_TEST

START_TEST(extended_session_security_mixes_the_challenges_into_the_key)
{
    static const uint32_t without_effect[] = {0, NTLMSSP_NEGOTIATE_LM_KEY,
                                              NTLMSSP_REQUEST_NON_NT_SESSION_KEY};
    struct ntlm_kxkey_input in = v1_logon(0);
    uint8_t out[16];

    in.flags = vector_number("v1ess.flags") | without_effect[_i];
    in.lm_response = vector("v1ess.lm_response");
    in.lm_key = NULL;
    ck_assert_int_eq(ntlm_kxkey(&in, out), NTLM_OK);
    assert_vector(out, sizeof(out), "v1ess.key_exchange_key");
}
END_TEST

START_TEST(a_key_from_too_short_an_lm_response_is_refused)
{
    static const uint32_t flags[] = {ESS, NTLMSSP_NEGOTIATE_LM_KEY};
    struct ntlm_kxkey_input in = v1_logon(flags[_i]);
    uint8_t out[16];

    in.lm_response.len = 7;
    ck_assert_int_eq(ntlm_kxkey(&in, out), NTLM_ERR_BAD_RESPONSE);
}
END_TEST

START_TEST(ntlmv2_exchanges_its_key_under_the_base_key)
{
    static const uint32_t without_effect[] = {0, NTLMSSP_NEGOTIATE_LM_KEY,
                                              NTLMSSP_REQUEST_NON_NT_SESSION_KEY};
    struct ntlm_kxkey_input in = {
        .flags = vector_number("v2.flags") | without_effect[_i],
        .v2 = true,
        .base_key = data("v2.session_base_key"),
        .server_challenge = data("server_challenge"),
    };
    uint8_t out[16];

    ck_assert_int_eq(ntlm_kxkey(&in, out), NTLM_OK);
    assert_vector(out, sizeof(out), "v2.key_exchange_key");
    assert_encrypted_key(out, "v2.encrypted_session_key");
}
END_TEST

/* Signing and sealing keys */

static const struct {
    const char *exported_key, *key;
    enum ntlm_role from;
} signing_keys[] = {
    {"v1ess.key_exchange_key", "v1ess.client_signing_key", NTLM_CLIENT},
    {"exported_session_key", "v2.client_signing_key", NTLM_CLIENT},
    {"exported_session_key", "v2.server_signing_key", NTLM_SERVER},
};

START_TEST(signing_keys_are_those_published)
{
    uint8_t out[16];

    ck_assert_int_eq(
        ntlm_signing_key(data(signing_keys[_i].exported_key), signing_keys[_i].from, out),
        NTLM_OK);
    assert_vector(out, sizeof(out), signing_keys[_i].key);
}
END_TEST

static void assert_sealing_key(uint32_t flags, const char *exported_key, enum ntlm_role from,
                               const char *hex)
{
    uint8_t out[16];
    size_t len = 0;

    ck_assert_int_eq(ntlm_sealing_key(flags, data(exported_key), from, out, &len), NTLM_OK);
    assert_hex(out, len, hex);
}

START_TEST(sealing_keys_are_those_published)
{
    const uint32_t v2 = vector_number("v2.flags"), v1ess = vector_number("v1ess.flags");

    assert_sealing_key(v1ess, "v1ess.key_exchange_key", NTLM_CLIENT,
                       vector_text("v1ess.client_sealing_key"));
    assert_sealing_key(v2, "exported_session_key", NTLM_CLIENT,
                       vector_text("v2.client_sealing_key"));
    assert_sealing_key(v2, "exported_session_key", NTLM_SERVER,
                       vector_text("v2.server_sealing_key"));
}
END_TEST

static const struct {
    uint32_t flags;
    const char *client, *server;
} cuts[] = {
    {ESS | NTLMSSP_NEGOTIATE_128, "59f600973cc4960a25480a7c196e4c58",
     "9355f3a957c1583d25c4c2f11e40390e"},
    {ESS | NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56, "59f600973cc4960a25480a7c196e4c58",
     "9355f3a957c1583d25c4c2f11e40390e"},
    {ESS | NTLMSSP_NEGOTIATE_56, "a5f7253c1065e8d3d68642040e71cfe0",
     "583e2f98959b385cd158f3734b5f5d3f"},
    {ESS, "42f964a471091a02ff4a77455366e4e5", "c5d3853b406b7c1241c595f0ce0750e2"},
    /* without extended session security: one key, whole or cut to eight bytes */
    {NTLMSSP_NEGOTIATE_128, "55555555555555555555555555555555",
     "55555555555555555555555555555555"},
    {NTLMSSP_NEGOTIATE_56, "55555555555555555555555555555555",
     "55555555555555555555555555555555"},
    {NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_56, "55555555555555a0", "55555555555555a0"},
    {NTLMSSP_NEGOTIATE_LM_KEY, "5555555555e538b0", "5555555555e538b0"},
    {NTLMSSP_NEGOTIATE_DATAGRAM | NTLMSSP_NEGOTIATE_56, "55555555555555a0", "55555555555555a0"},
    {NTLMSSP_NEGOTIATE_DATAGRAM, "5555555555e538b0", "5555555555e538b0"},
};

START_TEST(sealing_keys_are_cut_to_the_strength_agreed)
{
    assert_sealing_key(cuts[_i].flags, "exported_session_key", NTLM_CLIENT, cuts[_i].client);
    assert_sealing_key(cuts[_i].flags, "exported_session_key", NTLM_SERVER, cuts[_i].server);
}
END_TEST

/* MIC and channel bindings */

static enum ntlm_error mic_at(size_t offset, struct ntlm_bytes authenticate, uint8_t out[16])
{
    uint8_t key[16];

    return ntlm_mic(unhex("000102030405060708090a0b0c0d0e0f", key, sizeof(key)).data,
                    ntlm_bytes("negotiate", 9), ntlm_bytes("challenge", 9), authenticate,
                    offset, out);
}

START_TEST(the_mic_takes_its_own_bytes_as_zeros)
{
    static const char token[] = "authenticate"
                                "\xff\xff\xff\xff\xff\xff\xff\xff"
                                "\xff\xff\xff\xff\xff\xff\xff\xff"
                                "payload";
    uint8_t out[16];

    ck_assert_int_eq(mic_at(12, ntlm_bytes(token, 35), out), NTLM_OK);
    assert_hex(out, sizeof(out), "06b85d20abb875d566d4713b819630d2");
    ck_assert_int_eq(mic_at(12, ntlm_bytes(token, 28), out), NTLM_OK);
    assert_hex(out, sizeof(out), "614c3ef316339a2b8b24552e8eed0be4");
}
END_TEST

START_TEST(a_mic_that_does_not_fit_into_the_token_is_refused)
{
    static const uint8_t token[88];
    uint8_t out[16];

    ck_assert_int_eq(mic_at(73, ntlm_bytes(token, 88), out), NTLM_ERR_TRUNCATED);
    ck_assert_int_eq(mic_at(SIZE_MAX, ntlm_bytes(token, 88), out), NTLM_ERR_TRUNCATED);
    ck_assert_int_eq(mic_at(0, ntlm_bytes(token, 15), out), NTLM_ERR_TRUNCATED);
}
END_TEST

START_TEST(channel_bindings_are_hashed_with_types_and_lengths)
{
    uint8_t point[21 + 32] = "tls-server-end-point:", out[16];
    struct ntlm_bindings bindings = {.application_data = {point, sizeof(point)}};

    for (uint8_t i = 0; i < 32; i++)
        point[21 + i] = i;
    ck_assert_int_eq(ntlm_bindings_hash(&bindings, out), NTLM_OK);
    assert_hex(out, sizeof(out), "8f1214c9c9cab8dc3bf866da9aba57a7");
    bindings = (struct ntlm_bindings){
        .initiator_type = 2,
        .initiator = ntlm_bytes("\x7f\0\0\1", 4),
        .acceptor_type = 24,
        .acceptor = ntlm_bytes("\xaa\xbb", 2),
        .application_data = ntlm_bytes("xyz", 3),
    };
    ck_assert_int_eq(ntlm_bindings_hash(&bindings, out), NTLM_OK);
    assert_hex(out, sizeof(out), "1f212ea701bcdfaa8306c829dd6e187b");
}
END_TEST

#if SIZE_MAX > UINT32_MAX
START_TEST(channel_bindings_too_long_for_their_length_field_are_refused)
{
    struct ntlm_bindings bindings = {0};
    struct ntlm_bytes *fields[] = {&bindings.initiator, &bindings.acceptor,
                                   &bindings.application_data};
    uint8_t out[16];

    *fields[_i] = ntlm_bytes("", (size_t)UINT32_MAX + 1);
    ck_assert_int_eq(ntlm_bindings_hash(&bindings, out), NTLM_ERR_BAD_ARGUMENT);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("keys");
    TCase *cases = tcase_create("keys");

    tcase_add_test(cases, the_nt_hash_is_md4_of_the_utf16_password);
    tcase_add_test(cases, a_password_that_is_not_utf8_has_no_hash);
    tcase_add_test(cases, the_lm_hash_ignores_the_password_s_case);
    tcase_add_test(cases, the_lm_hash_is_of_the_oem_password);
    tcase_add_test(cases, a_password_beyond_fourteen_oem_characters_has_no_lm_hash);
    tcase_add_test(cases, ntowfv2_is_of_the_upper_case_user_and_the_domain_as_it_is);
    tcase_add_test(cases, ntlmv1_and_lm_responses_are_those_published);
    tcase_add_test(cases, ntlmv1_with_extended_session_security_answers_both_challenges);
    tcase_add_test(cases, the_ntlmv2_proof_is_the_one_published);
    tcase_add_test(cases, lmv2_is_the_proof_over_the_client_challenge);
    tcase_add_test(cases, session_base_keys_are_those_published);
    tcase_add_loop_test(cases, ntlmv1_exchanges_its_key_under_the_one_the_flags_ask_for, 0, 4);
    tcase_add_loop_test(cases, a_key_from_an_unknown_lm_hash_is_refused, 0, 4);
    tcase_add_loop_test(cases, extended_session_security_mixes_the_challenges_into_the_key, 0,
                        3);
    tcase_add_loop_test(cases, a_key_from_too_short_an_lm_response_is_refused, 0, 2);
    tcase_add_loop_test(cases, ntlmv2_exchanges_its_key_under_the_base_key, 0, 3);
    tcase_add_loop_test(cases, signing_keys_are_those_published, 0, 3);
    tcase_add_test(cases, sealing_keys_are_those_published);
    tcase_add_loop_test(cases, sealing_keys_are_cut_to_the_strength_agreed, 0, 10);
    tcase_add_test(cases, the_mic_takes_its_own_bytes_as_zeros);
    tcase_add_test(cases, a_mic_that_does_not_fit_into_the_token_is_refused);
    tcase_add_test(cases, channel_bindings_are_hashed_with_types_and_lengths);
#if SIZE_MAX > UINT32_MAX
    tcase_add_loop_test(cases, channel_bindings_too_long_for_their_length_field_are_refused, 0,
                        3);
#endif
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
