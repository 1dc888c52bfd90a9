/* SPDX-License-Identifier: MIT */
/* sspi_delegation_fixture.c - see sspi_delegation_fixture.h. */

#include "config.h"

#include "sspi_delegation_fixture.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kdc.h"
#include "scratch.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"
#include "suite.h"
#include "thread_cred.h"

char client[64], client_name[128], ntlm_name[128];
static char accounts[128];

void delegation_begin(void)
{
    char commands[1024];

    snprintf(commands, sizeof(commands),
             "addprinc -pw secret \"%s\"\n"
             "addprinc -pw secret " OTHER "\n"
             "addprinc -pw secret front\n"
             "addprinc -randkey HTTP/server.home.test\n"
             "addprinc -randkey +ok_as_delegate HTTP/behind.home.test\n"
             "ktadd -k keys HTTP/server.home.test HTTP/behind.home.test\n",
             client);
    kdc_begin(commands);
}

void delegation_set_up(void)
{
    char setting[128];

    /* the user who runs the tests may be the system's, too */
    snprintf(setting, sizeof(setting), "[ntlmssp]\n allowed_system_accounts = %s " OTHER "\n",
             client);
    kdc_configure_with(setting);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in("front", "secret");
    fixture_accounts(accounts);
}

struct exchange *front_of(const char *package, const char *domain, const char *user,
                          ULONG requested)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = exchange_identity(domain, user, "secret");
    struct exchange *exchange = exchange_new(package, &identity);

    exchange->client.requested = requested;
    exchange_establish(exchange);
    return exchange;
}

struct exchange *front(const char *package, ULONG requested)
{
    return front_of(package, "HOME.TEST", client, requested);
}

struct exchange *impersonated(const char *package, ULONG requested)
{
    struct exchange *exchange = front(package, requested);

    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context), SEC_E_OK);
    return exchange;
}

void revert(struct exchange *exchange)
{
    ck_assert_int_eq(RevertSecurityContext(&exchange->server.context), SEC_E_OK);
}

void revert_and_free(struct exchange *exchange)
{
    revert(exchange);
    exchange_free(exchange);
}

CredHandle acquire_as(const char *principal, const char *package, ULONG use, void *identity)
{
    CredHandle handle;

    ck_assert_int_eq(AcquireCredentialsHandleA((char *)(uintptr_t)principal,
                                               (char *)(uintptr_t)package, use, NULL, identity,
                                               NULL, NULL, &handle, NULL),
                     SEC_E_OK);
    return handle;
}

CredHandle acquire(const char *package)
{
    return acquire_as(NULL, package, SECPKG_CRED_OUTBOUND, NULL);
}

struct exchange *behind(const char *package, CredHandle handle)
{
    struct exchange *exchange = exchange_new(package, NULL);

    ck_assert_int_eq(FreeCredentialsHandle(&exchange->client.credential), SEC_E_OK);
    exchange->client.credential = handle;
    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    exchange->target = (char *)(uintptr_t) "HTTP/behind.home.test";
    return exchange;
}

void is_text(char *text, const char *expected)
{
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(FreeContextBuffer(text), SEC_E_OK);
}

void is_called(CredHandle *handle, const char *name)
{
    SecPkgCredentials_NamesA names;

    ck_assert_int_eq(QueryCredentialsAttributesA(handle, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_OK);
    is_text(names.sUserName, name);
}

void is_seen_as(const char *package, CredHandle handle, const char *name)
{
    struct exchange *exchange = behind(package, handle);
    SecPkgContext_NamesA names;

    exchange_establish(exchange);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_OK);
    is_text(names.sUserName, name);
    exchange_end(exchange);
}

SECURITY_STATUS refusal(CredHandle handle, const char *target)
{
    struct exchange *exchange = behind("Negotiate", handle);
    SECURITY_STATUS status;

    exchange->target = (char *)(uintptr_t)target;
    status = exchange_client(exchange);
    exchange_end(exchange);
    return status;
}

bool delegation_find_client(void)
{
    const struct passwd *passwd = getpwuid(geteuid());
    struct thread_cred self = {0}, same = {0};
    bool found;

    found = passwd && thread_cred_read(&self) == SEC_E_OK &&
            thread_cred_of_account(passwd->pw_name, &self, &same) == SEC_E_OK &&
            thread_cred_set(&same) == SEC_E_OK && thread_cred_set(&self) == SEC_E_OK;
    snprintf(client, sizeof(client), "%s", found ? passwd->pw_name : "");
    snprintf(client_name, sizeof(client_name), "%s@HOME.TEST", client);
    snprintf(ntlm_name, sizeof(ntlm_name), "SERVER\\%s", client);
    snprintf(accounts, sizeof(accounts), "SERVER:%s:secret\n", client);
    thread_cred_clear(&self);
    thread_cred_clear(&same);
    return found;
}
