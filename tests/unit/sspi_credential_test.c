/* sspi_credential_test.c - what a CredHandle stands for, and what it is good
 * for: logging in with NTLM, alone and through Negotiate. */

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "credential.h"
#include "sspi_machine.h"
#include "suite.h"
#include "timestamp.h"

#define ACCOUNTS "CORP:alice:secret\n:bob:secret\nCORP:empty:\n"

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

static struct credential *made(enum package_id package, ULONG use, struct identity *identity)
{
    struct credential *credential;

    ck_assert_int_eq(credential_make(package_of(package), NULL, use, identity, &credential),
                     SEC_E_OK);
    identity_release(identity);
    return credential;
}

static void is_logged_in(enum package_id package, struct words words, const char *who)
{
    struct credential *client = made(package, SECPKG_CRED_OUTBOUND, identity_of(words));
    struct credential *server = made(package, SECPKG_CRED_INBOUND, NULL);
    const char *shown;

    ck_assert_int_eq(client->initiator_status, SEC_E_OK);
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    shown = machine_log_in(client->initiator, server->acceptor, package_of(package)->mech);
    if (who)
        ck_assert_pstr_eq(shown, who);
    else
        ck_assert_ptr_null(shown);
    object_release(&client->object);
    object_release(&server->object);
}

START_TEST(a_user_with_domain_and_password_logs_in)
{
    machine_accounts(ACCOUNTS);
    is_logged_in(PACKAGE_NTLM, (struct words){"alice", "CORP", "secret", NULL}, "CORP\\alice");
    is_logged_in(PACKAGE_NEGOTIATE, (struct words){"alice", "CORP", "secret", NULL},
                 "CORP\\alice");
}
END_TEST

START_TEST(a_wrong_password_does_not)
{
    machine_accounts(ACCOUNTS);
    is_logged_in(PACKAGE_NTLM, (struct words){"alice", "CORP", "Secret", NULL}, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential");
    TCase *cases = machine_case("credential");

    tcase_add_test(cases, a_user_with_domain_and_password_logs_in);
    tcase_add_test(cases, a_wrong_password_does_not);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
