/* SPDX-License-Identifier: MIT */
/* kerberos.h - Kerberos' first token within a time (kerberos_timeout): libkrb5 would
 * wait 18 seconds for a KDC that is silent, and 27 for one that hangs. A realm whose
 * KDC was found silent is not tried again for a minute, in this process. Safe from
 * any thread. */

#ifndef SPNEGO_KERBEROS_H
#define SPNEGO_KERBEROS_H

#include "spnego/context.h"

/* The time in seconds. 0: there is no bound, and Kerberos is to be called as any other
 * mechanism is, by the caller's thread. */
unsigned kerberos_timeout(void);

/* Whether a login with these flags has a second call for Kerberos. The target's name in
 * Kerberos' form is then kept from the first: to make it, Kerberos asks DNS (unless
 * dns_canonicalize_hostname says otherwise), and a silent one would be waited for
 * again, outside of the time. Within the time it is kept in any case. */
static inline bool kerberos_calls_again(OM_uint32 flags)
{
    return flags & (GSS_C_MUTUAL_FLAG | GSS_C_DCE_STYLE);
}

/* gss_init_sec_context's first call for context->mech, which is Kerberos, with these
 * flags and within `seconds`, which are not 0: into context->inner and its other
 * fields, *out and *minor. On a failure context->reasons says why in words; there is
 * then no mechanism's minor status. */
OM_uint32 kerberos_begin(OM_uint32 *minor, struct context *context, const struct call *call,
                         OM_uint32 flags, unsigned seconds, gss_buffer_t out);

#endif
