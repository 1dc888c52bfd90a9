/* SPDX-License-Identifier: MIT */
/* credential.h - what a CredHandle stands for: a package, the sides it may be used
 * for, and GSSAPI's credentials for them. It does not change once its handle is
 * open (AddCredentials makes another one), so it serves many contexts and
 * threads at once. Contexts have references: FreeCredentialsHandle is safe while
 * there are contexts. No password is kept. */

#ifndef SHIM_CREDENTIAL_H
#define SHIM_CREDENTIAL_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "delegation.h"
#include "handle.h"
#include "identity.h"
#include "package.h"

struct credential {
    struct object object; /* HANDLE_CREDENTIAL */
    const struct package *package;
    ULONG use; /* SECPKG_CRED_INBOUND, OUTBOUND or BOTH */

    /* Whom the initiator's credential is for. */
    char *principal;               /* pszPrincipal, UTF-8; NULL: none */
    struct identity *identity;     /* a reference; NULL: there was none, or one with a password,
                                    * which is not kept */
    bool has_password;             /* there was one with a password: see `parts` */
    bool is_default;               /* whoever the machine says that the caller is */
    bool excluded[PACKAGE_COUNT];  /* by the identity's package list */
    struct delegation *delegation; /* a reference; the default of a thread that impersonates a
                                    * client who delegated it. Else NULL */

    /* SEC_E_OK, or what a call answers that needs this side: acquiring may succeed
     * although there is nothing to log in with. */
    SECURITY_STATUS initiator_status, acceptor_status;
    gss_cred_id_t initiator; /* of package->mech, NO_CI_FLAGS set on it; for
                              * Negotiate limited to what the identity allows */
    gss_cred_id_t acceptor;  /* for Negotiate of all mechanisms, so that tokens of SPNEGO,
                              * NTLM and Kerberos are taken alike */
    TimeStamp expiry;        /* of the initiator */

    /* Of Negotiate with a password, each package's own credential and what acquiring
     * it came to: others are made of them later, when the password is gone. */
    gss_cred_id_t parts[PACKAGE_COUNT];
    SECURITY_STATUS part_status[PACKAGE_COUNT];

    struct credential *base; /* a reference; whose GSSAPI credentials are one side of this one.
                              * NULL: none */
};

/* One without any of GSSAPI's credentials, with one reference, the caller's. NULL when
 * memory runs out. */
struct credential *credential_new(const struct package *package, ULONG use);

/* Adds to a new credential, which nobody else has yet, the side that it was not made
 * for, from another credential of the same package. */
SECURITY_STATUS credential_add_side(struct credential *credential, struct credential *base);

/* With a reference that the caller releases; NULL for what is not live. */
static inline struct credential *credential_get(const SecHandle *handle)
{
    return (struct credential *)handle_get(handle, HANDLE_CREDENTIAL);
}

#endif
