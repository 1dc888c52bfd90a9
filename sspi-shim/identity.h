/* SPDX-License-Identifier: MIT */
/* identity.h - who a caller says it is: SEC_WINNT_AUTH_IDENTITY in each of its
 * forms, read into one. Immutable once made, so any thread may use it. */

#ifndef SHIM_IDENTITY_H
#define SHIM_IDENTITY_H

#include <stdatomic.h>
#include <stdbool.h>

#include <sspi.h>

#include "package.h"

/* UTF-8; NULL: not given, which is not the same as "" for a password. */
struct identity {
    atomic_uint references;
    char *user, *domain, *password; /* a user like DOMAIN\user or user@realm stays whole */
    ULONG flags;                    /* SEC_WINNT_AUTH_IDENTITY_ONLY and its like */
    bool allowed[PACKAGE_COUNT];    /* by the package list; all without one */
};

/* Any of A, W, EX and EX2, told apart by the first word, the strings' kind by
 * Flags. SEC_E_UNKNOWN_CREDENTIALS for what is none of them or does not hold
 * together, SEC_E_INVALID_PARAMETER for malformed text. One reference. */
SECURITY_STATUS identity_read(const void *auth_data, struct identity **identity);

/* As a SEC_WINNT_AUTH_IDENTITY_EX2 in a context buffer, from which
 * identity_read makes the same identity. SEC_E_INVALID_PARAMETER for texts that are too
 * long for it. */
SECURITY_STATUS identity_pack(const struct identity *identity, void **packed, ULONG *size);

/* Takes the package of that name out of what is allowed. Only for one that
 * nobody else has yet. */
void identity_exclude(struct identity *identity, const char *package);

struct identity *identity_retain(struct identity *identity);
void identity_release(struct identity *identity); /* cleanses; NULL is fine */

/* Does it say that its texts are not to be read as they are? Whoever encrypted
 * them, it was not this library, and identity_read refuses it. */
bool identity_is_encrypted(const void *auth_data);

/* The one name that Kerberos and NTLM both understand, as a GSS_C_NT_USER_NAME:
 * `user@domain` or `user`, and a user with an @ as it is; malloc'd. A password
 * alone is that of the user who runs the program; *name is NULL when there is
 * neither user nor password. SEC_E_UNKNOWN_CREDENTIALS for what is no name. */
SECURITY_STATUS identity_name(const struct identity *identity, char **name);

/* The same for NTLM, as a GSS_C_NT_USER_NAME that needs no guess where its domain begins:
 * DOMAIN\user, user, or user\@suffix for a user principal name without a domain. */
SECURITY_STATUS identity_ntlm_name(const struct identity *identity, char **name);

/* The user, when it has an @, for Kerberos as a GSS_KRB5_NT_ENTERPRISE_NAME; malloc'd.
 * *name is NULL when it has none. Errors as above. */
SECURITY_STATUS identity_upn(const struct identity *identity, char **name);

/* Nobody on purpose: a user, a password and perhaps a domain were given and
 * all are empty, which is how a Windows program asks for a null session. */
bool identity_is_anonymous(const struct identity *identity);

#endif
