/* SPDX-License-Identifier: MIT */
/* message_clear_test.c - SECQOP_WRAP_NO_ENCRYPT with NTLM: messages that are signed and
 * stay in clear, and what their receiver hears of it. */

#include "config.h"

#include <string.h>

#include <gssapi/gssapi.h>

#include "context.h"
#include "sspi_contexts.h"
#include "sspi_message.h"
#include "suite.h"

#define UNTOUCHED 0x5a5a5a5au

static struct contexts contexts;

START_TEST(ntlm_wraps_without_encrypting)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(
            EncryptMessage(&contexts.client, SECQOP_WRAP_NO_ENCRYPT, message(ORDER), 0),
            SEC_E_OK);
        ck_assert_int_eq(memcmp(m.data, ORDER, ORDER_SIZE), 0);
        ck_assert_uint_eq(m.buffers[0].cbBuffer, 16);
        ck_assert_uint_eq(m.buffers[1].cbBuffer, ORDER_SIZE);
        ck_assert_uint_eq(m.buffers[2].cbBuffer, 0);
        /* NTLM's signature does not say it, so the receiver has to know. */
        ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
        encrypt(&contexts.client, ORDER);
        decrypt(&contexts.server, ORDER);
    }
    contexts_end(&contexts);
}
END_TEST

static SECURITY_STATUS in_clear(CtxtHandle *from, const char *text)
{
    return EncryptMessage(from, SECQOP_WRAP_NO_ENCRYPT, message(text), 0);
}

/* Each kind more than once, for a receiver first tries what came last. */
START_TEST(ntlm_says_which_messages_came_in_clear)
{
    static const char kinds[] = "cceeccce";

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (const char *kind = kinds; *kind; kind++) {
        ULONG qop = UNTOUCHED;

        if (*kind == 'c')
            ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
        else
            encrypt(&contexts.client, ORDER);
        ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
        ck_assert_uint_eq(qop, *kind == 'c' ? SECQOP_WRAP_NO_ENCRYPT : UNTOUCHED);
        ck_assert_mem_eq(m.buffers[1].pvBuffer, ORDER, ORDER_SIZE);
        ck_assert_uint_eq(m.buffers[1].cbBuffer, ORDER_SIZE);
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_stream_in_clear_is_pointed_into)
{
    BYTE all[128];
    SecBuffer parts[] = {{0, SECBUFFER_STREAM, all}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc stream = {SECBUFFER_VERSION, 2, parts};
    ULONG qop = UNTOUCHED;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
        memcpy(all, m.token, 16);
        memcpy(all + 16, m.data, ORDER_SIZE);
        parts[0].cbBuffer = 16 + ORDER_SIZE;
        ck_assert_int_eq(DecryptMessage(&contexts.server, &stream, 0, &qop), SEC_E_OK);
        ck_assert_uint_eq(qop, SECQOP_WRAP_NO_ENCRYPT);
        ck_assert_ptr_eq(parts[1].pvBuffer, all + 16);
        ck_assert_uint_eq(parts[1].cbBuffer, ORDER_SIZE);
        ck_assert_mem_eq(all + 16, ORDER, ORDER_SIZE);
        ck_assert_uint_eq(parts[0].cbBuffer, 16 + ORDER_SIZE);
    }
    contexts_end(&contexts);
}
END_TEST

/* He would take it for encrypted. Nothing is lost: VerifySignature takes it. */
START_TEST(who_does_not_ask_gets_no_message_in_clear)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
        ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, NULL),
                         SEC_E_MESSAGE_ALTERED);
        ck_assert_mem_eq(m.data, ORDER, ORDER_SIZE);
        ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(an_altered_message_in_clear_is_altered)
{
    ULONG qop = UNTOUCHED;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
        m.data[3] ^= 1;
        ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop),
                         SEC_E_MESSAGE_ALTERED);
        ck_assert_uint_eq(qop, round == 0 ? UNTOUCHED : SECQOP_WRAP_NO_ENCRYPT);
        m.data[3] ^= 1;
        ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
        ck_assert_mem_eq(m.data, ORDER, ORDER_SIZE);
    }
    contexts_end(&contexts);
}
END_TEST

/* Its checksum is a CRC, which anybody can make. */
START_TEST(without_extended_security_nothing_in_clear_is_decrypted)
{
    ULONG qop = UNTOUCHED;

    contexts = contexts_make(CONTEXTS_NTLM_OLD, CONTEXTS_SEQUENCE);
    ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_MESSAGE_ALTERED);
    ck_assert_uint_eq(qop, UNTOUCHED);
    ck_assert_mem_eq(m.data, ORDER, ORDER_SIZE);
    ck_assert_int_eq(verify(&contexts.server), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

/* Runs the client's stream on, by messages that libsspi does not see. */
static void converse_beside(size_t length)
{
    static char data[64 << 10];
    struct context *from = context_enter(&contexts.client);
    struct context *to = context_enter(&contexts.server);
    gss_buffer_desc text = {sizeof(data), data}, token, out;
    OM_uint32 minor;

    for (size_t i = 0; i < length; i += sizeof(data)) {
        ck_assert_uint_eq(
            gss_wrap(&minor, from->gss, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token), 0);
        ck_assert_uint_eq(gss_unwrap(&minor, to->gss, &token, &out, NULL, NULL), 0);
        gss_release_buffer(&minor, &token);
        gss_release_buffer(&minor, &out);
    }
    context_leave(from);
    context_leave(to);
}

/* Further on than the stream is wound back. */
START_TEST(any_number_of_messages_may_come_in_clear)
{
    ULONG qop = UNTOUCHED;

    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEQUENCE);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(in_clear(&contexts.client, ORDER), SEC_E_OK);
        ck_assert_int_eq(DecryptMessage(&contexts.server, &m.desc, 0, &qop), SEC_E_OK);
        ck_assert_uint_eq(qop, SECQOP_WRAP_NO_ENCRYPT);
        converse_beside(round == 0 ? 2 << 20 : 0);
    }
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi messages in clear");
    TCase *cases = tcase_create("NTLM");

    contexts_begin(users);
    tcase_add_loop_test(cases, ntlm_wraps_without_encrypting, CONTEXTS_NTLM, CONTEXTS_KERBEROS);
    for (int kind = CONTEXTS_NTLM; kind <= CONTEXTS_NEGOTIATE_NTLM; kind++) {
        if (kind == CONTEXTS_NTLM_OLD)
            continue;
        tcase_add_loop_test(cases, ntlm_says_which_messages_came_in_clear, kind, kind + 1);
        tcase_add_loop_test(cases, a_stream_in_clear_is_pointed_into, kind, kind + 1);
        tcase_add_loop_test(cases, who_does_not_ask_gets_no_message_in_clear, kind, kind + 1);
        tcase_add_loop_test(cases, an_altered_message_in_clear_is_altered, kind, kind + 1);
    }
    tcase_add_test(cases, without_extended_security_nothing_in_clear_is_decrypted);
    tcase_add_test(cases, any_number_of_messages_may_come_in_clear);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
