/* SPDX-License-Identifier: MIT */
/* avpair.c - walking and writing AV_PAIR lists ([MS-NLMP] 2.2.2.1). */

#include "config.h"

#include "avpair.h"

#include "text.h"

#define HEADER_SIZE 4 /* AvId, AvLen */
#define FLAGS_SIZE 4
#define TIMESTAMP_SIZE 8
#define BINDINGS_SIZE 16

size_t ntlm_av_fixed_size(uint16_t id)
{
    switch (id) {
    case MSV_AV_FLAGS:
        return FLAGS_SIZE;
    case MSV_AV_TIMESTAMP:
        return TIMESTAMP_SIZE;
    case MSV_AV_CHANNEL_BINDINGS:
        return BINDINGS_SIZE;
    default:
        return 0;
    }
}

/* Takes what is at the front of *list, MsvAvEOL too. Every pair of every message is
 * looked at several times: so there is no reader (wire.h) between. */
static bool take(struct ntlm_bytes *list, struct ntlm_av_pair *pair)
{
    const uint8_t *at = list->data;
    size_t len;

    if (list->len < HEADER_SIZE)
        return false;
    len = (size_t)(at[2] | at[3] << 8);
    if (len > list->len - HEADER_SIZE)
        return false;
    pair->id = (uint16_t)(at[0] | at[1] << 8);
    pair->value = ntlm_bytes(at + HEADER_SIZE, len);
    *list = ntlm_bytes(at + HEADER_SIZE + len, list->len - HEADER_SIZE - len);
    return true;
}

bool ntlm_av_next(struct ntlm_bytes *list, struct ntlm_av_pair *pair)
{
    struct ntlm_bytes rest = *list;

    if (!take(&rest, pair) || pair->id == MSV_AV_EOL)
        return false;
    *list = rest;
    return true;
}

enum ntlm_error ntlm_av_check(struct ntlm_bytes list)
{
    const size_t len = list.len;
    struct ntlm_av_pair pair;

    for (size_t count = 0; count < NTLM_MAX_AV_PAIRS && take(&list, &pair); count++) {
        const size_t size = ntlm_av_fixed_size(pair.id);

        if (len - list.len > NTLM_MAX_AV_LIST)
            return NTLM_ERR_BAD_AV_PAIRS;
        if (pair.id == MSV_AV_EOL)
            return NTLM_OK;
        if (size && pair.value.len != size)
            return NTLM_ERR_BAD_AV_PAIRS;
    }
    return NTLM_ERR_BAD_AV_PAIRS;
}

bool ntlm_av_find(struct ntlm_bytes list, uint16_t id, struct ntlm_bytes *value)
{
    struct ntlm_av_pair pair;

    while (ntlm_av_next(&list, &pair)) {
        if (pair.id == id) {
            *value = pair.value;
            return true;
        }
    }
    return false;
}

bool ntlm_av_timestamp(struct ntlm_bytes list, uint64_t *time)
{
    struct ntlm_reader in;
    struct ntlm_bytes value;

    if (!ntlm_av_find(list, MSV_AV_TIMESTAMP, &value))
        return false;
    ntlm_reader_init(&in, value);
    *time = ntlm_read64(&in);
    return !in.error;
}

uint32_t ntlm_av_flags(struct ntlm_bytes list)
{
    struct ntlm_av_pair pair;
    uint32_t flags = 0;

    while (ntlm_av_next(&list, &pair)) {
        struct ntlm_reader in;

        if (pair.id != MSV_AV_FLAGS)
            continue;
        ntlm_reader_init(&in, pair.value);
        flags |= ntlm_read32(&in);
    }
    return flags;
}

static void write_header(struct ntlm_writer *out, uint16_t id, size_t len)
{
    if (len > UINT16_MAX)
        ntlm_writer_fail(out, NTLM_ERR_TOO_LARGE);
    ntlm_write16(out, id);
    ntlm_write16(out, (uint16_t)len);
}

void ntlm_av_write(struct ntlm_writer *out, uint16_t id, struct ntlm_bytes value)
{
    write_header(out, id, value.len);
    ntlm_write(out, value.data, value.len);
}

void ntlm_av_write_flags(struct ntlm_writer *out, uint32_t flags)
{
    write_header(out, MSV_AV_FLAGS, FLAGS_SIZE);
    ntlm_write32(out, flags);
}

void ntlm_av_write_timestamp(struct ntlm_writer *out, uint64_t time)
{
    write_header(out, MSV_AV_TIMESTAMP, TIMESTAMP_SIZE);
    ntlm_write64(out, time);
}

void ntlm_av_write_text(struct ntlm_writer *out, uint16_t id, const char *text)
{
    const size_t before = out->len;
    size_t len;

    write_header(out, id, 0);
    ntlm_write_utf16(out, text);
    len = out->error ? 0 : out->len - before - HEADER_SIZE;
    if (len > UINT16_MAX)
        out->error = NTLM_ERR_TOO_LARGE;
    if (out->error) {
        out->len = before;
        return;
    }
    out->data[before + 2] = (uint8_t)len;
    out->data[before + 3] = (uint8_t)(len >> 8);
}

void ntlm_av_write_others(struct ntlm_writer *out, struct ntlm_bytes list)
{
    struct ntlm_av_pair pair;

    while (ntlm_av_next(&list, &pair)) {
        if (pair.id != MSV_AV_FLAGS && pair.id != MSV_AV_CHANNEL_BINDINGS &&
            pair.id != MSV_AV_TARGET_NAME && pair.id != MSV_AV_SINGLE_HOST)
            ntlm_av_write(out, pair.id, pair.value);
    }
}

void ntlm_av_write_eol(struct ntlm_writer *out)
{
    write_header(out, MSV_AV_EOL, 0);
}
