/* SPDX-License-Identifier: MIT */
/* exchange_name_test.c - names and passwords of any text in an exchange, in Unicode and
 * in an OEM character set, and logins without a name. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

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

/* Names and passwords */

#define E_ACUTE "\xc3\xa9"
#define E_ACUTE_UPPER "\xc3\x89"
#define PAROL "\xd0\x9f\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c"
#define G_CLEF "\xf0\x9d\x84\x9e"

static const struct {
    const char *user, *domain, *password, *account;
} people[] = {
    {"User", "Domain", "Password", "User"},
    {"USER", "Domain", "Password", "user"},
    {"user", "domain", "Password", "USER"},
    {"User", "", "Password", "User"},
    {"user@realm.example", "", "Password", "user@realm.example"},
    {"Zo" E_ACUTE, "Domaine-" E_ACUTE, "Passe-" E_ACUTE, "ZO" E_ACUTE_UPPER},
    {PAROL, PAROL, PAROL, PAROL},
    {G_CLEF, G_CLEF, G_CLEF, G_CLEF},
    {"stra\xc3\x9f"
     "e",
     "Domain", "",
     "stra\xc3\x9f"
     "e"},
    {"a user of twenty and more characters, which was the limit once", "D",
     "a password of more than fourteen characters, which was the limit once",
     "A user of twenty and more characters, which was the limit once"},
};

START_TEST(names_and_passwords_may_be_of_any_text_and_users_in_any_case)
{
    x.user = people[_i].user;
    x.domain = people[_i].domain;
    x.password = x.account_password = people[_i].password;
    x.account = people[_i].account;
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->user, x.user);
    ck_assert_str_eq(x.logon->domain, x.domain);
    ck_assert_str_eq(x.logon->workstation, "CLIENT");
    ck_assert_str_eq(x.logon->server_name, "SERVER");
    ck_assert_str_eq(x.logon->server_domain, "DOMAIN");
}
END_TEST

START_TEST(a_password_in_another_case_is_another_password)
{
    x.password = "PASSWORD";
    assert_refused_for(&x, NTLM_ERR_LOGON_DENIED);
}
END_TEST

/* Without Unicode: ASCII, code page 850. */
START_TEST(an_oem_client_is_spoken_to_in_oem)
{
    const bool ascii = _i == 0;
    const struct ntlm_bytes wire =
        ascii ? ntlm_bytes("User", 4) : ntlm_bytes("Zo\x82", 3); /* e acute in it */

    x.client.oem_only = true;
    x.client.workstation = x.user = x.account = ascii ? "User" : "Zo" E_ACUTE;
    assert_agreed(&x);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    ck_assert_uint_eq(message.flags & (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM),
                      NTLMSSP_NEGOTIATE_OEM);
    ck_assert_uint_eq(message.user.len, wire.len);
    ck_assert_mem_eq(message.user.data, wire.data, wire.len);
    ck_assert_str_eq(x.logon->user, x.user);
    ck_assert_str_eq(x.logon->workstation, x.user);
}
END_TEST

/* The server chooses (2.2.2.5), whatever the answer's flags say. */
START_TEST(the_charset_is_the_one_that_the_server_chose)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_set_flags(&x, AUTHENTICATE_SENT,
                       exchange_flags(&x, AUTHENTICATE_SENT) ^
                           (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM));
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->user, "User");
}
END_TEST

START_TEST(a_name_that_oem_lacks_cannot_be_sent_in_it)
{
    x.client.oem_only = true;
    x.user = PAROL;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_BAD_TEXT);
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(a_name_that_is_not_utf8_cannot_be_sent)
{
    x.user = "\xff";
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_BAD_TEXT);
    assert_initiator_dead(&x);
}
END_TEST

/* Anonymous logons */

START_TEST(an_anonymous_logon_names_nobody_and_has_no_protection)
{
    static const uint8_t zeros[NTLM_KEY_SIZE];

    exchange_ask_as_nobody(&x);
    x.server.allow_anonymous = true;
    assert_agreed(&x);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    const struct ntlm_outcome *outcome = ntlm_acceptor_outcome(x.acceptor);
    ck_assert(message.flags & NTLMSSP_ANONYMOUS);
    ck_assert_uint_eq(message.user.len + message.domain.len + message.nt_response.len, 0);
    ck_assert_uint_eq(message.lm_response.len, 1);
    ck_assert_uint_eq(message.lm_response.data[0], 0);
    ck_assert_uint_eq(message.session_key.len, 0);
    ck_assert(outcome->anonymous && !outcome->mic && !outcome->bound);
    ck_assert_uint_eq(outcome->flags & (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH), 0);
    ck_assert_mem_eq(outcome->session_key, zeros, sizeof(zeros));
    ck_assert_str_eq(x.logon->user, "");
}
END_TEST

START_TEST(an_anonymous_logon_is_refused_unless_switched_on)
{
    exchange_ask_as_nobody(&x);
    assert_refused_for(&x, NTLM_ERR_ANONYMOUS_REFUSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exchange name");
    TCase *cases = tcase_create("exchange name");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, names_and_passwords_may_be_of_any_text_and_users_in_any_case, 0,
                        COUNT(people));
    tcase_add_test(cases, a_password_in_another_case_is_another_password);
    tcase_add_loop_test(cases, an_oem_client_is_spoken_to_in_oem, 0, 2);
    tcase_add_test(cases, the_charset_is_the_one_that_the_server_chose);
    tcase_add_test(cases, a_name_that_oem_lacks_cannot_be_sent_in_it);
    tcase_add_test(cases, a_name_that_is_not_utf8_cannot_be_sent);
    tcase_add_test(cases, an_anonymous_logon_names_nobody_and_has_no_protection);
    tcase_add_test(cases, an_anonymous_logon_is_refused_unless_switched_on);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
