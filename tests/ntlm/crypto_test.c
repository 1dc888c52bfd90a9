/* SPDX-License-Identifier: MIT */
/* crypto_test.c - the published known answers of each algorithm, streams that
 * are keyed once, and a machine without OpenSSL's legacy provider. */

#include "config.h"

#include "ntlm/crypto.h"
#include "ntlm/hmac.h"
#include "ntlm/rc4.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "child.h"
#include "ntlm/secret.h"
#include "suite.h"
#include "vectors.h"

/* Runs as a child, in which the provider cannot be found. */
static const char *program;
#define WITHOUT_LEGACY "without-legacy"

static struct ntlm_bytes text(const char *string)
{
    return ntlm_bytes(string, strlen(string));
}

static const struct {
    const char *message, *md4, *md5;
} digests[] = {
    /* RFC 1320 A.5, RFC 1321 A.5 */
    {"", "31d6cfe0d16ae931b73c59d7e0c089c0", "d41d8cd98f00b204e9800998ecf8427e"},
    {"a", "bde52cb31de33e46245e05fbdbd6fb24", "0cc175b9c0f1b6a831c399e269772661"},
    {"abc", "a448017aaf21d8525fc10ae87aa6729d", "900150983cd24fb0d6963f7d28e17f72"},
    {"message digest", "d9130a8164549fe818874806e1c7014b", "f96b697d7cb7938d525a2f31aaf161d0"},
    {"abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9",
     "c3fcd3d76192e4007dfb496cca67e13b"},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "043f8582f241db351ce627e153e7f0e4", "d174ab98d277d9f5a5611c2c9f419d9f"},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "e33b4ddc9c38f2199c3e7b164fcc0536", "57edf4a22be3c955ac49da2e2107b67a"},
};

START_TEST(md4_and_md5_give_the_answers_of_their_rfcs)
{
    struct ntlm_bytes message = text(digests[_i].message);
    uint8_t out[16];

    ck_assert_int_eq(ntlm_md4(&message, 1, out), NTLM_OK);
    assert_hex(out, sizeof(out), digests[_i].md4);
    ck_assert_int_eq(ntlm_md5(&message, 1, out), NTLM_OK);
    assert_hex(out, sizeof(out), digests[_i].md5);
}
END_TEST

START_TEST(sha256_gives_the_answer_of_fips_180)
{
    struct ntlm_bytes message = text("abc");
    uint8_t out[32];

    ck_assert_int_eq(ntlm_sha256(&message, 1, out), NTLM_OK);
    assert_hex(out, sizeof(out),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

START_TEST(a_digest_is_over_all_parts_one_after_the_other)
{
    const struct ntlm_bytes parts[] = {text("mess"), {NULL, 0}, text("age"), text(" digest")};
    uint8_t out[16];

    ck_assert_int_eq(ntlm_md4(parts, 4, out), NTLM_OK);
    assert_hex(out, sizeof(out), digests[3].md4);
    ck_assert_int_eq(ntlm_md5(NULL, 0, out), NTLM_OK);
    assert_hex(out, sizeof(out), digests[0].md5);
}
END_TEST

START_TEST(des_encrypts_a_block_under_a_seven_byte_key)
{
    /* The LM hash's constant under an empty half password ([MS-NLMP] 3.3.1),
     * and FIPS 81's "Now is t" under 0123456789abcdef, whose parity bits are
     * taken out here. */
    static const struct {
        const char *key, *in, *out;
    } blocks[] = {
        {"00000000000000", "4b47532140232425", "aad3b435b51404ee"},
        {"0123456789abcd", "0000000000000000", "ff5936c6edf63ac9"},
        {"00451338957377", "4e6f772069732074", "3fa40e8a984d4815"},
    };
    uint8_t key[7], in[8], out[8];

    unhex(blocks[_i].key, key, sizeof(key));
    unhex(blocks[_i].in, in, sizeof(in));
    ck_assert_int_eq(ntlm_des(key, in, out), NTLM_OK);
    assert_hex(out, sizeof(out), blocks[_i].out);
}
END_TEST

/* RFC 6229, the first 16 bytes of the key streams. */
static const struct {
    const char *key, *stream;
} streams[] = {
    {"0102030405", "b2396305f03dc027ccc3524a0a1118a8"},
    {"0102030405060708", "97ab8a1bf0afb96132f2f67258da15a8"},
    {"0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97"},
};

START_TEST(rc4_gives_the_key_streams_of_rfc_6229)
{
    uint8_t key[16], data[16] = {0};
    struct ntlm_bytes given = unhex(streams[_i].key, key, sizeof(key));

    ck_assert_int_eq(ntlm_rc4k(given, data, data, sizeof(data)), NTLM_OK);
    assert_hex(data, sizeof(data), streams[_i].stream);
}
END_TEST

START_TEST(an_rc4_stream_goes_on_until_it_is_restarted)
{
    static const uint8_t zeros[16];
    struct ntlm_rc4 rc4;
    uint8_t key[16], out[16];

    for (size_t i = 0; i < 3; i++) { /* under keys of other lengths too */
        ck_assert_int_eq(ntlm_rc4_set_key(&rc4, unhex(streams[i].key, key, sizeof(key))),
                         NTLM_OK);
        memset(key, 0, sizeof(key)); /* it was copied */
        ntlm_rc4_crypt(&rc4, zeros, out, 5);
        ntlm_rc4_crypt(&rc4, NULL, NULL, 0);
        ntlm_rc4_crypt(&rc4, zeros, out + 5, 11);
        assert_hex(out, sizeof(out), streams[i].stream);
    }
}
END_TEST

START_TEST(rc4_takes_a_long_text_at_once)
{
    const size_t len = (2u << 20) + 5;
    uint8_t *whole = calloc(1, len), *pieces = calloc(1, len), key[16];
    struct ntlm_bytes given = unhex(streams[2].key, key, sizeof(key));
    struct ntlm_rc4 rc4;

    ck_assert_ptr_nonnull(whole);
    ck_assert_ptr_nonnull(pieces);
    ck_assert_int_eq(ntlm_rc4k(given, whole, whole, len), NTLM_OK);
    ck_assert_int_eq(ntlm_rc4_set_key(&rc4, given), NTLM_OK);
    for (size_t at = 0, piece; at < len; at += piece) {
        piece = len - at < 1000 ? len - at : 1000;
        ntlm_rc4_crypt(&rc4, pieces + at, pieces + at, piece);
    }
    ck_assert(ntlm_equal(whole, pieces, len));
    free(whole);
    free(pieces);
}
END_TEST

START_TEST(rc4_refuses_a_key_that_is_empty_or_too_long)
{
    static const uint8_t key[NTLM_RC4_MAX_KEY + 1];
    struct ntlm_rc4 rc4;
    uint8_t out[1] = {0};

    ck_assert_int_eq(ntlm_rc4_set_key(&rc4, ntlm_bytes(key, 0)), NTLM_ERR_CRYPTO);
    ck_assert_int_eq(ntlm_rc4_set_key(&rc4, ntlm_bytes(key, sizeof(key))), NTLM_ERR_CRYPTO);
    ck_assert_int_eq(ntlm_rc4k(ntlm_bytes(key, 0), out, out, 1), NTLM_ERR_CRYPTO);
}
END_TEST

static void *use_in_thread(void *wrong)
{
    struct ntlm_bytes message = text(digests[2].message);
    uint8_t expected[16], out[16];

    unhex(digests[2].md5, expected, sizeof(expected));
    if (ntlm_md5(&message, 1, out) || !ntlm_equal(out, expected, sizeof(out)))
        *(bool *)wrong = true;
    return NULL;
}

START_TEST(threads_may_all_begin_at_once)
{
    pthread_t threads[8];
    bool wrong[8] = {false};

    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, use_in_thread, &wrong[i]), 0);
    for (size_t i = 0; i < 8; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(!wrong[i]);
    }
}
END_TEST

/* Where OpenSSL's memory ends, in a process that has not used it before. */
static unsigned openssl_left; /* allocations until one fails; 0: none will */

static bool openssl_fails(void)
{
    return openssl_left > 0 && --openssl_left == 0;
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return openssl_fails() ? NULL : malloc(size);
}

static void *openssl_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return openssl_fails() ? NULL : realloc(block, size);
}

static void openssl_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

/* arg: how many allocations succeed; set to 0 once memory does not end at all. */
static bool is_ready_after_a_failure(void *arg)
{
    const unsigned *until = arg;
    enum ntlm_error first;
    bool failed;

    openssl_left = *until;
    first = ntlm_crypto_ready();
    failed = openssl_left == 0;
    openssl_left = 0;
    if (!failed)
        return !first;
    return !ntlm_crypto_ready() && ERR_peek_error() == 0;
}

static bool memory_suffices(void *arg)
{
    openssl_left = *(const unsigned *)arg;
    return !ntlm_crypto_ready() && openssl_left > 0;
}

START_TEST(a_first_failure_is_not_for_ever)
{
    unsigned until = 1;

    if (skipped_without_fork("a_first_failure_is_not_for_ever"))
        return;
    /* OpenSSL 3.5's own beginning, and that of its errors, wait for themselves for
     * ever if an allocation fails: nobody who uses it can help that. */
    ck_assert_int_eq(OPENSSL_init_crypto(0, NULL), 1);
    ERR_raise(ERR_LIB_USER, 1);
    ERR_clear_error();
    for (; !holds_in_child(memory_suffices, &until); until += until / 16 + 1)
        ck_assert_msg(holds_in_child(is_ready_after_a_failure, &until), "allocation %u", until);
    ck_assert_uint_gt(until, 20);
}
END_TEST

/* In the child: all that the provider is needed for fails with the same words, what
 * goes without it does not, and the program's own OpenSSL error queue stays as it was. */
static int use_without_legacy(void)
{
    struct ntlm_bytes message = text("abc");
    uint8_t key[16] = {0}, out[16];

    for (int round = 0; round < 2; round++)
        if (ntlm_crypto_ready() != NTLM_ERR_NO_LEGACY_PROVIDER ||
            ntlm_md4(&message, 1, out) != NTLM_ERR_NO_LEGACY_PROVIDER ||
            ntlm_des(key, out, out) != NTLM_ERR_NO_LEGACY_PROVIDER ||
            ntlm_md5(&message, 1, out) || ntlm_hmac_md5(key, &message, 1, out) ||
            ntlm_rc4k(ntlm_bytes(key, sizeof(key)), out, out, sizeof(out)))
            return EXIT_FAILURE;
    return ERR_peek_error() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

START_TEST(without_the_legacy_provider_every_use_says_so)
{
    char empty[] = "crypto_test.XXXXXX";
    int status = -1;
    pid_t child;

    ck_assert_ptr_nonnull(mkdtemp(empty));
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        setenv("OPENSSL_MODULES", empty, 1);
        execl(program, program, WITHOUT_LEGACY, (char *)NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    rmdir(empty);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), EXIT_SUCCESS);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], WITHOUT_LEGACY))
        return use_without_legacy();
    if (!CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free))
        return EXIT_FAILURE;
    Suite *suite = suite_create("crypto");
    TCase *cases = tcase_create("crypto");

    program = argv[0];
    tcase_add_loop_test(cases, md4_and_md5_give_the_answers_of_their_rfcs, 0, 7);
    tcase_add_test(cases, sha256_gives_the_answer_of_fips_180);
    tcase_add_test(cases, a_digest_is_over_all_parts_one_after_the_other);
    tcase_add_loop_test(cases, des_encrypts_a_block_under_a_seven_byte_key, 0, 3);
    tcase_add_loop_test(cases, rc4_gives_the_key_streams_of_rfc_6229, 0, 3);
    tcase_add_test(cases, an_rc4_stream_goes_on_until_it_is_restarted);
    tcase_add_test(cases, rc4_takes_a_long_text_at_once);
    tcase_add_test(cases, rc4_refuses_a_key_that_is_empty_or_too_long);
    tcase_add_test(cases, threads_may_all_begin_at_once);
    tcase_add_test(cases, a_first_failure_is_not_for_ever);
    tcase_add_test(cases, without_the_legacy_provider_every_use_says_so);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
