/* SPDX-License-Identifier: MIT */
/* package.h - the security packages, each a mechanism of GSSAPI. Whether the machine
 * has them is in package_query.h. */

#ifndef SHIM_PACKAGE_H
#define SHIM_PACKAGE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

enum package_id { PACKAGE_NEGOTIATE, PACKAGE_KERBEROS, PACKAGE_NTLM, PACKAGE_COUNT };

struct package {
    enum package_id id;
    const char *name, *comment;
    gss_const_OID mech;
    USHORT rpc_id;
    ULONG max_token;
    ULONG capabilities;
};

/* Never NULL, whether the machine has it or not. */
const struct package *package_of(enum package_id id);

/* The package of a context's mechanism; NULL for NULL and for what none is. */
const struct package *package_of_mech(gss_const_OID mech);

/* IAKERB, 1.3.6.1.5.2.5: Kerberos through the server. It is no package, but Negotiate may
 * come to it, and to Windows' programs that is Kerberos. */
extern const gss_OID_desc package_iakerb;

/* The package that a negotiation came to. */
const struct package *package_negotiated(gss_const_OID mech);

#endif
