/* SPDX-License-Identifier: MIT */
/* option_test.c - what is asked of contexts and of the mechanism by OID: the
 * session key, SASL's security strength factor, the options that SPNEGO and
 * gss-ntlmssp's callers use, and the trace. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gss_exchange.h"

#define SET_SEQUENCE "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01"
#define RESET_CRYPTO "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x03"
#define SET_DEBUG_FILE "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x04"
#define SET_NEG_FLAGS "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05"

static OM_uint32 set_option(gss_ctx_id_t *context, const char *oid, size_t oid_len,
                            const void *value, size_t len)
{
    gss_OID_desc object = {(OM_uint32)oid_len, (void *)(uintptr_t)oid};
    gss_buffer_desc buffer = bytes_buffer(value, len);

    return gss_set_sec_context_option(&minor, context, &object,
                                      value ? &buffer : GSS_C_NO_BUFFER);
}
#define SET_OPTION(context, oid, value, len)                                                   \
    set_option(context, oid, sizeof(oid) - 1, value, len)

START_TEST(both_sides_have_the_same_session_key)
{
    const OM_uint32 flags[] = {0, GSS_C_INTEG_FLAG, GSS_C_CONF_FLAG};
    gss_buffer_desc keys[2], last = GSS_C_EMPTY_BUFFER;

    for (int i = 0; i < 6; i++) {
        struct exchange exchange;

        exchange_establish(&exchange, &(struct request){.mech = i < 3 ? NTLMSSP : SPNEGO,
                                                        .flags = flags[i % 3]});
        keys[0] = INQUIRE(exchange.client.context, OID_SESSION_KEY);
        keys[1] = INQUIRE(exchange.server.context, OID_SESSION_KEY);
        ck_assert_uint_eq(keys[0].length, 16);
        assert_bytes(keys[1], keys[0].value, 16);
        if (last.length) /* and each exchange has its own */
            ck_assert_mem_ne(keys[0].value, last.value, 16);
        free(keys[1].value);
        free(last.value);
        last = keys[0];
        exchange_end(&exchange);
    }
    free(last.value);
}
END_TEST

/* The strength that both sides count, with these NegotiateFlags (0: our own)
 * and this protection. */
static void assert_ssf(uint32_t neg_flags, OM_uint32 flags, uint8_t ssf)
{
    gss_OID_desc set_neg_flags = OID(SET_NEG_FLAGS);
    gss_buffer_desc value = bytes_buffer(&neg_flags, sizeof(neg_flags)), given;
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    const uint8_t expected[] = {0, 0, 0, ssf};
    struct exchange exchange;

    assert_complete(gss_set_cred_option(&minor, &credential, &set_neg_flags, &value));
    exchange_establish(&exchange,
                       &(struct request){.flags = flags, .client_credential = credential});
    given = INQUIRE(exchange.client.context, OID_SASL_SSF);
    assert_bytes(given, expected, sizeof(expected));
    free(given.value);
    given = INQUIRE(exchange.server.context, OID_SASL_SSF);
    assert_bytes(given, expected, sizeof(expected));
    free(given.value);
    if (flags)
        assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
    release(credential);
}

START_TEST(the_strength_is_that_of_the_key)
{
    const uint32_t base = 0x00000201, ess = 0x00080000, k56 = 0x80000000, k128 = 0x20000000;

    fixture_settings("require_128 = false\nrequire_ess = false");
    assert_ssf(0, GSS_C_CONF_FLAG, 64);
    assert_ssf(base | ess | k128, GSS_C_CONF_FLAG, 64);
    assert_ssf(base | ess | k56 | k128, GSS_C_CONF_FLAG, 64);
    assert_ssf(base | ess | k56, GSS_C_CONF_FLAG, 56);
    assert_ssf(base | ess, GSS_C_CONF_FLAG, 40);
    assert_ssf(base | k128, GSS_C_CONF_FLAG, 64);
    assert_ssf(0, GSS_C_INTEG_FLAG, 1);
    assert_ssf(0, 0, 0);
}
END_TEST

/* libsspi asks: what is signed depends on extended session security. */
START_TEST(both_sides_tell_the_flags_that_were_agreed)
{
    const uint32_t sign = 0x10, extended = 0x00080000;
    gss_buffer_desc given[2];
    uint32_t flags[2];
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_INTEG_FLAG});
    given[0] = INQUIRE(exchange.client.context, SET_NEG_FLAGS);
    given[1] = INQUIRE(exchange.server.context, SET_NEG_FLAGS);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(given[i].length, sizeof(flags[i]));
        memcpy(&flags[i], given[i].value, sizeof(flags[i]));
        free(given[i].value);
    }
    ck_assert_uint_eq(flags[0], flags[1]);
    ck_assert_uint_eq(flags[0] & (sign | extended), sign | extended);
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_authenticate_with_a_mic_asks_spnego_for_another)
{
    const OM_uint32 flags[] = {0, GSS_C_INTEG_FLAG};

    for (int i = 0; i < 2; i++) {
        const uint8_t expected = (uint8_t)i;
        struct exchange exchange;
        gss_buffer_desc given;

        exchange_begin(&exchange, &(struct request){.flags = flags[i]});
        exchange_step(&exchange);
        given = INQUIRE(exchange.client.context, OID_REQUIRE_MIC);
        assert_bytes(given, "", 1); /* not yet */
        free(given.value);
        while (exchange_step(&exchange))
            continue;
        given = INQUIRE(exchange.client.context, OID_REQUIRE_MIC);
        assert_bytes(given, &expected, 1);
        free(given.value);
        given = INQUIRE(exchange.server.context, OID_REQUIRE_MIC);
        assert_bytes(given, &expected, 1);
        free(given.value);
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(a_stream_that_both_sides_reset_goes_on)
{
    const uint32_t sending = 0, receiving = 1;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_talk(exchange.client.context, exchange.server.context);
    assert_complete(SET_OPTION(&exchange.client.context, RESET_CRYPTO, &sending, 4));
    assert_complete(SET_OPTION(&exchange.server.context, RESET_CRYPTO, &receiving, 4));
    assert_talk(exchange.client.context, exchange.server.context);
    assert_complete(SET_OPTION(&exchange.server.context, RESET_CRYPTO, &sending, 4));
    assert_complete(SET_OPTION(&exchange.client.context, RESET_CRYPTO, &receiving, 4));
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_stream_that_one_side_reset_is_not_understood)
{
    gss_buffer_desc text = text_buffer("Who are you?"), token, out;
    const uint32_t sending = 0;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_talk(exchange.client.context, exchange.server.context);
    assert_complete(SET_OPTION(&exchange.client.context, RESET_CRYPTO, &sending, 4));
    assert_said(exchange.server.context, exchange.client.context, "the other way is as it was");
    assert_complete(gss_wrap(&minor, exchange.client.context, 1, 0, &text, NULL, &token));
    assert_status(GSS_S_BAD_SIG,
                  gss_unwrap(&minor, exchange.server.context, &token, &out, NULL, NULL));
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_option_of_another_length_is_refused_and_changes_nothing)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_talk(exchange.client.context, exchange.server.context);
    for (size_t len = 0; len <= 8; len++) {
        if (len == 4)
            continue;
        assert_status(
            GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
            SET_OPTION(&exchange.client.context, RESET_CRYPTO, "\0\0\0\0\0\0\0", len));
        assert_minor(NTLM_ERR_BAD_ARGUMENT);
    }
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                  SET_OPTION(&exchange.client.context, RESET_CRYPTO, NULL, 0));
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(the_sequence_number_is_a_datagrams_alone)
{
    const uint32_t number = 7;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_status(GSS_S_UNAVAILABLE,
                  SET_OPTION(&exchange.client.context, SET_SEQUENCE, &number, 4));
    assert_minor(NTLM_ERR_NOT_DATAGRAM);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(options_and_inquiries_that_are_not_known_are_unavailable)
{
    gss_OID_desc unknown = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x63");
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    gss_buffer_desc value = text_buffer("x");
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_status(GSS_S_UNAVAILABLE, gss_inquire_sec_context_by_oid(
                                         &minor, exchange.client.context, &unknown, &set));
    ck_assert_ptr_null(set);
    assert_status(GSS_S_UNAVAILABLE, gss_set_sec_context_option(
                                         &minor, &exchange.client.context, &unknown, &value));
    assert_status(GSS_S_UNAVAILABLE, gssspi_mech_invoke(&minor, NTLMSSP, &unknown, &value));
    exchange_end(&exchange);
}
END_TEST

static OM_uint32 trace_into(const char *path)
{
    gss_OID_desc set_debug_file = OID(SET_DEBUG_FILE);
    gss_buffer_desc value = text_buffer(path);

    return gssspi_mech_invoke(&minor, NTLMSSP, &set_debug_file, &value);
}

/* All of a file. Lives until the next call. */
static gss_buffer_desc content_of(const char *path)
{
    static char bytes[262144];
    int fd = open(path, O_RDONLY);
    ssize_t len;

    ck_assert_int_ge(fd, 0);
    len = read(fd, bytes, sizeof(bytes) - 1);
    ck_assert_int_ge(len, 0);
    bytes[len] = '\0';
    close(fd);
    return bytes_buffer(bytes, (size_t)len);
}

/* Neither as they are nor in hexadecimal digits, whatever stands between. */
static void assert_secret(gss_buffer_desc content, const void *secret, size_t len)
{
    static char digits[2 * 262144];
    char hex[2 * 64 + 1];
    size_t count = 0;

    ck_assert_ptr_null(memmem(content.value, content.length, secret, len));
    for (size_t i = 0; i < len && i < 64; i++)
        snprintf(hex + 2 * i, 3, "%02x", ((const uint8_t *)secret)[i]);
    for (size_t i = 0; i < content.length; i++) {
        char c = ((char *)content.value)[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
            digits[count++] = c;
        else if (c >= 'A' && c <= 'F')
            digits[count++] = (char)(c - 'A' + 'a');
    }
    digits[count] = '\0';
    ck_assert_ptr_null(strstr(digits, hex));
}

/* The first bytes of the response in an AUTHENTICATE, its proof. */
static const uint8_t *proof_of(gss_buffer_desc authenticate)
{
    uint32_t offset;

    memcpy(&offset, (uint8_t *)authenticate.value + 24, sizeof(offset));
    ck_assert_uint_le(offset + 16, authenticate.length);
    return (uint8_t *)authenticate.value + offset;
}

START_TEST(a_trace_shows_each_step_and_no_secret)
{
    static const uint8_t nt_hash[] = {0xcc, 0x00, 0xbb, 0x16, 0x1a, 0xe6, 0x32, 0x39,
                                      0x8b, 0x69, 0xc6, 0x9b, 0x56, 0xb6, 0xde, 0xc5};
    const char *path = fixture_path("trace");
    gss_cred_id_t credential;
    gss_buffer_desc content, key;
    struct stat st;
    struct exchange exchange;

    assert_complete(trace_into(path));
    credential = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG,
                                                    .client_credential = credential});
    assert_said(exchange.client.context, exchange.server.context, "The rabbit-hole");
    key = INQUIRE(exchange.client.context, OID_SESSION_KEY);
    release(credential);
    assert_complete(trace_into(""));

    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
    content = content_of(path);
    assert_contains((char *)content.value, "NEGOTIATE");
    assert_contains((char *)content.value, "CHALLENGE");
    assert_contains((char *)content.value, "AUTHENTICATE");
    assert_contains((char *)content.value, "alice");
    assert_contains((char *)content.value, "HTTP/server.test");
    assert_contains((char *)content.value, "context complete");
    assert_secret(content, "Wonderland", 10);
    assert_secret(content, "W\0o\0n\0d\0e\0r\0", 12);
    assert_secret(content, "rabbit", 6);
    assert_secret(content, nt_hash, sizeof(nt_hash));
    assert_secret(content, key.value, key.length);
    assert_secret(content, proof_of(exchange.tokens[2]), 16);
    free(key.value);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_trace_of_a_refusal_gives_the_reason)
{
    const char *path = fixture_path("trace");
    gss_cred_id_t credential;
    struct exchange exchange;

    assert_complete(trace_into(path));
    credential = credential_by_password(NTLMSSP, "TESTDOM\\mallory", "Malice 1");
    exchange_run(&exchange, &(struct request){.client_credential = credential});
    ck_assert(GSS_ERROR(exchange.server.major));
    exchange_end(&exchange);
    release(credential);
    assert_complete(trace_into(""));
    assert_contains((char *)content_of(path).value, "unknown user");
    assert_secret(content_of(path), "Malice", 6);
}
END_TEST

START_TEST(a_trace_that_was_switched_off_says_no_more)
{
    const char *path = fixture_path("trace");
    struct exchange exchange;
    size_t len;

    assert_complete(trace_into(path));
    assert_complete(trace_into(""));
    len = content_of(path).length;
    exchange_establish(&exchange, &(struct request){0});
    exchange_end(&exchange);
    ck_assert_uint_eq(content_of(path).length, len);
}
END_TEST

START_TEST(a_trace_file_that_cannot_be_is_named)
{
    const char *path = fixture_path("missing/trace");

    ck_assert(GSS_ERROR(trace_into(path)));
    assert_minor(NTLM_ERR_BAD_ARGUMENT);
    assert_contains(status_text(minor, NTLMSSP), path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_option");
    TCase *cases = fixture_case(suite, "inquiries");
    tcase_add_test(cases, both_sides_have_the_same_session_key);
    tcase_add_test(cases, the_strength_is_that_of_the_key);
    tcase_add_test(cases, both_sides_tell_the_flags_that_were_agreed);
    tcase_add_test(cases, an_authenticate_with_a_mic_asks_spnego_for_another);
    cases = fixture_case(suite, "options");
    tcase_add_test(cases, a_stream_that_both_sides_reset_goes_on);
    tcase_add_test(cases, a_stream_that_one_side_reset_is_not_understood);
    tcase_add_test(cases, an_option_of_another_length_is_refused_and_changes_nothing);
    tcase_add_test(cases, the_sequence_number_is_a_datagrams_alone);
    tcase_add_test(cases, options_and_inquiries_that_are_not_known_are_unavailable);
    cases = fixture_case(suite, "trace");
    tcase_add_test(cases, a_trace_shows_each_step_and_no_secret);
    tcase_add_test(cases, a_trace_of_a_refusal_gives_the_reason);
    tcase_add_test(cases, a_trace_that_was_switched_off_says_no_more);
    tcase_add_test(cases, a_trace_file_that_cannot_be_is_named);
    return suite_run(suite);
}
