/* SPDX-License-Identifier: MIT */
/* cred_copy.h - copying GSSAPI's credentials. What is added to a copy, or set on it,
 * does not change the original, so many contexts and threads can have one. */

#ifndef SHIM_CRED_COPY_H
#define SHIM_CRED_COPY_H

#include <stddef.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "package.h"

/* A credential of one package's mechanism alone. */
struct cred_part {
    const struct package *package;
    gss_cred_id_t cred;
};

/* A copy of the part, which the caller releases. */
SECURITY_STATUS cred_copy(const struct cred_part *part, gss_cred_id_t *cred);

/* A credential of SPNEGO that negotiates with copies of these, in this order. The
 * caller releases it. */
SECURITY_STATUS cred_copy_for_spnego(const struct cred_part *parts, size_t count,
                                     gss_cred_id_t *cred);

#endif
