/* SPDX-License-Identifier: MIT */
/* negotiate.c - the NEGOTIATE_MESSAGE ([MS-NLMP] 2.2.1.1). Its header is 16
 * bytes (through NegotiateFlags), 32 (both fields) or 40 (Version). */

#include "config.h"

#include <string.h>

#include "flags.h"
#include "header.h"

#define DOMAIN_FIELD 16
#define WORKSTATION_FIELD 24

enum ntlm_error ntlm_negotiate_decode(struct ntlm_bytes token, struct ntlm_negotiate *message)
{
    struct ntlm_header header;

    memset(message, 0, sizeof(*message));
    ntlm_header_begin(&header, token, NTLM_NEGOTIATE);
    message->flags = ntlm_read32(&header.in);
    if (ntlm_header_goes_on(&header, 2 * NTLM_FIELD_SIZE, false)) {
        message->domain =
            ntlm_header_field(&header, message->flags & NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED);
        message->workstation = ntlm_header_field(
            &header, message->flags & NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED);
        message->has_version = ntlm_header_version(
            &header, message->flags & NTLMSSP_NEGOTIATE_VERSION, message->version);
    }
    message->header_len = header.in.at;
    if (header.in.error)
        memset(message, 0, sizeof(*message));
    return header.in.error;
}

void ntlm_negotiate_encode(const struct ntlm_negotiate *message, struct ntlm_writer *out)
{
    ntlm_header_write(out, NTLM_NEGOTIATE);
    ntlm_write32(out, message->flags);
    ntlm_write_zeros(out, 2 * NTLM_FIELD_SIZE);
    if (message->has_version)
        ntlm_write(out, message->version, NTLM_VERSION_SIZE);
    /* What was not supplied stays zeros, offset included, as Windows has it. */
    if (message->domain.len)
        ntlm_write_payload(out, DOMAIN_FIELD, message->domain);
    if (message->workstation.len)
        ntlm_write_payload(out, WORKSTATION_FIELD, message->workstation);
}
