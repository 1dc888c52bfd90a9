/* SPDX-License-Identifier: MIT */
/* credential_acquire.h - acquiring GSSAPI's credentials. */

#ifndef SHIM_CREDENTIAL_ACQUIRE_H
#define SHIM_CREDENTIAL_ACQUIRE_H

#include "credential.h"

/* Fill in `initiator` and `expiry`, or `acceptor`, of a new credential whose other
 * members are set, and `parts`. The identity, which may be NULL, is only needed
 * for the time of the call. SSPI's status. */
SECURITY_STATUS credential_acquire_initiator(struct credential *credential,
                                             const struct identity *identity);
SECURITY_STATUS credential_acquire_acceptor(struct credential *credential);

#endif
