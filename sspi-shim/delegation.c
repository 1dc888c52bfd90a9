/* SPDX-License-Identifier: MIT */
/* delegation.c - see delegation.h. Who has one is not settled here: accept.c,
 * impersonation.c and credential.c do that. */

#include "config.h"

#include "delegation.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "status.h"

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

static uint8_t *put_number(uint8_t *at, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(number >> shift);
    return at;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t length)
{
    at = put_number(at, length);
    memcpy(at, bytes, length);
    return at + length;
}

/* GSSAPI has no call that gives SPNEGO a credential to negotiate with. But its
 * packed form is the mechanism's identifier and what the mechanism packed, a
 * length before each, and SPNEGO packs what it negotiates with in that form. */
static SECURITY_STATUS import_for_spnego(const gss_buffer_desc *token, gss_cred_id_t *cred)
{
    gss_const_OID spnego = package_of(PACKAGE_NEGOTIATE)->mech;
    gss_buffer_desc packed = {4 + spnego->length + 4 + token->length, NULL};
    OM_uint32 major, minor;

    if (token->length > UINT32_MAX)
        return SEC_E_INTERNAL_ERROR;
    packed.value = malloc(packed.length);
    if (!packed.value)
        return SEC_E_INSUFFICIENT_MEMORY;
    put(put(packed.value, spnego->elements, spnego->length), token->value, token->length);
    major = gss_import_cred(&minor, &packed, cred);
    explicit_bzero(packed.value, packed.length);
    free(packed.value);
    return status_of(major, minor, spnego);
}

static SECURITY_STATUS import(const struct package *package, gss_buffer_t token,
                              gss_cred_id_t *cred)
{
    OM_uint32 minor, major = gss_import_cred(&minor, token, cred);

    return status_of(major, minor, package->mech);
}

SECURITY_STATUS delegation_copy(const struct delegation *delegation, gss_const_OID mech,
                                gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    SECURITY_STATUS status;

    *cred = GSS_C_NO_CREDENTIAL;
    if (!package || !delegation_is_for(delegation, package))
        return SEC_E_NO_CREDENTIALS;
    major = gss_export_cred(&minor, delegation->cred, &token);
    status = status_of(major, minor, delegation->package->mech);
    if (status == SEC_E_OK)
        status = package == delegation->package ? import(package, &token, cred)
                                                : import_for_spnego(&token, cred);
    if (token.value)
        explicit_bzero(token.value, token.length); /* the ticket's key is in it */
    gss_release_buffer(&minor, &token);
    return status;
}
