/* SPDX-License-Identifier: MIT */
/* gss_message_outputs.c - see gss_message_outputs.h. */

#include "config.h"

#include "gss_message_outputs.h"

#include "gss_outputs.h"

static char bytes[] = "no token at all";
static gss_buffer_desc text = {sizeof(bytes) - 1, bytes};
static gss_buffer_desc no_memory = {5, NULL}; /* a length, and nothing there */
static gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER;
static gss_iov_buffer_desc iov[] = {{GSS_IOV_BUFFER_TYPE_HEADER, {0, NULL}},
                                    {GSS_IOV_BUFFER_TYPE_DATA, {0, NULL}}};

#define WRAP(context, in) door->wrap(&minor, context, 1, 0, in, &o.state, &o.buffer)
#define WRAP_AEAD(context, with, in)                                                           \
    door->wrap_aead(&minor, context, 1, 0, with, in, &o.state, &o.buffer)
#define UNWRAP(context, in) door->unwrap(&minor, context, in, &o.buffer, &o.state, &o.qop)
#define UNWRAP_AEAD(context, in, with)                                                         \
    door->unwrap_aead(&minor, context, in, with, &o.buffer, &o.state, &o.qop)

void message_outputs_assert(const struct message_door *door,
                            const struct message_contexts *contexts)
{
    OM_uint32 minor;

    FAILS("buffer context credential state", WRAP(GSS_C_NO_CONTEXT, &text));
    FAILS("buffer context credential state", WRAP(contexts->half, &text));
    FAILS("buffer context credential state", WRAP(contexts->client, &no_memory));
    FAILS("buffer context credential state", WRAP(contexts->client, NULL));
    FAILS("buffer context credential state",
          door->wrap(&minor, contexts->client, 1, 7, &text, &o.state, &o.buffer));
    FAILS("buffer context credential state", WRAP_AEAD(contexts->client, &no_memory, &text));
    FAILS("buffer context credential state", WRAP_AEAD(contexts->half, &text, &text));
    FAILS("buffer context credential state qop", UNWRAP(GSS_C_NO_CONTEXT, &text));
    FAILS("buffer context credential state qop", UNWRAP(contexts->half, &text));
    FAILS("buffer context credential state qop", UNWRAP(contexts->server, &text));
    FAILS("buffer context credential state qop", UNWRAP(contexts->server, &nothing));
    FAILS("buffer context credential state qop", UNWRAP(contexts->server, &no_memory));
    FAILS("buffer context credential state qop", UNWRAP(contexts->server, NULL));
    FAILS("buffer context credential state qop",
          UNWRAP_AEAD(contexts->server, &text, &no_memory));
    FAILS("buffer context credential state qop", UNWRAP_AEAD(contexts->server, &text, &text));
    FAILS("buffer context credential",
          door->get_mic(&minor, GSS_C_NO_CONTEXT, 0, &text, &o.buffer));
    FAILS("buffer context credential",
          door->get_mic(&minor, contexts->half, 0, &text, &o.buffer));
    FAILS("buffer context credential",
          door->get_mic(&minor, contexts->client, 0, &no_memory, &o.buffer));
    FAILS("buffer context credential",
          door->get_mic(&minor, contexts->client, 7, &text, &o.buffer));
    FAILS("context credential qop",
          door->verify_mic(&minor, GSS_C_NO_CONTEXT, &text, &text, &o.qop));
    FAILS("context credential qop",
          door->verify_mic(&minor, contexts->server, &text, &text, &o.qop));
    FAILS("context credential qop",
          door->verify_mic(&minor, contexts->server, &text, &no_memory, &o.qop));
    FAILS("context credential number",
          door->wrap_size_limit(&minor, GSS_C_NO_CONTEXT, 1, 0, 100, &o.number));
    FAILS("context credential number",
          door->wrap_size_limit(&minor, contexts->half, 1, 0, 100, &o.number));
    FAILS("context credential state",
          door->wrap_iov(&minor, contexts->half, 1, 0, &o.state, iov, 2));
    FAILS("context credential state",
          door->wrap_iov(&minor, contexts->client, 1, 0, &o.state, NULL, 2));
    FAILS("context credential state",
          door->wrap_iov(&minor, contexts->client, 1, 0, &o.state, iov, -1));
    FAILS("context credential state",
          door->wrap_iov_length(&minor, contexts->half, 1, 0, &o.state, iov, 2));
    FAILS("context credential state",
          door->wrap_iov_length(&minor, contexts->client, 1, 0, &o.state, NULL, 2));
    FAILS("context credential state qop",
          door->unwrap_iov(&minor, contexts->half, &o.state, &o.qop, iov, 2));
    FAILS("context credential state qop",
          door->unwrap_iov(&minor, contexts->server, &o.state, &o.qop, iov, 2));
    FAILS("context credential state qop",
          door->unwrap_iov(&minor, contexts->server, &o.state, &o.qop, NULL, 2));
    FAILS("context credential qop",
          door->verify_mic_iov(&minor, contexts->half, &o.qop, iov, 2));
    FAILS("context credential qop",
          door->verify_mic_iov(&minor, contexts->server, &o.qop, iov, 2));
    FAILS("context credential qop",
          door->verify_mic_iov(&minor, contexts->server, &o.qop, NULL, 2));
}
