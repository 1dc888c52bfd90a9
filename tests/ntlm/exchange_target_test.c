/* SPDX-License-Identifier: MIT */
/* exchange_target_test.c - channel bindings and target names that the two sides of an
 * exchange compare. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

static bool has_pair(uint16_t id)
{
    struct ntlm_bytes value;

    return ntlm_av_find(exchange_pairs(&x), id, &value);
}

/* Channel bindings */

static const uint8_t here[16] = {1}, elsewhere[16] = {2}, zeros[16];

static const struct {
    const char *name;
    const uint8_t *client, *server;
    enum ntlm_check check;
    enum ntlm_error error;
    bool bound;
} bindings[] = {
    {"alike", here, here, NTLM_CHECK_IF_SENT, NTLM_OK, true},
    {"alike, required", here, here, NTLM_CHECK_REQUIRED, NTLM_OK, true},
    {"different", here, elsewhere, NTLM_CHECK_IF_SENT, NTLM_ERR_BINDINGS_DIFFER, false},
    {"different, required", here, elsewhere, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_DIFFER,
     false},
    {"none here", NULL, here, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none here, required", NULL, here, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
    {"none there", here, NULL, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none there, required", here, NULL, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
    {"none at all", NULL, NULL, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none at all, required", NULL, NULL, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING,
     false},
    {"zeros, which are none", zeros, here, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"zeros, required", zeros, here, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
};

START_TEST(channel_bindings_are_compared)
{
    x.client_bindings = bindings[_i].client;
    x.server_bindings = bindings[_i].server;
    x.server.check_bindings = bindings[_i].check;
    ck_assert_msg(exchange_run(&x) == bindings[_i].error, "%s", bindings[_i].name);
    ck_assert_msg(has_pair(MSV_AV_CHANNEL_BINDINGS) == (bindings[_i].client != NULL), "%s",
                  bindings[_i].name);
    if (!bindings[_i].error)
        ck_assert_msg(ntlm_acceptor_outcome(x.acceptor)->bound == bindings[_i].bound, "%s",
                      bindings[_i].name);
    else
        ck_assert_int_eq(x.server_side.error, bindings[_i].error);
}
END_TEST

/* Target names */

static const struct {
    const char *name;
    bool ours;
} targets[] = {
    {"HTTP/server", true},
    {"HTTP/server.example.org", true},
    {"http/SERVER.Example.ORG", true},
    {"HTTP/server:8080", true},
    {"ldap/server.example.org/example.org", true},
    {"ldap/server:389/example.org", true},
    {"server", true},
    {"server:80", true},
    {"HTTP/[2001:db8::1]", true},
    {"HTTP/[2001:DB8::1]:443", true},
    {"HTTP/[2001:db8::2]", false},
    {"HTTP/2001:db8::1", true},
    {"HTTP/2001:db8::2", false},
    {"HTTP/::ffff:192.0.2.66", false}, /* no host before the first colon */
    {"HTTP/[]:80", false},
    {"HTTP/other", false},
    {"HTTP/serve", false},
    {"HTTP/server2", false},
    {"HTTP/server.example.org.evil.example", false},
    {"server/other", false},
    {"HTTP/", false},
    {"HTTP/:80", false},
    {"/", false},
};

START_TEST(a_target_name_has_to_be_ours_where_it_is_checked)
{
    const enum ntlm_error refused = targets[_i].ours ? NTLM_OK : NTLM_ERR_TARGET_NAME;
    static const enum ntlm_check checks[] = {NTLM_CHECK_OFF, NTLM_CHECK_IF_SENT,
                                             NTLM_CHECK_REQUIRED};

    for (int i = 0; i < COUNT(checks); i++) {
        struct exchange *one = &x;

        exchange_begin(one);
        one->client.target_name = targets[_i].name;
        one->server.check_target = checks[i];
        ck_assert_msg(exchange_run(one) == (checks[i] == NTLM_CHECK_OFF ? NTLM_OK : refused),
                      "%s, checked: %d", targets[_i].name, i);
        ck_assert_str_eq(ntlm_acceptor_target_name(one->acceptor), targets[_i].name);
        exchange_end(one);
    }
}
END_TEST

/* Such as a credential of "HTTP" alone has. */
START_TEST(a_name_of_ours_without_a_host_is_no_host)
{
    static const char *const none[] = {"", NULL};
    static const char *const names[] = {"HTTP/", "HTTP/:80", "HTTP/::ffff:192.0.2.66", "[]"};

    x.server.target_hosts = none;
    x.server.check_target = NTLM_CHECK_REQUIRED;
    x.client.target_name = names[_i];
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
}
END_TEST

/* _i: an empty name, or no pair at all. */
START_TEST(a_target_name_may_be_missing_unless_required)
{
    static const enum ntlm_error errors[] = {NTLM_OK, NTLM_OK, NTLM_ERR_TARGET_NAME};

    for (int i = 0; i < COUNT(errors); i++) {
        exchange_begin(&x);
        x.client.target_name = _i ? "" : NULL;
        x.server.check_target = (enum ntlm_check)i;
        ck_assert_int_eq(exchange_run(&x), errors[i]);
        ck_assert_int_eq(has_pair(MSV_AV_TARGET_NAME), _i);
        ck_assert_int_eq(ntlm_acceptor_target_name(x.acceptor) != NULL, _i);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(who_knows_no_name_of_his_own_is_nobodys_target)
{
    x.server.target_hosts = NULL;
    x.server.check_target = NTLM_CHECK_IF_SENT;
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
    ck_assert_ptr_nonnull(strstr(x.server_side.detail, x.client.target_name));
}
END_TEST

START_TEST(the_unverified_bit_is_set_only_beside_a_target_name)
{
    static const struct {
        const char *target;
        uint32_t flags;
    } rows[] = {
        {"cifs/server", MSV_AV_FLAG_MIC | MSV_AV_FLAG_UNVERIFIED_TARGET},
        {"", MSV_AV_FLAG_MIC},
        {NULL, MSV_AV_FLAG_MIC},
    };

    x.client.target_unverified = true;
    x.client.target_name = rows[_i].target;
    assert_agreed(&x);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), rows[_i].flags);
}
END_TEST

START_TEST(a_target_name_that_the_client_does_not_trust_is_refused_where_it_is_checked)
{
    x.client.target_unverified = true;
    x.server.check_target = _i ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT;
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exchange target");
    TCase *cases = tcase_create("exchange target");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, channel_bindings_are_compared, 0, COUNT(bindings));
    tcase_add_loop_test(cases, a_target_name_has_to_be_ours_where_it_is_checked, 0,
                        COUNT(targets));
    tcase_add_loop_test(cases, a_target_name_may_be_missing_unless_required, 0, 2);
    tcase_add_loop_test(cases, a_name_of_ours_without_a_host_is_no_host, 0, 4);
    tcase_add_test(cases, who_knows_no_name_of_his_own_is_nobodys_target);
    tcase_add_loop_test(cases, the_unverified_bit_is_set_only_beside_a_target_name, 0, 3);
    tcase_add_loop_test(
        cases, a_target_name_that_the_client_does_not_trust_is_refused_where_it_is_checked, 0,
        2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
