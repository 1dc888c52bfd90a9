/* SPDX-License-Identifier: MIT */
/* credential_negotiate_test.c - the packages that a credential of Negotiate's
 * stands for: those that the machine, the caller's list and the server have. */

#include "config.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "credential_mech.h"
#include "sspi_credential_fixture.h"
#include "sspi_keys.h"
#include "suite.h"

#define ACCOUNTS "CORP:alice:secret\n:bob:hush\nCORP:empty:\nSALES:carol:quiet\n"

static bool accepts(const struct credential *server, enum package_id id)
{
    gss_OID_set mechs;
    OM_uint32 minor;
    int present;

    ck_assert_uint_eq(gss_inquire_cred(&minor, server->acceptor, NULL, NULL, NULL, &mechs),
                      GSS_S_COMPLETE);
    gss_test_oid_set_member(&minor, (gss_OID)(uintptr_t)package_of(id)->mech, mechs, &present);
    gss_release_oid_set(&minor, &mechs);
    return present;
}

/* Not SPNEGO's word for it, which is that there was no mechanism. */
START_TEST(negotiate_without_ntlm_says_what_kerberos_says)
{
    struct credential *credential =
        client_of(PACKAGE_NEGOTIATE,
                  (struct identity_fields){"alice", "NOWHERE.TEST", "secret", "!ntlm"});

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
}
END_TEST

START_TEST(negotiate_goes_on_with_ntlm_where_kerberos_cannot)
{
    struct credential *credential =
        client_of(PACKAGE_NEGOTIATE, (struct identity_fields){"alice", "CORP", "secret", NULL});

    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(fixture_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    ck_assert(!fixture_offers(credential->initiator, package_of(PACKAGE_KERBEROS)->mech));
    let_go(credential);
}
END_TEST

START_TEST(a_default_negotiate_credential_has_ntlm_only_where_there_is_an_account)
{
    struct credential *credential;

    keys_for_client("alice@HOME.TEST");
    credential = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(!fixture_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
    fixture_accounts(ACCOUNTS);
    credential = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL);
    ck_assert(fixture_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
}
END_TEST

START_TEST(a_package_list_that_allows_nothing_leaves_no_credentials)
{
    struct credential *credential = named(
        PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_BOTH,
        identity_of((struct identity_fields){"alice", "CORP", "secret", "!ntlm,!kerberos"}));

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(credential->acceptor_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
}
END_TEST

START_TEST(a_package_list_is_negotiates_alone)
{
    fixture_accounts(ACCOUNTS);
    logs_in(client_of(PACKAGE_NTLM, (struct identity_fields){"bob", NULL, "hush", "!ntlm"}),
            "bob");
    logs_in(client_of(PACKAGE_NEGOTIATE, (struct identity_fields){"bob", NULL, "hush", "NTLM"}),
            "bob");
    logs_in(client_of(PACKAGE_NEGOTIATE,
                      (struct identity_fields){"bob", NULL, "hush", "Kerberos,NTLM"}),
            "bob");
}
END_TEST

START_TEST(a_package_list_restricts_the_default_credential_too)
{
    struct credential *credential;

    fixture_accounts(ACCOUNTS);
    credential =
        client_of(PACKAGE_NEGOTIATE, (struct identity_fields){NULL, NULL, NULL, "!ntlm"});
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
    logs_in(
        client_of(PACKAGE_NEGOTIATE, (struct identity_fields){NULL, NULL, NULL, "!kerberos"}),
        "CORP\\alice");
}
END_TEST

START_TEST(a_package_list_restricts_what_is_offered)
{
    struct credential *credential;

    fixture_accounts(ACCOUNTS);
    keys_for_client("alice@HOME.TEST");
    credential =
        client_of(PACKAGE_NEGOTIATE, (struct identity_fields){NULL, NULL, NULL, "!ntlm"});
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(!fixture_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
}
END_TEST

START_TEST(an_acceptor_may_be_named_as_a_service)
{
    struct credential *server, *client;

    fixture_accounts(ACCOUNTS);
    keys_for_server("HTTP/server@HOME.TEST");
    server = named(PACKAGE_NEGOTIATE, "HTTP/server", SECPKG_CRED_INBOUND, NULL);
    ck_assert(accepts(server, PACKAGE_KERBEROS));
    client = client_of(PACKAGE_NTLM, (struct identity_fields){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    ck_assert_pstr_eq(
        fixture_log_in(client->initiator, server->acceptor, client->package->mech), "bob");
    let_go(server);
    let_go(client);
}
END_TEST

START_TEST(negotiate_accepts_each_package_alone_as_well)
{
    struct credential *server, *client;

    fixture_accounts(ACCOUNTS);
    server = server_of(PACKAGE_NEGOTIATE);
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++) {
        if (id == PACKAGE_KERBEROS)
            continue;
        client = client_of(id, (struct identity_fields){"bob", NULL, "hush", NULL});
        ck_assert_pstr_eq(
            fixture_log_in(client->initiator, server->acceptor, client->package->mech), "bob");
        let_go(client);
    }
    let_go(server);
}
END_TEST

START_TEST(negotiate_accepts_what_the_machine_has)
{
    struct credential *server;

    fixture_accounts(ACCOUNTS);
    server = server_of(PACKAGE_NEGOTIATE);
    ck_assert(accepts(server, PACKAGE_NEGOTIATE));
    ck_assert(accepts(server, PACKAGE_NTLM));
    ck_assert(!accepts(server, PACKAGE_KERBEROS));
    let_go(server);

    keys_for_server("HTTP/server@HOME.TEST");
    server = server_of(PACKAGE_NEGOTIATE);
    ck_assert(accepts(server, PACKAGE_NEGOTIATE));
    ck_assert(accepts(server, PACKAGE_NTLM));
    ck_assert(accepts(server, PACKAGE_KERBEROS));
    let_go(server);

    fixture_forget_accounts();
    server = server_of(PACKAGE_NEGOTIATE);
    ck_assert(accepts(server, PACKAGE_KERBEROS));
    ck_assert(!accepts(server, PACKAGE_NTLM));
    let_go(server);
}
END_TEST

START_TEST(a_package_list_restricts_an_acceptor)
{
    struct credential *server, *client;

    fixture_accounts(ACCOUNTS);
    keys_for_server("HTTP/server@HOME.TEST");
    server = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_INBOUND,
                   identity_of((struct identity_fields){NULL, NULL, NULL, "Kerberos"}));
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++) {
        if (id == PACKAGE_KERBEROS)
            continue;
        client = client_of(id, (struct identity_fields){"bob", NULL, "hush", NULL});
        ck_assert_ptr_null(
            fixture_log_in(client->initiator, server->acceptor, client->package->mech));
        let_go(client);
    }
    let_go(server);
}
END_TEST

static gss_OID_set set_of(gss_const_OID a, gss_const_OID b)
{
    gss_OID_set set;
    OM_uint32 minor;

    gss_create_empty_oid_set(&minor, &set);
    gss_add_oid_set_member(&minor, (gss_OID)(uintptr_t)a, &set);
    if (b)
        gss_add_oid_set_member(&minor, (gss_OID)(uintptr_t)b, &set);
    return set;
}

START_TEST(the_same_identity_serves_another_mechanism)
{
    struct credential *server, *client;
    gss_const_OID ntlm = package_of(PACKAGE_NTLM)->mech;
    gss_cred_id_t cred;
    OM_uint32 minor;

    fixture_accounts(ACCOUNTS);
    server = server_of(PACKAGE_NTLM);
    client = client_of(PACKAGE_NEGOTIATE, (struct identity_fields){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(credential_for(client, ntlm, NULL, &cred), SEC_E_OK);
    ck_assert_pstr_eq(fixture_log_in(cred, server->acceptor, ntlm), "bob");
    gss_release_cred(&minor, &cred);
    let_go(client);

    client =
        client_of(PACKAGE_NEGOTIATE, (struct identity_fields){"bob", NULL, "hush", "NTLM"});
    ck_assert_int_eq(credential_for(client, package_of(PACKAGE_KERBEROS)->mech, NULL, &cred),
                     SEC_E_NO_CREDENTIALS);
    ck_assert_ptr_null(cred);
    let_go(client);
    let_go(server);
}
END_TEST

START_TEST(a_servers_list_limits_what_is_offered)
{
    gss_const_OID negotiate = package_of(PACKAGE_NEGOTIATE)->mech;
    gss_const_OID ntlm = package_of(PACKAGE_NTLM)->mech;
    gss_OID_set offered = set_of(gss_mech_krb5_wrong, ntlm);
    struct credential *client;
    gss_cred_id_t cred;
    OM_uint32 minor;

    fixture_accounts(ACCOUNTS);
    client = client_of(PACKAGE_NEGOTIATE, (struct identity_fields){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(credential_for(client, negotiate, offered, &cred), SEC_E_OK);
    ck_assert(fixture_offers(cred, ntlm));
    gss_release_cred(&minor, &cred);
    gss_release_oid_set(&minor, &offered);

    /* Kerberos by its old name only: and there is no KDC */
    offered = set_of(gss_mech_krb5_wrong, NULL);
    ck_assert_int_eq(credential_for(client, negotiate, offered, &cred),
                     SEC_E_NO_AUTHENTICATING_AUTHORITY);
    ck_assert_ptr_null(cred);
    gss_release_oid_set(&minor, &offered);
    let_go(client);
}
END_TEST

START_TEST(a_servers_list_and_ours_may_have_nothing_in_common)
{
    gss_const_OID negotiate = package_of(PACKAGE_NEGOTIATE)->mech;
    gss_OID_set offered = set_of(package_of(PACKAGE_KERBEROS)->mech, gss_mech_iakerb);
    struct credential *client;
    gss_cred_id_t cred;
    OM_uint32 minor;

    fixture_accounts(ACCOUNTS);
    client = client_of(PACKAGE_NEGOTIATE,
                       (struct identity_fields){"bob", NULL, "hush", "!kerberos"});
    ck_assert_int_eq(credential_for(client, negotiate, offered, &cred), SEC_E_NO_CREDENTIALS);
    ck_assert_ptr_null(cred);
    gss_release_oid_set(&minor, &offered);
    let_go(client);
}
END_TEST

START_TEST(what_is_missing_is_missing_for_another_mechanism_too)
{
    struct credential *client = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL);
    gss_cred_id_t cred;

    ck_assert_int_eq(credential_for(client, package_of(PACKAGE_NTLM)->mech, NULL, &cred),
                     SEC_E_NO_CREDENTIALS);
    ck_assert_ptr_null(cred);
    let_go(client);
}
END_TEST

START_TEST(kerberos_is_offered_once_by_whichever_names)
{
    struct credential credential = {.package = package_of(PACKAGE_NEGOTIATE)};
    gss_OID_desc names[] = {*gss_mech_krb5_wrong, *gss_mech_krb5_old,
                            *package_of(PACKAGE_NTLM)->mech, *gss_mech_krb5};
    const gss_OID_set_desc offered = {4, names};
    gss_OID_set list;
    OM_uint32 minor;

    ck_assert_int_eq(credential_mech_list(&credential, &offered, &list), SEC_E_OK);
    ck_assert_uint_eq(list->count, 2);
    ck_assert(gss_oid_equal(&list->elements[0], gss_mech_krb5));
    ck_assert(gss_oid_equal(&list->elements[1], package_of(PACKAGE_NTLM)->mech));
    gss_release_oid_set(&minor, &list);
    credential.excluded[PACKAGE_KERBEROS] = true;
    ck_assert_int_eq(credential_mech_list(&credential, &offered, &list), SEC_E_OK);
    ck_assert_uint_eq(list->count, 1);
    gss_release_oid_set(&minor, &list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential for negotiate");
    TCase *cases = fixture_case("packages");

    tcase_add_test(cases, negotiate_without_ntlm_says_what_kerberos_says);
    tcase_add_test(cases, negotiate_goes_on_with_ntlm_where_kerberos_cannot);
    tcase_add_test(cases,
                   a_default_negotiate_credential_has_ntlm_only_where_there_is_an_account);
    tcase_add_test(cases, a_package_list_that_allows_nothing_leaves_no_credentials);
    tcase_add_test(cases, a_package_list_is_negotiates_alone);
    tcase_add_test(cases, a_package_list_restricts_the_default_credential_too);
    tcase_add_test(cases, a_package_list_restricts_what_is_offered);
    tcase_add_test(cases, an_acceptor_may_be_named_as_a_service);
    tcase_add_test(cases, negotiate_accepts_each_package_alone_as_well);
    tcase_add_test(cases, negotiate_accepts_what_the_machine_has);
    tcase_add_test(cases, a_package_list_restricts_an_acceptor);
    tcase_add_test(cases, the_same_identity_serves_another_mechanism);
    tcase_add_test(cases, a_servers_list_limits_what_is_offered);
    tcase_add_test(cases, a_servers_list_and_ours_may_have_nothing_in_common);
    tcase_add_test(cases, what_is_missing_is_missing_for_another_mechanism_too);
    tcase_add_test(cases, kerberos_is_offered_once_by_whichever_names);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
