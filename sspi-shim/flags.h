/* SPDX-License-Identifier: MIT */
/* flags.h - what a context is asked for and what it has, between SSPI's flags
 * and GSSAPI's. One table for ISC_* and one for ASC_*, whose values differ,
 * each read in both directions. What the flags imply for each other and which
 * combinations are refused is here as well; what is no flag of GSSAPI's (memory,
 * transport, supplied credentials) the caller asks about itself. */

#ifndef SHIM_FLAGS_H
#define SHIM_FLAGS_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "package.h"

/* A connectionless exchange, and a target name that comes from an untrusted
 * source: extensions of NTLM's mechanisms, which gssapi_ext.h has no names for
 * and other mechanisms pass over. */
#define FLAGS_GSS_DATAGRAM 0x10000u
#define FLAGS_GSS_UNVERIFIED_TARGET 0x20000u

/* What to ask gss_init_sec_context for. SEC_E_UNSUPPORTED_FUNCTION for what
 * the package refuses: prompting; delegation without mutual authentication,
 * which only NTLM ignores; a null session of Kerberos, whose mechanism would
 * pass over that flag and tell who the caller is. */
SECURITY_STATUS flags_from_isc(ULONG isc_req, enum package_id package, OM_uint32 *gss);

/* pfContextAttr: what the context has (gss, GSSAPI's ret_flags), and of what
 * was asked (the ISC_REQ_ or ASC_REQ_ word) the parts that SSPI echoes: the
 * memory's owner, the transport, the extended error, the supplied
 * credentials. */
ULONG flags_to_isc(OM_uint32 gss, ULONG isc_req);
ULONG flags_to_asc(OM_uint32 gss, ULONG asc_req);

/* What an acceptor wants of its context, in GSSAPI's flags: gss_accept_sec_context
 * takes none, so this is for comparing with what came out. */
OM_uint32 flags_from_asc(ULONG asc_req);

#endif
