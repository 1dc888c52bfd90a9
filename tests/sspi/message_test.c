/* SPDX-License-Identifier: MIT */
/* message_test.c - MakeSignature, VerifySignature, EncryptMessage and
 * DecryptMessage, over each mechanism. How many buffers there may be, and of
 * which kinds, is in sspi_message_layout_test.c. */

#include "config.h"

#include <string.h>

#include <gssapi/gssapi.h>

#include "context.h"
#include "flags.h"
#include "sspi_contexts.h"
#include "sspi_message.h"
#include "suite.h"

#define UNTOUCHED 0x5a5a5a5au

static struct contexts contexts;

START_TEST(encrypted_messages_come_back_in_both_directions)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    for (int round = 0; round < 3; round++) {
        encrypt(&contexts.client, ORDER);
        ck_assert_int_ne(memcmp(m.data, ORDER, ORDER_SIZE), 0);
        decrypt(&contexts.server, ORDER);
        encrypt(&contexts.server, "No.");
        decrypt(&contexts.client, "No.");
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(signed_messages_are_verified_in_both_directions)
{
    contexts = contexts_make((enum contexts_kind)_i, GSS_C_INTEG_FLAG);
    for (int round = 0; round < 3; round++) {
        sign(&contexts.client, ORDER);
        ck_assert_int_eq(memcmp(m.data, ORDER, ORDER_SIZE), 0);
        ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
        sign(&contexts.server, "No.");
        ck_assert_int_eq(verify(&contexts.client), SEC_E_OK);
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(the_tokens_length_shrinks_to_what_was_used)
{
    ULONG used;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    encrypt(&contexts.client, ORDER);
    used = m.buffers[0].cbBuffer;
    if (contexts_is_ntlm((enum contexts_kind)_i))
        ck_assert_uint_eq(used, 16);
    ck_assert_uint_lt(used, sizeof(m.token));
    decrypt(&contexts.server, ORDER);
    ck_assert_uint_eq(m.buffers[0].cbBuffer, used);
    sign(&contexts.client, ORDER);
    ck_assert_uint_lt(m.buffers[0].cbBuffer, sizeof(m.token));
    ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(padding_is_set_to_what_was_used)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    encrypt(&contexts.client, ORDER);
    ck_assert_uint_eq(m.buffers[2].cbBuffer, _i == CONTEXTS_KERBEROS_RC4 ? 1 : 0);
    decrypt(&contexts.server, ORDER);
    contexts_end(&contexts);
}
END_TEST

/* Without room for the one byte of padding that RFC 4757 asks for. */
START_TEST(padding_without_room_is_too_small)
{
    contexts = contexts_make(CONTEXTS_KERBEROS_RC4, CONTEXTS_SEAL);
    message(ORDER);
    m.desc.cBuffers = 2;
    ck_assert_int_eq(EncryptMessage(&contexts.client, 0, &m.desc, 0), SEC_E_BUFFER_TOO_SMALL);
    m.desc.cBuffers = 3;
    m.buffers[2].cbBuffer = 0;
    ck_assert_int_eq(EncryptMessage(&contexts.client, 0, &m.desc, 0), SEC_E_BUFFER_TOO_SMALL);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_token_too_small_costs_nothing)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    message(ORDER);
    m.buffers[0].cbBuffer = 15;
    ck_assert_int_eq(EncryptMessage(&contexts.client, 0, &m.desc, 0), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_int_eq(MakeSignature(&contexts.client, 0, &m.desc, 0), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(m.buffers[0].cbBuffer, 15);
    ck_assert_uint_eq(m.buffers[2].cbBuffer, sizeof(m.padding));
    ck_assert_int_eq(memcmp(m.data, ORDER, ORDER_SIZE), 0);
    encrypt(&contexts.client, ORDER);
    decrypt(&contexts.server, ORDER);
    sign(&contexts.client, ORDER);
    ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

/* A signature and what it signs, or a sealed message: whichever byte changes. */
START_TEST(sec_e_message_altered_for_an_altered_message)
{
    SECURITY_STATUS status;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    sign(&contexts.client, ORDER);
    m.data[3] ^= 1;
    ck_assert_int_eq(verify(&contexts.server), SEC_E_MESSAGE_ALTERED);
    m.data[3] ^= 1;
    m.token[m.buffers[0].cbBuffer - 5] ^= 1;
    ck_assert_int_eq(verify(&contexts.server), SEC_E_MESSAGE_ALTERED);
    m.token[m.buffers[0].cbBuffer - 5] ^= 1;
    ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);

    encrypt(&contexts.client, ORDER);
    m.data[3] ^= 1;
    status = DecryptMessage(&contexts.server, &m.desc, 0, NULL);
    ck_assert_int_eq(status, SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);
}
END_TEST

/* Where the number itself is encrypted it cannot be told from a bad signature. */
static SECURITY_STATUS out_of_order(int kind)
{
    return kind == CONTEXTS_NTLM_OLD ? SEC_E_MESSAGE_ALTERED : SEC_E_OUT_OF_SEQUENCE;
}

START_TEST(sec_e_out_of_sequence_for_a_message_out_of_order)
{
    BYTE first[sizeof(m.token)], first_data[sizeof(m.data)];
    ULONG first_length;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    encrypt(&contexts.client, "one");
    memcpy(first, m.token, sizeof(first));
    memcpy(first_data, m.data, sizeof(first_data));
    first_length = m.buffers[0].cbBuffer;
    encrypt(&contexts.client, "two");
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, NULL), out_of_order(_i));
    if (!contexts_is_ntlm((enum contexts_kind)_i)) {
        contexts_end(&contexts);
        return;
    }
    /* NTLM's streams go on with the one that is next. */
    message("one");
    memcpy(m.token, first, sizeof(first));
    memcpy(m.data, first_data, sizeof(first_data));
    m.buffers[0].cbBuffer = first_length;
    m.buffers[2].cbBuffer = 0;
    decrypt(&contexts.server, "one");
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_signature_seen_twice_is_out_of_order)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    sign(&contexts.client, ORDER);
    ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
    ck_assert_int_eq(verify(&contexts.server), out_of_order(_i));
    contexts_end(&contexts);
}
END_TEST

START_TEST(kerberos_wraps_without_encrypting_and_says_so)
{
    ULONG qop = UNTOUCHED;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(
        EncryptMessage(&contexts.client, SECQOP_WRAP_NO_ENCRYPT, message(ORDER), 0), SEC_E_OK);
    ck_assert_int_eq(memcmp(m.data, ORDER, ORDER_SIZE), 0);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
    ck_assert_uint_eq(qop, SECQOP_WRAP_NO_ENCRYPT);
    encrypt(&contexts.client, ORDER);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
    ck_assert_uint_eq(qop, 0);
    sign(&contexts.client, ORDER);
    qop = UNTOUCHED;
    ck_assert_int_eq(VerifySignature(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
    ck_assert_uint_eq(qop, 0);
    contexts_end(&contexts);
}
END_TEST

START_TEST(ntlm_leaves_the_quality_of_protection_untouched)
{
    ULONG qop = UNTOUCHED;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    encrypt(&contexts.client, ORDER);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
    sign(&contexts.client, ORDER);
    ck_assert_int_eq(VerifySignature(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
    ck_assert_uint_eq(qop, UNTOUCHED);
    contexts_end(&contexts);
}
END_TEST

START_TEST(sec_e_qop_not_supported_for_another_quality_of_protection)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(EncryptMessage(&contexts.client, 7, message(ORDER), 0),
                     SEC_E_QOP_NOT_SUPPORTED);
    ck_assert_int_eq(EncryptMessage(&contexts.client, SECQOP_WRAP_OOB_DATA, message(ORDER), 0),
                     SEC_E_QOP_NOT_SUPPORTED);
    ck_assert_int_eq(MakeSignature(&contexts.client, 7, message(ORDER), 0),
                     SEC_E_QOP_NOT_SUPPORTED);
    contexts_end(&contexts);
}
END_TEST

/* Signing alone was agreed: LDAP's servers seal all the same. */
START_TEST(ntlm_seals_where_signing_was_agreed)
{
    contexts = contexts_make((enum contexts_kind)_i, GSS_C_INTEG_FLAG);
    encrypt(&contexts.client, ORDER);
    ck_assert_int_ne(memcmp(m.data, ORDER, ORDER_SIZE), 0);
    decrypt(&contexts.server, ORDER);
    contexts_end(&contexts);
}
END_TEST

/* Nor signed by what should encrypt: NTLM's signature would be the same for each message. */
START_TEST(without_any_protection_nothing_is_sealed)
{
    static const ULONG qualities[] = {0, SECQOP_WRAP_NO_ENCRYPT};
    ULONG qop = 7;

    contexts = contexts_make((enum contexts_kind)_i, 0);
    for (size_t i = 0; i < sizeof(qualities) / sizeof(qualities[0]); i++) {
        ck_assert_int_eq(EncryptMessage(&contexts.client, qualities[i], message(ORDER), 0),
                         SEC_E_UNSUPPORTED_FUNCTION);
        ck_assert_mem_eq(m.data, ORDER, ORDER_SIZE);
        ck_assert_uint_eq(m.buffers[0].cbBuffer, sizeof(m.token));
    }
    sign(&contexts.client, ORDER);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, NULL),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_uint_eq(qop, 7);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_token_cut_short_is_invalid)
{
    ULONG whole;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    sign(&contexts.client, ORDER);
    whole = m.buffers[0].cbBuffer;
    for (ULONG length = 0; length < whole; length++) {
        m.buffers[0].cbBuffer = length;
        SECURITY_STATUS status = verify(&contexts.server);
        ck_assert_msg(status == SEC_E_INVALID_TOKEN || status == SEC_E_MESSAGE_ALTERED,
                      "%u bytes: %#x", length, (unsigned)status);
    }
    encrypt(&contexts.client, ORDER);
    whole = m.buffers[0].cbBuffer;
    for (ULONG length = 0; length < whole; length++) {
        m.buffers[0].cbBuffer = length;
        SECURITY_STATUS status = DecryptMessage(&contexts.server, &m.desc, 0, NULL);
        ck_assert_msg(status == SEC_E_INVALID_TOKEN || status == SEC_E_MESSAGE_ALTERED,
                      "%u bytes: %#x", length, (unsigned)status);
    }
    contexts_end(&contexts);
}
END_TEST

/* NTLM's initiator without a connection: no NEGOTIATE, and the answer to a
 * CHALLENGE that offers everything. */
static CtxtHandle answer_datagram_challenge(void)
{
    static char challenge[] = "NTLMSSP\0\x02\0\0\0"
                              "\0\0\0\0\x30\0\0\0"            /* TargetName: none */
                              "\x75\x82\x8a\xe0"              /* NegotiateFlags */
                              "\1\2\3\4\5\6\7\x08"            /* ServerChallenge */
                              "\0\0\0\0\0\0\0\0"              /* Reserved */
                              "\x10\0\x10\0\x30\0\0\0"        /* TargetInfo */
                              "\2\0\2\0D\0\1\0\2\0S\0\0\0\0"; /* domain, computer */
    gss_buffer_desc in = {sizeof(challenge), challenge}, out = GSS_C_EMPTY_BUFFER;
    gss_OID mech = (gss_OID)(uintptr_t)package_of(PACKAGE_NTLM)->mech;
    const OM_uint32 flags = GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | FLAGS_GSS_DATAGRAM;
    struct context *context = context_new(true, package_of(PACKAGE_NTLM), NULL);
    gss_name_t target = contexts_service(CONTEXTS_NTLM);
    OM_uint32 minor;
    CtxtHandle handle;

    ck_assert_uint_eq(gss_init_sec_context(&minor, NULL, &context->gss, target, mech, flags, 0,
                                           NULL, NULL, NULL, &out, NULL, NULL),
                      GSS_S_CONTINUE_NEEDED);
    ck_assert_uint_eq(out.length, 0);
    ck_assert_uint_eq(gss_init_sec_context(&minor, NULL, &context->gss, target, mech, flags, 0,
                                           NULL, &in, NULL, &out, &context->gss_flags, NULL),
                      GSS_S_COMPLETE);
    gss_release_buffer(&minor, &out);
    gss_release_name(&minor, &target);
    context->chosen = context->package;
    context->stage = CONTEXT_COMPLETE;
    ck_assert_int_eq(handle_open(&handle, &context->object), SEC_E_OK);
    return handle;
}

static unsigned signed_as_number(CtxtHandle *context, ULONG sequence)
{
    ck_assert_int_eq(MakeSignature(context, 0, message(ORDER), sequence), SEC_E_OK);
    return m.token[12] | (unsigned)m.token[13] << 8;
}

START_TEST(a_datagrams_number_is_its_senders_to_give)
{
    CtxtHandle context = answer_datagram_challenge();

    ck_assert_uint_eq(signed_as_number(&context, 0), 0);
    ck_assert_uint_eq(signed_as_number(&context, 700), 700);
    ck_assert_uint_eq(signed_as_number(&context, 0), 701); /* the caller keeps none */
    ck_assert_int_eq(EncryptMessage(&context, 0, message(ORDER), 300), SEC_E_OK);
    ck_assert_uint_eq(m.token[12] | (unsigned)m.token[13] << 8, 300);
    ck_assert_int_eq(DeleteSecurityContext(&context), SEC_E_OK);
}
END_TEST

START_TEST(a_connections_numbers_are_not_the_callers)
{
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEQUENCE);
    ck_assert_int_eq(MakeSignature(&contexts.client, 0, message(ORDER), 99), SEC_E_OK);
    ck_assert_int_eq(VerifySignature(&contexts.server, &m.desc, 77, NULL), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(only_a_complete_context_protects)
{
    struct context *half = context_new(true, package_of(PACKAGE_NTLM), NULL);
    CtxtHandle handles[] = {{0, 0}, {1, 2}, {0, 0}};

    half->stage = CONTEXT_HALF;
    ck_assert_int_eq(handle_open(&handles[2], &half->object), SEC_E_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(EncryptMessage(&handles[i], 0, message(ORDER), 0),
                         SEC_E_INVALID_HANDLE);
        ck_assert_int_eq(DecryptMessage(&handles[i], &m.desc, 0, NULL), SEC_E_INVALID_HANDLE);
        ck_assert_int_eq(MakeSignature(&handles[i], 0, &m.desc, 0), SEC_E_INVALID_HANDLE);
        ck_assert_int_eq(VerifySignature(&handles[i], &m.desc, 0, NULL), SEC_E_INVALID_HANDLE);
    }
    ck_assert_int_eq(EncryptMessage(NULL, 0, &m.desc, 0), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DeleteSecurityContext(&handles[2]), SEC_E_OK);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi message");
    TCase *all = tcase_create("each mechanism");
    TCase *ntlm = tcase_create("NTLM");
    TCase *kerberos = tcase_create("Kerberos");

    contexts_begin(users);
    tcase_add_loop_test(all, encrypted_messages_come_back_in_both_directions, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(all, signed_messages_are_verified_in_both_directions, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(all, the_tokens_length_shrinks_to_what_was_used, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(all, padding_is_set_to_what_was_used, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(all, a_token_too_small_costs_nothing, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(all, sec_e_message_altered_for_an_altered_message, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(all, sec_e_out_of_sequence_for_a_message_out_of_order, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(all, a_signature_seen_twice_is_out_of_order, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(all, sec_e_qop_not_supported_for_another_quality_of_protection, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(all, a_token_cut_short_is_invalid, 0, CONTEXTS_KINDS);
    tcase_add_test(all, only_a_complete_context_protects);
    tcase_add_loop_test(ntlm, ntlm_leaves_the_quality_of_protection_untouched, CONTEXTS_NTLM,
                        CONTEXTS_KERBEROS);
    tcase_add_loop_test(ntlm, ntlm_seals_where_signing_was_agreed, CONTEXTS_NTLM,
                        CONTEXTS_KERBEROS);
    tcase_add_test(ntlm, a_datagrams_number_is_its_senders_to_give);
    tcase_add_test(ntlm, a_connections_numbers_are_not_the_callers);
    tcase_add_loop_test(ntlm, without_any_protection_nothing_is_sealed, CONTEXTS_NTLM,
                        CONTEXTS_NEGOTIATE_NTLM);
    tcase_add_loop_test(kerberos, kerberos_wraps_without_encrypting_and_says_so,
                        CONTEXTS_KERBEROS, CONTEXTS_KINDS);
    tcase_add_test(kerberos, padding_without_room_is_too_small);
    suite_add_tcase(suite, all);
    suite_add_tcase(suite, ntlm);
    suite_add_tcase(suite, kerberos);
    return suite_run(suite);
}
