/* SPDX-License-Identifier: MIT */
/* credential_iakerb.h - IAKERB by a password, in a credential that was made of others: for
 * libsspi, which cannot make it of one of IAKERB's, since MIT's exports none. */

#ifndef SPNEGO_CREDENTIAL_IAKERB_H
#define SPNEGO_CREDENTIAL_IAKERB_H

#include "spnego/credential.h"

/* Adds it by `value`, which is "USER@REALM", NUL, PASSWORD; without a handle one is made.
 * The KDC is not asked. GSS_S_UNAVAILABLE where negotiate_iakerb does not allow it. */
OM_uint32 credential_add_iakerb(OM_uint32 *minor, gss_cred_id_t *handle, gss_buffer_t value);

#endif
