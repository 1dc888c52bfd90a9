/* SPDX-License-Identifier: MIT */
/* ntlm.c - inquiries and options of NTLM's mechanism modules. */

#include "config.h"

#include "ntlm.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "flags.h"
#include "package.h"
#include "status.h"

/* 1.3.6.1.4.1.7165.655.1, gss-ntlmssp's: .1 sets a datagram's number, .5 has
 * the NegotiateFlags of [MS-NLMP] 2.2.2.5. */
static char set_sequence_der[] = "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01";
static char neg_flags_der[] = "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05";
static gss_OID_desc set_sequence = {sizeof(set_sequence_der) - 1, set_sequence_der};
static gss_OID_desc neg_flags = {sizeof(neg_flags_der) - 1, neg_flags_der};

/* 1.3.6.1.4.1.32473.4178.3, our module's own. */
static char record_refusal_der[] = "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x03";
static gss_OID_desc record_refusal = {sizeof(record_refusal_der) - 1, record_refusal_der};

#define NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY 0x00080000u

bool ntlm_is(const struct context *context)
{
    const struct package *package = context->chosen ? context->chosen : context->package;

    return package->id == PACKAGE_NTLM;
}

SECURITY_STATUS ntlm_has_extended_security(const struct context *context, bool *has)
{
    uint32_t flags = NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
    SECURITY_STATUS status;
    OM_uint32 major, minor;

    *has = false;
    if (!ntlm_is(context))
        return SEC_E_OK;
    major = gss_inquire_sec_context_by_oid(&minor, context->gss, &neg_flags, &answer);
    status = status_of(major, minor, context->package->mech);
    if (status == SEC_E_OK && answer && answer->count == 1 &&
        answer->elements[0].length == sizeof(flags))
        memcpy(&flags, answer->elements[0].value, sizeof(flags));
    gss_release_buffer_set(&minor, &answer);
    *has = flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    return status == SEC_E_INSUFFICIENT_MEMORY ? status : SEC_E_OK;
}

SECURITY_STATUS ntlm_number_datagram(struct context *context, ULONG sequence, bool receiving)
{
    gss_buffer_desc value = {sizeof(sequence), &sequence};
    bool numbered = false; /* it brings its number along */
    SECURITY_STATUS status = SEC_E_OK;
    OM_uint32 major, minor;

    if (sequence == 0 || !(context->gss_flags & FLAGS_GSS_DATAGRAM) || !ntlm_is(context))
        return SEC_E_OK;
    if (receiving)
        status = ntlm_has_extended_security(context, &numbered);
    if (status != SEC_E_OK || numbered)
        return status;
    major = gss_set_sec_context_option(&minor, &context->gss, &set_sequence, &value);
    return status_of(major, minor, context->package->mech);
}

void ntlm_record_refusal(struct context *context, const char *why)
{
    gss_buffer_desc reason = {strlen(why), (void *)(uintptr_t)why};
    OM_uint32 ignored;

    if (ntlm_is(context))
        gss_set_sec_context_option(&ignored, &context->gss, &record_refusal, &reason);
}
