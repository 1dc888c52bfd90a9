/* SPDX-License-Identifier: MIT */
/* challenge.c - the CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2). Its header is 32
 * bytes (through ServerChallenge), 40 (Reserved), 48 (TargetInfo) or 56
 * (Version). */

#include "config.h"

#include <string.h>

#include "flags.h"
#include "header.h"

#define TARGET_NAME_FIELD 12
#define FLAGS 20
#define TARGET_INFO_FIELD 40
#define RESERVED_SIZE 8

/* What follows ServerChallenge, as far as this header goes. */
static void decode_longer(struct ntlm_header *header, struct ntlm_challenge *message)
{
    bool has_info = message->flags & NTLMSSP_NEGOTIATE_TARGET_INFO;

    if (!ntlm_header_goes_on(header, RESERVED_SIZE, has_info))
        return;
    ntlm_read_bytes(&header->in, RESERVED_SIZE);
    if (!ntlm_header_goes_on(header, NTLM_FIELD_SIZE, has_info))
        return;
    message->target_info = ntlm_header_field(header, has_info);
    message->has_version = ntlm_header_version(
        header, message->flags & NTLMSSP_NEGOTIATE_VERSION, message->version);
}

enum ntlm_error ntlm_challenge_decode(struct ntlm_bytes token, struct ntlm_challenge *message)
{
    struct ntlm_header header;

    memset(message, 0, sizeof(*message));
    ntlm_header_begin(&header, token, NTLM_CHALLENGE);
    message->target_name =
        ntlm_header_field(&header, ntlm_header_peek32(&header, FLAGS) & NTLMSSP_REQUEST_TARGET);
    message->flags = ntlm_read32(&header.in);
    ntlm_read_copy(&header.in, message->server_challenge, sizeof(message->server_challenge));
    decode_longer(&header, message);
    message->header_len = header.in.at;
    if (header.in.error)
        memset(message, 0, sizeof(*message));
    return header.in.error;
}

void ntlm_challenge_encode(const struct ntlm_challenge *message, struct ntlm_writer *out)
{
    ntlm_header_write(out, NTLM_CHALLENGE);
    ntlm_write_zeros(out, NTLM_FIELD_SIZE);
    ntlm_write32(out, message->flags);
    ntlm_write(out, message->server_challenge, sizeof(message->server_challenge));
    ntlm_write_zeros(out, RESERVED_SIZE + NTLM_FIELD_SIZE);
    if (message->has_version)
        ntlm_write(out, message->version, NTLM_VERSION_SIZE);
    ntlm_write_payload(out, TARGET_NAME_FIELD, message->target_name);
    /* Without TargetInfo its field is all zeros (example in 4.2.2.3). */
    if (message->target_info.len)
        ntlm_write_payload(out, TARGET_INFO_FIELD, message->target_info);
}
