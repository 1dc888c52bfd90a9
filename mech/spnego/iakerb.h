/* SPDX-License-Identifier: MIT */
/* iakerb.h - whether IAKERB is negotiated, and where it stands among the others. */

#ifndef SPNEGO_IAKERB_H
#define SPNEGO_IAKERB_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* What negotiate_iakerb says; false where the settings cannot be read. */
bool iakerb_is_allowed(void);

/* Puts IAKERB into the set: after Kerberos and before all that is weaker. On a failure
 * the set is as it was. */
OM_uint32 iakerb_place(OM_uint32 *minor, gss_OID_set *mechs);

#endif
