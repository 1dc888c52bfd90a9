/* SPDX-License-Identifier: MIT */
/* header.c - where a message's header ends. What lies in it is told by the
 * file of each message. */

#include "config.h"

#include "header.h"

void ntlm_header_begin(struct ntlm_header *header, struct ntlm_bytes token,
                       enum ntlm_message_type type)
{
    enum ntlm_message_type found;
    enum ntlm_error error = ntlm_message_type(token, &found);

    if (!error && found != type)
        error = NTLM_ERR_WRONG_MESSAGE;
    ntlm_reader_init(&header->in, token);
    ntlm_read64(&header->in);
    ntlm_read32(&header->in);
    header->in.error = error;
    header->end = token.len;
}

struct ntlm_bytes ntlm_header_field(struct ntlm_header *header)
{
    size_t offset;
    const struct ntlm_bytes field = ntlm_read_field(&header->in, &offset);

    if (field.len > 0 && offset < header->end)
        header->end = offset;
    return field;
}

bool ntlm_header_goes_on(struct ntlm_header *header, size_t size)
{
    const size_t at = header->in.at;
    const size_t room = header->end > at ? header->end - at : 0;

    if (header->in.error || room >= size)
        return !header->in.error;
    if (room > 0 && header->end == header->in.all.len)
        header->in.error = NTLM_ERR_TRUNCATED;
    return false;
}

bool ntlm_header_version(struct ntlm_header *header, uint8_t version[NTLM_VERSION_SIZE])
{
    if (!ntlm_header_goes_on(header, NTLM_VERSION_SIZE))
        return false;
    ntlm_read_copy(&header->in, version, NTLM_VERSION_SIZE);
    return true;
}

void ntlm_header_write(struct ntlm_writer *out, enum ntlm_message_type type)
{
    ntlm_write(out, NTLM_MESSAGE_SIGNATURE, NTLM_MESSAGE_SIGNATURE_SIZE);
    ntlm_write32(out, type);
}
