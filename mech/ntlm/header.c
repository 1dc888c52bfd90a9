/* SPDX-License-Identifier: MIT */
/* header.c - where a message's header ends. What lies in it is told by the
 * file of each message. */

#include "config.h"

#include "header.h"

static const size_t limits[] = {[NTLM_NEGOTIATE] = NTLM_MAX_NEGOTIATE,
                                [NTLM_CHALLENGE] = NTLM_MAX_CHALLENGE,
                                [NTLM_AUTHENTICATE] = NTLM_MAX_AUTHENTICATE};

void ntlm_header_begin(struct ntlm_header *header, struct ntlm_bytes token,
                       enum ntlm_message_type type)
{
    enum ntlm_message_type found;
    enum ntlm_error error = ntlm_message_type(token, &found);

    if (!error && found != type)
        error = NTLM_ERR_WRONG_MESSAGE;
    if (!error && token.len > limits[type])
        error = NTLM_ERR_TOO_LARGE;
    ntlm_reader_init(&header->in, token);
    ntlm_read64(&header->in);
    ntlm_read32(&header->in);
    header->in.error = error;
    header->end = header->end_of_optional = token.len;
}

struct ntlm_bytes ntlm_header_field(struct ntlm_header *header, bool supplied)
{
    struct ntlm_reader ignored = header->in;
    struct ntlm_bytes field;
    size_t offset;

    field = ntlm_read_field(supplied ? &header->in : &ignored, &offset);
    if (!supplied)
        ntlm_read_bytes(&header->in, NTLM_FIELD_SIZE);
    if (field.len > 0 && offset < header->end_of_optional &&
        (supplied || offset >= header->in.at))
        header->end_of_optional = offset;
    if (supplied && field.len > 0 && offset < header->end)
        header->end = offset;
    return supplied ? field : ntlm_bytes(NULL, 0);
}

uint32_t ntlm_header_peek32(const struct ntlm_header *header, size_t offset)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, header->in.all);
    ntlm_read_bytes(&in, offset);
    return ntlm_read32(&in);
}

static size_t room(const struct ntlm_header *header, bool announced)
{
    size_t end = announced ? header->end : header->end_of_optional;

    return end > header->in.at ? end - header->in.at : 0;
}

/* Whether the token goes on with NULs alone. */
static bool only_nuls_follow(const struct ntlm_header *header)
{
    const struct ntlm_bytes all = header->in.all;

    for (size_t i = header->in.at; i < all.len; i++)
        if (all.data[i] != 0)
            return false;
    return true;
}

bool ntlm_header_goes_on(struct ntlm_header *header, size_t size, bool announced)
{
    if (header->in.error || room(header, announced) >= size)
        return !header->in.error;
    if (header->end_of_optional == header->in.all.len && !only_nuls_follow(header))
        header->in.error = NTLM_ERR_TRUNCATED;
    return false;
}

bool ntlm_header_version(struct ntlm_header *header, bool announced,
                         uint8_t version[NTLM_VERSION_SIZE])
{
    if (header->in.error || room(header, announced) < NTLM_VERSION_SIZE)
        return false;
    ntlm_read_copy(&header->in, version, NTLM_VERSION_SIZE);
    return true;
}

void ntlm_header_write(struct ntlm_writer *out, enum ntlm_message_type type)
{
    ntlm_write(out, NTLM_MESSAGE_SIGNATURE, NTLM_MESSAGE_SIGNATURE_SIZE);
    ntlm_write32(out, type);
}
