/* SPDX-License-Identifier: MIT */
/* credential_test.c - whom a credential stands for, and whether it logs in:
 * with NTLM alone and through Negotiate. What Negotiate makes of the packages is in
 * sspi_credential_negotiate_test.c, the functions that callers see are in
 * sspi_credential_handle_test.c. */

#include "config.h"

#include <gssapi/gssapi_ext.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sspi_credential_fixture.h"
#include "suite.h"
#include "timestamp.h"

#define ACCOUNTS "CORP:alice:secret\n:bob:hush\nCORP:empty:\nSALES:carol:quiet\n"

static void both_log_in(struct identity_fields fields, const char *who)
{
    logs_in(client_of(PACKAGE_NTLM, fields), who);
    logs_in(client_of(PACKAGE_NEGOTIATE, fields), who);
}

START_TEST(a_user_with_domain_and_password_logs_in)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"alice", "CORP", "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(a_wrong_password_does_not)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"alice", "CORP", "Secret", NULL}, NULL);
}
END_TEST

START_TEST(the_domain_may_be_in_the_user_field)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"CORP\\alice", NULL, "secret", NULL}, "CORP\\alice");
    both_log_in((struct identity_fields){"CORP\\alice", "", "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(the_realm_may_be_in_the_user_field)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"alice@CORP", NULL, "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(an_empty_or_null_domain_is_none)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"bob", "", "hush", NULL}, "bob");
    both_log_in((struct identity_fields){"bob", NULL, "hush", NULL}, "bob");
}
END_TEST

START_TEST(an_empty_password_is_one)
{
    fixture_accounts(ACCOUNTS);
    fixture_settings("empty.conf", "allow_empty_passwords = true\n");
    both_log_in((struct identity_fields){"empty", "CORP", "", NULL}, "CORP\\empty");
    both_log_in((struct identity_fields){"alice", "CORP", "", NULL}, NULL);
}
END_TEST

START_TEST(without_a_password_it_is_what_the_machine_has_for_the_user)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"alice", "CORP", NULL, NULL}, "CORP\\alice");
}
END_TEST

static void calls_itself(struct credential *client, const char *text, gss_OID type)
{
    gss_buffer_desc shown;
    gss_name_t name;
    gss_OID its_type;
    OM_uint32 minor;

    ck_assert_int_eq(client->initiator_status, SEC_E_OK);
    ck_assert_uint_eq(gss_inquire_cred(&minor, client->initiator, &name, NULL, NULL, NULL),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(gss_display_name(&minor, name, &shown, &its_type), GSS_S_COMPLETE);
    if (text)
        ck_assert_str_eq(shown.value, text);
    ck_assert(gss_oid_equal(its_type, type));
    gss_release_buffer(&minor, &shown);
    gss_release_name(&minor, &name);
    let_go(client);
}

START_TEST(a_domain_alone_is_where_the_callers_own_account_is)
{
    fixture_accounts(":bob:hush\n");
    calls_itself(client_of(PACKAGE_NTLM, (struct identity_fields){NULL, "SALES", NULL, NULL}),
                 "SALES\\bob", GSS_C_NT_USER_NAME);
    calls_itself(client_of(PACKAGE_NTLM, (struct identity_fields){"", "SALES", NULL, NULL}),
                 "SALES\\bob", GSS_C_NT_USER_NAME);
}
END_TEST

START_TEST(a_password_alone_is_the_callers_own)
{
    char accounts[256], me[200];

    snprintf(me, sizeof(me), "CORP\\%s", getpwuid(geteuid())->pw_name);
    snprintf(accounts, sizeof(accounts), "CORP:%s:mine\n", me + strlen("CORP\\"));
    fixture_accounts(accounts);
    both_log_in((struct identity_fields){NULL, "CORP", "mine", NULL}, me);
    both_log_in((struct identity_fields){"", "CORP", "mine", NULL}, me);
}
END_TEST

START_TEST(the_null_identity_is_the_default_credential)
{
    fixture_accounts(ACCOUNTS);
    logs_in(named(PACKAGE_NTLM, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    logs_in(named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    /* and so is one that says nothing */
    both_log_in((struct identity_fields){NULL, NULL, NULL, NULL}, "CORP\\alice");
}
END_TEST

START_TEST(a_principal_names_whose_default_it_is)
{
    fixture_accounts(ACCOUNTS);
    logs_in(named(PACKAGE_NTLM, "SALES\\carol", SECPKG_CRED_OUTBOUND, NULL), "SALES\\carol");
    logs_in(named(PACKAGE_NEGOTIATE, "carol@SALES", SECPKG_CRED_OUTBOUND, NULL),
            "SALES\\carol");
    logs_in(named(PACKAGE_NTLM, "", SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    /* An identity is more than a principal. */
    logs_in(named(PACKAGE_NTLM, "carol@SALES", SECPKG_CRED_OUTBOUND,
                  identity_of((struct identity_fields){"bob", NULL, "hush", NULL})),
            "bob");
}
END_TEST

START_TEST(a_service_is_not_a_user)
{
    struct credential *credential;

    fixture_accounts(ACCOUNTS);
    credential = named(PACKAGE_NTLM, "HTTP/server", SECPKG_CRED_OUTBOUND, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
}
END_TEST

START_TEST(all_empty_is_a_null_session)
{
    calls_itself(client_of(PACKAGE_NTLM, (struct identity_fields){"", "", "", NULL}), NULL,
                 GSS_C_NT_ANONYMOUS);
    calls_itself(client_of(PACKAGE_NTLM, (struct identity_fields){"", NULL, "", NULL}), NULL,
                 GSS_C_NT_ANONYMOUS);
}
END_TEST

START_TEST(what_is_missing_is_said_by_its_use)
{
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++) {
        struct credential *credential = named(id, NULL, SECPKG_CRED_BOTH, NULL);
        ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
        /* NTLM names what an acceptor of its own misses: somebody who knows accounts. */
        ck_assert_int_eq(credential->acceptor_status, id == PACKAGE_NTLM
                                                          ? SEC_E_NO_AUTHENTICATING_AUTHORITY
                                                          : SEC_E_NO_CREDENTIALS);
        ck_assert_ptr_null(credential->initiator);
        ck_assert_ptr_null(credential->acceptor);
        let_go(credential);
    }
}
END_TEST

START_TEST(one_side_may_be_there_without_the_other)
{
    struct credential *credential;

    credential = named(PACKAGE_NTLM, NULL, SECPKG_CRED_BOTH,
                       identity_of((struct identity_fields){"bob", NULL, "hush", NULL}));
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert_int_eq(credential->acceptor_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
    fixture_accounts(ACCOUNTS);
    credential = named(PACKAGE_NTLM, NULL, SECPKG_CRED_INBOUND, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(credential->acceptor_status, SEC_E_OK);
    ck_assert_uint_eq(credential->use, SECPKG_CRED_INBOUND);
    let_go(credential);
}
END_TEST

START_TEST(only_what_was_given_logs_in_when_that_is_asked)
{
    struct credential *credential;
    ULONG use = SECPKG_CRED_OUTBOUND | SECPKG_CRED_AUTOLOGON_RESTRICTED;

    fixture_accounts(ACCOUNTS);
    credential = named(PACKAGE_NTLM, NULL, use, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
    logs_in(named(PACKAGE_NTLM, NULL, use,
                  identity_of((struct identity_fields){"bob", NULL, "hush", NULL})),
            "bob");
}
END_TEST

START_TEST(kerberos_says_what_it_misses)
{
    struct credential *credential = client_of(
        PACKAGE_KERBEROS, (struct identity_fields){"alice", "NOWHERE.TEST", "secret", NULL});

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
}
END_TEST

START_TEST(integrity_is_nobodys_unless_asked_for)
{
    fixture_accounts(ACCOUNTS);
    both_log_in((struct identity_fields){"alice", "CORP", "secret", NULL}, "CORP\\alice");
    ck_assert_uint_eq(fixture_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
    logs_in(named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    ck_assert_uint_eq(fixture_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
}
END_TEST

START_TEST(an_ntlm_credential_never_ends)
{
    struct credential *credential =
        client_of(PACKAGE_NTLM, (struct identity_fields){"bob", NULL, "hush", NULL});

    ck_assert_int_eq(credential->expiry.QuadPart, TIMESTAMP_NEVER);
    let_go(credential);
}
END_TEST

START_TEST(a_name_that_is_none_leaves_no_credentials)
{
    struct credential *client =
        client_of(PACKAGE_NTLM, (struct identity_fields){"a\\b\\c", NULL, "hush", NULL});

    ck_assert_int_eq(client->initiator_status, SEC_E_UNKNOWN_CREDENTIALS);
    let_go(client);
    client = client_of(PACKAGE_KERBEROS, (struct identity_fields){"a@b@c", NULL, "hush", NULL});
    ck_assert_int_eq(client->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential");
    TCase *cases = fixture_case("credential");

    tcase_add_test(cases, a_user_with_domain_and_password_logs_in);
    tcase_add_test(cases, a_wrong_password_does_not);
    tcase_add_test(cases, the_domain_may_be_in_the_user_field);
    tcase_add_test(cases, the_realm_may_be_in_the_user_field);
    tcase_add_test(cases, an_empty_or_null_domain_is_none);
    tcase_add_test(cases, an_empty_password_is_one);
    tcase_add_test(cases, without_a_password_it_is_what_the_machine_has_for_the_user);
    tcase_add_test(cases, a_domain_alone_is_where_the_callers_own_account_is);
    tcase_add_test(cases, a_password_alone_is_the_callers_own);
    tcase_add_test(cases, the_null_identity_is_the_default_credential);
    tcase_add_test(cases, a_principal_names_whose_default_it_is);
    tcase_add_test(cases, a_service_is_not_a_user);
    tcase_add_test(cases, all_empty_is_a_null_session);
    tcase_add_test(cases, what_is_missing_is_said_by_its_use);
    tcase_add_test(cases, one_side_may_be_there_without_the_other);
    tcase_add_test(cases, only_what_was_given_logs_in_when_that_is_asked);
    tcase_add_test(cases, kerberos_says_what_it_misses);
    tcase_add_test(cases, integrity_is_nobodys_unless_asked_for);
    tcase_add_test(cases, an_ntlm_credential_never_ends);
    tcase_add_test(cases, a_name_that_is_none_leaves_no_credentials);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
