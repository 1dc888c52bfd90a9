/* SPDX-License-Identifier: MIT */
/* name.h - SPNEGO's names. The mechglue has one made for each call that is given a
 * name, and a name of the mechglue's own, which the mechanisms need, costs a
 * thousand instructions and more: so that is made when it is first asked for. A
 * name is never changed, but for its attributes; several threads may use it. */

#ifndef SPNEGO_NAME_H
#define SPNEGO_NAME_H

#include <gssapi/gssapi.h>

/* The mechglue's name for this handle, which stays the handle's. No handle: none. */
OM_uint32 name_glue(OM_uint32 *minor, gss_name_t handle, gss_name_t *out);

/* The realm that the mechglue's name is written with, which the caller frees; NULL where it
 * has none, or there is no memory. GSS_C_NO_NAME is fine. */
char *name_realm(gss_name_t glue);

/* The mechanism's form of a name of the mechglue's, which the caller releases;
 * GSS_C_NO_NAME where it cannot be made. Kerberos may ask DNS for it. */
gss_name_t name_for_mech(gss_name_t glue, gss_const_OID mech);

/* One more user of the handle, who drops it: for who needs it longer than the call
 * lasts that brought it. GSS_C_NO_NAME is fine. */
gss_name_t name_hold(gss_name_t handle);
void name_drop(gss_name_t handle);

/* Makes a handle of the mechglue's name in *name (which it takes over; none, or a
 * NULL pointer, is fine) where `major` is complete. Returns `major`, or
 * GSS_S_FAILURE without memory: *name is released then. */
OM_uint32 name_hand_out(OM_uint32 *minor, OM_uint32 major, gss_name_t *name);

#endif
