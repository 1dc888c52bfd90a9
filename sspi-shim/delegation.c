/* SPDX-License-Identifier: MIT */
/* delegation.c - see delegation.h. Who gets one is decided in accept.c,
 * impersonation.c and credential.c. */

#include "config.h"

#include "delegation.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "cred_copy.h"

struct delegation {
    atomic_uint references;
    const struct package *package;
    gss_cred_id_t cred;
};

struct delegation *delegation_new(const struct package *package, gss_cred_id_t *cred)
{
    struct delegation *made = malloc(sizeof(*made));

    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->package = package;
    made->cred = *cred;
    *cred = GSS_C_NO_CREDENTIAL;
    return made;
}

struct delegation *delegation_retain(struct delegation *delegation)
{
    if (delegation)
        atomic_fetch_add_explicit(&delegation->references, 1, memory_order_relaxed);
    return delegation;
}

void delegation_release(struct delegation *delegation)
{
    OM_uint32 minor;

    if (!delegation ||
        atomic_fetch_sub_explicit(&delegation->references, 1, memory_order_acq_rel) != 1)
        return;
    gss_release_cred(&minor, &delegation->cred);
    free(delegation);
}

bool delegation_is_for(const struct delegation *delegation, const struct package *package)
{
    return package == delegation->package || package->id == PACKAGE_NEGOTIATE;
}

SECURITY_STATUS delegation_copy(const struct delegation *delegation, gss_const_OID mech,
                                gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);
    struct cred_part part = {delegation->package, delegation->cred};

    *cred = GSS_C_NO_CREDENTIAL;
    if (!package || !delegation_is_for(delegation, package))
        return SEC_E_NO_CREDENTIALS;
    return package == delegation->package ? cred_copy(&part, cred)
                                          : cred_copy_for_spnego(&part, 1, cred);
}
