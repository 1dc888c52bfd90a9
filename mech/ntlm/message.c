/* SPDX-License-Identifier: MIT */
/* message.c - what the three messages have in common: how they begin, and the
 * two character sets of their names. */

#include "config.h"

#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "text.h"

enum ntlm_error ntlm_message_type(struct ntlm_bytes token, enum ntlm_message_type *type)
{
    const size_t len =
        token.len < NTLM_MESSAGE_SIGNATURE_SIZE ? token.len : NTLM_MESSAGE_SIGNATURE_SIZE;
    struct ntlm_reader in;
    uint32_t number;

    if (token.len > NTLM_MAX_TOKEN)
        return NTLM_ERR_TOO_LARGE;
    if (len && memcmp(token.data, NTLM_MESSAGE_SIGNATURE, len) != 0)
        return NTLM_ERR_NOT_NTLM;
    ntlm_reader_init(&in, token);
    ntlm_read_bytes(&in, NTLM_MESSAGE_SIGNATURE_SIZE);
    number = ntlm_read32(&in);
    if (in.error)
        return in.error;
    if (number < NTLM_NEGOTIATE || number > NTLM_AUTHENTICATE)
        return NTLM_ERR_WRONG_MESSAGE;
    *type = (enum ntlm_message_type)number;
    return NTLM_OK;
}

struct ntlm_bytes ntlm_message_name(uint32_t flags, struct ntlm_bytes wire)
{
    static const uint8_t nul[2];
    const size_t size = flags & NTLMSSP_NEGOTIATE_UNICODE ? 2 : 1;

    while (wire.len >= size && wire.len % size == 0 &&
           memcmp(wire.data + wire.len - size, nul, size) == 0)
        wire.len -= size;
    return wire;
}

enum ntlm_error ntlm_message_text(uint32_t flags, struct ntlm_bytes wire, char **out)
{
    wire = ntlm_message_name(flags, wire);
    if (flags & NTLMSSP_NEGOTIATE_UNICODE)
        return ntlm_text_from_utf16(wire, out);
    return ntlm_text_from_oem(wire, out);
}

void ntlm_message_write_text(uint32_t flags, const char *text, struct ntlm_writer *out)
{
    uint8_t *oem;
    size_t len;
    enum ntlm_error error;

    if (flags & NTLMSSP_NEGOTIATE_UNICODE) {
        ntlm_write_utf16(out, text);
        return;
    }
    error = ntlm_text_to_oem(text, strlen(text), &oem, &len);
    ntlm_writer_fail(out, error);
    ntlm_write(out, oem, len);
    free(oem);
}
