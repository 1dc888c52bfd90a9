/* SPDX-License-Identifier: MIT */
/* gss_buffers.h - a message in several buffers, for gss_wrap_iov and its kin, and
 * the exchange of contexts that it goes between. */

#ifndef GSS_BUFFERS_H
#define GSS_BUFFERS_H

#include "gss_exchange.h"

#define SIGNATURE 16
#define CONTENT_MAX 64
#define BUFFERS_MAX 40

#define HEADER GSS_IOV_BUFFER_TYPE_HEADER
#define DATA GSS_IOV_BUFFER_TYPE_DATA
#define SIGN_ONLY GSS_IOV_BUFFER_TYPE_SIGN_ONLY
#define PADDING GSS_IOV_BUFFER_TYPE_PADDING
#define TRAILER GSS_IOV_BUFFER_TYPE_TRAILER
#define EMPTY GSS_IOV_BUFFER_TYPE_EMPTY
#define STREAM GSS_IOV_BUFFER_TYPE_STREAM
#define MIC_TOKEN GSS_IOV_BUFFER_TYPE_MIC_TOKEN
#define ALLOCATE GSS_IOV_BUFFER_FLAG_ALLOCATE

/* What a message is to be made of. */
struct layout {
    int count;
    OM_uint32 types[BUFFERS_MAX];
    const char *contents[BUFFERS_MAX]; /* NULL: none */
};

struct buffers {
    gss_iov_buffer_desc iov[BUFFERS_MAX];
    int count;
    char storage[BUFFERS_MAX][CONTENT_MAX];
};

/* The contexts: messages go from the client to the server. */
extern struct exchange exchange;
void buffers_begin(OM_uint32 flags);

/* Copies the contents, and gives the signature its room. */
void buffers_fill(struct buffers *buffers, const struct layout *layout);
OM_uint32 buffers_wrap(struct buffers *buffers);
OM_uint32 buffers_unwrap(struct buffers *buffers);

void assert_contents(const struct buffers *buffers, const struct layout *layout);
/* DATA was changed by wrapping, SIGN_ONLY was not. */
void assert_encrypted(const struct buffers *buffers, const struct layout *layout);

/* A message of gss_wrap. */
gss_buffer_desc stream_of(const char *text);

#endif
