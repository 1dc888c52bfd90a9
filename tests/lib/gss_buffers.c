/* SPDX-License-Identifier: MIT */
/* gss_buffers.c - a message in several buffers. */

#include "config.h"

#include "gss_buffers.h"

struct exchange exchange;

void buffers_begin(OM_uint32 flags)
{
    exchange_establish(&exchange, &(struct request){.flags = flags | GSS_C_SEQUENCE_FLAG});
}

void buffers_fill(struct buffers *buffers, const struct layout *layout)
{
    memset(buffers, 0, sizeof(*buffers));
    buffers->count = layout->count;
    for (int i = 0; i < layout->count; i++) {
        const char *content = layout->contents[i];
        bool header = layout->types[i] == GSS_IOV_BUFFER_TYPE_HEADER ||
                      layout->types[i] == GSS_IOV_BUFFER_TYPE_MIC_TOKEN;

        buffers->iov[i].type = layout->types[i];
        if (content)
            strcpy(buffers->storage[i], content);
        if (content || header)
            buffers->iov[i].buffer =
                bytes_buffer(buffers->storage[i], header ? SIGNATURE : strlen(content));
    }
}

OM_uint32 buffers_wrap(struct buffers *buffers)
{
    return gss_wrap_iov(&minor, exchange.client.context, 1, GSS_C_QOP_DEFAULT, NULL,
                        buffers->iov, buffers->count);
}

OM_uint32 buffers_unwrap(struct buffers *buffers)
{
    return gss_unwrap_iov(&minor, exchange.server.context, NULL, NULL, buffers->iov,
                          buffers->count);
}

void assert_contents(const struct buffers *buffers, const struct layout *layout)
{
    for (int i = 0; i < layout->count; i++)
        if (layout->contents[i])
            assert_bytes(buffers->iov[i].buffer, layout->contents[i],
                         strlen(layout->contents[i]));
}

void assert_encrypted(const struct buffers *buffers, const struct layout *layout)
{
    for (int i = 0; i < layout->count; i++) {
        const char *content = layout->contents[i];

        if (!content || strlen(content) < 4)
            continue;
        ck_assert_uint_eq(buffers->iov[i].buffer.length, strlen(content));
        ck_assert_int_eq(memcmp(buffers->iov[i].buffer.value, content, strlen(content)) == 0,
                         GSS_IOV_BUFFER_TYPE(layout->types[i]) != GSS_IOV_BUFFER_TYPE_DATA);
    }
}

gss_buffer_desc stream_of(const char *text)
{
    gss_buffer_desc in = text_buffer(text), token;

    assert_complete(gss_wrap(&minor, exchange.client.context, 1, 0, &in, NULL, &token));
    return token;
}
