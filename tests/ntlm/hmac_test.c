/* SPDX-License-Identifier: MIT */
/* hmac_test.c - HMAC-MD5 against RFC 2202, at once and in pieces. */

#include "config.h"

#include "ntlm/hmac.h"

#include <string.h>

#include "suite.h"
#include "vectors.h"

static struct ntlm_bytes text(const char *string)
{
    return ntlm_bytes(string, strlen(string));
}

/* RFC 2202 section 2, the two with 16-byte keys. */
static const struct {
    const char *key, *message, *mac;
} macs[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"},
    {"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "Test With Truncation",
     "56461ef2342edc00f9bab995690efd4c"},
};

START_TEST(hmac_md5_gives_the_answers_of_rfc_2202)
{
    struct ntlm_bytes message = text(macs[_i].message);
    uint8_t key[16], out[16];

    unhex(macs[_i].key, key, sizeof(key));
    ck_assert_int_eq(ntlm_hmac_md5(key, &message, 1, out), NTLM_OK);
    assert_hex(out, sizeof(out), macs[_i].mac);
}
END_TEST

START_TEST(an_hmac_keyed_once_serves_many_messages)
{
    const struct ntlm_bytes parts[] = {text("Hi"), {NULL, 0}, text(" There")};
    struct ntlm_hmac_key hmac_key;
    uint8_t key[16], out[16];

    unhex(macs[0].key, key, sizeof(key));
    ck_assert_int_eq(ntlm_hmac_set_key(&hmac_key, key), NTLM_OK);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(ntlm_hmac_compute(&hmac_key, parts, 3, out), NTLM_OK);
        assert_hex(out, sizeof(out), macs[0].mac);
        /* of nothing, computed with Python's hmac */
        ck_assert_int_eq(ntlm_hmac_compute(&hmac_key, NULL, 0, out), NTLM_OK);
        assert_hex(out, sizeof(out), "c9e99a43cd8fa24a840aa85c7cca0061");
    }
}
END_TEST

START_TEST(an_hmac_takes_its_message_in_pieces)
{
    struct ntlm_hmac_key hmac_key;
    struct ntlm_hmac hmac;
    struct ntlm_bytes message = text(macs[0].message);
    uint8_t key[16], out[16];

    unhex(macs[0].key, key, sizeof(key));
    ck_assert_int_eq(ntlm_hmac_set_key(&hmac_key, key), NTLM_OK);
    for (int round = 0; round < 3; round++) { /* what is begun anew is forgotten */
        ntlm_hmac_begin(&hmac, &hmac_key);
        ck_assert_int_eq(ntlm_hmac_update(&hmac, key, sizeof(key)), NTLM_OK);
    }
    ntlm_hmac_begin(&hmac, &hmac_key);
    ck_assert_int_eq(ntlm_hmac_update(&hmac, NULL, 0), NTLM_OK);
    for (size_t i = 0; i < message.len; i++)
        ck_assert_int_eq(ntlm_hmac_update(&hmac, message.data + i, 1), NTLM_OK);
    ck_assert_int_eq(ntlm_hmac_end(&hmac, out), NTLM_OK);
    assert_hex(out, sizeof(out), macs[0].mac);
}
END_TEST

START_TEST(two_hmacs_do_not_share_their_key)
{
    struct ntlm_hmac_key hmac_keys[2];
    uint8_t key[16], out[16];

    for (size_t i = 0; i < 2; i++) {
        unhex(macs[i].key, key, sizeof(key));
        ck_assert_int_eq(ntlm_hmac_set_key(&hmac_keys[i], key), NTLM_OK);
    }
    for (size_t i = 0; i < 2; i++) {
        struct ntlm_bytes message = text(macs[i].message);

        ck_assert_int_eq(ntlm_hmac_compute(&hmac_keys[i], &message, 1, out), NTLM_OK);
        assert_hex(out, sizeof(out), macs[i].mac);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hmac");
    TCase *cases = tcase_create("hmac");

    tcase_add_loop_test(cases, hmac_md5_gives_the_answers_of_rfc_2202, 0, 2);
    tcase_add_test(cases, an_hmac_keyed_once_serves_many_messages);
    tcase_add_test(cases, an_hmac_takes_its_message_in_pieces);
    tcase_add_test(cases, two_hmacs_do_not_share_their_key);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
