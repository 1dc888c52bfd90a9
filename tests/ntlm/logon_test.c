/* SPDX-License-Identifier: MIT */
/* logon_test.c - each kind of response accepted from the account whose it is,
 * and from no other. */

#include "config.h"

#include "ntlm/logon.h"

#include <string.h>

#include "hmac_key.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"
#include "suite.h"
#include "vectors.h"
#include "work.h"

/* An NTLMv2 logon and what it points to. */
struct v2_logon {
    struct ntlm_logon logon;
    uint8_t *user, *domain;
    uint8_t response[256];
    uint8_t base_key[16]; /* as the client has it */
};

static struct ntlm_logon_keys keys;

static const uint8_t *data(const char *key)
{
    return vector(key).data;
}

static enum ntlm_error check(const struct ntlm_logon *logon)
{
    return ntlm_logon_check(logon, data("v1.ntowf"), data("v1.lmowf"), &keys);
}

static void assert_no_keys(void)
{
    static const struct ntlm_logon_keys none;

    ck_assert_mem_eq(keys.base_key, none.base_key, sizeof(none.base_key));
    ck_assert_mem_eq(keys.lm_key, none.lm_key, sizeof(none.lm_key));
    ck_assert(!keys.has_lm_key);
}

static void assert_denied(const struct ntlm_logon *logon)
{
    memset(&keys, 0xff, sizeof(keys));
    ck_assert_int_eq(check(logon), NTLM_ERR_LOGON_DENIED);
    assert_no_keys();
}

/* Refused for an answer that differs in any one byte, or is cut short. Each is
 * a block of its own, so that a tool which watches memory sees reads beyond. */
static void assert_whole_response_counts(struct ntlm_logon *logon, struct ntlm_bytes *response)
{
    const struct ntlm_bytes right = *response;

    for (size_t len = 0; len < right.len; len++) {
        uint8_t *cut = malloc(len ? len : 1), *changed = malloc(right.len);

        ck_assert(cut && changed);
        memcpy(cut, right.data, len);
        memcpy(changed, right.data, right.len);
        changed[len] ^= 1;
        *response = ntlm_bytes(cut, len);
        assert_denied(logon);
        *response = ntlm_bytes(changed, right.len);
        assert_denied(logon);
        free(cut);
        free(changed);
    }
    *response = right;
}

static struct ntlm_logon logon_of(enum ntlm_response_kind kind, const char *lm, const char *nt)
{
    struct ntlm_logon logon = {
        .kind = kind,
        .user = "User",
        .domain = "Domain",
        .workstation = "COMPUTER",
        .server_name = "SERVER",
        .server_domain = "DOMAIN",
        .lm_response = lm ? vector(lm) : ntlm_bytes(NULL, 0),
        .nt_response = nt ? vector(nt) : ntlm_bytes(NULL, 0),
    };

    memcpy(logon.server_challenge, data("server_challenge"), 8);
    return logon;
}

static void utf16(const char *text, uint8_t **out, struct ntlm_bytes *bytes)
{
    size_t len = 0;

    free(*out);
    ck_assert_int_eq(ntlm_text_to_utf16(text, strlen(text), out, &len), NTLM_OK);
    *bytes = ntlm_bytes(*out, len);
}

/* What a client answers that calls itself by these names. */
static void answer_v2(struct v2_logon *v2, const char *user, const char *domain)
{
    struct ntlm_bytes temp = vector("v2.temp");
    uint8_t ntowfv2[16];

    *v2 = (struct v2_logon){.logon = logon_of(NTLM_RESPONSE_V2, "v2.lm_response", NULL)};
    utf16(user, &v2->user, &v2->logon.user_utf16);
    utf16(domain, &v2->domain, &v2->logon.domain_utf16);
    ck_assert_int_eq(
        ntlm_ntowfv2(data("v1.ntowf"), v2->logon.user_utf16, v2->logon.domain_utf16, ntowfv2),
        NTLM_OK);
    ck_assert_int_eq(
        ntlm_v2_proof(hmac_key(ntowfv2), v2->logon.server_challenge, temp, v2->response),
        NTLM_OK);
    ck_assert_int_eq(ntlm_v2_base_key(hmac_key(ntowfv2), v2->response, v2->base_key), NTLM_OK);
    memcpy(v2->response + 16, temp.data, temp.len);
    v2->logon.nt_response = ntlm_bytes(v2->response, 16 + temp.len);
}

/* ... and what is written into its AUTHENTICATE instead of them. */
static void send_v2(struct v2_logon *v2, const char *user, const char *domain)
{
    utf16(user, &v2->user, &v2->logon.user_utf16);
    utf16(domain, &v2->domain, &v2->logon.domain_utf16);
}

static void free_v2(struct v2_logon *v2)
{
    free(v2->user);
    free(v2->domain);
}

/* NTLMv2 */

START_TEST(the_published_ntlmv2_logon_is_accepted_with_its_base_key)
{
    struct v2_logon v2;

    answer_v2(&v2, vector_text("user"), vector_text("domain"));
    assert_vector(v2.response, 16, "v2.nt_proof");
    ck_assert_int_eq(check(&v2.logon), NTLM_OK);
    assert_vector(keys.base_key, sizeof(keys.base_key), "v2.session_base_key");
    free_v2(&v2);
}
END_TEST

/* The user and domain that a client answered for, those that it sent, and
 * whether these are good. */
static const struct {
    const char *user, *domain, *sent_user, *sent_domain;
    bool good;
} names[] = {
    {"User", "Domain", "User", "Domain", true},
    {"User", "Domain", "uSER", "Domain", true}, /* a user has no case */
    {"\xc3\xa9lodie", "Domain", "\xc3\x89LODIE", "Domain", true},
    {"\xc3\x89LODIE", "Domain", "\xc3\xa9lodie", "Domain", true},
    {"\xc3\xa9lodie", "Domain", "elodie", "Domain", false},
    {"User", "", "User", "Domain", true},       /* answered without the domain */
    {"User", "DOMAIN", "User", "Domain", true}, /* answered with it upper-cased */
    {"User", "\xc3\x89TAT", "User", "\xc3\xa9tat", true},
    {"user@realm", "", "user@realm", "", true}, /* none was sent */
    {"User", "domain", "User", "Domain", false},
    {"User", "Other", "User", "Domain", false},
    {"User", "Domain", "User", "", false},
    {"Other", "Domain", "User", "Domain", false},
    {"Use", "rDomain", "User", "Domain", false},
};

START_TEST(ntlmv2_takes_the_domain_as_sent_empty_or_upper_cased)
{
    struct v2_logon v2;

    answer_v2(&v2, names[_i].user, names[_i].domain);
    send_v2(&v2, names[_i].sent_user, names[_i].sent_domain);
    if (names[_i].good) {
        ck_assert_int_eq(check(&v2.logon), NTLM_OK);
        ck_assert_mem_eq(keys.base_key, v2.base_key, sizeof(v2.base_key));
    } else {
        assert_denied(&v2.logon);
    }
    free_v2(&v2);
}
END_TEST

START_TEST(an_ntlmv2_response_counts_to_its_last_byte)
{
    struct v2_logon v2;

    answer_v2(&v2, "User", "Domain");
    assert_whole_response_counts(&v2.logon, &v2.logon.nt_response);
    ck_assert_int_eq(check(&v2.logon), NTLM_OK);
    free_v2(&v2);
}
END_TEST

START_TEST(an_lmv2_response_does_not_stand_in_for_a_wrong_ntlmv2_one)
{
    struct v2_logon v2;

    answer_v2(&v2, "User", "Domain");
    v2.response[0] ^= 1;
    assert_denied(&v2.logon);
    free_v2(&v2);
}
END_TEST

/* NTLMv1 and LM */

static const struct {
    enum ntlm_response_kind kind;
    const char *lm, *nt;
} old_kinds[] = {
    {NTLM_RESPONSE_LM, "v1.lm_response", NULL},
    {NTLM_RESPONSE_LM, "v1.nt_response", NULL}, /* some clients put it there */
    {NTLM_RESPONSE_V1, "v1.lm_response", "v1.nt_response"},
    {NTLM_RESPONSE_V1, NULL, "v1.nt_response"},
    {NTLM_RESPONSE_V1_ESS, "v1ess.lm_response", "v1ess.nt_response"},
};

START_TEST(the_published_responses_of_old_are_accepted_with_their_base_key)
{
    struct ntlm_logon logon = logon_of(old_kinds[_i].kind, old_kinds[_i].lm, old_kinds[_i].nt);

    ck_assert_int_eq(check(&logon), NTLM_OK);
    assert_vector(keys.base_key, sizeof(keys.base_key), "v1.session_base_key");
}
END_TEST

START_TEST(a_response_of_old_counts_to_its_last_byte)
{
    struct ntlm_logon logon = logon_of(old_kinds[_i].kind, old_kinds[_i].lm, old_kinds[_i].nt);

    assert_whole_response_counts(&logon,
                                 old_kinds[_i].nt ? &logon.nt_response : &logon.lm_response);
}
END_TEST

START_TEST(the_client_challenge_of_extended_session_security_counts)
{
    struct ntlm_logon logon =
        logon_of(NTLM_RESPONSE_V1_ESS, "v1ess.lm_response", "v1ess.nt_response");

    logon.lm_response = vector("v1.lm_response");
    assert_denied(&logon);
    logon.lm_response = ntlm_bytes(data("v1ess.lm_response"), 7);
    assert_denied(&logon);
}
END_TEST

START_TEST(a_right_lm_response_does_not_stand_in_for_a_wrong_ntlmv1_one)
{
    struct ntlm_logon logon = logon_of(NTLM_RESPONSE_V1, "v1.lm_response", "v1ess.nt_response");

    assert_denied(&logon);
}
END_TEST

/* Of any kind */

static const struct {
    enum ntlm_response_kind kind;
    const char *lm, *nt;
} kinds[] = {
    {NTLM_RESPONSE_LM, "v1.lm_response", NULL},
    {NTLM_RESPONSE_V1, "v1.lm_response", "v1.nt_response"},
    {NTLM_RESPONSE_V1_ESS, "v1ess.lm_response", "v1ess.nt_response"},
    {NTLM_RESPONSE_V2, "v2.lm_response", NULL},
};

/* A logon of kinds[i], right in all. */
static void right_logon(int i, struct v2_logon *v2)
{
    if (kinds[i].kind == NTLM_RESPONSE_V2)
        answer_v2(v2, "User", "Domain");
    else
        *v2 = (struct v2_logon){.logon = logon_of(kinds[i].kind, kinds[i].lm, kinds[i].nt)};
}

START_TEST(another_password_is_denied)
{
    struct v2_logon v2;

    right_logon(_i, &v2);
    ck_assert_int_eq(check(&v2.logon), NTLM_OK);
    ck_assert_int_eq(ntlm_logon_check(&v2.logon, data("v2.ntowf"), data("v2.nt_proof"), &keys),
                     NTLM_ERR_LOGON_DENIED);
    assert_no_keys();
    free_v2(&v2);
}
END_TEST

START_TEST(an_answer_to_another_challenge_is_denied)
{
    struct v2_logon v2;

    right_logon(_i, &v2);
    v2.logon.server_challenge[7] ^= 1;
    assert_denied(&v2.logon);
    free_v2(&v2);
}
END_TEST

START_TEST(the_lm_key_is_given_where_the_lm_hash_is_known)
{
    struct v2_logon v2;

    right_logon(_i, &v2);
    ck_assert_int_eq(check(&v2.logon), NTLM_OK);
    ck_assert(keys.has_lm_key);
    assert_hex(keys.lm_key, sizeof(keys.lm_key), "e52cac67419a9a22");
    free_v2(&v2);
}
END_TEST

START_TEST(without_the_lm_hash_all_but_lm_is_accepted)
{
    bool lm = kinds[_i].kind == NTLM_RESPONSE_LM;
    struct v2_logon v2;

    right_logon(_i, &v2);
    ck_assert_int_eq(ntlm_logon_check(&v2.logon, data("v1.ntowf"), NULL, &keys),
                     lm ? NTLM_ERR_LOGON_DENIED : NTLM_OK);
    ck_assert(!keys.has_lm_key);
    free_v2(&v2);
}
END_TEST

START_TEST(an_nt_response_in_the_lm_field_needs_no_lm_hash)
{
    struct ntlm_logon logon = logon_of(NTLM_RESPONSE_LM, "v1.nt_response", NULL);

    ck_assert_int_eq(ntlm_logon_check(&logon, data("v1.ntowf"), NULL, &keys), NTLM_OK);
}
END_TEST

static struct work work_for(const struct ntlm_logon *logon, const uint8_t *lm_hash)
{
    enum ntlm_error error;
    struct work work;

    work_begin();
    error = ntlm_logon_check(logon, data("v2.ntowf"), lm_hash, &keys);
    work = work_done();
    ck_assert_int_eq(error, NTLM_ERR_LOGON_DENIED);
    return work;
}

/* Nobody is checked for with an LM hash: who has none must take as long. */
START_TEST(an_account_without_an_lm_hash_takes_as_much_work_to_deny)
{
    struct work without, with;
    struct v2_logon v2;

    right_logon(_i, &v2);
    work_for(&v2.logon, NULL); /* the first one loads OpenSSL's algorithms */
    without = work_for(&v2.logon, NULL);
    with = work_for(&v2.logon, data("v2.nt_proof"));
    assert_same_work(&without, &with);
    ck_assert_uint_gt(with.digests + with.blocks, 0);
    free_v2(&v2);
}
END_TEST

START_TEST(the_anonymous_are_no_account_s)
{
    struct ntlm_logon logon =
        logon_of(NTLM_RESPONSE_ANONYMOUS, "v1.lm_response", "v1.nt_response");

    assert_denied(&logon);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logon");
    TCase *cases = tcase_create("logon");

    tcase_add_test(cases, the_published_ntlmv2_logon_is_accepted_with_its_base_key);
    tcase_add_loop_test(cases, ntlmv2_takes_the_domain_as_sent_empty_or_upper_cased, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_test(cases, an_ntlmv2_response_counts_to_its_last_byte);
    tcase_add_test(cases, an_lmv2_response_does_not_stand_in_for_a_wrong_ntlmv2_one);
    tcase_add_loop_test(cases, the_published_responses_of_old_are_accepted_with_their_base_key,
                        0, 5);
    tcase_add_loop_test(cases, a_response_of_old_counts_to_its_last_byte, 0, 5);
    tcase_add_test(cases, the_client_challenge_of_extended_session_security_counts);
    tcase_add_test(cases, a_right_lm_response_does_not_stand_in_for_a_wrong_ntlmv1_one);
    tcase_add_loop_test(cases, another_password_is_denied, 0, 4);
    tcase_add_loop_test(cases, an_answer_to_another_challenge_is_denied, 0, 4);
    tcase_add_loop_test(cases, the_lm_key_is_given_where_the_lm_hash_is_known, 0, 4);
    tcase_add_loop_test(cases, without_the_lm_hash_all_but_lm_is_accepted, 0, 4);
    tcase_add_test(cases, an_nt_response_in_the_lm_field_needs_no_lm_hash);
    tcase_add_loop_test(cases, an_account_without_an_lm_hash_takes_as_much_work_to_deny, 0, 4);
    tcase_add_test(cases, the_anonymous_are_no_account_s);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
