/* SPDX-License-Identifier: MIT */
/* delegation.h - the credential that a client let a server have with its login
 * (ISC_REQ_DELEGATE). The context that it came with has it, every thread that
 * impersonates the client, and every CredHandle that such a thread acquires: it
 * goes with the last of them. Immutable, so any thread may use it. */

#ifndef SHIM_DELEGATION_H
#define SHIM_DELEGATION_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "package.h"

struct delegation;

/* One reference; takes over *cred, a credential of this package's mechanism
 * alone. NULL when memory ends, and nothing taken over. */
struct delegation *delegation_new(const struct package *package, gss_cred_id_t *cred);

/* NULL is fine for both. */
struct delegation *delegation_retain(struct delegation *delegation);
void delegation_release(struct delegation *delegation);

/* Is the package to log in with it? Negotiate is: with what it is of. */
bool delegation_is_for(const struct delegation *delegation, const struct package *package);

/* A copy for a mechanism, SPNEGO or what it is of: the tickets that are added to
 * it and the options that are set on it stay with it. SEC_E_NO_CREDENTIALS for
 * any other mechanism. The caller releases *cred. */
SECURITY_STATUS delegation_copy(const struct delegation *delegation, gss_const_OID mech,
                                gss_cred_id_t *cred);

#endif
