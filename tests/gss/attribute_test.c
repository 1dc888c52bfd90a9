/* SPDX-License-Identifier: MIT */
/* attribute_test.c - what a login proved of the client's name: it is there
 * through SPNEGO too, and goes with the name and the context to other processes.
 * SIDs, of which an account has many, are for tests/interop/domain.sh. */

#include "config.h"

#include "gss_exchange.h"

#define TARGET_NAME "target-name"

static const struct request ways[] = {
    {.flags = GSS_C_INTEG_FLAG},
    {.mech = (gss_OID)(uintptr_t)&spnego_oid, .flags = GSS_C_INTEG_FLAG},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static void assert_listed(gss_name_t name)
{
    gss_buffer_set_t listed = GSS_C_NO_BUFFER_SET;
    OM_uint32 ignored;
    int is_mn = 0;

    assert_complete(gss_inquire_name(&minor, name, &is_mn, NULL, &listed));
    ck_assert_int_eq(is_mn, 1);
    ck_assert_ptr_nonnull(listed);
    ck_assert_uint_eq(listed->count, 1);
    assert_bytes(listed->elements[0], TARGET_NAME, strlen(TARGET_NAME));
    gss_release_buffer_set(&ignored, &listed);
}

/* What a login proved is authenticated; what a token says is not. */
static void assert_meant_us(gss_name_t name, bool proved)
{
    gss_buffer_desc attribute = text_buffer(TARGET_NAME), value, shown;
    int authenticated = 0, complete = 0, more = -1;

    assert_listed(name);
    assert_complete(gss_get_name_attribute(&minor, name, &attribute, &authenticated, &complete,
                                           &value, &shown, &more));
    ck_assert_int_eq(authenticated, proved);
    ck_assert(complete);
    ck_assert_int_eq(more, 0);
    assert_bytes(value, "HTTP/server.test", strlen("HTTP/server.test"));
    assert_bytes(shown, value.value, value.length);
    release_buffer(&value);
    release_buffer(&shown);
}

START_TEST(the_service_that_the_client_meant_is_an_attribute_of_his_name)
{
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    assert_meant_us(exchange.source, true);
    exchange_end(&exchange);
}
END_TEST

START_TEST(attributes_move_with_the_context)
{
    gss_name_t source = GSS_C_NO_NAME;
    gss_buffer_desc token;
    OM_uint32 ignored;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    assert_complete(gss_export_sec_context(&minor, &exchange.server.context, &token));
    assert_complete(gss_import_sec_context(&minor, &token, &exchange.server.context));
    assert_complete(gss_inquire_context(&minor, exchange.server.context, &source, NULL, NULL,
                                        NULL, NULL, NULL, NULL));
    assert_meant_us(source, true);
    gss_release_name(&ignored, &source);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(attributes_move_with_a_composite_name_and_its_copies)
{
    gss_name_t moved = GSS_C_NO_NAME, copy = GSS_C_NO_NAME;
    gss_buffer_desc token;
    OM_uint32 ignored;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    assert_complete(gss_duplicate_name(&minor, exchange.source, &copy));
    assert_meant_us(copy, true);
    assert_complete(gss_export_name_composite(&minor, copy, &token));
    assert_complete(gss_import_name(&minor, &token, GSS_C_NT_COMPOSITE_EXPORT, &moved));
    gss_release_name(&ignored, &copy);
    assert_complete(gss_canonicalize_name(&minor, moved, NTLMSSP, &copy));
    assert_meant_us(copy, false);
    assert_name(copy, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_release_name(&ignored, &moved);
    gss_release_name(&ignored, &copy);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("name attributes of a login");
    TCase *cases = fixture_case(suite, "attributes");

    tcase_add_loop_test(cases, the_service_that_the_client_meant_is_an_attribute_of_his_name, 0,
                        WAYS);
    tcase_add_loop_test(cases, attributes_move_with_the_context, 0, WAYS);
    tcase_add_loop_test(cases, attributes_move_with_a_composite_name_and_its_copies, 0, WAYS);
    return suite_run(suite);
}
