/* SPDX-License-Identifier: MIT */
/* authenticate.c - the AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3). Its header
 * is 52 bytes (through Workstation), 64 (session key and flags), 72 (Version)
 * or 88 (MIC); 80 when an old client leaves Version out and puts the MIC in
 * its place. Whether the MIC binds is not told here: MsvAvFlags says so. */

#include "config.h"

#include <string.h>

#include "flags.h"
#include "header.h"

#define LM_RESPONSE_FIELD 12
#define NT_RESPONSE_FIELD 20
#define DOMAIN_FIELD 28
#define USER_FIELD 36
#define WORKSTATION_FIELD 44
#define SESSION_KEY_FIELD 52
#define FLAGS 60
#define FIELDS 5 /* before the session key's */

/* Whether there is room for a MIC at once behind the flags, and none for it
 * behind Version: an old client's, if Version was not agreed. */
static bool mic_without_version(const struct ntlm_header *header,
                                const struct ntlm_authenticate *message)
{
    const size_t at = header->in.at;

    return !(message->flags & NTLMSSP_NEGOTIATE_VERSION) &&
           header->end_of_optional >= at + NTLM_MIC_SIZE &&
           header->end_of_optional < at + NTLM_VERSION_SIZE + NTLM_MIC_SIZE;
}

/* What follows Workstation, as far as this header goes. */
static void decode_longer(struct ntlm_header *header, struct ntlm_authenticate *message)
{
    if (!ntlm_header_goes_on(header, NTLM_FIELD_SIZE + sizeof(message->flags), true))
        return;
    message->session_key = ntlm_header_field(header, ntlm_header_peek32(header, FLAGS) &
                                                         NTLMSSP_NEGOTIATE_KEY_EXCH);
    message->flags = ntlm_read32(&header->in);
    message->has_flags = true;
    bool old_mic = mic_without_version(header, message);

    if (!old_mic)
        message->has_version = ntlm_header_version(
            header, message->flags & NTLMSSP_NEGOTIATE_VERSION, message->version);
    if ((old_mic || message->has_version) &&
        ntlm_header_goes_on(header, NTLM_MIC_SIZE, false)) {
        message->mic_offset = header->in.at;
        ntlm_read_bytes(&header->in, NTLM_MIC_SIZE);
    }
}

enum ntlm_error ntlm_authenticate_decode(struct ntlm_bytes token,
                                         struct ntlm_authenticate *message)
{
    struct ntlm_header header;

    memset(message, 0, sizeof(*message));
    ntlm_header_begin(&header, token, NTLM_AUTHENTICATE);
    message->lm_response = ntlm_header_field(&header, true);
    message->nt_response = ntlm_header_field(&header, true);
    message->domain = ntlm_header_field(&header, true);
    message->user = ntlm_header_field(&header, true);
    message->workstation = ntlm_header_field(&header, true);
    decode_longer(&header, message);
    message->header_len = header.in.at;
    if (header.in.error)
        memset(message, 0, sizeof(*message));
    return header.in.error;
}

void ntlm_authenticate_encode(const struct ntlm_authenticate *message, struct ntlm_writer *out)
{
    ntlm_header_write(out, NTLM_AUTHENTICATE);
    ntlm_write_zeros(out, (FIELDS + 1) * NTLM_FIELD_SIZE);
    ntlm_write32(out, message->flags);
    if (message->has_version)
        ntlm_write(out, message->version, NTLM_VERSION_SIZE);
    else if (message->mic_offset)
        ntlm_write_zeros(out, NTLM_VERSION_SIZE);
    if (message->mic_offset)
        ntlm_write_zeros(out, NTLM_MIC_SIZE);
    ntlm_write_payload(out, DOMAIN_FIELD, message->domain);
    ntlm_write_payload(out, USER_FIELD, message->user);
    ntlm_write_payload(out, WORKSTATION_FIELD, message->workstation);
    ntlm_write_payload(out, LM_RESPONSE_FIELD, message->lm_response);
    ntlm_write_payload(out, NT_RESPONSE_FIELD, message->nt_response);
    ntlm_write_payload(out, SESSION_KEY_FIELD, message->session_key);
}
