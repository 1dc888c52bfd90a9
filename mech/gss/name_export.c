/* SPDX-License-Identifier: MIT */
/* name_export.c - names as tokens: RFC 2743 3.2's, which access control lists
 * compare byte by byte, and RFC 6680's composite ones, which keep the case and
 * carry the attributes.
 *
 *     04 01 | OID length (2) | OID (DER) | name length (4) | name
 *     04 02 | the same                                     | count (4) | ...
 *
 * with, for each attribute, a byte of flags and then its name, its value and
 * its text for people, each behind its length (4). Lengths are big-endian. The
 * name is a letter for its kind and text that can be split in one way only:
 * U domain\user, S service@host, A.
 *
 * What a composite token says of its attributes is shown and not believed: whoever can
 * write one could claim anything. Only the names in an exported context, whose token is
 * a secret, keep what the logon said as authenticated. */

#include "config.h"

#include "gss/name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm/text.h"
#include "ntlm/wire.h"
#include "support/failure.h"

/* An unknown token id, 04, and the mechanism's OID. */
#define HEADER_LEN 16
static const uint8_t header[HEADER_LEN] = {0x04, 0x00, 0x00, 0x0c, 0x06, 0x0a, 0x2b, 0x06,
                                           0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};
#define TOKEN_ID_AT 1
#define TOKEN_PLAIN 0x01
#define TOKEN_COMPOSITE 0x02

#define FLAG_AUTHENTICATED 0x01
#define FLAG_COMPLETE 0x02
#define FLAG_DISPLAY 0x04

static void write_be32(struct ntlm_writer *out, size_t value)
{
    ntlm_write8(out, (uint8_t)(value >> 24));
    ntlm_write8(out, (uint8_t)(value >> 16));
    ntlm_write8(out, (uint8_t)(value >> 8));
    ntlm_write8(out, (uint8_t)value);
}

static void write_counted(struct ntlm_writer *out, const void *data, size_t len)
{
    write_be32(out, len);
    ntlm_write(out, data, len);
}

static size_t read_be32(struct ntlm_reader *in)
{
    uint8_t bytes[4] = {0};

    ntlm_read_copy(in, bytes, sizeof(bytes));
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

static struct ntlm_bytes read_counted(struct ntlm_reader *in)
{
    return ntlm_read_bytes(in, read_be32(in));
}

/* The bytes as a string, the caller's. NULL with an error set in the reader. */
static char *read_string(struct ntlm_reader *in)
{
    struct ntlm_bytes bytes = read_counted(in);
    char *text;

    if (in->error)
        return NULL;
    if (bytes.len && memchr(bytes.data, '\0', bytes.len)) {
        in->error = NTLM_ERR_BAD_EXPORT;
        return NULL;
    }
    text = calloc(1, bytes.len + 1);
    if (!text)
        in->error = NTLM_ERR_OUT_OF_MEMORY;
    else if (bytes.len)
        memcpy(text, bytes.data, bytes.len);
    return text;
}

static char *canonical_text(const struct name *name)
{
    char *text;
    int done = -1;

    switch (name->kind) {
    case NAME_USER:
        done = asprintf(&text, "U%s\\%s", name->domain, name->user);
        break;
    case NAME_SERVICE:
        done = asprintf(&text, "S%s@%s", name->service, name->host);
        break;
    case NAME_ANONYMOUS:
        done = asprintf(&text, "A");
        break;
    }
    return done < 0 ? NULL : text;
}

static enum ntlm_error write_name(struct ntlm_writer *out, const struct name *name,
                                  bool keep_case)
{
    char *text = canonical_text(name), *upper = NULL;
    enum ntlm_error error = text ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;

    if (!error && !keep_case)
        error = ntlm_text_upper(text, &upper);
    if (!error)
        write_counted(out, keep_case ? text : upper, strlen(keep_case ? text : upper));
    free(text);
    free(upper);
    return error;
}

static void write_attribute(struct ntlm_writer *out, const struct name_attribute *attribute)
{
    ntlm_write8(out, (uint8_t)((attribute->authenticated ? FLAG_AUTHENTICATED : 0) |
                               (attribute->complete ? FLAG_COMPLETE : 0) |
                               (attribute->display ? FLAG_DISPLAY : 0)));
    write_counted(out, attribute->attribute, strlen(attribute->attribute));
    write_counted(out, attribute->value, attribute->value_len);
    if (attribute->display)
        write_counted(out, attribute->display, strlen(attribute->display));
}

static void read_attribute(struct ntlm_reader *in, struct name *name, bool trusted)
{
    uint8_t flags = 0;
    char *attribute, *display = NULL;
    struct ntlm_bytes value;

    ntlm_read_copy(in, &flags, 1);
    attribute = read_string(in);
    value = read_counted(in);
    if (flags & FLAG_DISPLAY)
        display = read_string(in);
    if (!in->error)
        in->error =
            name_add_attribute(name, attribute, value, display,
                               trusted && (flags & FLAG_AUTHENTICATED), flags & FLAG_COMPLETE);
    free(attribute);
    free(display);
}

static enum ntlm_error split_name(char *text, struct name **name)
{
    char *rest = *text ? text + 1 : text;
    char *second = strchr(rest, *text == 'U' ? '\\' : '@');

    if (second)
        *second++ = '\0';
    if (*text == 'U' && second)
        return name_of_user(second, rest, name);
    if (*text == 'S' && second)
        return name_of_service(rest, second, name);
    if (*text == 'A' && !*rest)
        return name_of_anonymous(name);
    return NTLM_ERR_BAD_EXPORT;
}

static void read_name(struct ntlm_reader *in, struct name **name)
{
    char *text = read_string(in);

    if (text)
        in->error = split_name(text, name);
    free(text);
}

enum ntlm_error name_export(const struct name *name, bool composite, uint8_t **token,
                            size_t *token_len)
{
    struct ntlm_writer out = {0};
    enum ntlm_error error;

    *token = NULL;
    *token_len = 0;
    ntlm_write(&out, header, HEADER_LEN);
    if (!out.error)
        out.data[TOKEN_ID_AT] = composite ? TOKEN_COMPOSITE : TOKEN_PLAIN;
    error = write_name(&out, name, composite);
    if (composite) {
        write_be32(&out, name->attribute_count);
        for (size_t i = 0; i < name->attribute_count; i++)
            write_attribute(&out, &name->attributes[i]);
    }
    if (!error)
        error = ntlm_writer_take(&out, token, token_len);
    ntlm_writer_clear(&out);
    return error ? fail(error, NULL) : NTLM_OK;
}

enum ntlm_error name_import_token(struct ntlm_bytes token, bool trusted, struct name **name)
{
    uint8_t start[HEADER_LEN] = {0};
    struct ntlm_reader in;
    uint8_t id;

    *name = NULL;
    ntlm_reader_init(&in, token);
    ntlm_read_copy(&in, start, HEADER_LEN);
    id = start[TOKEN_ID_AT];
    start[TOKEN_ID_AT] = 0;
    if (memcmp(start, header, HEADER_LEN) != 0 || (id != TOKEN_PLAIN && id != TOKEN_COMPOSITE))
        return fail(NTLM_ERR_BAD_EXPORT, "this is not an exported NTLM name");

    read_name(&in, name);
    if (id == TOKEN_COMPOSITE)
        for (size_t left = read_be32(&in); left && !in.error; left--)
            read_attribute(&in, *name, trusted);
    if (!in.error && ntlm_reader_left(&in))
        in.error = NTLM_ERR_BAD_EXPORT;
    if (!in.error)
        return NTLM_OK;
    name_free(*name);
    *name = NULL;
    return in.error == NTLM_ERR_OUT_OF_MEMORY
               ? in.error
               : fail(NTLM_ERR_BAD_EXPORT, "the exported name is damaged");
}
