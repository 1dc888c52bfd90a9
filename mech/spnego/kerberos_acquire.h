/* SPDX-License-Identifier: MIT */
/* kerberos_acquire.h - Kerberos' credential by a password within a time
 * (kerberos_timeout): its first ticket is got at once. A client's realm whose KDC was
 * found silent is not asked again for a minute, in this process. Safe from any thread. */

#ifndef SPNEGO_KERBEROS_ACQUIRE_H
#define SPNEGO_KERBEROS_ACQUIRE_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

struct kerberos_request {
    gss_name_t name;       /* the caller's handle */
    const char *client;    /* as in credential.h */
    gss_buffer_t password; /* NULL: it is in the store */
    gss_const_key_value_set_t store;
    OM_uint32 lifetime;
    gss_cred_usage_t usage;
};

/* gss_acquire_cred_with_password, or gss_acquire_cred_from, for Kerberos alone, within
 * `seconds`, which are not 0. *lifetime is set where it is not NULL. On a failure *reasons
 * (status.h) says why, and *minor is Kerberos' own status or SPNEGO's. */
OM_uint32 kerberos_acquire(OM_uint32 *minor, const struct kerberos_request *request,
                           unsigned seconds, gss_cred_id_t *out, OM_uint32 *lifetime,
                           char **reasons);

#endif
