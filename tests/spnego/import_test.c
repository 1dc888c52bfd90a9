/* SPDX-License-Identifier: MIT */
/* import_test.c - what SPNEGO's module is given as bytes, beside tokens: credentials that
 * are made of an option, contexts; and calls that come too late. The functions are called
 * themselves, their mechanism through the mechglue. */

#include "config.h"

#include "gss_exchange.h"
#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

#define MAKE_KERBEROS "\0\0\0\x0b\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x02"
#define ADD_IAKERB "\0\0\0\x0b\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x01"
#define BYTES(text) text, sizeof(text) - 1

/* A credential's bytes, and what comes of them: the status, SPNEGO's own number (0: the
 * mechglue takes them for its own). */
static const struct {
    const char *bytes;
    size_t len;
    OM_uint32 major, minor;
} credentials[] = {
    {BYTES(MAKE_KERBEROS "\0\0\0\0"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\1\1"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\5\1\0\0\0\1"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\6\1\0\0\0\1t"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\x0c\1\0\0\0\1t\0\0\0\3ab"), GSS_S_FAILURE,
     SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\x0d\1\0\0\0\0\0\0\0\1a\0bc"), GSS_S_FAILURE,
     SPNEGO_ERR_BAD_NAME},
    {BYTES(MAKE_KERBEROS "\0\0\0\x0b\0\0\0\0\0\0\0\0\1ab"), GSS_S_UNAVAILABLE, 0},
    {BYTES(ADD_IAKERB "\0\0\0\0"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(ADD_IAKERB "\0\0\0\5alice"), GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME},
    {BYTES(ADD_IAKERB "\0\0\0\6alice"), 0, 0},
    {BYTES(MAKE_KERBEROS), 0, 0},
    {BYTES("\0\0\0\x0b\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x03\0\0\0\0"), 0, 0},
    {BYTES("\0\0\0\x0c\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x01\x01\0\0\0\0"), 0, 0},
    {BYTES("none"), 0, 0},
};

START_TEST(a_credential_of_bytes_that_make_none_is_refused)
{
    const OM_uint32 wanted = credentials[_i].major;
    gss_buffer_desc token = bytes_buffer(credentials[_i].bytes, credentials[_i].len);
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 major;

    /* the wish that others do not share is not for IAKERB either */
    fixture_settings(wanted == GSS_S_UNAVAILABLE ? NULL : " negotiate_iakerb = true\n");
    major = gssi_import_cred(&minor, &token, &credential);
    ck_assert(GSS_ERROR(major));
    ck_assert_msg(!wanted || (major == wanted && minor == credentials[_i].minor), "%#x, %u",
                  major, minor);
    ck_assert_ptr_null(credential);
}
END_TEST

START_TEST(a_user_without_a_password_is_no_option)
{
    gss_buffer_desc value = text_buffer("alice");
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;

    fixture_settings(" negotiate_iakerb = true\n");
    ck_assert(
        GSS_ERROR(gssi_set_cred_option(&minor, &credential, oid_in(&oid_add_iakerb), &value)));
    ck_assert_ptr_null(credential);
    ck_assert(
        GSS_ERROR(gssi_set_cred_option(&minor, &credential, oid_in(&oid_add_iakerb), NULL)));
    ck_assert_ptr_null(credential);
}
END_TEST

/* The mechglue exports NTLM's after its first token; a negotiation begins otherwise. */
START_TEST(a_context_that_is_half_done_is_not_imported)
{
    gss_ctx_id_t half = GSS_C_NO_CONTEXT, context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token, out = GSS_C_EMPTY_BUFFER;
    gss_name_t target = service_of("HTTP@server.test");
    OM_uint32 ignored;

    ck_assert_uint_eq(gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &half, target, NTLMSSP,
                                           0, 0, NULL, NULL, NULL, &out, NULL, NULL),
                      GSS_S_CONTINUE_NEEDED);
    release_buffer(&out);
    assert_complete(gss_export_sec_context(&minor, &half, &token));
    ck_assert_uint_eq(gssi_import_sec_context(&minor, &token, &context), GSS_S_DEFECTIVE_TOKEN);
    ck_assert_uint_eq(minor, SPNEGO_ERR_NOT_COMPLETE);
    ck_assert_ptr_null(context);
    release_buffer(&token);
    gss_release_name(&ignored, &target);
}
END_TEST

static gss_name_t own_name(const char *text)
{
    gss_buffer_desc buffer = text_buffer(text);
    gss_name_t name;

    assert_complete(gssi_import_name(&minor, &buffer, GSS_C_NT_HOSTBASED_SERVICE, &name));
    return name;
}

static OM_uint32 begin(gss_ctx_id_t *context, gss_name_t target, gss_buffer_t in)
{
    gss_buffer_desc out;
    OM_uint32 major = gssi_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, context, target,
                                            SPNEGO, 0, 0, NULL, in, NULL, &out, NULL, NULL);

    release_buffer(&out);
    return major;
}

START_TEST(a_target_that_is_no_name_begins_nothing)
{
    gss_name_t target = own_name("");
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;

    ck_assert_uint_eq(GSS_ROUTINE_ERROR(begin(&context, target, NULL)), GSS_S_BAD_NAME);
    ck_assert_ptr_null(context);
    gssi_release_name(&minor, &target);
}
END_TEST

/* A context whose negotiation is over: one that was moved here. */
START_TEST(a_complete_context_begins_nothing_and_stays)
{
    gss_buffer_desc token, left = text_buffer("left"), in = text_buffer("once more");
    gss_name_t target = own_name("HTTP@server.test");
    gss_ctx_id_t context, before;
    struct exchange exchange;
    OM_uint32 lifetime;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    assert_complete(gss_export_sec_context(&minor, &exchange.client.context, &token));
    assert_complete(gssi_import_sec_context(&minor, &token, &context));
    release_buffer(&token);
    exchange_end(&exchange);
    before = context;
    ck_assert_uint_eq(begin(&context, target, &in), GSS_S_FAILURE);
    ck_assert_uint_eq(minor, SPNEGO_ERR_COMPLETE);
    ck_assert_ptr_eq(context, before);
    assert_complete(gssi_context_time(&minor, context, &lifetime));
    assert_complete(gssi_delete_sec_context(&minor, &context, &left));
    ck_assert_uint_eq(left.length, 0);
    ck_assert_ptr_null(left.value);
    gssi_release_name(&minor, &target);
}
END_TEST

/* NTLM's needs a target's keyring; which mechanism refuses is not SPNEGO's to change. */
START_TEST(a_credential_is_stored_as_the_mechanism_says)
{
    gss_cred_usage_t usage = -1, usage_into = -1;
    gss_OID_set stored = GSS_C_NO_OID_SET, stored_into = GSS_C_NO_OID_SET;
    gss_cred_id_t credential;
    OM_uint32 into;

    setenv("NTLM_LOGIN_KEYRING", "off", 1);
    assert_complete(gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, GSS_C_INITIATE,
                                      &credential, NULL, NULL));
    into = gssi_store_cred_into(&minor, credential, GSS_C_INITIATE, SPNEGO, 1, 0, NULL,
                                &stored_into, &usage_into);
    ck_assert_uint_eq(
        gssi_store_cred(&minor, credential, GSS_C_INITIATE, SPNEGO, 1, 0, &stored, &usage),
        into);
    ck_assert(GSS_ERROR(into));
    gss_release_oid_set(&minor, &stored);
    gss_release_oid_set(&minor, &stored_into);
    gssi_release_cred(&minor, &credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_import");
    TCase *cases = fixture_case(suite, "import");

    tcase_add_loop_test(cases, a_credential_of_bytes_that_make_none_is_refused, 0,
                        sizeof(credentials) / sizeof(credentials[0]));
    tcase_add_test(cases, a_user_without_a_password_is_no_option);
    tcase_add_test(cases, a_context_that_is_half_done_is_not_imported);
    tcase_add_test(cases, a_target_that_is_no_name_begins_nothing);
    tcase_add_test(cases, a_complete_context_begins_nothing_and_stays);
    tcase_add_test(cases, a_credential_is_stored_as_the_mechanism_says);
    return suite_run(suite);
}
