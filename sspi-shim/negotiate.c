/* SPDX-License-Identifier: MIT */
/* negotiate.c - see negotiate.h. The negotiation itself is GSSAPI's: as long as the
 * first token is not sent, SPNEGO goes on to its next mechanism when Kerberos
 * fails, and it follows an acceptor that selects another one. Here is what it
 * does not do: it ignores an input token of the first call, and asks a KDC for
 * tickets that cannot exist. */

#include "config.h"

#include "negotiate.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "credential_acquire.h"
#include "spnego/token.h"
#include "status.h"

static struct der_bytes bytes_of(const gss_buffer_desc *token)
{
    return (struct der_bytes){token->value, token->length};
}

static gss_OID_desc oid_of(struct der_bytes content)
{
    return (gss_OID_desc){(OM_uint32)content.len, (void *)(uintptr_t)content.data};
}

/* [MS-NLMP] 2.2.1 */
static bool is_ntlmssp(const gss_buffer_desc *token)
{
    static const char signature[8] = "NTLMSSP";

    return token->length >= sizeof(signature) &&
           memcmp(token->value, signature, sizeof(signature)) == 0;
}

/* RFC 4120 5.5.1: [APPLICATION 14] */
bool negotiate_is_ap_req(const gss_buffer_desc *token)
{
    return der_next_is(bytes_of(token), DER_APPLICATION_0 + 14);
}

const struct package *negotiate_package_of(const gss_buffer_desc *token)
{
    struct der_bytes content;
    gss_OID_desc mech;

    if (is_ntlmssp(token))
        return package_of(PACKAGE_NTLM);
    if (negotiate_is_ap_req(token))
        return package_of(PACKAGE_KERBEROS);
    if (!token_frame_oid(bytes_of(token), &content))
        return NULL;
    mech = oid_of(content);
    return package_of_mech(&mech);
}

/* Windows offers Kerberos by a second identifier too, which is wrong in one bit
 * ([MS-SPNG] 3.1.5.2). */
static const struct package *package_of_type(struct der_bytes content)
{
    gss_OID_desc mech = oid_of(content);

    return package_of_mech(gss_oid_equal(&mech, gss_mech_krb5_wrong) ? gss_mech_krb5 : &mech);
}

const struct package *negotiate_selected(const gss_buffer_desc *token)
{
    struct token answer;
    gss_OID_desc mech;

    if (token_read(bytes_of(token), &answer) || !answer.supported_mech.data)
        return NULL;
    mech = oid_of(answer.supported_mech);
    return gss_oid_equal(&mech, &package_iakerb) ? package_negotiated(&mech)
                                                 : package_of_type(answer.supported_mech);
}

/* Packages in the order of preference. */
struct list {
    const struct package *packages[PACKAGE_COUNT];
    size_t count;
};

static bool has(const struct list *list, const struct package *package)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->packages[i] == package)
            return true;
    return false;
}

static void add(struct list *list, const struct package *package)
{
    if (package && package->id != PACKAGE_NEGOTIATE && !has(list, package))
        list->packages[list->count++] = package;
}

/* The mechTypes of a server's NegTokenInit2, as far as there are packages for
 * them. The rest of that token is only a hint. */
static SECURITY_STATUS read_offer(const gss_buffer_desc *token, struct list *list)
{
    struct der_bytes cursor = {NULL, 0}, mech;
    struct token offer;

    list->count = 0;
    if (token_read(bytes_of(token), &offer) || offer.kind == TOKEN_RESPONSE)
        return SEC_E_INVALID_TOKEN;
    while (token_next_mech(offer.mech_types, &cursor, &mech))
        add(list, package_of_type(mech));
    return list->count > 0 ? SEC_E_OK : SEC_E_SECPKG_NOT_FOUND;
}

static SECURITY_STATUS make_set(const struct list *list, gss_OID_set *set)
{
    OM_uint32 minor, major = gss_create_empty_oid_set(&minor, set);

    for (size_t i = 0; major == GSS_S_COMPLETE && i < list->count; i++)
        major =
            gss_add_oid_set_member(&minor, (gss_OID)(uintptr_t)list->packages[i]->mech, set);
    return major == GSS_S_COMPLETE ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

/* For a null session, whatever the identity of the CredHandle is. */
static SECURITY_STATUS acquire_anonymous(gss_const_OID mech, gss_OID_set offered,
                                         gss_cred_id_t *cred)
{
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor, ignored, major;
    SECURITY_STATUS status;

    major = gss_import_name(&minor, &empty, GSS_C_NT_ANONYMOUS, &name);
    if (major == GSS_S_COMPLETE)
        major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE, cred,
                                 NULL, NULL);
    if (major == GSS_S_COMPLETE && *cred && offered)
        major = gss_set_neg_mechs(&minor, *cred, offered);
    status = status_of(major, minor, mech);
    if (status == SEC_E_OK && *cred == GSS_C_NO_CREDENTIAL) /* it would be the default one */
        status = SEC_E_INSUFFICIENT_MEMORY;
    gss_release_name(&ignored, &name);
    return status;
}

static SECURITY_STATUS acquire(struct context *context, const struct list *list)
{
    bool anonymous = (context->requested & ISC_REQ_NULL_SESSION) != 0;
    bool negotiates = context->package->id == PACKAGE_NEGOTIATE;
    gss_OID_set offered = GSS_C_NO_OID_SET;
    SECURITY_STATUS status = SEC_E_OK;
    OM_uint32 minor;

    if (negotiates)
        status = make_set(list, &offered);
    if (status == SEC_E_OK)
        status = anonymous
                     ? acquire_anonymous(context->package->mech, offered, &context->own_cred)
                     : credential_for(context->credential, context->package->mech, offered,
                                      &context->own_cred);
    gss_release_oid_set(&minor, &offered);
    return status;
}

SECURITY_STATUS negotiate_limit(struct context *context, const gss_buffer_desc *offer)
{
    const struct package *ntlm = package_of(PACKAGE_NTLM);
    bool anonymous = (context->requested & ISC_REQ_NULL_SESSION) != 0;
    struct list list = {.count = 0};
    SECURITY_STATUS status;

    if (offer) {
        status = read_offer(offer, &list);
        if (status != SEC_E_OK)
            return status;
    }
    if (context->package->id == PACKAGE_NEGOTIATE && (anonymous || !context->target)) {
        if (offer && !has(&list, ntlm))
            return SEC_E_SECPKG_NOT_FOUND;
        list = (struct list){{ntlm}, 1};
    }
    return anonymous || list.count > 0 ? acquire(context, &list) : SEC_E_OK;
}
