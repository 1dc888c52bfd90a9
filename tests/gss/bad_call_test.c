/* SPDX-License-Identifier: MIT */
/* bad_call_test.c - a program that calls the module with NULL where something must be:
 * each call says so in its major status, sets the minor one, and gives nothing. The
 * mechglue catches most of these before us; the module does not rely on it, so its
 * functions are called themselves. */

#include "config.h"

#include "gss/module.h"
#include "gss/oids.h"
#include "module_login.h"
#include "ntlm/error.h"
#include "scratch.h"
#include "suite.h"

static gss_cred_id_t credential;
static char bytes[] = "TESTDOM\\alice";
static gss_buffer_desc text = {sizeof(bytes) - 1, bytes};
static gss_buffer_desc no_memory = {5, NULL}; /* a length, and nothing there */
static gss_buffer_desc out = {7, bytes};
static OM_uint32 number;
static gss_OID_set set;
static gss_buffer_set_t buffers;

#define READ GSS_S_CALL_INACCESSIBLE_READ
#define WRITE GSS_S_CALL_INACCESSIBLE_WRITE
#define STRUCTURE GSS_S_CALL_BAD_STRUCTURE

/* The call is the program's fault, in this way. */
#define assert_bad(calling_error, call)                                                        \
    do {                                                                                       \
        OM_uint32 major_;                                                                      \
        minor = 0;                                                                             \
        major_ = (call);                                                                       \
        ck_assert_msg(major_ == ((calling_error) | GSS_S_FAILURE), "%s is %#x", #call,         \
                      major_);                                                                 \
        ck_assert_uint_eq(minor, (OM_uint32)NTLM_ERR_BAD_ARGUMENT);                            \
    } while (0)

static void begin(void)
{
    setenv("NTLM_USER_FILE", scratch_write("accounts", "TESTDOM:alice:Wonderland 7\n"), 1);
    setenv("KRB5_CONFIG", scratch_write("krb5.conf", "[ntlmssp]\n audit_logons = off\n"), 1);
    alice = name_of("TESTDOM\\alice", &oid_nt_user_name);
    service = name_of("HTTP@server.test", &oid_nt_hostbased_service);
    ck_assert_uint_eq(gss_acquire_cred(&minor, alice, 0, GSS_C_NO_OID_SET, GSS_C_INITIATE,
                                       &credential, NULL, NULL),
                      GSS_S_COMPLETE);
    log_in();
}

static void end(void)
{
    gss_release_name(&minor, &alice);
    gss_release_name(&minor, &service);
    gss_release_cred(&minor, &credential);
    gss_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &server, GSS_C_NO_BUFFER);
}

START_TEST(establishing_a_context_takes_a_context_and_buffers)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;

    assert_bad(WRITE, init(NULL, GSS_C_NO_BUFFER, &out));
    assert_bad(WRITE, init(&context, GSS_C_NO_BUFFER, NULL));
    assert_bad(WRITE, init(&context, &no_memory, &out));
    assert_bad(STRUCTURE, accept_token(NULL, &text, &out));
    assert_bad(STRUCTURE, accept_token(&context, &text, NULL));
    assert_bad(STRUCTURE, accept_token(&context, NULL, &out));
    assert_bad(STRUCTURE, accept_token(&context, &no_memory, &out));
    ck_assert_ptr_null(context);
}
END_TEST

START_TEST(channel_bindings_have_their_bytes)
{
    struct gss_channel_bindings_struct bindings = {.application_data = no_memory};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token;

    ck_assert(GSS_ERROR(gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, service,
                                             NTLMSSP, 0, 0, &bindings, GSS_C_NO_BUFFER, NULL,
                                             &token, NULL, NULL)));
    ck_assert_uint_eq(minor, (OM_uint32)NTLM_ERR_BAD_ARGUMENT);
    ck_assert_ptr_null(context);
    ck_assert_uint_eq(token.length, 0);
}
END_TEST

START_TEST(messages_take_buffers)
{
    gss_iov_buffer_desc no_room = {.type = GSS_IOV_BUFFER_TYPE_HEADER};

    assert_bad(STRUCTURE, gss_wrap(&minor, client, 1, 0, &text, NULL, NULL));
    assert_bad(STRUCTURE, gss_wrap(&minor, client, 1, 0, NULL, NULL, &out));
    assert_bad(STRUCTURE, gss_wrap(&minor, client, 1, 0, &no_memory, NULL, &out));
    assert_bad(STRUCTURE, gss_wrap_aead(&minor, client, 1, 0, &no_memory, &text, NULL, &out));
    assert_bad(STRUCTURE, gss_unwrap(&minor, server, &text, NULL, NULL, NULL));
    assert_bad(STRUCTURE, gss_unwrap(&minor, server, &no_memory, &out, NULL, NULL));
    assert_bad(STRUCTURE, gss_unwrap_aead(&minor, server, &text, &no_memory, &out, NULL, NULL));
    assert_bad(STRUCTURE, gss_get_mic(&minor, client, 0, &no_memory, &out));
    assert_bad(STRUCTURE, gss_get_mic(&minor, client, 0, &text, NULL));
    assert_bad(STRUCTURE, gss_verify_mic(&minor, server, &no_memory, &text, NULL));
    assert_bad(STRUCTURE, gss_verify_mic(&minor, server, &text, &no_memory, NULL));
    assert_bad(WRITE, gss_wrap_size_limit(&minor, client, 1, 0, 100, NULL));
    ck_assert(GSS_ERROR(gss_wrap_iov(&minor, client, 1, 0, NULL, NULL, 1)));
    ck_assert_uint_eq(minor, (OM_uint32)NTLM_ERR_BAD_IOV);
    ck_assert(GSS_ERROR(gss_wrap_iov(&minor, client, 1, 0, NULL, &no_room, -1)));
    ck_assert_uint_eq(minor, (OM_uint32)NTLM_ERR_BAD_IOV);
}
END_TEST

/* The context is where it was: the next message is in order. */
START_TEST(a_bad_call_takes_no_number)
{
    gss_buffer_desc token, plain;

    assert_bad(STRUCTURE, gss_wrap(&minor, client, 1, 0, &no_memory, NULL, &out));
    ck_assert_uint_eq(gss_wrap(&minor, client, 1, 0, &text, NULL, &token), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_unwrap(&minor, server, &token, &plain, NULL, NULL), GSS_S_COMPLETE);
    ck_assert_uint_eq(plain.length, text.length);
    ck_assert_mem_eq(plain.value, text.value, text.length);
    release_buffer(&token);
    release_buffer(&plain);
}
END_TEST

START_TEST(moving_an_object_takes_a_token)
{
    gss_cred_id_t moved;
    gss_ctx_id_t context;

    assert_bad(WRITE, gss_export_sec_context(&minor, &client, NULL));
    ck_assert_ptr_nonnull(client);
    assert_bad(STRUCTURE, gss_import_sec_context(&minor, &no_memory, &context));
    assert_bad(STRUCTURE, gss_import_sec_context(&minor, NULL, &context));
    assert_bad(STRUCTURE, gss_import_sec_context(&minor, &text, NULL));
    assert_bad(STRUCTURE, gss_export_cred(&minor, credential, NULL));
    assert_bad(STRUCTURE, gss_export_cred(&minor, GSS_C_NO_CREDENTIAL, &out));
    assert_bad(STRUCTURE, gss_import_cred(&minor, &no_memory, &moved));
    assert_bad(STRUCTURE, gss_import_cred(&minor, NULL, &moved));
    assert_bad(STRUCTURE, gss_import_cred(&minor, &text, NULL));
}
END_TEST

START_TEST(a_credential_needs_a_place_and_a_password)
{
    gss_cred_id_t made;

    assert_bad(WRITE, gss_acquire_cred(&minor, alice, 0, GSS_C_NO_OID_SET, GSS_C_INITIATE, NULL,
                                       NULL, NULL));
    assert_bad(READ,
               gssspi_acquire_cred_with_password(&minor, alice, &no_memory, 0, GSS_C_NO_OID_SET,
                                                 GSS_C_INITIATE, &made, NULL, NULL));
    assert_bad(READ, gssspi_acquire_cred_with_password(&minor, alice, NULL, 0, GSS_C_NO_OID_SET,
                                                       GSS_C_INITIATE, &made, NULL, NULL));
    assert_bad(READ, gss_store_cred(&minor, GSS_C_NO_CREDENTIAL, GSS_C_INITIATE, NTLMSSP, 1, 1,
                                    &set, NULL));
    ck_assert_ptr_null(set);
}
END_TEST

START_TEST(names_are_there)
{
    gss_name_t name;
    int same, more = -1;

    assert_bad(READ, gss_import_name(&minor, NULL, NULL, &name));
    assert_bad(READ, gss_import_name(&minor, &text, NULL, NULL));
    assert_bad(READ, gss_duplicate_name(&minor, GSS_C_NO_NAME, &name));
    assert_bad(READ, gss_duplicate_name(&minor, alice, NULL));
    assert_bad(READ, gss_compare_name(&minor, GSS_C_NO_NAME, alice, &same));
    assert_bad(READ, gss_compare_name(&minor, alice, GSS_C_NO_NAME, &same));
    assert_bad(READ, gss_compare_name(&minor, alice, alice, NULL));
    assert_bad(READ, gss_display_name(&minor, GSS_C_NO_NAME, &out, NULL));
    assert_bad(READ, gss_display_name(&minor, alice, NULL, NULL));
    assert_bad(READ, gss_display_name_ext(&minor, GSS_C_NO_NAME, NULL, &out));
    assert_bad(READ, gss_display_name_ext(&minor, alice, NULL, NULL));
    assert_bad(READ, gss_export_name(&minor, GSS_C_NO_NAME, &out));
    assert_bad(READ, gss_export_name(&minor, alice, NULL));
    assert_bad(READ, gss_export_name_composite(&minor, alice, NULL));
    assert_bad(READ, gss_inquire_name(&minor, GSS_C_NO_NAME, NULL, NULL, &buffers));
    assert_bad(READ, gss_get_name_attribute(&minor, GSS_C_NO_NAME, &text, NULL, NULL, &out,
                                            NULL, &more));
    assert_bad(
        READ, gss_get_name_attribute(&minor, alice, &no_memory, NULL, NULL, &out, NULL, &more));
    assert_bad(READ,
               gss_get_name_attribute(&minor, alice, &text, NULL, NULL, &out, NULL, NULL));
    assert_bad(READ, gss_localname(&minor, GSS_C_NO_NAME, NTLMSSP, &out));
    assert_bad(READ, gss_localname(&minor, alice, NTLMSSP, NULL));
    assert_bad(READ, gssspi_authorize_localname(&minor, GSS_C_NO_NAME, &text, NULL));
    assert_bad(READ, gssspi_authorize_localname(&minor, alice, &no_memory, NULL));
}
END_TEST

START_TEST(answers_need_a_place)
{
    gss_OID mech;

    assert_bad(WRITE, gss_inquire_sec_context_by_oid(&minor, client,
                                                     oid_out(&oid_sspi_session_key), NULL));
    assert_bad(WRITE, gss_display_status(&minor, 0, GSS_C_MECH_CODE, NTLMSSP, &number, NULL));
    assert_bad(WRITE, gss_display_status(&minor, 0, GSS_C_MECH_CODE, NTLMSSP, NULL, &out));
    assert_bad(WRITE, gss_indicate_mechs(&minor, NULL));
    assert_bad(WRITE, gss_inquire_names_for_mech(&minor, NTLMSSP, NULL));
    assert_bad(READ, gss_inquire_mech_for_saslname(&minor, &no_memory, &mech));
    assert_bad(READ,
               gssspi_mech_invoke(&minor, NTLMSSP, oid_out(&oid_set_debug_file), &no_memory));
    assert_bad(READ, gss_inquire_mech_for_saslname(&minor, NULL, &mech));
}
END_TEST

/* A name of another mechanism's type has none of ours; what nobody asks for is not
 * given. */
START_TEST(what_may_be_left_out_may_be_left_out)
{
    gss_OID_set types;

    ck_assert_uint_eq(gss_display_name_ext(&minor, alice, oid_out(&oid_nt_anonymous), &out),
                      GSS_S_UNAVAILABLE);
    ck_assert_uint_eq(out.length, 0);
    ck_assert_uint_eq(gss_inquire_names_for_mech(&minor, oid_out(&oid_nt_user_name), &types),
                      GSS_S_BAD_MECH);
    ck_assert_ptr_null(types);
    ck_assert_uint_eq(gss_inquire_name(&minor, alice, NULL, NULL, NULL), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_inquire_cred(NULL, credential, NULL, NULL, NULL, NULL),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(
        gss_inquire_context(NULL, client, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        GSS_S_COMPLETE);
}
END_TEST

START_TEST(what_may_be_asked_for_is_given)
{
    char room[16], data[] = "Drink me";
    gss_iov_buffer_desc iov[] = {
        {GSS_IOV_BUFFER_TYPE_HEADER, {sizeof(room), room}},
        {GSS_IOV_BUFFER_TYPE_DATA, {sizeof(data), data}},
    };
    gss_qop_t quality = 7;
    int sealed = 0;

    ck_assert_uint_eq(gss_wrap_iov(&minor, client, 1, 0, &sealed, iov, 2), GSS_S_COMPLETE);
    ck_assert_int_eq(sealed, 1);
    sealed = 0;
    ck_assert_uint_eq(gss_unwrap_iov(&minor, server, &sealed, &quality, iov, 2),
                      GSS_S_COMPLETE);
    ck_assert_int_eq(sealed, 1);
    ck_assert_uint_eq(quality, GSS_C_QOP_DEFAULT);
    ck_assert_str_eq(data, "Drink me");
    iov[0].type = GSS_IOV_BUFFER_TYPE_MIC_TOKEN;
    quality = 7;
    ck_assert_uint_eq(gss_get_mic_iov(&minor, client, 0, iov, 2), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_verify_mic_iov(&minor, server, &quality, iov, 2), GSS_S_COMPLETE);
    ck_assert_uint_eq(quality, GSS_C_QOP_DEFAULT);
}
END_TEST

START_TEST(the_module_says_which_mechanism_it_is)
{
    gss_OID_set mechs;

    ck_assert_uint_eq(gss_indicate_mechs(&minor, &mechs), GSS_S_COMPLETE);
    ck_assert_uint_eq(mechs->count, 1);
    ck_assert(oid_same(&mechs->elements[0], &oid_ntlmssp));
    free(mechs->elements[0].elements);
    free(mechs->elements);
    free(mechs);
    ck_assert_uint_eq(gss_inquire_attrs_for_mech(&minor, NTLMSSP, NULL, NULL), GSS_S_COMPLETE);
    ck_assert_uint_eq(
        gss_inquire_attrs_for_mech(&minor, oid_out(&oid_nt_user_name), &mechs, NULL),
        GSS_S_BAD_MECH);
    ck_assert_ptr_null(mechs);
}
END_TEST

START_TEST(our_own_oids_are_let_go_and_no_others)
{
    static const gss_OID_desc *const own[] = {&oid_ntlmssp, &oid_nt_user_name,
                                              &oid_nt_hostbased_service, &oid_nt_anonymous};
    gss_OID_desc copy = oid_ntlmssp;
    gss_OID oid = &copy;
    OM_uint32 why;

    ck_assert_uint_eq(gss_internal_release_oid(&why, &oid), GSS_S_CONTINUE_NEEDED);
    ck_assert_ptr_eq(oid, &copy);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        oid = oid_out(own[i]);
        ck_assert_uint_eq(gss_internal_release_oid(&why, &oid), GSS_S_COMPLETE);
        ck_assert_ptr_null(oid);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_bad_call");
    TCase *cases = tcase_create("bad calls");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, establishing_a_context_takes_a_context_and_buffers);
    tcase_add_test(cases, channel_bindings_have_their_bytes);
    tcase_add_test(cases, messages_take_buffers);
    tcase_add_test(cases, a_bad_call_takes_no_number);
    tcase_add_test(cases, moving_an_object_takes_a_token);
    tcase_add_test(cases, a_credential_needs_a_place_and_a_password);
    tcase_add_test(cases, names_are_there);
    tcase_add_test(cases, answers_need_a_place);
    tcase_add_test(cases, what_may_be_left_out_may_be_left_out);
    tcase_add_test(cases, what_may_be_asked_for_is_given);
    tcase_add_test(cases, the_module_says_which_mechanism_it_is);
    tcase_add_test(cases, our_own_oids_are_let_go_and_no_others);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
