/* name_test.c - names: how they are read, shown, compared and exported. */

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "gss/module.h"
#include "gss/name.h"
#include "ntlm/text.h"
#include "suite.h"

static struct name *imported_bytes(const void *text, size_t len, const gss_OID_desc *type)
{
    struct name *name;

    ck_assert_uint_eq(name_import(text, len, type, &name), NTLM_OK);
    return name;
}

static struct name *imported(const char *text, const gss_OID_desc *type)
{
    return imported_bytes(text, strlen(text), type);
}

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

static void refused_bytes(const void *text, size_t len, const gss_OID_desc *type,
                          enum ntlm_error error)
{
    struct name *name = (struct name *)&name;

    ck_assert_uint_eq(name_import(text, len, type, &name), error);
    ck_assert_ptr_null(name);
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

START_TEST(a_user_name_is_split_at_the_backslash_or_the_last_at)
{
    is_user("CORP\\alice", &oid_nt_user_name, "alice", "CORP");
    is_user("alice@CORP.EXAMPLE", &oid_nt_user_name, "alice", "CORP.EXAMPLE");
    is_user("alice@home@CORP", &oid_nt_user_name, "alice@home", "CORP");
    is_user("CORP\\alice@home", &oid_nt_user_name, "alice@home", "CORP");
    is_user("alice", &oid_nt_user_name, "alice", "");
    is_user("alice@", &oid_nt_user_name, "alice", "");
    is_user("Müller@BÜRO", &oid_nt_user_name, "Müller", "BÜRO");
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
    const char *particular;

    refused("al\nice", &oid_nt_user_name);
    particular = failure_particular(NTLM_ERR_BAD_NAME);
    ck_assert_ptr_nonnull(particular);
    ck_assert_ptr_nonnull(strstr(particular, "control character"));
    ck_assert_ptr_null(strchr(particular, '\n'));
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

static gss_buffer_desc exported(struct name *name, bool composite)
{
    gss_buffer_desc token;
    OM_uint32 minor;

    ck_assert_uint_eq(composite ? gss_export_name_composite(&minor, (gss_name_t)name, &token)
                                : gss_export_name(&minor, (gss_name_t)name, &token),
                      GSS_S_COMPLETE);
    return token;
}

START_TEST(an_exported_name_is_the_token_of_rfc_2743)
{
    static const char expected[] = "\x04\x01\x00\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02"
                                   "\x02\x0a\x00\x00\x00\x0bUCORP\\ALICE";
    struct name *name = imported("corp\\Alice", NULL);
    gss_buffer_desc token = exported(name, false);

    ck_assert_uint_eq(token.length, sizeof(expected) - 1);
    ck_assert_mem_eq(token.value, expected, token.length);
    free(token.value);
    name_free(name);
}
END_TEST

static void comes_back(const char *text, const gss_OID_desc *type, bool composite)
{
    struct name *name = imported(text, type);
    gss_buffer_desc token = exported(name, composite);
    struct name *back = imported_bytes(
        token.value, token.length, composite ? &oid_nt_composite_export : &oid_nt_export_name);
    char *before = name_text(name), *after = name_text(back);

    ck_assert_int_eq(back->kind, name->kind);
    ck_assert(name->kind == NAME_ANONYMOUS || name_same(name, back));
    if (composite)
        ck_assert_str_eq(after, before);
    free(before);
    free(after);
    free(token.value);
    name_free(name);
    name_free(back);
}

START_TEST(every_kind_of_name_survives_its_export)
{
    for (int composite = 0; composite < 2; composite++) {
        comes_back("CORP\\alice", NULL, composite);
        comes_back("alice", NULL, composite);
        comes_back("\\alice@corp.example", NULL, composite);
        comes_back("Müller@BÜRO", NULL, composite);
        comes_back("HTTP@www/x@y", &oid_nt_hostbased_service, composite);
        comes_back("www", &oid_nt_hostbased_service, composite);
        comes_back("@", &oid_nt_hostbased_service, composite);
        comes_back("", &oid_nt_anonymous, composite);
    }
}
END_TEST

static struct name *with_attributes(void)
{
    struct name *name = imported("CORP\\alice", NULL);

    ck_assert_uint_eq(
        name_add_attribute(name, "urn:sid", ntlm_bytes("\1\0\5", 3), "S-1-5", true, true),
        NTLM_OK);
    ck_assert_uint_eq(
        name_add_attribute(name, "urn:group", ntlm_bytes("staff", 5), "staff", true, false),
        NTLM_OK);
    ck_assert_uint_eq(
        name_add_attribute(name, "urn:group", ntlm_bytes(NULL, 0), NULL, false, false),
        NTLM_OK);
    return name;
}

START_TEST(a_damaged_export_is_refused_wherever_it_is_cut_or_changed)
{
    struct name *name = with_attributes(), *back;
    gss_buffer_desc token = exported(name, true);
    uint8_t *bytes = token.value;

    for (size_t len = 0; len < token.length; len++) {
        /* of the size, so that reading further is seen */
        uint8_t *cut = malloc(len ? len : 1);
        memcpy(cut, bytes, len);
        refused_bytes(cut, len, &oid_nt_composite_export, NTLM_ERR_BAD_EXPORT);
        free(cut);
    }
    for (size_t at = 0; at < token.length; at++) {
        bytes[at] ^= 0x80;
        if (name_import((char *)bytes, token.length, &oid_nt_export_name, &back) == NTLM_OK)
            name_free(back);
        else
            ck_assert_ptr_null(back);
        bytes[at] ^= 0x80;
    }
    free(token.value);
    name_free(name);
}
END_TEST

#define HEADER "\x04\x01\x00\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a\x00\x00\x00"
#define DAMAGED(bytes)                                                                         \
    refused_bytes(HEADER bytes, sizeof(HEADER bytes) - 1, &oid_nt_export_name,                 \
                  NTLM_ERR_BAD_EXPORT)

START_TEST(an_export_that_we_would_not_make_is_refused)
{
    DAMAGED("\x00");         /* no kind */
    DAMAGED("\x01X");        /* an unknown kind */
    DAMAGED("\x06UALICE");   /* no backslash */
    DAMAGED("\x06U\\A\\BC"); /* two */
    DAMAGED("\x02U\\");      /* no user */
    DAMAGED("\x05SHTTP");    /* no @ */
    DAMAGED("\x02"
            "AX");           /* something behind the anonymous */
    DAMAGED("\x06U\\AL\0C"); /* a NUL */
    DAMAGED("\x06U\\AL\nC"); /* a control character */
    DAMAGED("\x05U\\ABCD");  /* bytes left over */
    refused_bytes("\x04\x01\x00\x0b\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\0\0\0\1A", 20,
                  &oid_nt_export_name, NTLM_ERR_BAD_EXPORT); /* Kerberos' */
}
END_TEST

static void has_value(struct name *name, const char *attribute, int *more, const char *value,
                      size_t len, const char *text, int authenticated, int complete)
{
    gss_buffer_desc wanted = {strlen(attribute), (void *)(uintptr_t)attribute}, given, display;
    int is_authenticated = -1, is_complete = -1;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_get_name_attribute(&minor, (gss_name_t)name, &wanted,
                                             &is_authenticated, &is_complete, &given, &display,
                                             more),
                      GSS_S_COMPLETE);
    ck_assert_int_eq(is_authenticated, authenticated);
    ck_assert_int_eq(is_complete, complete);
    ck_assert_uint_eq(given.length, len);
    if (len)
        ck_assert_mem_eq(given.value, value, len);
    ck_assert_uint_eq(display.length, strlen(text));
    if (*text)
        ck_assert_str_eq(display.value, text);
    free(given.value);
    free(display.value);
}

static void has_our_attributes(struct name *name)
{
    gss_buffer_set_t attributes;
    OM_uint32 minor;
    int more = -1;

    has_value(name, "urn:sid", &more, "\1\0\5", 3, "S-1-5", 1, 1);
    ck_assert_int_eq(more, 0);
    more = -1;
    has_value(name, "urn:group", &more, "staff", 5, "staff", 1, 0);
    ck_assert_int_ne(more, 0);
    has_value(name, "urn:group", &more, "", 0, "", 0, 0);
    ck_assert_int_eq(more, 0);

    ck_assert_uint_eq(gss_inquire_name(&minor, (gss_name_t)name, NULL, NULL, &attributes),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(attributes->count, 2);
    ck_assert_str_eq(attributes->elements[0].value, "urn:sid");
    ck_assert_str_eq(attributes->elements[1].value, "urn:group");
    buffer_set_free(&attributes);
}

START_TEST(attributes_are_listed_once_and_read_value_by_value)
{
    struct name *name = with_attributes();

    has_our_attributes(name);
    name_free(name);
}
END_TEST

START_TEST(a_name_lives_until_its_last_holder_is_done)
{
    struct name *name = with_attributes(), *shared = name_ref(name);

    name_free(name);
    has_our_attributes(shared);
    name_free(shared);
    ck_assert_ptr_null(name_ref(NULL));
    name_free(NULL);
}
END_TEST

START_TEST(attributes_go_with_a_composite_export)
{
    struct name *name = with_attributes(), *back;
    gss_buffer_desc token = exported(name, true), plain = exported(name, false);

    ck_assert(name_same(name, name));
    name_free(name);
    back = imported_bytes(token.value, token.length, &oid_nt_composite_export);
    has_our_attributes(back);
    name_free(back);
    back = imported_bytes(plain.value, plain.length, &oid_nt_export_name);
    ck_assert_uint_eq(back->attribute_count, 0);
    name_free(back);
    free(token.value);
    free(plain.value);
}
END_TEST

START_TEST(an_attribute_that_is_not_there_ends_the_callers_loop)
{
    struct name *name = with_attributes();
    gss_buffer_desc wanted = {3, (void *)(uintptr_t) "urn"};
    OM_uint32 minor;
    int more = -1;

    ck_assert_uint_eq(gss_get_name_attribute(&minor, (gss_name_t)name, &wanted, NULL, NULL,
                                             NULL, NULL, &more),
                      GSS_S_UNAVAILABLE);
    ck_assert_uint_eq(minor, NTLM_ERR_NO_ATTRIBUTE);
    ck_assert_int_eq(more, 0);
    name_free(name);
}
END_TEST

START_TEST(a_name_without_attributes_gives_an_empty_list)
{
    struct name *name = imported("alice", NULL);
    gss_buffer_set_t attributes = NULL;
    gss_OID mech = NULL;
    OM_uint32 minor;
    int is_mn = 0;

    ck_assert_uint_eq(gss_inquire_name(&minor, (gss_name_t)name, &is_mn, &mech, &attributes),
                      GSS_S_COMPLETE);
    ck_assert_int_eq(is_mn, 1);
    ck_assert_ptr_eq(mech, &oid_ntlmssp);
    ck_assert_ptr_nonnull(attributes);
    ck_assert_uint_eq(attributes->count, 0);
    buffer_set_free(&attributes);
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

int main(void)
{
    Suite *suite = suite_create("name");
    TCase *cases = tcase_create("name");
    tcase_add_test(cases, a_user_name_is_split_at_the_backslash_or_the_last_at);
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
    tcase_add_test(cases, an_exported_name_is_the_token_of_rfc_2743);
    tcase_add_test(cases, every_kind_of_name_survives_its_export);
    tcase_add_test(cases, a_damaged_export_is_refused_wherever_it_is_cut_or_changed);
    tcase_add_test(cases, an_export_that_we_would_not_make_is_refused);
    tcase_add_test(cases, attributes_are_listed_once_and_read_value_by_value);
    tcase_add_test(cases, a_name_lives_until_its_last_holder_is_done);
    tcase_add_test(cases, attributes_go_with_a_composite_export);
    tcase_add_test(cases, an_attribute_that_is_not_there_ends_the_callers_loop);
    tcase_add_test(cases, a_name_without_attributes_gives_an_empty_list);
    tcase_add_test(cases, the_gssapi_functions_make_compare_and_release_names);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
