/* SPDX-License-Identifier: MIT */
/* delegate_test.c - a client delegates to a service in front, whose thread
 * impersonates it and logs in to a service behind: as the client, while and
 * wherever it should, and else as itself. With a KDC. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "context.h"
#include "kdc.h"
#include "scratch.h"
#include "sspi_delegation_fixture.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"
#include "suite.h"
#include "support/sysaccount.h"

static const char *const packages[] = {"Kerberos", "Negotiate"};

START_TEST(who_impersonates_a_client_that_delegated_logs_in_as_the_client)
{
    const char *package = packages[_i % 2];
    struct exchange *exchange = impersonated(packages[_i / 2], DELEGATING);
    CredHandle handle = acquire(package);

    ck_assert_uint_eq(exchange->server.attributes, ASC_RET_DELEGATE | ASC_RET_MUTUAL_AUTH);
    is_called(&handle, client_name);
    is_seen_as(package, handle, client_name);
    revert(exchange);
    is_seen_as(package, acquire(package), FRONT);
    exchange_free(exchange);
}
END_TEST

START_TEST(who_impersonates_a_client_that_did_not_delegate_stays_who_it_is)
{
    struct exchange *exchange = impersonated(packages[_i], ISC_REQ_MUTUAL_AUTH);

    ck_assert_uint_eq(exchange->server.attributes, ASC_RET_MUTUAL_AUTH);
    is_seen_as(packages[_i], acquire(packages[_i]), FRONT);
    revert_and_free(exchange);
}
END_TEST

/* Not as allowed_system_accounts has it for the other tests. */
START_TEST(no_client_of_kerberos_becomes_an_account_of_the_system)
{
    struct exchange *exchange;

    if (!sysaccount_is(geteuid())) {
        puts("skipped: no_client_of_kerberos_becomes_an_account_of_the_system (needs one)");
        return;
    }
    kdc_configure();
    exchange = front(packages[_i], ISC_REQ_MUTUAL_AUTH);
    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context),
                     SEC_E_NO_IMPERSONATION);
    exchange_free(exchange);
}
END_TEST

static void is_delegated_to(const char *package, const char *target, ULONG delegate)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = exchange_identity("HOME.TEST", client, "secret");
    struct exchange *exchange = exchange_new(package, &identity);

    exchange->target = (char *)(uintptr_t)target;
    exchange->client.requested = DELEGATING;
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_DELEGATE, delegate);
    ck_assert_uint_eq(exchange->server.attributes & ASC_RET_DELEGATE, delegate);
    exchange_free(exchange);
}

/* The KDC tells of each service whether it is trusted for delegation, as Windows'
 * does; krb5.conf tells whether that matters. */
START_TEST(isc_req_delegate_is_for_trusted_services_alone_where_krb5_conf_says_so)
{
    is_delegated_to(packages[_i], "HTTP/server.home.test", ISC_RET_DELEGATE);
    kdc_configure_with("[libdefaults]\n enforce_ok_as_delegate = true\n");
    is_delegated_to(packages[_i], "HTTP/server.home.test", 0);
    is_delegated_to(packages[_i], "HTTP/behind.home.test", ISC_RET_DELEGATE);
}
END_TEST

START_TEST(the_next_client_takes_the_place_of_the_one_before)
{
    struct exchange *first = impersonated(packages[_i], DELEGATING);
    struct exchange *second = impersonated(packages[_i], ISC_REQ_MUTUAL_AUTH);

    is_seen_as(packages[_i], acquire(packages[_i]), FRONT);
    ck_assert_int_eq(ImpersonateSecurityContext(&first->server.context), SEC_E_OK);
    is_seen_as(packages[_i], acquire(packages[_i]), client_name);
    exchange_end(second);
    revert_and_free(first);
}
END_TEST

START_TEST(a_delegated_credential_outlives_its_context_and_the_acquired_one_all)
{
    struct exchange *other = front("Kerberos", ISC_REQ_MUTUAL_AUTH);
    CredHandle handle;

    exchange_end(impersonated(packages[_i], DELEGATING));
    is_seen_as(packages[_i], acquire(packages[_i]), client_name);
    handle = acquire(packages[_i]);
    revert(other);
    exchange_end(other);
    is_called(&handle, client_name);
    is_seen_as(packages[_i], handle, client_name);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

static void *be_front(void *package)
{
    is_seen_as(package, acquire(package), FRONT);
    return NULL;
}

static void *end_as_client(void *package)
{
    exchange_end(impersonated(package, DELEGATING));
    is_seen_as(package, acquire(package), client_name);
    return NULL;
}

static void in_thread(void *(*act)(void *), const char *package)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, act, (void *)(uintptr_t)package), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

/* And gone with it: a leak checker says that nothing is left. */
START_TEST(what_was_delegated_is_the_impersonating_threads)
{
    struct exchange *exchange = impersonated(packages[_i], DELEGATING);

    in_thread(be_front, packages[_i]);
    revert(exchange);
    in_thread(end_as_client, packages[_i]);
    is_seen_as(packages[_i], acquire(packages[_i]), FRONT);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_service_behind_may_be_delegated_to_as_well)
{
    struct exchange *exchange = impersonated(packages[_i], DELEGATING);
    struct exchange *next = behind(packages[_i], acquire(packages[_i]));

    next->client.requested = DELEGATING;
    exchange_establish(next);
    revert(exchange);
    ck_assert_uint_eq(next->server.attributes, ASC_RET_DELEGATE | ASC_RET_MUTUAL_AUTH);
    ck_assert_int_eq(ImpersonateSecurityContext(&next->server.context), SEC_E_OK);
    is_seen_as(packages[_i], acquire(packages[_i]), client_name);
    exchange_end(next);
    revert_and_free(exchange);
}
END_TEST

START_TEST(an_explicit_identity_goes_before_the_clients)
{
    const ULONG use = SECPKG_CRED_OUTBOUND, none = use | SECPKG_CRED_AUTOLOGON_RESTRICTED;
    SEC_WINNT_AUTH_IDENTITY_A identity = exchange_identity("HOME.TEST", OTHER, "secret");
    struct exchange *exchange = impersonated(packages[_i], DELEGATING);
    const char *package = packages[_i];

    is_seen_as(package, acquire_as(NULL, package, use, &identity), OTHER "@HOME.TEST");
    is_seen_as(package, acquire_as("front", package, use, NULL), FRONT);
    ck_assert_int_eq(refusal(acquire_as(NULL, package, none, NULL), "HTTP/behind.home.test"),
                     SEC_E_NO_CREDENTIALS);
    revert_and_free(exchange);
}
END_TEST

static CredHandle acquire_with_list(const char *list)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex = identity_of_fields((struct identity_fields){.list = list});

    return acquire_as(NULL, "Negotiate", SECPKG_CRED_OUTBOUND, &ex);
}

START_TEST(a_package_list_restricts_what_was_delegated)
{
    struct exchange *exchange = impersonated("Negotiate", DELEGATING);

    is_seen_as("Negotiate", acquire_with_list("!NTLM"), client_name);
    is_seen_as("Negotiate", acquire_with_list("NTLM,Kerberos"), client_name);
    ck_assert_int_eq(refusal(acquire_with_list("!Kerberos"), "HTTP/behind.home.test"),
                     SEC_E_NO_CREDENTIALS);
    revert_and_free(exchange);
}
END_TEST

/* The account that NTLM would log in with is at hand. */
START_TEST(negotiate_does_not_fall_back_to_ntlm_as_the_client)
{
    struct exchange *exchange = impersonated("Negotiate", DELEGATING);

    ck_assert_int_eq(refusal(acquire("Negotiate"), "HTTP/nowhere.home.test"),
                     SEC_E_TARGET_UNKNOWN);
    ck_assert_int_eq(refusal(acquire("Negotiate"), NULL), SEC_E_NO_CREDENTIALS);
    revert(exchange);
    ck_assert_int_eq(refusal(acquire("Negotiate"), NULL), SEC_I_CONTINUE_NEEDED);
    exchange_free(exchange);
}
END_TEST

/* A server's side of one is never the client's. */
START_TEST(a_credential_may_be_the_clients_in_one_direction)
{
    static char package[] = "Negotiate";
    struct exchange *exchange = impersonated(package, DELEGATING);
    CredHandle handles[] = {acquire_as(NULL, package, SECPKG_CRED_BOTH, NULL),
                            acquire(package)};

    revert(exchange);
    ck_assert_int_eq(AddCredentialsA(&handles[1], NULL, package, SECPKG_CRED_INBOUND, NULL,
                                     NULL, NULL, NULL),
                     SEC_E_OK);
    for (size_t i = 0; i < 2; i++) {
        SEC_WINNT_AUTH_IDENTITY_A identity = exchange_identity("SERVER", client, "secret");
        struct exchange *next = exchange_new("NTLM", &identity);
        CredHandle spare = next->server.credential;
        next->server.credential = handles[i];
        exchange_establish(next);
        next->server.credential = spare;
        exchange_end(next);
        is_called(&handles[i], client_name);
        is_seen_as(package, handles[i], client_name);
    }
    exchange_free(exchange);
}
END_TEST

/* Alone and as Negotiate's choice. */
START_TEST(ntlm_delegates_nothing)
{
    struct exchange *exchange =
        front_of(_i ? "NTLM" : "Negotiate", "SERVER", client, DELEGATING);
    struct context *context = context_enter(&exchange->server.context);

    ck_assert_str_eq(context->chosen->name, "NTLM");
    ck_assert_uint_eq(context->attributes & ASC_RET_DELEGATE, 0);
    ck_assert_ptr_null(context->delegation);
    context_leave(context);
    exchange_free(exchange);
}
END_TEST

START_TEST(ntlm_does_not_log_in_with_what_kerberos_delegated)
{
    struct exchange *exchange = impersonated("Kerberos", DELEGATING);
    CredHandle handle = acquire("NTLM");

    is_called(&handle, ntlm_name);
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
    revert_and_free(exchange);
}
END_TEST

START_TEST(a_context_is_exported_without_what_was_delegated)
{
    struct exchange *exchange = front(packages[_i], DELEGATING);
    SecPkgContext_Flags flags;
    SecBuffer packed;
    CtxtHandle imported;

    ck_assert_int_eq(ExportSecurityContext(&exchange->server.context, 0, &packed, NULL),
                     SEC_E_OK);
    ck_assert_int_eq(
        ImportSecurityContextA((char *)(uintptr_t)packages[_i], &packed, NULL, &imported),
        SEC_E_OK);
    FreeContextBuffer(packed.pvBuffer);
    ck_assert_int_eq(QueryContextAttributesA(&imported, SECPKG_ATTR_FLAGS, &flags), SEC_E_OK);
    ck_assert_uint_eq(flags.Flags, ASC_RET_MUTUAL_AUTH);
    ck_assert_int_eq(ImpersonateSecurityContext(&imported), SEC_E_OK);
    is_seen_as(packages[_i], acquire(packages[_i]), FRONT);
    ck_assert_int_eq(DeleteSecurityContext(&imported), SEC_E_OK);
    /* where it came from it still is */
    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context), SEC_E_OK);
    is_seen_as(packages[_i], acquire(packages[_i]), client_name);
    revert_and_free(exchange);
}
END_TEST

START_TEST(a_fresh_exchange_forgets_what_was_delegated)
{
    struct exchange *exchange = front(packages[_i], DELEGATING);

    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    exchange->server.length = 0;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_OK);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_uint_eq(exchange->server.attributes, ASC_RET_MUTUAL_AUTH);
    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context), SEC_E_OK);
    is_seen_as(packages[_i], acquire(packages[_i]), FRONT);
    revert_and_free(exchange);
}
END_TEST

/* MIT's Kerberos gives none there; a leak checker says that it keeps none. */
START_TEST(asc_ret_delegate_is_not_there_in_dces_style)
{
    struct exchange *exchange = impersonated("Kerberos", DELEGATING | ISC_REQ_USE_DCE_STYLE);

    ck_assert_uint_eq(exchange->server.attributes & ASC_RET_DELEGATE, 0);
    is_seen_as("Kerberos", acquire("Kerberos"), FRONT);
    revert_and_free(exchange);
}
END_TEST

START_TEST(another_account_logs_in_with_what_it_delegated)
{
    struct exchange *exchange = front_of(packages[_i], "HOME.TEST", OTHER, DELEGATING);
    CredHandle handle;

    /* krb5.conf for OTHER to read, and not the keys nor front's tickets */
    ck_assert_int_eq(chmod(scratch_path(""), 0755), 0);
    ck_assert_int_eq(chmod(getenv("KRB5_CONFIG"), 0644), 0);
    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context), SEC_E_OK);
    ck_assert_uint_ne(geteuid(), 0);
    handle = acquire(packages[_i]);
    is_called(&handle, OTHER "@HOME.TEST");
    revert(exchange);
    is_seen_as(packages[_i], handle, OTHER "@HOME.TEST");
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const alone[] = {
        a_package_list_restricts_what_was_delegated,
        negotiate_does_not_fall_back_to_ntlm_as_the_client,
        a_credential_may_be_the_clients_in_one_direction,
        ntlm_does_not_log_in_with_what_kerberos_delegated,
        asc_ret_delegate_is_not_there_in_dces_style,
    };
    const TTest *const both[] = {
        who_impersonates_a_client_that_did_not_delegate_stays_who_it_is,
        no_client_of_kerberos_becomes_an_account_of_the_system,
        isc_req_delegate_is_for_trusted_services_alone_where_krb5_conf_says_so,
        the_next_client_takes_the_place_of_the_one_before,
        a_delegated_credential_outlives_its_context_and_the_acquired_one_all,
        what_was_delegated_is_the_impersonating_threads,
        a_service_behind_may_be_delegated_to_as_well,
        an_explicit_identity_goes_before_the_clients,
        ntlm_delegates_nothing,
        a_context_is_exported_without_what_was_delegated,
        a_fresh_exchange_forgets_what_was_delegated,
    };
    Suite *suite = suite_create("sspi delegate");
    TCase *cases = fixture_case("kdc");

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    if (!delegation_find_client()) {
        puts("1..0 # SKIP the tests' own account cannot be impersonated");
        return 77;
    }
    tcase_add_unchecked_fixture(cases, delegation_begin, kdc_end);
    tcase_add_checked_fixture(cases, delegation_set_up, NULL);
    tcase_add_loop_test(cases, who_impersonates_a_client_that_delegated_logs_in_as_the_client,
                        0, 4);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
        tcase_add_test(cases, alone[i]);
    if (geteuid() == 0)
        tcase_add_loop_test(cases, another_account_logs_in_with_what_it_delegated, 0, 2);
    else
        puts("ok - another_account_logs_in_with_what_it_delegated # SKIP needs root");
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
