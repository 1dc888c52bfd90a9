/* SPDX-License-Identifier: MIT */
/* message_copy_test.c - protection by copies, for a mechanism without
 * gss_wrap_iov, gives what protection in place gives. */

#include "config.h"

#include <string.h>

#include "freed.h"
#include "message_copy.h"
#include "secrets.h"
#include "sspi_contexts.h"
#include "suite.h"

static struct contexts contexts;
static BYTE token[128];
static char first[16], second[16];
static SecBuffer buffers[3];
static SecBufferDesc desc = {SECBUFFER_VERSION, 3, buffers};

static void write_message(void)
{
    strcpy(first, "in two");
    strcpy(second, "pieces");
    buffers[0] = (SecBuffer){sizeof(token), SECBUFFER_TOKEN, token};
    buffers[1] = (SecBuffer){6, SECBUFFER_DATA, first};
    buffers[2] = (SecBuffer){6, SECBUFFER_DATA, second};
}

static void is_as_written(void)
{
    ck_assert_str_eq(first, "in two");
    ck_assert_str_eq(second, "pieces");
}

enum act { SIGN, VERIFY, SEAL, OPEN };

/* One function of message_copy.c, as message.c calls it. */
static SECURITY_STATUS by_copy(CtxtHandle *handle, enum act act)
{
    enum message_use use = act == OPEN   ? MESSAGE_OPEN
                           : act == SEAL ? MESSAGE_SEAL
                                         : MESSAGE_SIGN;
    struct context *context = context_enter(handle);
    struct message message;
    SECURITY_STATUS status = message_lay_out(&message, context, &desc, use);
    int conf = 1;

    ck_assert_int_eq(status, SEC_E_OK);
    if (act == SIGN)
        status = message_copy_sign(context, GSS_C_QOP_DEFAULT, &message);
    else if (act == VERIFY)
        status = message_copy_verify(context, &message);
    else if (act == SEAL)
        status = message_copy_seal(context, true, GSS_C_QOP_DEFAULT, &message);
    else
        status = message_copy_open(context, &conf, &message);
    if (status == SEC_E_OK)
        message_give_back(&message, use);
    message_clear(&message);
    context_leave(context);
    return status;
}

START_TEST(what_is_sealed_by_copies_is_opened_by_copies)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    for (int round = 0; round < 2; round++) {
        write_message();
        ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
        ck_assert_str_ne(first, "in two");
        ck_assert_str_ne(second, "pieces");
        ck_assert_uint_lt(buffers[0].cbBuffer, sizeof(token));
        ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_OK);
        is_as_written();
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(ntlm_by_copies_is_ntlm_in_place)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    write_message();
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    ck_assert_uint_eq(buffers[0].cbBuffer, 16);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &desc, 0, NULL), SEC_E_OK);
    is_as_written();
    ck_assert_int_eq(EncryptMessage(&contexts.server, 0, &desc, 0), SEC_E_OK);
    ck_assert_int_eq(by_copy(&contexts.client, OPEN), SEC_E_OK);
    is_as_written();
    buffers[0].cbBuffer = 16; /* just enough */
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    ck_assert_int_eq(DecryptMessage(&contexts.server, &desc, 0, NULL), SEC_E_OK);
    is_as_written();
    buffers[0].cbBuffer = 15;
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_BUFFER_TOO_SMALL);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_signature_by_copies_is_one_in_place)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    write_message();
    ck_assert_int_eq(by_copy(&contexts.client, SIGN), SEC_E_OK);
    ck_assert_int_eq(VerifySignature(&contexts.server, &desc, 0, NULL), SEC_E_OK);
    write_message();
    ck_assert_int_eq(MakeSignature(&contexts.server, 0, &desc, 0), SEC_E_OK);
    ck_assert_int_eq(by_copy(&contexts.client, VERIFY), SEC_E_OK);
    is_as_written();
    write_message();
    ck_assert_int_eq(MakeSignature(&contexts.server, 0, &desc, 0), SEC_E_OK);
    second[0] ^= 1;
    ck_assert_int_eq(by_copy(&contexts.client, VERIFY), SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);
}
END_TEST

/* gss_wrap's, as a peer sends it. */
START_TEST(a_stream_is_opened_by_copies)
{
    static char text[] = "in one";
    gss_buffer_desc plain = {6, text}, wrapped;
    struct context *client;
    OM_uint32 minor;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    client = context_enter(&contexts.client);
    ck_assert_uint_eq(
        gss_wrap(&minor, client->gss, 1, GSS_C_QOP_DEFAULT, &plain, NULL, &wrapped),
        GSS_S_COMPLETE);
    context_leave(client);
    buffers[0] = (SecBuffer){(ULONG)wrapped.length, SECBUFFER_STREAM, wrapped.value};
    buffers[1] = (SecBuffer){0, SECBUFFER_DATA, NULL};
    buffers[2] = (SecBuffer){0, SECBUFFER_EMPTY, NULL};
    ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_OK);
    ck_assert_uint_eq(buffers[1].cbBuffer, 6);
    ck_assert_int_eq(memcmp(buffers[1].pvBuffer, text, 6), 0);
    gss_release_buffer(&minor, &wrapped);
    contexts_end(&contexts);
}
END_TEST

START_TEST(sec_e_message_altered_for_an_altered_message)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    write_message();
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    second[1] ^= 1;
    ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_token_too_small_costs_nothing)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    write_message();
    buffers[0].cbBuffer = 15;
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_BUFFER_TOO_SMALL);
    is_as_written();
    buffers[0].cbBuffer = sizeof(token);
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(gss_wrap_has_no_place_for_what_is_signed_alone)
{
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    write_message();
    buffers[1].BufferType |= SECBUFFER_READONLY_WITH_CHECKSUM;
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(by_copy(&contexts.client, OPEN), SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(by_copy(&contexts.client, SIGN), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

/* A token whose sums differ from what the caller laid out. */
START_TEST(a_text_of_another_length_is_an_invalid_token)
{
    contexts = contexts_make(CONTEXTS_KERBEROS, CONTEXTS_SEAL);
    write_message();
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    /* the border between TOKEN and DATA moves: the whole is still valid */
    memmove(token + buffers[0].cbBuffer, first, 6);
    buffers[0].cbBuffer += 6;
    buffers[1].BufferType = SECBUFFER_EMPTY;
    ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_INVALID_TOKEN);
    contexts_end(&contexts);
}
END_TEST

static bool learn_text(void *arg)
{
    (void)arg;
    secrets_add("the text", "in two", 6);
    return true;
}

/* The copies are the library's; MIT's Kerberos leaves its own. */
START_TEST(copies_of_a_text_are_wiped)
{
    if (skipped_sanitized("copies_of_a_text_are_wiped"))
        return;
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    write_message();
    secrets_learn(learn_text, NULL);
    freed_watch(true);
    ck_assert_int_eq(by_copy(&contexts.client, SEAL), SEC_E_OK);
    ck_assert_int_eq(by_copy(&contexts.server, OPEN), SEC_E_OK);
    freed_assert_clean();
    contexts_end(&contexts);
}
END_TEST

int main(int argc, char **argv)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi message copy");
    TCase *cases = tcase_create("copy");

    (void)argc;
    freed_begin(argv);
    contexts_begin(users);
    tcase_add_loop_test(cases, what_is_sealed_by_copies_is_opened_by_copies, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, ntlm_by_copies_is_ntlm_in_place, CONTEXTS_NTLM,
                        CONTEXTS_KERBEROS);
    tcase_add_loop_test(cases, a_signature_by_copies_is_one_in_place, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_stream_is_opened_by_copies, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, sec_e_message_altered_for_an_altered_message, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_token_too_small_costs_nothing, CONTEXTS_NTLM,
                        CONTEXTS_KERBEROS);
    tcase_add_test(cases, gss_wrap_has_no_place_for_what_is_signed_alone);
    tcase_add_test(cases, a_text_of_another_length_is_an_invalid_token);
    tcase_add_test(cases, copies_of_a_text_are_wiped);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
