/* SPDX-License-Identifier: MIT */
/* describe_flags.c - the names of NegotiateFlags ([MS-NLMP] 2.2.2.5). */

#include "config.h"

#include "describe_flags.h"

#include <inttypes.h>
#include <stdio.h>

#include "describe_field.h"
#include "flags.h"

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {NTLMSSP_NEGOTIATE_UNICODE, "UNICODE"},
    {NTLMSSP_NEGOTIATE_OEM, "OEM"},
    {NTLMSSP_REQUEST_TARGET, "REQUEST_TARGET"},
    {NTLMSSP_NEGOTIATE_SIGN, "SIGN"},
    {NTLMSSP_NEGOTIATE_SEAL, "SEAL"},
    {NTLMSSP_NEGOTIATE_DATAGRAM, "DATAGRAM"},
    {NTLMSSP_NEGOTIATE_LM_KEY, "LM_KEY"},
    {NTLMSSP_NEGOTIATE_NTLM, "NTLM"},
    {NTLMSSP_ANONYMOUS, "ANONYMOUS"},
    {NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED, "OEM_DOMAIN_SUPPLIED"},
    {NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED, "OEM_WORKSTATION_SUPPLIED"},
    {NTLMSSP_NEGOTIATE_ALWAYS_SIGN, "ALWAYS_SIGN"},
    {NTLMSSP_TARGET_TYPE_DOMAIN, "TARGET_TYPE_DOMAIN"},
    {NTLMSSP_TARGET_TYPE_SERVER, "TARGET_TYPE_SERVER"},
    {NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY, "EXTENDED_SESSIONSECURITY"},
    {NTLMSSP_NEGOTIATE_IDENTIFY, "IDENTIFY"},
    {NTLMSSP_REQUEST_NON_NT_SESSION_KEY, "REQUEST_NON_NT_SESSION_KEY"},
    {NTLMSSP_NEGOTIATE_TARGET_INFO, "TARGET_INFO"},
    {NTLMSSP_NEGOTIATE_VERSION, "VERSION"},
    {NTLMSSP_NEGOTIATE_128, "128"},
    {NTLMSSP_NEGOTIATE_KEY_EXCH, "KEY_EXCH"},
    {NTLMSSP_NEGOTIATE_56, "56"},
};

void ntlm_describe_flags(uint32_t flags, char *out, size_t out_size)
{
    char rest[16];

    if (out_size == 0)
        return;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
        if (flags & flag_names[i].flag)
            ntlm_add_word(flag_names[i].name, out, out_size);
        flags &= ~flag_names[i].flag;
    }
    snprintf(rest, sizeof(rest), "%#" PRIx32, flags);
    if (flags)
        ntlm_add_word(rest, out, out_size);
}
