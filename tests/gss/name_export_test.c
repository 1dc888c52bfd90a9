/* SPDX-License-Identifier: MIT */
/* name_export_test.c - exported names: their bytes, that they come back, and that
 * what we would not have made is refused. */

#include "config.h"

#include <string.h>

#include "gss/module.h"
#include "name_fixture.h"
#include "suite.h"

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
        if (!name_import((char *)bytes, token.length, &oid_nt_export_name, &back))
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

int main(void)
{
    Suite *suite = suite_create("exported names");
    TCase *cases = tcase_create("export");

    tcase_add_test(cases, an_exported_name_is_the_token_of_rfc_2743);
    tcase_add_test(cases, every_kind_of_name_survives_its_export);
    tcase_add_test(cases, a_damaged_export_is_refused_wherever_it_is_cut_or_changed);
    tcase_add_test(cases, an_export_that_we_would_not_make_is_refused);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
