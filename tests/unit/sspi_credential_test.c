/* sspi_credential_test.c - what a credential is made of, and whether it logs
 * in: with NTLM alone and through Negotiate. The functions that callers see
 * are in sspi_credential_handle_test.c. */

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credential.h"
#include "sspi_keys.h"
#include "sspi_machine.h"
#include "suite.h"
#include "timestamp.h"

#define ACCOUNTS "CORP:alice:secret\n:bob:hush\nCORP:empty:\nSALES:carol:quiet\n"

struct words {
    const char *user, *domain, *password, *list;
};

/* SEC_WINNT_AUTH_IDENTITY_EX of these words, NULL for what is not given. */
static struct identity *identity_of(struct words words)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex = {
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(ex),
        .User = (UCHAR *)(uintptr_t)words.user,
        .UserLength = words.user ? (ULONG)strlen(words.user) : 0,
        .Domain = (UCHAR *)(uintptr_t)words.domain,
        .DomainLength = words.domain ? (ULONG)strlen(words.domain) : 0,
        .Password = (UCHAR *)(uintptr_t)words.password,
        .PasswordLength = words.password ? (ULONG)strlen(words.password) : 0,
        .PackageList = (UCHAR *)(uintptr_t)words.list,
        .PackageListLength = words.list ? (ULONG)strlen(words.list) : 0,
        .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI,
    };
    struct identity *identity;

    ck_assert_int_eq(identity_read(&ex, &identity), SEC_E_OK);
    return identity;
}

static struct credential *named(enum package_id package, const char *principal, ULONG use,
                                struct identity *identity)
{
    struct credential *credential;

    ck_assert_int_eq(
        credential_make(package_of(package), principal, use, identity, &credential), SEC_E_OK);
    identity_release(identity);
    return credential;
}

static struct credential *client_of(enum package_id package, struct words words)
{
    return named(package, NULL, SECPKG_CRED_OUTBOUND, identity_of(words));
}

static struct credential *server_of(enum package_id package)
{
    return named(package, NULL, SECPKG_CRED_INBOUND, NULL);
}

static void let_go(struct credential *credential)
{
    object_release(&credential->object);
}

/* who: NULL when the server is to refuse it. */
static void logs_in(struct credential *client, const char *who)
{
    struct credential *server = server_of(client->package->id);
    const char *shown;

    ck_assert_int_eq(client->initiator_status, SEC_E_OK);
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    shown = machine_log_in(client->initiator, server->acceptor, client->package->mech);
    ck_assert_pstr_eq(shown, who);
    let_go(client);
    let_go(server);
}

static void both_log_in(struct words words, const char *who)
{
    logs_in(client_of(PACKAGE_NTLM, words), who);
    logs_in(client_of(PACKAGE_NEGOTIATE, words), who);
}

START_TEST(a_user_with_domain_and_password_logs_in)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"alice", "CORP", "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(a_wrong_password_does_not)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"alice", "CORP", "Secret", NULL}, NULL);
}
END_TEST

START_TEST(the_domain_may_be_in_the_user_field)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"CORP\\alice", NULL, "secret", NULL}, "CORP\\alice");
    both_log_in((struct words){"CORP\\alice", "", "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(the_realm_may_be_in_the_user_field)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"alice@CORP", NULL, "secret", NULL}, "CORP\\alice");
}
END_TEST

START_TEST(an_empty_or_null_domain_is_none)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"bob", "", "hush", NULL}, "bob");
    both_log_in((struct words){"bob", NULL, "hush", NULL}, "bob");
}
END_TEST

START_TEST(an_empty_password_is_one)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"empty", "CORP", "", NULL}, "CORP\\empty");
    both_log_in((struct words){"alice", "CORP", "", NULL}, NULL);
}
END_TEST

START_TEST(without_a_password_it_is_what_the_machine_has_for_the_user)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"alice", "CORP", NULL, NULL}, "CORP\\alice");
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
    machine_accounts(":bob:hush\n");
    calls_itself(client_of(PACKAGE_NTLM, (struct words){NULL, "SALES", NULL, NULL}),
                 "SALES\\bob", GSS_C_NT_USER_NAME);
    calls_itself(client_of(PACKAGE_NTLM, (struct words){"", "SALES", NULL, NULL}), "SALES\\bob",
                 GSS_C_NT_USER_NAME);
}
END_TEST

START_TEST(a_password_alone_is_the_callers_own)
{
    char accounts[256], me[200];

    snprintf(me, sizeof(me), "CORP\\%s", getpwuid(geteuid())->pw_name);
    snprintf(accounts, sizeof(accounts), "CORP:%s:mine\n", me + strlen("CORP\\"));
    machine_accounts(accounts);
    both_log_in((struct words){NULL, "CORP", "mine", NULL}, me);
    both_log_in((struct words){"", "CORP", "mine", NULL}, me);
}
END_TEST

START_TEST(the_null_identity_is_the_default_credential)
{
    machine_accounts(ACCOUNTS);
    logs_in(named(PACKAGE_NTLM, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    logs_in(named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    /* and so is one that says nothing */
    both_log_in((struct words){NULL, NULL, NULL, NULL}, "CORP\\alice");
}
END_TEST

START_TEST(a_principal_names_whose_default_it_is)
{
    machine_accounts(ACCOUNTS);
    logs_in(named(PACKAGE_NTLM, "SALES\\carol", SECPKG_CRED_OUTBOUND, NULL), "SALES\\carol");
    logs_in(named(PACKAGE_NEGOTIATE, "carol@SALES", SECPKG_CRED_OUTBOUND, NULL),
            "SALES\\carol");
    logs_in(named(PACKAGE_NTLM, "", SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    /* An identity is more than a principal. */
    logs_in(named(PACKAGE_NTLM, "carol@SALES", SECPKG_CRED_OUTBOUND,
                  identity_of((struct words){"bob", NULL, "hush", NULL})),
            "bob");
}
END_TEST

START_TEST(a_service_is_not_a_user)
{
    struct credential *credential;

    machine_accounts(ACCOUNTS);
    credential = named(PACKAGE_NTLM, "HTTP/server", SECPKG_CRED_OUTBOUND, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
}
END_TEST

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

START_TEST(an_acceptor_may_be_named_as_a_service)
{
    struct credential *server, *client;

    machine_accounts(ACCOUNTS);
    keys_for_server("HTTP/server@HOME.TEST");
    server = named(PACKAGE_NEGOTIATE, "HTTP/server", SECPKG_CRED_INBOUND, NULL);
    ck_assert(accepts(server, PACKAGE_KERBEROS));
    client = client_of(PACKAGE_NTLM, (struct words){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    ck_assert_pstr_eq(
        machine_log_in(client->initiator, server->acceptor, client->package->mech), "bob");
    let_go(server);
    let_go(client);
}
END_TEST

START_TEST(all_empty_is_a_null_session)
{
    calls_itself(client_of(PACKAGE_NTLM, (struct words){"", "", "", NULL}), NULL,
                 GSS_C_NT_ANONYMOUS);
    calls_itself(client_of(PACKAGE_NTLM, (struct words){"", NULL, "", NULL}), NULL,
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
                       identity_of((struct words){"bob", NULL, "hush", NULL}));
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert_int_eq(credential->acceptor_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
    machine_accounts(ACCOUNTS);
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

    machine_accounts(ACCOUNTS);
    credential = named(PACKAGE_NTLM, NULL, use, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
    logs_in(
        named(PACKAGE_NTLM, NULL, use, identity_of((struct words){"bob", NULL, "hush", NULL})),
        "bob");
}
END_TEST

START_TEST(kerberos_says_what_it_misses)
{
    struct credential *credential =
        client_of(PACKAGE_KERBEROS, (struct words){"alice", "NOWHERE.TEST", "secret", NULL});

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
}
END_TEST

/* Not SPNEGO's word for it, which is that there was no mechanism. */
START_TEST(negotiate_without_ntlm_says_what_kerberos_says)
{
    struct credential *credential = client_of(
        PACKAGE_NEGOTIATE, (struct words){"alice", "NOWHERE.TEST", "secret", "!ntlm"});

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_AUTHENTICATING_AUTHORITY);
    let_go(credential);
}
END_TEST

START_TEST(negotiate_goes_on_with_ntlm_where_kerberos_cannot)
{
    struct credential *credential =
        client_of(PACKAGE_NEGOTIATE, (struct words){"alice", "CORP", "secret", NULL});

    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(machine_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    ck_assert(!machine_offers(credential->initiator, package_of(PACKAGE_KERBEROS)->mech));
    let_go(credential);
}
END_TEST

START_TEST(a_default_negotiate_credential_has_ntlm_only_where_there_is_an_account)
{
    struct credential *credential;

    keys_for_client("alice@HOME.TEST");
    credential = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL);
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(!machine_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
    machine_accounts(ACCOUNTS);
    credential = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL);
    ck_assert(machine_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
}
END_TEST

START_TEST(a_package_list_that_allows_nothing_leaves_no_credentials)
{
    struct credential *credential =
        named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_BOTH,
              identity_of((struct words){"alice", "CORP", "secret", "!ntlm,!kerberos"}));

    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(credential->acceptor_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
}
END_TEST

START_TEST(a_package_list_is_negotiates_alone)
{
    machine_accounts(ACCOUNTS);
    logs_in(client_of(PACKAGE_NTLM, (struct words){"bob", NULL, "hush", "!ntlm"}), "bob");
    logs_in(client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", "NTLM"}), "bob");
    logs_in(client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", "Kerberos,NTLM"}),
            "bob");
}
END_TEST

START_TEST(a_package_list_restricts_the_default_credential_too)
{
    struct credential *credential;

    machine_accounts(ACCOUNTS);
    credential = client_of(PACKAGE_NEGOTIATE, (struct words){NULL, NULL, NULL, "!ntlm"});
    ck_assert_int_eq(credential->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(credential);
    logs_in(client_of(PACKAGE_NEGOTIATE, (struct words){NULL, NULL, NULL, "!kerberos"}),
            "CORP\\alice");
}
END_TEST

START_TEST(a_package_list_restricts_what_is_offered)
{
    struct credential *credential;

    machine_accounts(ACCOUNTS);
    keys_for_client("alice@HOME.TEST");
    credential = client_of(PACKAGE_NEGOTIATE, (struct words){NULL, NULL, NULL, "!ntlm"});
    ck_assert_int_eq(credential->initiator_status, SEC_E_OK);
    ck_assert(!machine_offers(credential->initiator, package_of(PACKAGE_NTLM)->mech));
    let_go(credential);
}
END_TEST

START_TEST(negotiate_accepts_each_package_alone_as_well)
{
    struct credential *server, *client;

    machine_accounts(ACCOUNTS);
    server = server_of(PACKAGE_NEGOTIATE);
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++) {
        if (id == PACKAGE_KERBEROS)
            continue;
        client = client_of(id, (struct words){"bob", NULL, "hush", NULL});
        ck_assert_pstr_eq(
            machine_log_in(client->initiator, server->acceptor, client->package->mech), "bob");
        let_go(client);
    }
    let_go(server);
}
END_TEST

START_TEST(negotiate_accepts_what_the_machine_has)
{
    struct credential *server;

    machine_accounts(ACCOUNTS);
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

    machine_forget_accounts();
    server = server_of(PACKAGE_NEGOTIATE);
    ck_assert(accepts(server, PACKAGE_KERBEROS));
    ck_assert(!accepts(server, PACKAGE_NTLM));
    let_go(server);
}
END_TEST

START_TEST(a_package_list_restricts_an_acceptor)
{
    struct credential *server, *client;

    machine_accounts(ACCOUNTS);
    keys_for_server("HTTP/server@HOME.TEST");
    server = named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_INBOUND,
                   identity_of((struct words){NULL, NULL, NULL, "Kerberos"}));
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++) {
        if (id == PACKAGE_KERBEROS)
            continue;
        client = client_of(id, (struct words){"bob", NULL, "hush", NULL});
        ck_assert_ptr_null(
            machine_log_in(client->initiator, server->acceptor, client->package->mech));
        let_go(client);
    }
    let_go(server);
}
END_TEST

START_TEST(integrity_is_nobodys_unless_asked_for)
{
    machine_accounts(ACCOUNTS);
    both_log_in((struct words){"alice", "CORP", "secret", NULL}, "CORP\\alice");
    ck_assert_uint_eq(machine_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
    logs_in(named(PACKAGE_NEGOTIATE, NULL, SECPKG_CRED_OUTBOUND, NULL), "CORP\\alice");
    ck_assert_uint_eq(machine_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
}
END_TEST

START_TEST(an_ntlm_credential_never_ends)
{
    struct credential *credential =
        client_of(PACKAGE_NTLM, (struct words){"bob", NULL, "hush", NULL});

    ck_assert_int_eq(credential->expiry.QuadPart, TIMESTAMP_NEVER);
    let_go(credential);
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

    machine_accounts(ACCOUNTS);
    server = server_of(PACKAGE_NTLM);
    client = client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(credential_for(client, ntlm, NULL, &cred), SEC_E_OK);
    ck_assert_pstr_eq(machine_log_in(cred, server->acceptor, ntlm), "bob");
    gss_release_cred(&minor, &cred);
    let_go(client);

    client = client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", "NTLM"});
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

    machine_accounts(ACCOUNTS);
    client = client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", NULL});
    ck_assert_int_eq(credential_for(client, negotiate, offered, &cred), SEC_E_OK);
    ck_assert(machine_offers(cred, ntlm));
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

    machine_accounts(ACCOUNTS);
    client = client_of(PACKAGE_NEGOTIATE, (struct words){"bob", NULL, "hush", "!kerberos"});
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

START_TEST(a_name_that_is_none_leaves_no_credentials)
{
    struct credential *client =
        client_of(PACKAGE_NTLM, (struct words){"a\\b\\c", NULL, "hush", NULL});

    ck_assert_int_eq(client->initiator_status, SEC_E_UNKNOWN_CREDENTIALS);
    let_go(client);
    client = client_of(PACKAGE_KERBEROS, (struct words){"a@b@c", NULL, "hush", NULL});
    ck_assert_int_eq(client->initiator_status, SEC_E_NO_CREDENTIALS);
    let_go(client);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential");
    TCase *cases = machine_case("credential");

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
    tcase_add_test(cases, an_acceptor_may_be_named_as_a_service);
    tcase_add_test(cases, all_empty_is_a_null_session);
    tcase_add_test(cases, what_is_missing_is_said_by_its_use);
    tcase_add_test(cases, one_side_may_be_there_without_the_other);
    tcase_add_test(cases, only_what_was_given_logs_in_when_that_is_asked);
    tcase_add_test(cases, kerberos_says_what_it_misses);
    tcase_add_test(cases, negotiate_without_ntlm_says_what_kerberos_says);
    tcase_add_test(cases, negotiate_goes_on_with_ntlm_where_kerberos_cannot);
    tcase_add_test(cases,
                   a_default_negotiate_credential_has_ntlm_only_where_there_is_an_account);
    tcase_add_test(cases, a_package_list_that_allows_nothing_leaves_no_credentials);
    tcase_add_test(cases, a_package_list_is_negotiates_alone);
    tcase_add_test(cases, a_package_list_restricts_the_default_credential_too);
    tcase_add_test(cases, a_package_list_restricts_what_is_offered);
    tcase_add_test(cases, negotiate_accepts_each_package_alone_as_well);
    tcase_add_test(cases, negotiate_accepts_what_the_machine_has);
    tcase_add_test(cases, a_package_list_restricts_an_acceptor);
    tcase_add_test(cases, integrity_is_nobodys_unless_asked_for);
    tcase_add_test(cases, an_ntlm_credential_never_ends);
    tcase_add_test(cases, the_same_identity_serves_another_mechanism);
    tcase_add_test(cases, a_servers_list_limits_what_is_offered);
    tcase_add_test(cases, a_servers_list_and_ours_may_have_nothing_in_common);
    tcase_add_test(cases, what_is_missing_is_missing_for_another_mechanism_too);
    tcase_add_test(cases, a_name_that_is_none_leaves_no_credentials);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
