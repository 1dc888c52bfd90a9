/* SPDX-License-Identifier: MIT */
/* sspi_credential_fixture.h - credentials of sspi_machine.h's machine, and logins
 * with them. */

#ifndef SSPI_CREDENTIAL_FIXTURE_H
#define SSPI_CREDENTIAL_FIXTURE_H

#include "credential_acquire.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"

struct identity *identity_of(struct identity_fields fields);

/* Takes the identity over. */
struct credential *named(enum package_id package, const char *principal, ULONG use,
                         struct identity *identity);
struct credential *client_of(enum package_id package, struct identity_fields fields);
struct credential *server_of(enum package_id package);
void let_go(struct credential *credential);

/* Lets the client go. who: NULL when the server is to refuse it. */
void logs_in(struct credential *client, const char *who);

#endif
