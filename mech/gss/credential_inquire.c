/* SPDX-License-Identifier: MIT */
/* credential_inquire.c - what a credential says of itself (RFC 2744 5.21,
 * 5.22). gss_inquire_cred_by_oid is left out: NTLM has nothing to answer, and
 * the mechglue then says GSS_S_UNAVAILABLE as it should. */

#include "config.h"

#include "gss/credential.h"
#include "gss/module.h"
#include "gss/status.h"
#include "support/outputs.h"

/* The credential that GSS_C_NO_CREDENTIAL stands for: to log in with, else to
 * accept with. */
static enum ntlm_error default_credential(struct credential **made)
{
    struct credential_request request = {.usage = GSS_C_BOTH};

    return credential_make(&request, made);
}

EXPORTED OM_uint32 gss_inquire_cred(OM_uint32 *minor, gss_cred_id_t handle, gss_name_t *name,
                                    OM_uint32 *lifetime, gss_cred_usage_t *usage,
                                    gss_OID_set *mechanisms)
{
    static const gss_OID_desc *const mechs[] = {&oid_ntlmssp};
    const struct credential *credential = (const struct credential *)handle;
    struct credential *made = NULL;
    enum ntlm_error error = NTLM_OK;

    EMPTY(name);
    EMPTY(lifetime);
    EMPTY(usage);
    EMPTY(mechanisms);
    if (!credential) {
        error = default_credential(&made);
        credential = made;
    }
    if (!error && mechanisms && oid_set_of(mechanisms, mechs, 1) != GSS_S_COMPLETE)
        error = NTLM_ERR_OUT_OF_MEMORY;
    if (!error) {
        if (name)
            *name = (gss_name_t)name_ref(credential->name);
        if (lifetime)
            *lifetime = credential_lifetime(credential);
        if (usage)
            *usage = credential->usage;
    }
    credential_free(made);
    return status_of(minor, error);
}

EXPORTED OM_uint32 gss_inquire_cred_by_mech(OM_uint32 *minor, gss_cred_id_t handle,
                                            gss_OID mech_type, gss_name_t *name,
                                            OM_uint32 *initiator_lifetime,
                                            OM_uint32 *acceptor_lifetime,
                                            gss_cred_usage_t *usage)
{
    gss_cred_usage_t used;
    OM_uint32 major, lifetime;

    (void)mech_type; /* the mechglue asks us for ours only */
    EMPTY(initiator_lifetime);
    EMPTY(acceptor_lifetime);
    EMPTY(usage);
    major = gss_inquire_cred(minor, handle, name, &lifetime, &used, NULL);
    if (major != GSS_S_COMPLETE)
        return major;
    if (initiator_lifetime)
        *initiator_lifetime = used == GSS_C_ACCEPT ? 0 : lifetime;
    if (acceptor_lifetime)
        *acceptor_lifetime = used == GSS_C_INITIATE ? 0 : GSS_C_INDEFINITE;
    if (usage)
        *usage = used;
    return major;
}
