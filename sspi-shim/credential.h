/* SPDX-License-Identifier: MIT */
/* credential.h - what a CredHandle stands for: a package, what it may be used
 * for, and GSSAPI's credentials for it. Immutable once its handle is open
 * (AddCredentials and SetCredentialsAttributes make what they change anew), so
 * one serves many contexts and threads at once. Contexts hold references:
 * FreeCredentialsHandle under live contexts is safe. */

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
    ULONG use;                     /* SECPKG_CRED_INBOUND, OUTBOUND or BOTH */
    struct identity *identity;     /* a reference; NULL: the default */
    char *principal;               /* pszPrincipal, UTF-8; NULL: none */
    struct delegation *delegation; /* a reference; what the default is when it was acquired as
                                    * a client that had delegated it; else NULL */

    /* SEC_E_OK, or what a call that needs this side answers: acquiring may
     * succeed although there is nothing to log in with. */
    SECURITY_STATUS initiator_status, acceptor_status;
    gss_cred_id_t initiator; /* of package->mech, NO_CI_FLAGS set on it; for
                              * Negotiate limited to what the identity allows */
    gss_cred_id_t acceptor;  /* for Negotiate of all mechanisms, so that SPNEGO,
                              * raw NTLM and raw Kerberos are taken alike */
    TimeStamp expiry;

    struct credential *base; /* a reference; NULL unless one of the two above is its */
};

/* The caller's one reference. identity (may be NULL) gets a reference of its
 * own; principal is copied. */
SECURITY_STATUS credential_make(const struct package *package, const char *principal, ULONG use,
                                struct identity *identity, struct credential **credential);

/* Is it for whoever the machine says the caller is, and not what a client
 * delegated? Then GSSAPI settles who that is when it is first used, or asked,
 * whichever comes first. */
bool credential_is_default(const struct credential *credential);

/* Gives a new credential, which nobody else has yet, the side that it was not
 * made for from another one of the same package, without making it again. */
SECURITY_STATUS credential_add_side(struct credential *credential, struct credential *base);

/* The same identity's initiator credential for other mechanisms: a Negotiate
 * context that falls back to NTLM, or follows a server's mechanism list, asks
 * for one of its own, because gss_set_neg_mechs changes the credential it is
 * given and that is shared. mech is the credential's mechanism; offered (may
 * be NULL) is handed to gss_set_neg_mechs, less what the identity does not
 * allow: SEC_E_NO_CREDENTIALS when nothing is left. The caller releases *cred. */
SECURITY_STATUS credential_for(const struct credential *credential, gss_const_OID mech,
                               gss_OID_set offered, gss_cred_id_t *cred);

/* With a reference that the caller releases; NULL for what is not live. */
static inline struct credential *credential_get(const SecHandle *handle)
{
    return (struct credential *)handle_get(handle, HANDLE_CREDENTIAL);
}

#endif
