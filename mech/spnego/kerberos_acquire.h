/* SPDX-License-Identifier: MIT */
/* kerberos_acquire.h - Kerberos' credential by a password within a time
 * (kerberos_timeout): its first ticket is got at once. A client's realm whose KDC was
 * found silent is not asked again for a minute, in this process. Safe from any thread. */

#ifndef SPNEGO_KERBEROS_ACQUIRE_H
#define SPNEGO_KERBEROS_ACQUIRE_H

#include <gssapi/gssapi.h>

struct kerberos_request {
    gss_name_t name;    /* the caller's handle */
    const char *client; /* as in credential.h */
    gss_buffer_t password;
    OM_uint32 lifetime;
    gss_cred_usage_t usage;
};

/* gss_acquire_cred_with_password for Kerberos alone, within `seconds`, which are not 0.
 * *lifetime is set where it is not NULL. On a failure *reasons (status.h) says why. */
OM_uint32 kerberos_acquire(const struct kerberos_request *request, unsigned seconds,
                           gss_cred_id_t *out, OM_uint32 *lifetime, char **reasons);

#endif
