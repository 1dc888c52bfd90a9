/* SPDX-License-Identifier: MIT */
/* sspi_credential_fixture.c - makes the credentials, and lets them go. */

#include "config.h"

#include "sspi_credential_fixture.h"

#include "suite.h"

struct identity *identity_of(struct identity_fields fields)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex = identity_of_fields(fields);
    struct identity *identity;

    ck_assert_int_eq(identity_read(&ex, &identity), SEC_E_OK);
    return identity;
}

struct credential *named(enum package_id package, const char *principal, ULONG use,
                         struct identity *identity)
{
    struct credential *credential;

    ck_assert_int_eq(
        credential_make(package_of(package), principal, use, identity, &credential), SEC_E_OK);
    identity_release(identity);
    return credential;
}

struct credential *client_of(enum package_id package, struct identity_fields fields)
{
    return named(package, NULL, SECPKG_CRED_OUTBOUND, identity_of(fields));
}

struct credential *server_of(enum package_id package)
{
    return named(package, NULL, SECPKG_CRED_INBOUND, NULL);
}

void let_go(struct credential *credential)
{
    object_release(&credential->object);
}

void logs_in(struct credential *client, const char *who)
{
    struct credential *server = server_of(client->package->id);
    const char *shown;

    ck_assert_int_eq(client->initiator_status, SEC_E_OK);
    ck_assert_int_eq(server->acceptor_status, SEC_E_OK);
    shown = fixture_log_in(client->initiator, server->acceptor, client->package->mech);
    ck_assert_pstr_eq(shown, who);
    let_go(client);
    let_go(server);
}
