/* SPDX-License-Identifier: MIT */
/* cred_copy.c - copies by gss_export_cred and gss_import_cred. The exported form
 * holds keys: it is cleansed. */

#include "config.h"

#include "cred_copy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "cred_option.h"
#include "status.h"

static void cleanse(gss_buffer_t token)
{
    OM_uint32 minor;

    if (token->value)
        explicit_bzero(token->value, token->length);
    gss_release_buffer(&minor, token);
}

static SECURITY_STATUS export(const struct cred_part *part, gss_buffer_t token)
{
    OM_uint32 minor, major = gss_export_cred(&minor, part->cred, token);

    return status_of(major, minor, part->package->mech);
}

static SECURITY_STATUS import(gss_buffer_t token, gss_const_OID mech, gss_cred_id_t *cred)
{
    OM_uint32 minor, major = gss_import_cred(&minor, token, cred);

    if (major == GSS_S_COMPLETE && *cred == GSS_C_NO_CREDENTIAL) /* as cred_acquire's */
        return SEC_E_INSUFFICIENT_MEMORY;
    return status_of(major, minor, mech);
}

SECURITY_STATUS cred_copy(const struct cred_part *part, gss_cred_id_t *cred)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = export(part, &token);

    *cred = GSS_C_NO_CREDENTIAL;
    if (status == SEC_E_OK)
        status = import(&token, part->package->mech, cred);
    cleanse(&token);
    return status;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(at, bytes, length);
    return at + length;
}

/* GSSAPI has no call that gives SPNEGO a credential to negotiate with. But the form
 * that the mechglue exports is, for each mechanism, the mechanism's identifier and
 * what the mechanism exported, each after its length; and SPNEGO exports what it
 * negotiates with in that same form. */
static SECURITY_STATUS pack_for_spnego(const gss_buffer_desc *tokens, size_t count,
                                       gss_buffer_t packed)
{
    gss_const_OID spnego = package_of(PACKAGE_NEGOTIATE)->mech;
    size_t length = 0;
    uint8_t *at;

    for (size_t i = 0; i < count; i++)
        length += tokens[i].length;
    if (length > UINT32_MAX)
        return SEC_E_INTERNAL_ERROR;
    packed->length = 4 + spnego->length + 4 + length;
    packed->value = malloc(packed->length);
    if (!packed->value)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = cred_option_put(packed->value, spnego->elements, spnego->length);
    at = cred_option_put_number(at, length);
    for (size_t i = 0; i < count; i++)
        at = put(at, tokens[i].value, tokens[i].length);
    return SEC_E_OK;
}

SECURITY_STATUS cred_copy_for_spnego(const struct cred_part *parts, size_t count,
                                     gss_cred_id_t *cred)
{
    gss_buffer_desc tokens[PACKAGE_COUNT] = {GSS_C_EMPTY_BUFFER}, packed = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = count <= PACKAGE_COUNT ? SEC_E_OK : SEC_E_INTERNAL_ERROR;

    *cred = GSS_C_NO_CREDENTIAL;
    for (size_t i = 0; status == SEC_E_OK && i < count; i++)
        status = export(&parts[i], &tokens[i]);
    if (status == SEC_E_OK)
        status = pack_for_spnego(tokens, count, &packed);
    if (status == SEC_E_OK)
        status = import(&packed, package_of(PACKAGE_NEGOTIATE)->mech, cred);
    for (size_t i = 0; i < PACKAGE_COUNT; i++)
        cleanse(&tokens[i]);
    if (packed.value)
        explicit_bzero(packed.value, packed.length);
    free(packed.value);
    return status;
}
