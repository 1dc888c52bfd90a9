/* SPDX-License-Identifier: MIT */
/* name_attribute_test.c - what a login proved of a name: listed, read, shared and
 * exported with it. */

#include "config.h"

#include <string.h>

#include "gss/module.h"
#include "name_fixture.h"
#include "suite.h"

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

static void has_our_attributes(struct name *name, int proved)
{
    gss_buffer_set_t attributes;
    OM_uint32 minor;
    int more = -1;

    has_value(name, "urn:sid", &more, "\1\0\5", 3, "S-1-5", proved, 1);
    ck_assert_int_eq(more, 0);
    more = -1;
    has_value(name, "urn:group", &more, "staff", 5, "staff", proved, 0);
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

    has_our_attributes(name, 1);
    name_free(name);
}
END_TEST

START_TEST(a_name_lives_until_its_last_holder_is_done)
{
    struct name *name = with_attributes(), *shared = name_ref(name);

    name_free(name);
    has_our_attributes(shared, 1);
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
    has_our_attributes(back, 0); /* a token can say anything */
    name_free(back);
    back = imported_bytes(plain.value, plain.length, &oid_nt_export_name);
    ck_assert_uint_eq(back->attribute_count, 0);
    name_free(back);
    free(token.value);
    free(plain.value);
}
END_TEST

/* The mechglue's gss_localname takes this attribute for the local account. */
START_TEST(no_token_makes_its_name_a_local_account)
{
    struct name *name = imported("CORP\\mallory", NULL), *back;
    gss_buffer_desc wanted = {16, (void *)(uintptr_t) "local-login-user"}, token, value;
    int authenticated = 7, complete, more = -1;
    OM_uint32 minor;

    ck_assert_uint_eq(
        name_add_attribute(name, "local-login-user", ntlm_bytes("root", 4), "root", true, true),
        NTLM_OK);
    token = exported(name, true);
    back = imported_bytes(token.value, token.length, &oid_nt_composite_export);
    ck_assert_uint_eq(gss_get_name_attribute(&minor, (gss_name_t)back, &wanted, &authenticated,
                                             &complete, &value, NULL, &more),
                      GSS_S_UNAVAILABLE);
    ck_assert_uint_eq(minor, NTLM_ERR_NO_LOCAL_USER);
    ck_assert_int_eq(more, 0);
    free(token.value);
    name_free(back);
    name_free(name);
}
END_TEST

START_TEST(an_attribute_without_a_name_is_not_there)
{
    struct name *name = with_attributes();
    gss_buffer_desc wanted = {0, NULL};
    OM_uint32 minor;
    int more = -1;

    ck_assert_uint_eq(gss_get_name_attribute(&minor, (gss_name_t)name, &wanted, NULL, NULL,
                                             NULL, NULL, &more),
                      GSS_S_UNAVAILABLE);
    name_free(name);
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

int main(void)
{
    Suite *suite = suite_create("attributes of names");
    TCase *cases = tcase_create("attributes");

    tcase_add_test(cases, attributes_are_listed_once_and_read_value_by_value);
    tcase_add_test(cases, a_name_lives_until_its_last_holder_is_done);
    tcase_add_test(cases, attributes_go_with_a_composite_export);
    tcase_add_test(cases, no_token_makes_its_name_a_local_account);
    tcase_add_test(cases, an_attribute_without_a_name_is_not_there);
    tcase_add_test(cases, an_attribute_that_is_not_there_ends_the_callers_loop);
    tcase_add_test(cases, a_name_without_attributes_gives_an_empty_list);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
