/* SPDX-License-Identifier: MIT */
/* oids_test.c - our object identifiers are those that GSSAPI publishes, and
 * its own functions free what we hand out. */

#include "config.h"

#include <string.h>

#include <gssapi/gssapi_krb5.h>

#include "gss/oids.h"
#include "suite.h"

static void is(const gss_OID_desc *ours, const char *dotted)
{
    gss_buffer_desc text = {strlen(dotted), (void *)(uintptr_t)dotted};
    gss_OID theirs;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_str_to_oid(&minor, &text, &theirs), GSS_S_COMPLETE);
    ck_assert_msg(oid_same(ours, theirs), "this is not %s", dotted);
    gss_release_oid(&minor, &theirs);
}

START_TEST(name_types_are_those_of_the_mechglue)
{
    ck_assert(oid_same(&oid_nt_user_name, GSS_C_NT_USER_NAME));
    ck_assert(oid_same(&oid_nt_machine_uid_name, GSS_C_NT_MACHINE_UID_NAME));
    ck_assert(oid_same(&oid_nt_string_uid_name, GSS_C_NT_STRING_UID_NAME));
    ck_assert(oid_same(&oid_nt_hostbased_service, GSS_C_NT_HOSTBASED_SERVICE));
    ck_assert(oid_same(&oid_nt_hostbased_service_x, GSS_C_NT_HOSTBASED_SERVICE_X));
    ck_assert(oid_same(&oid_nt_anonymous, GSS_C_NT_ANONYMOUS));
    ck_assert(oid_same(&oid_nt_export_name, GSS_C_NT_EXPORT_NAME));
    ck_assert(oid_same(&oid_nt_composite_export, GSS_C_NT_COMPOSITE_EXPORT));
    ck_assert(oid_same(&oid_nt_krb5_principal, GSS_KRB5_NT_PRINCIPAL_NAME));
    ck_assert(oid_same(&oid_nt_krb5_enterprise, GSS_KRB5_NT_ENTERPRISE_NAME));
}
END_TEST

START_TEST(options_have_the_numbers_that_callers_use)
{
    is(&oid_ntlmssp, "{ 1 3 6 1 4 1 311 2 2 10 }");
    is(&oid_set_sequence, "{ 1 3 6 1 4 1 7165 655 1 1 }");
    is(&oid_spnego_require_mic, "{ 1 3 6 1 4 1 7165 655 1 2 }");
    is(&oid_reset_crypto, "{ 1 3 6 1 4 1 7165 655 1 3 }");
    is(&oid_record_refusal, "{ 1 3 6 1 4 1 32473 4178 3 }");
    is(&oid_set_debug_file, "{ 1 3 6 1 4 1 7165 655 1 4 }");
    is(&oid_set_neg_flags, "{ 1 3 6 1 4 1 7165 655 1 5 }");
    ck_assert(oid_same(&oid_no_ci_flags, GSS_KRB5_CRED_NO_CI_FLAGS_X));
    ck_assert(oid_same(&oid_sspi_session_key, GSS_C_INQ_SSPI_SESSION_KEY));
    ck_assert(oid_same(&oid_sasl_ssf, GSS_C_SEC_CONTEXT_SASL_SSF));
}
END_TEST

START_TEST(an_oid_equals_its_copy_and_no_other_and_null_equals_nothing)
{
    gss_OID_desc copy = oid_ntlmssp;

    ck_assert(oid_same(&oid_ntlmssp, &copy));
    ck_assert(!oid_same(&oid_set_sequence, &oid_reset_crypto));
    copy.length--;
    ck_assert(!oid_same(&oid_ntlmssp, &copy));
    ck_assert(!oid_same(&oid_ntlmssp, NULL));
    ck_assert(!oid_same(NULL, NULL));
}
END_TEST

START_TEST(a_set_holds_copies_that_gssapi_can_free)
{
    const gss_OID_desc *const oids[] = {&oid_ntlmssp, &oid_nt_user_name};
    gss_OID_set set;
    OM_uint32 minor;
    int present = 0;

    ck_assert_uint_eq(oid_set_of(&set, oids, 2), GSS_S_COMPLETE);
    ck_assert_uint_eq(set->count, 2);
    ck_assert_ptr_ne(set->elements[0].elements, oid_ntlmssp.elements);
    gss_test_oid_set_member(&minor, oid_out(&oid_nt_user_name), set, &present);
    ck_assert(present);
    ck_assert_uint_eq(gss_add_oid_set_member(&minor, oid_out(&oid_sasl_ssf), &set),
                      GSS_S_COMPLETE);
    gss_release_oid_set(&minor, &set);

    ck_assert_uint_eq(oid_set_of(&set, oids, 0), GSS_S_COMPLETE);
    ck_assert_uint_eq(set->count, 0);
    gss_release_oid_set(&minor, &set);
}
END_TEST

START_TEST(a_buffer_holds_a_copy_with_a_nul_behind_it)
{
    gss_buffer_desc buffer;
    OM_uint32 minor;

    ck_assert_uint_eq(buffer_of(&buffer, "abc", 2), GSS_S_COMPLETE);
    ck_assert_uint_eq(buffer.length, 2);
    ck_assert_str_eq(buffer.value, "ab");
    gss_release_buffer(&minor, &buffer);

    ck_assert_uint_eq(buffer_of(&buffer, NULL, 0), GSS_S_COMPLETE);
    ck_assert_uint_eq(buffer.length, 0);
    ck_assert_ptr_null(buffer.value); /* gss_release_buffer would not free it */
}
END_TEST

START_TEST(a_buffer_set_holds_one_buffer)
{
    gss_buffer_set_t set;
    OM_uint32 minor;

    ck_assert_uint_eq(buffer_set_of(&set, "\1\0\2", 3), GSS_S_COMPLETE);
    ck_assert_uint_eq(set->count, 1);
    ck_assert_uint_eq(set->elements[0].length, 3);
    ck_assert_mem_eq(set->elements[0].value, "\1\0\2", 3);
    gss_release_buffer_set(&minor, &set);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("oids");
    TCase *cases = tcase_create("oids");
    tcase_add_test(cases, name_types_are_those_of_the_mechglue);
    tcase_add_test(cases, options_have_the_numbers_that_callers_use);
    tcase_add_test(cases, an_oid_equals_its_copy_and_no_other_and_null_equals_nothing);
    tcase_add_test(cases, a_set_holds_copies_that_gssapi_can_free);
    tcase_add_test(cases, a_buffer_holds_a_copy_with_a_nul_behind_it);
    tcase_add_test(cases, a_buffer_set_holds_one_buffer);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
