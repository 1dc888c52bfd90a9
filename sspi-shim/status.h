/* SPDX-License-Identifier: MIT */
/* status.h - from GSSAPI's major and minor status to SSPI's. */

#ifndef SHIM_STATUS_H
#define SHIM_STATUS_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

/* mech is the mechanism that was called, SPNEGO's for Negotiate; NULL when
 * none was chosen yet. Call it in the thread that got the statuses, and before
 * another GSSAPI call: where the minor status must be recognized by its text
 * (status.c says when), mechanisms keep that text by thread. Always an SSPI
 * status, SEC_E_OK and SEC_I_CONTINUE_NEEDED included. */
SECURITY_STATUS status_of(OM_uint32 major, OM_uint32 minor, gss_const_OID mech);

/* The same for an initiator's call that has taken a token of the acceptor. */
SECURITY_STATUS status_of_answer(OM_uint32 major, OM_uint32 minor, gss_const_OID mech);

/* Is the minor status this code of the mechanism's? For the same thread, as above. */
bool status_is(OM_uint32 minor, gss_const_OID mech, OM_uint32 code);

#endif
