/* SPDX-License-Identifier: MIT */
/* attribute_key.c - the attributes about message protection: keys and sizes. */

#include "config.h"

#include "attribute.h"

#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context_buffer.h"
#include "ntlm.h"
#include "status.h"

/* Windows' identifier of the algorithm ([MS-WCCE] 2.1) */
#define CALG_RC4 0x6801u

#define NTLM_SIGNATURE 16

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static SECURITY_STATUS inquire(const struct context *context, gss_const_OID about,
                               gss_buffer_set_t *set)
{
    OM_uint32 major, minor;

    *set = GSS_C_NO_BUFFER_SET;
    major =
        gss_inquire_sec_context_by_oid(&minor, context->gss, (gss_OID)(uintptr_t)about, set);
    if (major == GSS_S_COMPLETE && (!*set || (*set)->count == 0))
        return SEC_E_UNSUPPORTED_FUNCTION;
    return status_of(major, minor, context->package->mech);
}

/* GSSAPI frees what it gave as it is. */
static void cleanse_and_release(gss_buffer_set_t *set)
{
    OM_uint32 minor;

    for (size_t i = 0; *set && i < (*set)->count; i++)
        if ((*set)->elements[i].length > 0)
            explicit_bzero((*set)->elements[i].value, (*set)->elements[i].length);
    gss_release_buffer_set(&minor, set);
}

SECURITY_STATUS attribute_session_key(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_SessionKey *key = buffer;
    gss_buffer_set_t set;
    SECURITY_STATUS status = inquire(context, GSS_C_INQ_SSPI_SESSION_KEY, &set);
    void *copy;

    (void)wide;
    if (status == SEC_E_OK) {
        copy = context_buffer_copy(set->elements[0].value, set->elements[0].length);
        if (copy) {
            key->SessionKeyLength = (ULONG)set->elements[0].length;
            key->SessionKey = copy;
        } else {
            status = SEC_E_INSUFFICIENT_MEMORY;
        }
    }
    cleanse_and_release(&set);
    return status;
}

/* How a session's keys are used. */
struct algorithm {
    uint32_t etype; /* Kerberos'; for NTLM its ALG_ID */
    uint32_t checksum;
    const char *encryption, *signature;
};

/* By the numbers of the Kerberos checksums that are made alike: -138, -132. */
static const struct algorithm ntlm_algorithm = {CALG_RC4, 0xffffff76, "RSADSI RC4", "HMAC-MD5"};
static const struct algorithm ntlm_old_algorithm = {CALG_RC4, 0xffffff7c, "RSADSI RC4",
                                                    "RSADSI RC4-CRC32"};

static const struct algorithm kerberos_algorithms[] = {
    {16, 12, "Kerberos DES3-CBC-HMAC-SHA1-KD", "HMAC-SHA1-DES3-KD"},
    {17, 15, "Kerberos AES128-CTS-HMAC-SHA1-96", "HMAC-SHA1-96"},
    {18, 16, "Kerberos AES256-CTS-HMAC-SHA1-96", "HMAC-SHA1-96"},
    {19, 19, "Kerberos AES128-CTS-HMAC-SHA256-128", "HMAC-SHA256-128"},
    {20, 20, "Kerberos AES256-CTS-HMAC-SHA384-192", "HMAC-SHA384-192"},
    {23, (uint32_t)-138, "RSADSI RC4-HMAC", "HMAC-MD5"},
    {25, 17, "Kerberos CAMELLIA128-CTS-CMAC", "CMAC-CAMELLIA128"},
    {26, 18, "Kerberos CAMELLIA256-CTS-CMAC", "CMAC-CAMELLIA256"},
};

/* The session key comes with an identifier that ends in the encryption type, of
 * which there is none beyond one byte in use. */
static const struct algorithm *kerberos_algorithm(const gss_buffer_desc *identifier)
{
    const uint8_t *bytes = identifier->value;

    for (size_t i = 0; identifier->length > 0 && i < COUNT(kerberos_algorithms); i++)
        if (kerberos_algorithms[i].etype == bytes[identifier->length - 1])
            return &kerberos_algorithms[i];
    return NULL;
}

/* NTLM's exported key always has 128 bits; how many of them seal is what its
 * strength for SASL tells (four bytes, the highest first). */
static SECURITY_STATUS ntlm_bits(const struct context *context, ULONG *bits)
{
    gss_buffer_set_t set;
    SECURITY_STATUS status = inquire(context, GSS_C_SEC_CONTEXT_SASL_SSF, &set);
    OM_uint32 minor;

    *bits = 128;
    if (status == SEC_E_OK && set->elements[0].length == 4) {
        ULONG strength = ((const uint8_t *)set->elements[0].value)[3];
        if (strength == 40 || strength == 56)
            *bits = strength;
    }
    gss_release_buffer_set(&minor, &set);
    return status == SEC_E_INSUFFICIENT_MEMORY ? status : SEC_E_OK;
}

static SECURITY_STATUS ntlm_find_algorithm(const struct context *context,
                                           const struct algorithm **algorithm, ULONG *bits)
{
    bool extended;
    SECURITY_STATUS status = ntlm_has_extended_security(context, &extended);

    *algorithm = extended ? &ntlm_algorithm : &ntlm_old_algorithm;
    return status == SEC_E_OK ? ntlm_bits(context, bits) : status;
}

static SECURITY_STATUS find_algorithm(const struct context *context,
                                      const struct algorithm **algorithm, ULONG *bits)
{
    gss_buffer_set_t set;
    SECURITY_STATUS status;

    if (context->chosen == package_of(PACKAGE_NTLM))
        return ntlm_find_algorithm(context, algorithm, bits);
    if (context->chosen != package_of(PACKAGE_KERBEROS))
        return SEC_E_UNSUPPORTED_FUNCTION;
    status = inquire(context, GSS_C_INQ_SSPI_SESSION_KEY, &set);
    if (status == SEC_E_OK) {
        *algorithm = set->count > 1 ? kerberos_algorithm(&set->elements[1]) : NULL;
        *bits = 8 * (ULONG)set->elements[0].length;
    }
    cleanse_and_release(&set);
    return status == SEC_E_OK && !*algorithm ? SEC_E_UNSUPPORTED_FUNCTION : status;
}

SECURITY_STATUS attribute_key_info(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_KeyInfoW *info = buffer; /* as KeyInfoA but for what is pointed to */
    const struct algorithm *algorithm;
    void *signature = NULL, *encryption = NULL;
    ULONG bits;
    SECURITY_STATUS status = find_algorithm(context, &algorithm, &bits);

    if (status == SEC_E_OK)
        status = attribute_text(algorithm->signature, wide, &signature);
    if (status == SEC_E_OK)
        status = attribute_text(algorithm->encryption, wide, &encryption);
    if (status != SEC_E_OK) {
        context_buffer_free(signature);
        return status;
    }
    *info = (SecPkgContext_KeyInfoW){signature, encryption, bits, algorithm->checksum,
                                     algorithm->etype};
    return SEC_E_OK;
}

/* Asks for the lengths around no data at all, where padding, if there is any,
 * is longest. */
static SECURITY_STATUS ask_sizes(const struct context *context, SecPkgContext_Sizes *sizes)
{
    gss_iov_buffer_desc sealed[] = {{GSS_IOV_BUFFER_TYPE_HEADER, GSS_C_EMPTY_BUFFER},
                                    {GSS_IOV_BUFFER_TYPE_DATA, GSS_C_EMPTY_BUFFER},
                                    {GSS_IOV_BUFFER_TYPE_PADDING, GSS_C_EMPTY_BUFFER},
                                    {GSS_IOV_BUFFER_TYPE_TRAILER, GSS_C_EMPTY_BUFFER}};
    gss_iov_buffer_desc signed_[] = {{GSS_IOV_BUFFER_TYPE_DATA, GSS_C_EMPTY_BUFFER},
                                     {GSS_IOV_BUFFER_TYPE_MIC_TOKEN, GSS_C_EMPTY_BUFFER}};
    OM_uint32 major, minor;

    major = gss_wrap_iov_length(&minor, context->gss, 1, GSS_C_QOP_DEFAULT, NULL, sealed,
                                COUNT(sealed));
    if (major == GSS_S_COMPLETE)
        major = gss_get_mic_iov_length(&minor, context->gss, GSS_C_QOP_DEFAULT, signed_,
                                       COUNT(signed_));
    if (major != GSS_S_COMPLETE)
        return status_of(major, minor, context->package->mech);
    sizes->cbMaxSignature = (ULONG)signed_[1].buffer.length;
    sizes->cbBlockSize = sealed[2].buffer.length > 0 ? (ULONG)sealed[2].buffer.length : 1;
    sizes->cbSecurityTrailer = (ULONG)(sealed[0].buffer.length + sealed[3].buffer.length);
    return SEC_E_OK;
}

SECURITY_STATUS attribute_sizes(struct context *context, bool wide, void *buffer)
{
    const struct package *package = context->chosen ? context->chosen : context->package;
    SecPkgContext_Sizes sizes = {package->max_token, NTLM_SIGNATURE, 0, NTLM_SIGNATURE};
    SECURITY_STATUS status = SEC_E_OK;

    (void)wide;
    if (package->id != PACKAGE_NTLM)
        status = ask_sizes(context, &sizes);
    if (status == SEC_E_OK)
        *(SecPkgContext_Sizes *)buffer = sizes;
    return status;
}
