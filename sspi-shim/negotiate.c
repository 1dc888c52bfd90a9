/* SPDX-License-Identifier: MIT */
/* negotiate.c - SPNEGO's tokens from outside, and the initiator's credential
 * that follows from them. The negotiation itself is GSSAPI's: SPNEGO goes on to
 * its next mechanism by itself as long as the first token is not out, whatever
 * Kerberos fails of, and follows an acceptor that picks another one. What it
 * does not do is here: it ignores a token on the first call, and asks a KDC
 * for tickets that cannot be. */

#include "config.h"

#include "negotiate.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "status.h"

/* DER tags */
enum {
    OBJECT_IDENTIFIER = 0x06,
    SEQUENCE = 0x30,
    INITIAL_CONTEXT_TOKEN = 0x60, /* RFC 2743 3.1: [APPLICATION 0] */
    AP_REQ = 0x6e,                /* RFC 4120: [APPLICATION 14] */
    CHOICE_0 = 0xa0,              /* [0]: NegTokenInit; its mechTypes; negState */
    CHOICE_1 = 0xa1               /* [1]: NegTokenResp; its supportedMech */
};

struct der {
    const uint8_t *at;
    size_t left;
};

static struct der der_of(const gss_buffer_desc *token)
{
    return (struct der){token->value, token->length};
}

static bool take_byte(struct der *in, uint8_t *byte)
{
    if (in->left == 0)
        return false;
    *byte = *in->at++;
    in->left--;
    return true;
}

static bool take_length(struct der *in, size_t *length)
{
    uint8_t first, next;

    if (!take_byte(in, &first))
        return false;
    *length = first;
    if (first < 0x80)
        return true;
    first &= 0x7f;
    if (first == 0 || first > 4)
        return false;
    for (*length = 0; first > 0; first--) {
        if (!take_byte(in, &next))
            return false;
        *length = *length << 8 | next;
    }
    return true;
}

/* Takes the next value if it has this tag, and gives what is in it. */
static bool take(struct der *in, uint8_t tag, struct der *value)
{
    struct der rest = *in;
    uint8_t found;

    if (!take_byte(&rest, &found) || found != tag || !take_length(&rest, &value->left) ||
        value->left > rest.left)
        return false;
    value->at = rest.at;
    in->at = rest.at + value->left;
    in->left = rest.left - value->left;
    return true;
}

static bool take_oid(struct der *in, gss_OID_desc *oid)
{
    struct der value;

    if (!take(in, OBJECT_IDENTIFIER, &value))
        return false;
    oid->length = (OM_uint32)value.left;
    oid->elements = (void *)(uintptr_t)value.at;
    return true;
}

/* The mechanism at the beginning of a first token, and what follows it. */
static bool open_initial(const gss_buffer_desc *token, gss_OID_desc *mech, struct der *inner)
{
    struct der in = der_of(token);

    return take(&in, INITIAL_CONTEXT_TOKEN, inner) && take_oid(inner, mech);
}

bool negotiate_is_bare(const gss_buffer_desc *token)
{
    return token->length > 0 && *(const uint8_t *)token->value == AP_REQ;
}

const struct package *negotiate_package_of(const gss_buffer_desc *token)
{
    static const char ntlmssp[8] = "NTLMSSP";
    gss_OID_desc mech;
    struct der inner;

    if (token->length >= sizeof(ntlmssp) && memcmp(token->value, ntlmssp, sizeof(ntlmssp)) == 0)
        return package_of(PACKAGE_NTLM);
    if (negotiate_is_bare(token))
        return package_of(PACKAGE_KERBEROS);
    return open_initial(token, &mech, &inner) ? package_of_mech(&mech) : NULL;
}

/* Windows lists Kerberos by an identifier of its own as well, in which one bit
 * went missing ([MS-SPNG] 3.1.5.2). */
static const struct package *package_of_type(gss_const_OID mech)
{
    return package_of_mech(gss_oid_equal(mech, gss_mech_krb5_wrong) ? gss_mech_krb5 : mech);
}

const struct package *negotiate_pick(const gss_buffer_desc *token)
{
    struct der in = der_of(token), choice, fields, ignored, field;
    gss_OID_desc mech;

    if (!take(&in, CHOICE_1, &choice) || !take(&choice, SEQUENCE, &fields))
        return NULL;
    take(&fields, CHOICE_0, &ignored);
    return take(&fields, CHOICE_1, &field) && take_oid(&field, &mech) ? package_of_type(&mech)
                                                                      : NULL;
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

/* A NegTokenInit's mechTypes ([MS-SPNG] 2.2.1: NegTokenInit2 begins alike), as
 * far as there are packages for them. The rest of the token is only a hint. */
static SECURITY_STATUS read_offer(const gss_buffer_desc *token, struct list *list)
{
    struct der inner, choice, fields, types, mechs;
    gss_OID_desc mech;

    list->count = 0;
    if (!open_initial(token, &mech, &inner) ||
        package_of_mech(&mech) != package_of(PACKAGE_NEGOTIATE) ||
        !take(&inner, CHOICE_0, &choice) || !take(&choice, SEQUENCE, &fields) ||
        !take(&fields, CHOICE_0, &types) || !take(&types, SEQUENCE, &mechs))
        return SEC_E_INVALID_TOKEN;
    while (mechs.left > 0) {
        if (!take_oid(&mechs, &mech))
            return SEC_E_INVALID_TOKEN;
        add(list, package_of_type(&mech));
    }
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

/* A null session is nobody's: the identity has no say in it. */
static SECURITY_STATUS acquire_nobody(gss_const_OID mech, gss_OID_set offered,
                                      gss_cred_id_t *cred)
{
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};
    gss_buffer_desc no_text = GSS_C_EMPTY_BUFFER;
    gss_name_t nobody = GSS_C_NO_NAME;
    OM_uint32 minor, ignored, major;
    SECURITY_STATUS status;

    major = gss_import_name(&minor, &no_text, GSS_C_NT_ANONYMOUS, &nobody);
    if (major == GSS_S_COMPLETE)
        major = gss_acquire_cred(&minor, nobody, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE, cred,
                                 NULL, NULL);
    if (major == GSS_S_COMPLETE && offered)
        major = gss_set_neg_mechs(&minor, *cred, offered);
    status = status_of(major, minor, mech);
    gss_release_name(&ignored, &nobody);
    return status;
}

static SECURITY_STATUS acquire(struct context *context, const struct list *list)
{
    bool nobody = (context->requested & ISC_REQ_NULL_SESSION) != 0;
    bool negotiates = context->package->id == PACKAGE_NEGOTIATE;
    gss_OID_set offered = GSS_C_NO_OID_SET;
    SECURITY_STATUS status = SEC_E_OK;
    OM_uint32 minor;

    if (negotiates)
        status = make_set(list, &offered);
    if (status == SEC_E_OK)
        status = nobody ? acquire_nobody(context->package->mech, offered, &context->own)
                        : credential_for(context->credential, context->package->mech, offered,
                                         &context->own);
    gss_release_oid_set(&minor, &offered);
    return status;
}

SECURITY_STATUS negotiate_limit(struct context *context, const gss_buffer_desc *offer)
{
    const struct package *ntlm = package_of(PACKAGE_NTLM);
    bool nobody = (context->requested & ISC_REQ_NULL_SESSION) != 0;
    struct list list = {.count = 0};
    SECURITY_STATUS status;

    if (offer) {
        status = read_offer(offer, &list);
        if (status != SEC_E_OK)
            return status;
    }
    if (context->package->id == PACKAGE_NEGOTIATE && (nobody || !context->target)) {
        if (offer && !has(&list, ntlm))
            return SEC_E_SECPKG_NOT_FOUND;
        list = (struct list){{ntlm}, 1};
    }
    return nobody || list.count > 0 ? acquire(context, &list) : SEC_E_OK;
}
