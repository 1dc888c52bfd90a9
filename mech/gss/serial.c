/* SPDX-License-Identifier: MIT */
/* serial.c - strings and names in exported objects. */

#include "config.h"

#include "gss/serial.h"

#include <stdlib.h>
#include <string.h>

#define NO_TEXT 0xffffffffu

void serial_write_text(struct ntlm_writer *out, const char *text)
{
    if (!text) {
        ntlm_write32(out, NO_TEXT);
        return;
    }
    ntlm_write32(out, (uint32_t)strlen(text));
    ntlm_write(out, text, strlen(text));
}

char *serial_read_text(struct ntlm_reader *in)
{
    uint32_t len = ntlm_read32(in);
    struct ntlm_bytes bytes;
    char *text;

    if (in->error || len == NO_TEXT)
        return NULL;
    bytes = ntlm_read_bytes(in, len);
    if (!in->error && len > 0 && memchr(bytes.data, 0, len))
        in->error = NTLM_ERR_BAD_EXPORT;
    if (in->error)
        return NULL;
    text = len > 0 ? strndup((const char *)bytes.data, len) : strdup("");
    if (!text)
        in->error = NTLM_ERR_OUT_OF_MEMORY;
    return text;
}

/* A name goes as RFC 6680's composite token, attributes and all. */
void serial_write_name(struct ntlm_writer *out, const struct name *name)
{
    uint8_t *token = NULL;
    size_t len = 0;
    enum ntlm_error error = NTLM_OK;

    if (name)
        error = name_export(name, true, &token, &len);
    ntlm_writer_fail(out, error);
    ntlm_write32(out, (uint32_t)len);
    ntlm_write(out, token, len);
    free(token);
}

struct name *serial_read_name(struct ntlm_reader *in)
{
    struct ntlm_bytes token = ntlm_read_bytes(in, ntlm_read32(in));
    struct name *name = NULL;

    if (!in->error && token.len > 0)
        in->error = name_import_token(token, true, &name);
    return name;
}
