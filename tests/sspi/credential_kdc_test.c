/* SPDX-License-Identifier: MIT */
/* credential_kdc_test.c - credentials where Kerberos works: with a KDC to
 * ask. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "context_buffer.h"
#include "credential_acquire.h"
#include "kdc.h"
#include "scratch.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"
#include "suite.h"
#include "timestamp.h"

#define ACCOUNTS "HOME.TEST:alice:secret\n"

static void begin(void)
{
    kdc_begin("addprinc -pw secret alice\n"
              "addprinc -pw quiet +requires_preauth carol\n"
              "addprinc -pw gone -expire yesterday dave\n"
              "addprinc -randkey HTTP/server\n"
              "ktadd -k keys HTTP/server\n");
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
}

/* How many requests for a first ticket there were. */
static size_t requests(void)
{
    size_t count = 0;

    for (const char *at = scratch_read("kdc.log"); (at = strstr(at, "AS_REQ")); at++)
        count++;
    return count;
}

static void log_in(const char *user, const char *password)
{
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in(user, password);
}

static CredHandle acquired(const char *package, ULONG use, struct identity_fields fields)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex = identity_of_fields(fields);
    CredHandle handle;

    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package, use, NULL, &ex,
                                               NULL, NULL, &handle, NULL),
                     SEC_E_OK);
    return handle;
}

static CredHandle client_of(const char *package, struct identity_fields fields)
{
    return acquired(package, SECPKG_CRED_OUTBOUND, fields);
}

static void is_let_go(CredHandle handle)
{
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_uint_eq(context_buffer_count(), 0);
}

static void is_called(CredHandle *handle, const char *name)
{
    SecPkgCredentials_NamesA names;

    ck_assert_int_eq(QueryCredentialsAttributesA(handle, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_OK);
    ck_assert_str_eq(names.sUserName, name);
    ck_assert_int_eq(FreeContextBuffer(names.sUserName), SEC_E_OK);
}

/* To the HTTP/server whose keys are at hand. */
static void logs_in(CredHandle handle, const char *who)
{
    struct credential *client = credential_get(&handle), *server;
    gss_const_OID mech = client->package->mech;

    ck_assert_int_eq(client->initiator_status, SEC_E_OK);
    ck_assert_int_eq(credential_make(client->package, NULL, SECPKG_CRED_INBOUND, NULL, &server),
                     SEC_E_OK);
    ck_assert_pstr_eq(fixture_log_in(client->initiator, server->acceptor, mech), who);
    object_release(&server->object);
    object_release(&client->object);
    is_let_go(handle);
}

/* The status that a first call has. */
static SECURITY_STATUS use(CredHandle *handle)
{
    static char token[48256];
    SecBuffer buffer = {sizeof(token), SECBUFFER_TOKEN, token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle context;
    ULONG attributes;
    SECURITY_STATUS status = InitializeSecurityContextA(
        handle, NULL, (char[]){"HTTP/server"}, ISC_REQ_MUTUAL_AUTH, 0, SECURITY_NATIVE_DREP,
        NULL, 0, &context, &output, &attributes, NULL);

    if (!FAILED(status))
        ck_assert_int_eq(DeleteSecurityContext(&context), SEC_E_OK);
    return status;
}

static bool offers(CredHandle *handle, enum package_id id)
{
    struct credential *credential = credential_get(handle);
    bool offered = fixture_offers(credential->initiator, package_of(id)->mech);

    object_release(&credential->object);
    return offered;
}

START_TEST(a_password_logs_in_with_kerberos)
{
    CredHandle handle =
        client_of("Kerberos", (struct identity_fields){"alice", NULL, "secret", NULL});

    is_called(&handle, "alice@HOME.TEST");
    logs_in(handle, "alice@HOME.TEST");
    logs_in(
        client_of("Kerberos", (struct identity_fields){"carol", "HOME.TEST", "quiet", NULL}),
        "carol@HOME.TEST");
    logs_in(
        client_of("Negotiate", (struct identity_fields){"carol", "HOME.TEST", "quiet", NULL}),
        "carol@HOME.TEST");
}
END_TEST

START_TEST(the_realm_may_be_in_the_user_field)
{
    logs_in(client_of("Kerberos",
                      (struct identity_fields){"HOME.TEST\\alice", NULL, "secret", NULL}),
            "alice@HOME.TEST");
    logs_in(
        client_of("Kerberos", (struct identity_fields){"alice@HOME.TEST", "", "secret", NULL}),
        "alice@HOME.TEST");
    logs_in(client_of("Negotiate",
                      (struct identity_fields){"alice@HOME.TEST", NULL, "secret", NULL}),
            "alice@HOME.TEST");
}
END_TEST

START_TEST(a_wrong_password_is_said_by_its_use)
{
    static const struct identity_fields wrong[] = {{"alice", NULL, "Secret", NULL},
                                                   {"alice", NULL, "", NULL},
                                                   {"carol", NULL, "Quiet", NULL},
                                                   {"nobody", NULL, "secret", NULL},
                                                   {"dave", NULL, "gone", NULL}};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        CredHandle handle = client_of("Kerberos", wrong[i]);
        ck_assert_int_eq(use(&handle), SEC_E_LOGON_DENIED);
        is_let_go(handle);
    }
}
END_TEST

START_TEST(negotiate_without_ntlm_says_the_same)
{
    CredHandle handle =
        client_of("Negotiate", (struct identity_fields){"alice", NULL, "no", "!ntlm"});

    ck_assert_int_eq(use(&handle), SEC_E_LOGON_DENIED);
    is_let_go(handle);
}
END_TEST

START_TEST(negotiate_goes_on_with_ntlm_after_a_wrong_password)
{
    CredHandle handle =
        client_of("Negotiate", (struct identity_fields){"alice", NULL, "no", NULL});

    ck_assert(!offers(&handle, PACKAGE_KERBEROS));
    ck_assert(offers(&handle, PACKAGE_NTLM));
    is_let_go(handle);
}
END_TEST

/* The KDC may count wrong ones. */
START_TEST(a_wrong_password_is_tried_once)
{
    size_t before = requests();

    is_let_go(client_of("Negotiate", (struct identity_fields){"alice", NULL, "no", "!ntlm"}));
    ck_assert_uint_eq(requests(), before + 1);
    is_let_go(client_of("Negotiate", (struct identity_fields){"alice", NULL, "no", NULL}));
    ck_assert_uint_eq(requests(), before + 2);
    is_let_go(client_of("Kerberos", (struct identity_fields){"alice", NULL, "no", NULL}));
    ck_assert_uint_eq(requests(), before + 3);
}
END_TEST

START_TEST(a_password_that_is_for_ntlm_alone_is_not_shown_to_the_kdc)
{
    size_t before = requests();
    CredHandle handle;

    is_let_go(client_of("NTLM", (struct identity_fields){"alice", NULL, "secret", NULL}));
    handle =
        client_of("Negotiate", (struct identity_fields){"alice", NULL, "secret", "!kerberos"});
    ck_assert(offers(&handle, PACKAGE_NTLM));
    ck_assert(!offers(&handle, PACKAGE_KERBEROS));
    is_let_go(handle);
    ck_assert_uint_eq(requests(), before);
}
END_TEST

START_TEST(negotiate_offers_both)
{
    CredHandle handle = client_of(
        "Negotiate", (struct identity_fields){"alice", "HOME.TEST", "secret", "Kerberos,NTLM"});

    ck_assert(offers(&handle, PACKAGE_KERBEROS));
    ck_assert(offers(&handle, PACKAGE_NTLM));
    is_let_go(handle);
    handle = client_of("Negotiate",
                       (struct identity_fields){"alice", "HOME.TEST", "secret", "!ntlm"});
    ck_assert(offers(&handle, PACKAGE_KERBEROS));
    ck_assert(!offers(&handle, PACKAGE_NTLM));
    is_let_go(handle);
}
END_TEST

START_TEST(one_name_is_understood_by_both)
{
    struct identity_fields fields = {"HOME.TEST\\alice", NULL, "secret", NULL};
    struct credential *client, *server;
    CredHandle handle;
    gss_cred_id_t ntlm;
    OM_uint32 minor;

    fixture_accounts(ACCOUNTS);
    logs_in(client_of("Negotiate", fields), "alice@HOME.TEST");
    handle = client_of("Negotiate", fields);
    client = credential_get(&handle);
    ck_assert_int_eq(credential_for(client, package_of(PACKAGE_NTLM)->mech, NULL, &ntlm),
                     SEC_E_OK);
    ck_assert_int_eq(credential_make(client->package, NULL, SECPKG_CRED_INBOUND, NULL, &server),
                     SEC_E_OK);
    ck_assert_pstr_eq(fixture_log_in(ntlm, server->acceptor, package_of(PACKAGE_NTLM)->mech),
                      "HOME.TEST\\alice");
    gss_release_cred(&minor, &ntlm);
    object_release(&server->object);
    object_release(&client->object);
    is_let_go(handle);
}
END_TEST

START_TEST(negotiate_accepts_each_package_alone_as_well)
{
    struct identity_fields fields = {"alice", "HOME.TEST", "secret", NULL};
    static const char *const packages[] = {"Negotiate", "Kerberos", "NTLM"};
    struct credential *server, *client;
    CredHandle handle;

    fixture_accounts(ACCOUNTS);
    ck_assert_int_eq(credential_make(package_of(PACKAGE_NEGOTIATE), NULL, SECPKG_CRED_INBOUND,
                                     NULL, &server),
                     SEC_E_OK);
    for (size_t i = 0; i < 3; i++) {
        handle = client_of(packages[i], fields);
        client = credential_get(&handle);
        ck_assert_ptr_nonnull(
            fixture_log_in(client->initiator, server->acceptor, client->package->mech));
        object_release(&client->object);
        is_let_go(handle);
    }
    object_release(&server->object);
}
END_TEST

START_TEST(integrity_is_nobodys_unless_asked_for)
{
    struct identity_fields fields = {"alice", NULL, "secret", NULL};

    logs_in(client_of("Kerberos", fields), "alice@HOME.TEST");
    ck_assert_uint_eq(fixture_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
    logs_in(client_of("Negotiate", fields), "alice@HOME.TEST");
    ck_assert_uint_eq(fixture_flags() & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG), 0);
}
END_TEST

START_TEST(an_added_acceptor_leaves_the_end_as_it_is)
{
    CredHandle handle =
        client_of("Kerberos", (struct identity_fields){"alice", NULL, "secret", NULL});
    struct credential *credential;

    ck_assert_int_eq(AddCredentialsA(&handle, NULL, (char[]){"Kerberos"}, SECPKG_CRED_INBOUND,
                                     NULL, NULL, NULL, NULL),
                     SEC_E_OK);
    credential = credential_get(&handle);
    ck_assert_int_lt(credential->expiry.QuadPart, TIMESTAMP_NEVER);
    object_release(&credential->object);
    logs_in(handle, "alice@HOME.TEST");
}
END_TEST

static void ends_with_the_tickets(const char *package, void *identity)
{
    TimeStamp expiry, soon = timestamp_at(time(NULL) + 3600),
                      late = timestamp_at(time(NULL) + 25 * 3600);
    CredHandle handle;

    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package,
                                               SECPKG_CRED_OUTBOUND, NULL, identity, NULL, NULL,
                                               &handle, &expiry),
                     SEC_E_OK);
    ck_assert_int_gt(expiry.QuadPart, soon.QuadPart);
    ck_assert_int_lt(expiry.QuadPart, late.QuadPart);
    is_let_go(handle);
}

START_TEST(a_credential_ends_with_its_tickets)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = {
        (UCHAR[]){"alice"}, 5, NULL, 0, (UCHAR[]){"secret"}, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};

    ends_with_the_tickets("Kerberos", &alice);
    ends_with_the_tickets("Negotiate", &alice);
    log_in("alice", "secret");
    ends_with_the_tickets("Kerberos", NULL);
    ends_with_the_tickets("Negotiate", NULL);
}
END_TEST

START_TEST(the_null_identity_is_the_default_credential)
{
    struct identity_fields nothing = {NULL, NULL, NULL, NULL};
    CredHandle handle;

    log_in("carol", "quiet");
    handle = client_of("Kerberos", nothing);
    is_called(&handle, "carol@HOME.TEST");
    logs_in(handle, "carol@HOME.TEST");
    logs_in(client_of("Negotiate", nothing), "carol@HOME.TEST");
    /* The tickets are there, an account is not. */
    handle = client_of("Negotiate", nothing);
    ck_assert(offers(&handle, PACKAGE_KERBEROS));
    ck_assert(!offers(&handle, PACKAGE_NTLM));
    is_called(&handle, "carol@HOME.TEST");
    is_let_go(handle);
}
END_TEST

START_TEST(without_a_password_it_is_what_the_machine_has_for_the_user)
{
    CredHandle handle;

    log_in("carol", "quiet");
    logs_in(client_of("Kerberos", (struct identity_fields){"carol", NULL, NULL, NULL}),
            "carol@HOME.TEST");
    handle = client_of("Kerberos", (struct identity_fields){"alice", NULL, NULL, NULL});
    ck_assert_int_eq(use(&handle), SEC_E_NO_CREDENTIALS);
    is_let_go(handle);
}
END_TEST

/* The default credential is asked who it is and how long it lasts, and still
 * is for its first target to choose: here, after the tickets became others. */
START_TEST(asking_a_default_credential_does_not_settle_it)
{
    CredHandle handle;

    log_in("carol", "quiet");
    handle = client_of("Kerberos", (struct identity_fields){NULL, NULL, NULL, NULL});
    is_called(&handle, "carol@HOME.TEST");
    log_in("alice", "secret");
    is_called(&handle, "alice@HOME.TEST");
    logs_in(handle, "alice@HOME.TEST");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential kdc");
    TCase *cases = fixture_case("credential kdc");

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_test(cases, a_password_logs_in_with_kerberos);
    tcase_add_test(cases, the_realm_may_be_in_the_user_field);
    tcase_add_test(cases, a_wrong_password_is_said_by_its_use);
    tcase_add_test(cases, negotiate_without_ntlm_says_the_same);
    tcase_add_test(cases, negotiate_goes_on_with_ntlm_after_a_wrong_password);
    tcase_add_test(cases, a_wrong_password_is_tried_once);
    tcase_add_test(cases, a_password_that_is_for_ntlm_alone_is_not_shown_to_the_kdc);
    tcase_add_test(cases, negotiate_offers_both);
    tcase_add_test(cases, one_name_is_understood_by_both);
    tcase_add_test(cases, negotiate_accepts_each_package_alone_as_well);
    tcase_add_test(cases, integrity_is_nobodys_unless_asked_for);
    tcase_add_test(cases, a_credential_ends_with_its_tickets);
    tcase_add_test(cases, an_added_acceptor_leaves_the_end_as_it_is);
    tcase_add_test(cases, the_null_identity_is_the_default_credential);
    tcase_add_test(cases, without_a_password_it_is_what_the_machine_has_for_the_user);
    tcase_add_test(cases, asking_a_default_credential_does_not_settle_it);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
