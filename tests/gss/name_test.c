/* SPDX-License-Identifier: MIT */
/* name_test.c - names: how they are read, shown and compared. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gss/module.h"
#include "name_fixture.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"

static void is_user(const char *text, const gss_OID_desc *type, const char *user,
                    const char *domain)
{
    struct name *name = imported(text, type);

    ck_assert_int_eq(name->kind, NAME_USER);
    ck_assert_str_eq(name->user, user);
    ck_assert_str_eq(name->domain, domain);
    name_free(name);
}

static void is_service(const char *text, const gss_OID_desc *type, const char *service,
                       const char *host, const char *spn)
{
    struct name *name = imported(text, type);
    char *shown = name_spn(name);

    ck_assert_int_eq(name->kind, NAME_SERVICE);
    ck_assert_str_eq(name->service, service);
    ck_assert_str_eq(name->host, host);
    ck_assert_str_eq(shown, spn);
    free(shown);
    name_free(name);
}

static void refused(const char *text, const gss_OID_desc *type)
{
    refused_bytes(text, strlen(text), type, NTLM_ERR_BAD_NAME);
}

static bool same(const char *a, const gss_OID_desc *a_type, const char *b,
                 const gss_OID_desc *b_type)
{
    struct name *first = imported(a, a_type), *second = imported(b, b_type);
    bool answer = name_same(first, second);

    ck_assert_int_eq(name_same(second, first), answer);
    name_free(first);
    name_free(second);
    return answer;
}

START_TEST(a_user_name_is_split_at_the_backslash_or_before_a_netbios_domain)
{
    is_user("CORP\\alice", &oid_nt_user_name, "alice", "CORP");
    is_user("alice@CORP", &oid_nt_user_name, "alice", "CORP");
    is_user("alice@home@CORP", &oid_nt_user_name, "alice@home", "CORP");
    is_user("CORP\\alice@home", &oid_nt_user_name, "alice@home", "CORP");
    is_user("alice", &oid_nt_user_name, "alice", "");
    is_user("alice@", &oid_nt_user_name, "alice", "");
    is_user("Müller@BÜRO", &oid_nt_user_name, "Müller", "BÜRO");
}
END_TEST

START_TEST(a_user_principal_name_stays_whole)
{
    is_user("alice@mail.example", &oid_nt_user_name, "alice@mail.example", "");
    is_user("alice@mail.example", NULL, "alice@mail.example", "");
    is_user("alice@home@corp.example", &oid_nt_user_name, "alice@home@corp.example", "");
    is_user("CORP\\alice@mail.example", &oid_nt_user_name, "alice@mail.example", "CORP");
    is_user("alice@mail.example@CORP", &oid_nt_user_name, "alice@mail.example", "CORP");
}
END_TEST

START_TEST(an_escaped_at_is_a_user_principal_names)
{
    is_user("alice\\@mail.example", &oid_nt_user_name, "alice@mail.example", "");
    is_user("alice\\@mail", &oid_nt_user_name, "alice@mail", "");
    is_user("alice\\@mail.example@CORP", &oid_nt_user_name, "alice@mail.example", "CORP");
    is_user("alice\\@mail@corp.example", &oid_nt_user_name, "alice@mail", "corp.example");
    refused("\\@mail.example", &oid_nt_user_name);
    refused("@mail.example", &oid_nt_user_name);
}
END_TEST

/* Whether a suffix is a domain is for the administrator to say. */
START_TEST(a_setting_chooses_which_names_are_split)
{
    setenv("KRB5_CONFIG", scratch_write("always.conf", "[ntlmssp]\nsplit_user_at = always\n"),
           1);
    is_user("alice@mail.example", &oid_nt_user_name, "alice", "mail.example");
    is_user("\\alice@mail.example", &oid_nt_user_name, "alice@mail.example", "");
    is_user("alice\\@mail.example", &oid_nt_user_name, "alice@mail.example", "");
    setenv("KRB5_CONFIG", scratch_write("never.conf", "[ntlmssp]\nsplit_user_at = never\n"), 1);
    is_user("alice@CORP", &oid_nt_user_name, "alice@CORP", "");
    is_user("CORP\\alice", &oid_nt_user_name, "alice", "CORP");
    setenv("KRB5_CONFIG", scratch_write("bad.conf", "[ntlmssp]\nsplit_user_at = maybe\n"), 1);
    refused_bytes("alice@CORP", 10, &oid_nt_user_name, NTLM_ERR_BAD_SETTING);
    is_user("CORP\\alice", &oid_nt_user_name, "alice", "CORP");
}
END_TEST

START_TEST(a_leading_backslash_keeps_user_at_realm_whole)
{
    is_user("\\alice@corp.example", &oid_nt_user_name, "alice@corp.example", "");
}
END_TEST

START_TEST(a_name_without_a_type_is_a_users)
{
    is_user("CORP\\alice", NULL, "alice", "CORP");
}
END_TEST

START_TEST(an_enterprise_name_stays_whole)
{
    is_user("alice@corp.example", &oid_nt_krb5_enterprise, "alice@corp.example", "");
}
END_TEST

START_TEST(a_terminator_that_was_counted_in_is_dropped)
{
    struct name *name = imported_bytes("alice", 6, &oid_nt_user_name);

    ck_assert_str_eq(name->user, "alice");
    name_free(name);
}
END_TEST

START_TEST(a_service_keeps_its_target_name_as_given)
{
    is_service("HTTP@www.example.com", &oid_nt_hostbased_service, "HTTP", "www.example.com",
               "HTTP/www.example.com");
    is_service("HTTP@www:8080", &oid_nt_hostbased_service_x, "HTTP", "www:8080",
               "HTTP/www:8080");
    is_service("ldap@dc/corp.example", &oid_nt_hostbased_service, "ldap", "dc/corp.example",
               "ldap/dc/corp.example");
    is_service("HTTP/www", &oid_nt_hostbased_service, "HTTP/www", "", "HTTP/www");
    is_service("www.example.com", &oid_nt_hostbased_service, "www.example.com", "",
               "www.example.com");
    is_service("@www", &oid_nt_hostbased_service, "", "www", "www");
    is_service("@", &oid_nt_hostbased_service, "", "", "");
}
END_TEST

START_TEST(a_user_or_the_anonymous_can_be_a_target)
{
    struct name *user = imported("CORP\\svc", &oid_nt_user_name);
    struct name *nobody = imported("", &oid_nt_anonymous);
    char *spn = name_spn(user);

    ck_assert_str_eq(spn, "svc@CORP");
    free(spn);
    spn = name_spn(nobody);
    ck_assert_str_eq(spn, "");
    free(spn);
    name_free(user);
    name_free(nobody);
}
END_TEST

START_TEST(a_kerberos_principal_is_a_service_or_a_user)
{
    is_service("HTTP/www.example.com@EXAMPLE.COM", &oid_nt_krb5_principal, "HTTP",
               "www.example.com", "HTTP/www.example.com");
    is_service("ldap/dc/corp.example", &oid_nt_krb5_principal, "ldap", "dc/corp.example",
               "ldap/dc/corp.example");
    is_user("alice@CORP.EXAMPLE", &oid_nt_krb5_principal, "alice", "CORP.EXAMPLE");
    is_user("alice", &oid_nt_krb5_principal, "alice", "");
    is_user("alice\\@home@CORP", &oid_nt_krb5_principal, "alice@home", "CORP");
    is_user("a\\/b@CORP", &oid_nt_krb5_principal, "a/b", "CORP");
}
END_TEST

START_TEST(a_user_id_is_the_name_of_its_account)
{
    const uid_t root = 0, nobody_has = (uid_t)-3;
    struct name *name = imported_bytes(&root, sizeof(root), &oid_nt_machine_uid_name);

    ck_assert_str_eq(name->user, "root");
    name_free(name);
    is_user("0", &oid_nt_string_uid_name, "root", "");

    refused_bytes(&nobody_has, sizeof(nobody_has), &oid_nt_machine_uid_name, NTLM_ERR_BAD_NAME);
    refused_bytes("", 0, &oid_nt_machine_uid_name, NTLM_ERR_BAD_NAME);
    refused("4294967293", &oid_nt_string_uid_name);
    refused("4294967296", &oid_nt_string_uid_name); /* 0 in 32 bits: root */
    refused("99999999999999999999", &oid_nt_string_uid_name);
    refused("-1", &oid_nt_string_uid_name);
    refused(" 0", &oid_nt_string_uid_name);
    refused("0x0", &oid_nt_string_uid_name);
    refused("root", &oid_nt_string_uid_name);
    refused("", &oid_nt_string_uid_name);
}
END_TEST

START_TEST(what_no_name_can_be_is_refused)
{
    char long_name[1026];

    refused("", &oid_nt_user_name);
    refused("CORP\\", &oid_nt_user_name);
    refused("\\", &oid_nt_user_name);
    refused("@CORP", &oid_nt_user_name);
    refused("A\\B\\alice", &oid_nt_user_name);
    refused("CORP\\alice@x", &oid_nt_krb5_enterprise);
    refused("a\\\\b@CORP", &oid_nt_krb5_principal);
    refused("a\\@b/host", &oid_nt_krb5_principal);
    refused("al\nice", &oid_nt_user_name);
    refused("CORP\x7f\\alice", &oid_nt_user_name);
    refused("al\xc2\x9bice", &oid_nt_user_name);
    refused("HTTP@www\r", &oid_nt_hostbased_service);
    refused("al\xffice", &oid_nt_user_name);
    refused("HTTP@\xed\xa0\x80", &oid_nt_hostbased_service);
    refused_bytes("al\0ice", 6, &oid_nt_user_name, NTLM_ERR_BAD_NAME);
    refused_bytes("alice\0\0", 7, &oid_nt_user_name, NTLM_ERR_BAD_NAME);
    refused_bytes(NULL, 0, NULL, NTLM_ERR_BAD_NAME);

    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    refused(long_name, &oid_nt_user_name);
    refused(long_name, &oid_nt_hostbased_service);
    is_user(long_name + 1, &oid_nt_user_name, long_name + 1, "");
}
END_TEST

START_TEST(an_unknown_type_is_a_bad_name_type)
{
    refused_bytes("alice", 5, &oid_ntlmssp, NTLM_ERR_BAD_NAME_TYPE);
}
END_TEST

START_TEST(a_refusal_says_what_is_wrong_without_control_characters)
{
    const char *detail;

    refused("al\nice", &oid_nt_user_name);
    detail = failure_detail(NTLM_ERR_BAD_NAME);
    ck_assert_ptr_nonnull(detail);
    ck_assert_ptr_nonnull(strstr(detail, "control character"));
    ck_assert_ptr_null(strchr(detail, '\n'));
}
END_TEST

START_TEST(no_user_can_look_like_another_or_like_the_anonymous)
{
    struct name *name;

    ck_assert_uint_eq(name_of_user("CORP\\alice", "", &name), NTLM_ERR_BAD_NAME);
    ck_assert_uint_eq(name_of_user("alice", "A\\B", &name), NTLM_ERR_BAD_NAME);
    ck_assert_uint_eq(name_of_user("<anonymous>", NULL, &name), NTLM_ERR_BAD_NAME);
    ck_assert_uint_eq(name_of_user("", "CORP", &name), NTLM_ERR_BAD_NAME);
    ck_assert_ptr_null(name);
}
END_TEST

static void shows(struct name *name, const char *text, const gss_OID_desc *type)
{
    gss_buffer_desc out;
    gss_OID given = NULL;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_display_name(&minor, (gss_name_t)name, &out, &given), GSS_S_COMPLETE);
    ck_assert_str_eq(out.value ? out.value : "", text);
    ck_assert_uint_eq(out.length, strlen(text));
    ck_assert_ptr_eq(given, type);
    free(out.value);
    ck_assert_uint_eq(gss_display_name(&minor, (gss_name_t)name, &out, NULL), GSS_S_COMPLETE);
    free(out.value);
    name_free(name);
}

START_TEST(a_name_is_shown_with_its_type)
{
    shows(imported("alice@CORP", NULL), "CORP\\alice", &oid_nt_user_name);
    shows(imported("alice", NULL), "alice", &oid_nt_user_name);
    shows(imported("\\a@b.c", NULL), "a@b.c", &oid_nt_user_name);
    shows(imported("HTTP@www", &oid_nt_hostbased_service), "HTTP@www",
          &oid_nt_hostbased_service);
    shows(imported("www", &oid_nt_hostbased_service), "www", &oid_nt_hostbased_service);
    shows(imported("@", &oid_nt_hostbased_service), "", &oid_nt_hostbased_service);
    shows(imported("x", &oid_nt_anonymous), "<anonymous>", &oid_nt_anonymous);
}
END_TEST

START_TEST(a_name_is_shown_as_another_type_where_it_has_one)
{
    struct name *user = imported("CORP\\alice", NULL);
    struct name *nobody = imported("", &oid_nt_anonymous);
    gss_buffer_desc out;
    OM_uint32 minor;

    ck_assert_uint_eq(
        gss_display_name_ext(&minor, (gss_name_t)user, oid_out(&oid_nt_user_name), &out),
        GSS_S_COMPLETE);
    ck_assert_str_eq(out.value, "CORP\\alice");
    free(out.value);
    ck_assert_uint_eq(
        gss_display_name_ext(&minor, (gss_name_t)user, oid_out(&oid_nt_krb5_principal), &out),
        GSS_S_COMPLETE);
    ck_assert_str_eq(out.value, "alice@CORP");
    free(out.value);
    ck_assert_uint_eq(gss_display_name_ext(&minor, (gss_name_t)user,
                                           oid_out(&oid_nt_hostbased_service), &out),
                      GSS_S_UNAVAILABLE);
    ck_assert_ptr_null(out.value);
    ck_assert_uint_eq(
        gss_display_name_ext(&minor, (gss_name_t)nobody, oid_out(&oid_nt_krb5_principal), &out),
        GSS_S_UNAVAILABLE);
    name_free(user);
    name_free(nobody);
}
END_TEST

START_TEST(names_are_compared_without_case_but_with_their_kind_and_domain)
{
    ck_assert(same("CORP\\alice", NULL, "Alice@corp", NULL));
    ck_assert(same("MÜLLER", NULL, "müller", NULL));
    ck_assert(
        same("HTTP@WWW", &oid_nt_hostbased_service, "http/www@R", &oid_nt_krb5_principal));
    ck_assert(!same("CORP\\alice", NULL, "alice", NULL));
    ck_assert(!same("CORP\\alice", NULL, "SHOP\\alice", NULL));
    ck_assert(!same("CORP\\alice", NULL, "CORP\\alic", NULL));
    ck_assert(!same("alice@corp", NULL, "\\alice@corp", NULL));
    ck_assert(!same("alice@www", NULL, "alice@www", &oid_nt_hostbased_service));
    ck_assert(
        !same("HTTP@www", &oid_nt_hostbased_service, "HTTP@w", &oid_nt_hostbased_service));
    ck_assert(
        !same("cifs@www", &oid_nt_hostbased_service, "HTTP@www", &oid_nt_hostbased_service));
}
END_TEST

START_TEST(the_anonymous_is_the_same_as_nobody)
{
    struct name *name = imported("", &oid_nt_anonymous);

    ck_assert(!name_same(name, name));
    name_free(name);
}
END_TEST

START_TEST(the_gssapi_functions_make_compare_and_release_names)
{
    gss_buffer_desc text = {10, (void *)(uintptr_t) "CORP\\alice"};
    gss_name_t name, copy;
    OM_uint32 minor;
    int equal = 0;

    ck_assert_uint_eq(gss_import_name(&minor, &text, GSS_C_NO_OID, &name), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_duplicate_name(&minor, name, &copy), GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_compare_name(&minor, name, copy, &equal), GSS_S_COMPLETE);
    ck_assert_int_eq(equal, 1);
    ck_assert_uint_eq(gss_release_name(&minor, &name), GSS_S_COMPLETE);
    ck_assert_ptr_null(name);
    ck_assert_uint_eq(gss_release_name(&minor, &name), GSS_S_COMPLETE);
    gss_release_name(&minor, &copy);

    ck_assert_uint_eq(gss_import_name(&minor, &text, oid_out(&oid_sasl_ssf), &name),
                      GSS_S_BAD_NAMETYPE);
    ck_assert_uint_eq(minor, NTLM_ERR_BAD_NAME_TYPE);
    ck_assert_ptr_null(name);
}
END_TEST

static void begin(void)
{
    setenv("KRB5_CONFIG", "/dev/null", 1);
}

int main(void)
{
    Suite *suite = suite_create("name");
    TCase *cases = tcase_create("name");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, a_user_name_is_split_at_the_backslash_or_before_a_netbios_domain);
    tcase_add_test(cases, a_user_principal_name_stays_whole);
    tcase_add_test(cases, an_escaped_at_is_a_user_principal_names);
    tcase_add_test(cases, a_setting_chooses_which_names_are_split);
    tcase_add_test(cases, a_leading_backslash_keeps_user_at_realm_whole);
    tcase_add_test(cases, a_name_without_a_type_is_a_users);
    tcase_add_test(cases, an_enterprise_name_stays_whole);
    tcase_add_test(cases, a_terminator_that_was_counted_in_is_dropped);
    tcase_add_test(cases, a_service_keeps_its_target_name_as_given);
    tcase_add_test(cases, a_user_or_the_anonymous_can_be_a_target);
    tcase_add_test(cases, a_kerberos_principal_is_a_service_or_a_user);
    tcase_add_test(cases, a_user_id_is_the_name_of_its_account);
    tcase_add_test(cases, what_no_name_can_be_is_refused);
    tcase_add_test(cases, an_unknown_type_is_a_bad_name_type);
    tcase_add_test(cases, a_refusal_says_what_is_wrong_without_control_characters);
    tcase_add_test(cases, no_user_can_look_like_another_or_like_the_anonymous);
    tcase_add_test(cases, a_name_is_shown_with_its_type);
    tcase_add_test(cases, a_name_is_shown_as_another_type_where_it_has_one);
    tcase_add_test(cases, names_are_compared_without_case_but_with_their_kind_and_domain);
    tcase_add_test(cases, the_anonymous_is_the_same_as_nobody);
    tcase_add_test(cases, the_gssapi_functions_make_compare_and_release_names);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
