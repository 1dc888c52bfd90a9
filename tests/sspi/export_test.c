/* SPDX-License-Identifier: MIT */
/* export_test.c - contexts are copied, moved and taken in again. */

#include "config.h"

#include <string.h>

#include "context.h"
#include "context_buffer.h"
#include "sspi_contexts.h"
#include "suite.h"

static struct contexts contexts;
static SecBuffer packed;

static const char *package_name(int kind)
{
    static const char *const names[] = {"NTLM",     "NTLM",     "Negotiate",
                                        "Kerberos", "Kerberos", "Negotiate"};

    return names[kind];
}

static SECURITY_STATUS import_as(const char *package, SecBuffer *from, CtxtHandle *handle)
{
    return ImportSecurityContextA((LPSTR)(ULONG_PTR)package, from, NULL, handle);
}

static void setup(void)
{
    packed = (SecBuffer){0, SECBUFFER_EMPTY, NULL};
}

static void send_one(CtxtHandle *from, CtxtHandle *to)
{
    BYTE token[128], padding[16];
    char data[] = "some text";
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data},
                           {sizeof(padding), SECBUFFER_PADDING, padding}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 3, buffers};

    ck_assert_int_eq(EncryptMessage(from, 0, &desc, 0), SEC_E_OK);
    ck_assert_int_eq(DecryptMessage(to, &desc, 0, NULL), SEC_E_OK);
    ck_assert_str_eq(data, "some text");
}

static CtxtHandle import(int kind)
{
    CtxtHandle handle;

    ck_assert_int_eq(import_as(package_name(kind), &packed, &handle), SEC_E_OK);
    ck_assert_int_eq(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    return handle;
}

START_TEST(a_moved_context_goes_on_where_it_was)
{
    CtxtHandle moved;
    void *token = &moved;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    send_one(&contexts.client, &contexts.server);
    ck_assert_int_eq(ExportSecurityContext(&contexts.server, SECPKG_CONTEXT_EXPORT_DELETE_OLD,
                                           &packed, &token),
                     SEC_E_OK);
    ck_assert_ptr_null(token);
    ck_assert_int_eq(DeleteSecurityContext(&contexts.server), SEC_E_INVALID_HANDLE);
    moved = import(_i);
    send_one(&contexts.client, &moved);
    send_one(&moved, &contexts.client);
    contexts.server = moved;
    contexts_end(&contexts);
    ck_assert_uint_eq(context_buffer_count(), 0);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

START_TEST(without_delete_old_the_old_one_goes_on_too)
{
    CtxtHandle copy;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    ck_assert_int_eq(ExportSecurityContext(&contexts.client, 0, &packed, NULL), SEC_E_OK);
    send_one(&contexts.client, &contexts.server);
    copy = import(_i);
    send_one(&contexts.client, &contexts.server);
    ck_assert_int_eq(DeleteSecurityContext(&copy), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(an_imported_context_knows_what_it_was)
{
    struct context *original, *copy;
    CtxtHandle handles[2];

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    for (int side = 0; side < 2; side++) {
        handles[side] = side ? contexts.server : contexts.client;
        ck_assert_int_eq(ExportSecurityContext(&handles[side], 0, &packed, NULL), SEC_E_OK);
        original = context_enter(&handles[side]);
        handles[side] = import(_i);
        copy = context_enter(&handles[side]);
        ck_assert_ptr_eq(copy->package, original->package);
        ck_assert_ptr_eq(copy->chosen, original->chosen);
        ck_assert_int_eq(copy->initiator, side == 0);
        ck_assert_uint_eq(copy->gss_flags & CONTEXTS_SEQUENCE, CONTEXTS_SEQUENCE);
        /* INTEGRITY and CONFIDENTIALITY: a bit of each kind of flags */
        ck_assert_uint_ne(
            copy->attributes & (side ? ASC_RET_INTEGRITY : (ULONG)ISC_RET_INTEGRITY), 0);
        context_leave(original);
        context_leave(copy);
        ck_assert_int_eq(DeleteSecurityContext(&handles[side]), SEC_E_OK);
    }
    contexts_end(&contexts);
}
END_TEST

/* Nobody knows whose it was. */
START_TEST(an_imported_context_does_not_begin_again_without_a_credential)
{
    BYTE room[8192];
    SecBuffer out = {sizeof(room), SECBUFFER_TOKEN, room};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    ULONG attributes;
    CtxtHandle copy;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    ck_assert_int_eq(ExportSecurityContext(&contexts.client, 0, &packed, NULL), SEC_E_OK);
    copy = import(_i);
    ck_assert_int_eq(InitializeSecurityContextA(NULL, &copy, NULL, 0, 0, 0, NULL, 0, &copy,
                                                &output, &attributes, NULL),
                     SEC_E_INVALID_HANDLE);
    send_one(&copy, &contexts.server);
    ck_assert_int_eq(DeleteSecurityContext(&copy), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(reset_new_is_possible_before_the_first_message)
{
    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    ck_assert_int_eq(
        ExportSecurityContext(&contexts.client, SECPKG_CONTEXT_EXPORT_RESET_NEW, &packed, NULL),
        SEC_E_OK);
    FreeContextBuffer(packed.pvBuffer);
    packed.pvBuffer = NULL;
    send_one(&contexts.client, &contexts.server);
    ck_assert_int_eq(
        ExportSecurityContext(&contexts.client, SECPKG_CONTEXT_EXPORT_RESET_NEW, &packed, NULL),
        SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(
        ExportSecurityContext(&contexts.server, SECPKG_CONTEXT_EXPORT_RESET_NEW, &packed, NULL),
        SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_ptr_null(packed.pvBuffer);
    send_one(&contexts.client, &contexts.server);
    contexts_end(&contexts);
}
END_TEST

START_TEST(there_is_no_export_to_the_kernel)
{
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    ck_assert_int_eq(
        ExportSecurityContext(&contexts.client, SECPKG_CONTEXT_EXPORT_TO_KERNEL, &packed, NULL),
        SEC_E_UNSUPPORTED_FUNCTION);
    send_one(&contexts.client, &contexts.server);
    contexts_end(&contexts);
}
END_TEST

START_TEST(only_a_complete_context_is_exported)
{
    struct context *half = context_new(true, package_of(PACKAGE_NTLM), NULL);
    CtxtHandle handles[2] = {{0, 0}, {5, 6}};

    half->stage = CONTEXT_HALF;
    ck_assert_int_eq(handle_open(&handles[0], &half->object), SEC_E_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ExportSecurityContext(&handles[i], 0, &packed, NULL),
                         SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(ExportSecurityContext(NULL, 0, &packed, NULL), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(ExportSecurityContext(&handles[0], 0, NULL, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(DeleteSecurityContext(&handles[0]), SEC_E_OK);
}
END_TEST

START_TEST(a_context_comes_back_as_what_it_is)
{
    WCHAR wide[] = u"ntlm";
    CtxtHandle handle = {1, 2};

    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    ck_assert_int_eq(ExportSecurityContext(&contexts.client, 0, &packed, NULL), SEC_E_OK);
    ck_assert_int_eq(import_as("Kerberos", &packed, &handle), SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(import_as("Schannel", &packed, &handle), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_uint_eq(handle.dwLower, 1);
    ck_assert_int_eq(ImportSecurityContextW(wide, &packed, NULL, &handle), SEC_E_OK);
    ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_OK);
    FreeContextBuffer(packed.pvBuffer);
    contexts_end(&contexts);
}
END_TEST

START_TEST(what_nobody_exported_is_an_invalid_token)
{
    static BYTE zeros[64], noise[64];
    SecBuffer buffers[] = {
        {0, 0, NULL}, {sizeof(zeros), 0, zeros}, {sizeof(noise), 0, noise}, {3, 0, zeros}};
    CtxtHandle handle = {1, 2};

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL); /* for its machine */
    memset(noise, 0xfe, sizeof(noise));
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(import_as(package_name(_i), &buffers[i], &handle),
                         SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(import_as(package_name(_i), NULL, &handle), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(import_as(package_name(_i), &buffers[1], NULL), SEC_E_INVALID_PARAMETER);
    ck_assert_uint_eq(handle.dwLower, 1);
    contexts_end(&contexts);
}
END_TEST

/* GSSAPI's own token: its programs may take it over, and give one. */
START_TEST(a_gssapi_program_takes_it_over)
{
    gss_buffer_desc token;
    gss_ctx_id_t theirs = GSS_C_NO_CONTEXT;
    OM_uint32 minor;
    int open = 0;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(ExportSecurityContext(&contexts.server, 0, &packed, NULL), SEC_E_OK);
    token = (gss_buffer_desc){packed.cbBuffer, packed.pvBuffer};
    ck_assert_uint_eq(gss_import_sec_context(&minor, &token, &theirs), GSS_S_COMPLETE);
    ck_assert_uint_eq(
        gss_inquire_context(&minor, theirs, NULL, NULL, NULL, NULL, NULL, NULL, &open),
        GSS_S_COMPLETE);
    ck_assert_int_ne(open, 0);
    gss_delete_sec_context(&minor, &theirs, GSS_C_NO_BUFFER);
    FreeContextBuffer(packed.pvBuffer);
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi export");
    TCase *cases = tcase_create("export");

    contexts_begin(users);
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_loop_test(cases, a_moved_context_goes_on_where_it_was, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, without_delete_old_the_old_one_goes_on_too, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, an_imported_context_knows_what_it_was, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, an_imported_context_does_not_begin_again_without_a_credential, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, reset_new_is_possible_before_the_first_message, 0,
                        CONTEXTS_KINDS);
    tcase_add_test(cases, there_is_no_export_to_the_kernel);
    tcase_add_test(cases, only_a_complete_context_is_exported);
    tcase_add_test(cases, a_context_comes_back_as_what_it_is);
    tcase_add_loop_test(cases, what_nobody_exported_is_an_invalid_token, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_gssapi_program_takes_it_over, 0, CONTEXTS_KINDS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
