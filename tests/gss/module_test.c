/* SPDX-License-Identifier: MIT */
/* module_test.c - names, statuses and attributes as a program sees them,
 * through MIT's mechglue and the module's file. */

#include "config.h"

#include <stdbool.h>
#include <string.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <openssl/sha.h>

#include "ntlm/error.h"
#include "suite.h"

static gss_OID_desc ntlmssp = {10,
                               (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

static gss_buffer_desc text_of(const char *text)
{
    return (gss_buffer_desc){strlen(text), (void *)(uintptr_t)text};
}

static gss_name_t named(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = text_of(text);
    gss_name_t name, mechanism_name;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_import_name(&minor, &buffer, type, &name), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_canonicalize_name(&minor, name, &ntlmssp, &mechanism_name),
                      GSS_S_COMPLETE);
    gss_release_name(&minor, &name);
    return mechanism_name;
}

static void shows(gss_name_t name, const char *text, gss_OID type)
{
    gss_buffer_desc shown;
    gss_OID given;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_display_name(&minor, name, &shown, &given), GSS_S_COMPLETE);
    ck_assert_str_eq(shown.value, text);
    ck_assert(gss_oid_equal(given, type));
    gss_release_buffer(&minor, &shown);
}

static bool has_member(gss_OID_set set, gss_const_OID member)
{
    OM_uint32 minor;
    int present = 0;

    gss_test_oid_set_member(&minor, (gss_OID)(uintptr_t)member, set, &present);
    return present;
}

START_TEST(the_mechglue_finds_the_mechanism)
{
    gss_OID_set mechs;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_indicate_mechs(&minor, &mechs), GSS_S_COMPLETE);
    ck_assert(has_member(mechs, &ntlmssp));
    gss_release_oid_set(&minor, &mechs);
}
END_TEST

START_TEST(names_go_through_the_mechglue_and_back)
{
    gss_name_t name = named("alice@CORP", GSS_C_NT_USER_NAME), copy;
    gss_name_t service = named("HTTP@www", GSS_C_NT_HOSTBASED_SERVICE);
    gss_buffer_desc token;
    OM_uint32 minor;
    int equal = 0;

    shows(name, "CORP\\alice", GSS_C_NT_USER_NAME);
    shows(service, "HTTP@www", GSS_C_NT_HOSTBASED_SERVICE);

    ck_assert_uint_eq(gss_duplicate_name(&minor, name, &copy), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_compare_name(&minor, name, copy, &equal), GSS_S_COMPLETE);
    ck_assert_int_eq(equal, 1);
    gss_release_name(&minor, &copy);

    ck_assert_uint_eq(gss_export_name(&minor, name, &token), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_import_name(&minor, &token, GSS_C_NT_EXPORT_NAME, &copy),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_compare_name(&minor, copy, name, &equal), GSS_S_COMPLETE);
    ck_assert_int_eq(equal, 1);
    gss_release_buffer(&minor, &token);
    gss_release_name(&minor, &copy);

    ck_assert_uint_eq(gss_export_name_composite(&minor, name, &token), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_import_name(&minor, &token, GSS_C_NT_COMPOSITE_EXPORT, &copy),
                      GSS_S_COMPLETE);
    shows(copy, "CORP\\alice", GSS_C_NT_USER_NAME);
    gss_release_buffer(&minor, &token);
    gss_release_name(&minor, &copy);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &service);
}
END_TEST

/* What gss_release_name of a context's or a credential's name does. */
START_TEST(a_displayed_type_may_be_released)
{
    gss_name_t name = named("alice", GSS_C_NT_USER_NAME);
    gss_buffer_desc shown;
    gss_OID type;
    OM_uint32 minor;

    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(gss_display_name(&minor, name, &shown, &type), GSS_S_COMPLETE);
        gss_release_buffer(&minor, &shown);
        ck_assert_uint_eq(gss_release_oid(&minor, &type), GSS_S_COMPLETE);
        ck_assert_ptr_null(type);
    }
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_kerberos_name_becomes_ours_and_ours_kerberos)
{
    gss_buffer_desc text = text_of("HTTP/www@EXAMPLE.COM");
    gss_name_t name, theirs, ours, back;
    OM_uint32 minor;

    ck_assert_uint_eq(
        gss_import_name(&minor, &text, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, &name),
        GSS_S_COMPLETE);
    ck_assert_uint_eq(
        gss_canonicalize_name(&minor, name, (gss_OID)(uintptr_t)gss_mech_krb5, &theirs),
        GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_canonicalize_name(&minor, theirs, &ntlmssp, &ours), GSS_S_COMPLETE);
    shows(ours, "HTTP@www", GSS_C_NT_HOSTBASED_SERVICE);
    /* The mechglue copies our attributes: none, but it must end. */
    ck_assert_uint_eq(
        gss_canonicalize_name(&minor, ours, (gss_OID)(uintptr_t)gss_mech_krb5, &back),
        GSS_S_COMPLETE);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &theirs);
    gss_release_name(&minor, &ours);
    gss_release_name(&minor, &back);
}
END_TEST

START_TEST(a_failure_is_explained_with_its_particular)
{
    gss_buffer_desc text = text_of("A\\B\\alice"), shown;
    gss_name_t name, mechanism_name;
    OM_uint32 minor, ignored, context = 0;

    ck_assert_uint_eq(gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_canonicalize_name(&minor, name, &ntlmssp, &mechanism_name),
                      GSS_S_BAD_NAME);
    ck_assert_uint_eq(
        gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &ntlmssp, &context, &shown),
        GSS_S_COMPLETE);
    ck_assert_str_eq(shown.value, "The name cannot be understood: "
                                  "there is a second backslash in \"A\\B\\alice\"");
    ck_assert_uint_eq(context, 0);
    gss_release_buffer(&ignored, &shown);
    gss_release_name(&ignored, &name);
}
END_TEST

START_TEST(a_name_without_an_account_is_told_so_through_the_mechglue)
{
    gss_name_t name = named("NOWHERE\\nobody", GSS_C_NT_USER_NAME);
    gss_buffer_desc shown;
    OM_uint32 minor, ignored, context = 0;

    ck_assert(GSS_ERROR(gss_localname(&minor, name, GSS_C_NO_OID, &shown)));
    ck_assert_uint_eq(
        gss_display_status(&ignored, minor, GSS_C_MECH_CODE, &ntlmssp, &context, &shown),
        GSS_S_COMPLETE);
    ck_assert_str_eq(shown.value,
                     "The name maps to no account of this machine: NOWHERE\\nobody");
    gss_release_buffer(&ignored, &shown);
    ck_assert_int_eq(gss_userok(name, "nobody"), 0);
    gss_release_name(&ignored, &name);
}
END_TEST

START_TEST(the_mechanism_says_which_attributes_hold)
{
    const gss_const_OID holds[] = {GSS_C_MA_MECH_CONCRETE,
                                   GSS_C_MA_AUTH_INIT,
                                   GSS_C_MA_AUTH_INIT_INIT,
                                   GSS_C_MA_AUTH_INIT_ANON,
                                   GSS_C_MA_INTEG_PROT,
                                   GSS_C_MA_CONF_PROT,
                                   GSS_C_MA_MIC,
                                   GSS_C_MA_WRAP,
                                   GSS_C_MA_REPLAY_DET,
                                   GSS_C_MA_OOS_DET,
                                   GSS_C_MA_CBINDINGS,
                                   GSS_C_MA_CTX_TRANS};
    gss_OID_set held, known;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_inquire_attrs_for_mech(&minor, &ntlmssp, &held, &known),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(held->count, sizeof(holds) / sizeof(holds[0]));
    for (size_t i = 0; i < held->count; i++)
        ck_assert_msg(has_member(held, holds[i]), "attribute %zu is missing", i);
    ck_assert(has_member(known, GSS_C_MA_PFS));
    gss_release_oid_set(&minor, &held);
    gss_release_oid_set(&minor, &known);
}
END_TEST

/* SPNEGO offers what passes this sieve. */
START_TEST(spnego_would_offer_the_mechanism)
{
    gss_OID_desc left_out[] = {*GSS_C_MA_DEPRECATED, *GSS_C_MA_NOT_DFLT_MECH,
                               *GSS_C_MA_MECH_NEGO};
    gss_OID_set_desc except = {3, left_out};
    gss_OID_set mechs;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_indicate_mechs_by_attrs(&minor, GSS_C_NO_OID_SET, &except,
                                                  GSS_C_NO_OID_SET, &mechs),
                      GSS_S_COMPLETE);
    ck_assert(has_member(mechs, &ntlmssp));
    gss_release_oid_set(&minor, &mechs);
}
END_TEST

/* RFC 5801 3.1, by way of a string of bits. */
static void sasl_name_of(const gss_OID_desc *oid, char out[static 16])
{
    unsigned char der[32] = {0x06, (unsigned char)oid->length}, digest[SHA_DIGEST_LENGTH];

    memcpy(der + 2, oid->elements, oid->length);
    SHA1(der, oid->length + 2, digest);
    strcpy(out, "GS2-");
    for (int i = 0; i < 11; i++) {
        int value = 0;
        for (int bit = 5 * i; bit < 5 * i + 5; bit++)
            value = value << 1 | (digest[bit / 8] >> (7 - bit % 8) & 1);
        out[4 + i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value];
    }
    out[15] = '\0';
}

START_TEST(the_sasl_name_is_made_from_the_oid_and_leads_back_to_it)
{
    gss_buffer_desc sasl_name, mech_name, description;
    char expected[16];
    gss_OID mech;
    OM_uint32 minor;

    sasl_name_of(&ntlmssp, expected);
    ck_assert_uint_eq(
        gss_inquire_saslname_for_mech(&minor, &ntlmssp, &sasl_name, &mech_name, &description),
        GSS_S_COMPLETE);
    ck_assert_str_eq(sasl_name.value, expected);
    ck_assert_str_eq(mech_name.value, "NTLM");
    ck_assert_uint_gt(description.length, 0);
    ck_assert_uint_eq(gss_inquire_mech_for_saslname(&minor, &sasl_name, &mech), GSS_S_COMPLETE);
    ck_assert(gss_oid_equal(mech, &ntlmssp));
    gss_release_buffer(&minor, &sasl_name);
    gss_release_buffer(&minor, &mech_name);
    gss_release_buffer(&minor, &description);

    sasl_name = text_of("GS2-XXXXXXXXXXX");
    ck_assert_uint_eq(gss_inquire_mech_for_saslname(&minor, &sasl_name, &mech), GSS_S_BAD_MECH);
}
END_TEST

START_TEST(every_type_of_name_that_is_listed_is_taken)
{
    gss_OID_set types;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_inquire_names_for_mech(&minor, &ntlmssp, &types), GSS_S_COMPLETE);
    ck_assert_uint_eq(types->count, 10);
    ck_assert(has_member(types, GSS_C_NT_USER_NAME));
    ck_assert(has_member(types, GSS_C_NT_HOSTBASED_SERVICE));
    ck_assert(has_member(types, GSS_C_NT_ANONYMOUS));
    ck_assert(has_member(types, GSS_C_NT_EXPORT_NAME));
    gss_release_oid_set(&minor, &types);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("module");
    TCase *cases = tcase_create("module");

    setenv("GSS_MECH_CONFIG", MECH_CONFIG, 1);
    setenv("KRB5_CONFIG", "/dev/null", 1);
    tcase_add_test(cases, the_mechglue_finds_the_mechanism);
    tcase_add_test(cases, names_go_through_the_mechglue_and_back);
    tcase_add_test(cases, a_displayed_type_may_be_released);
    tcase_add_test(cases, a_kerberos_name_becomes_ours_and_ours_kerberos);
    tcase_add_test(cases, a_failure_is_explained_with_its_particular);
    tcase_add_test(cases, a_name_without_an_account_is_told_so_through_the_mechglue);
    tcase_add_test(cases, the_mechanism_says_which_attributes_hold);
    tcase_add_test(cases, spnego_would_offer_the_mechanism);
    tcase_add_test(cases, the_sasl_name_is_made_from_the_oid_and_leads_back_to_it);
    tcase_add_test(cases, every_type_of_name_that_is_listed_is_taken);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
