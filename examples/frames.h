/* SPDX-License-Identifier: MIT */
/* frames.h - tokens and messages over a socket, each behind its length: four bytes, the
 * most significant first. And what GSSAPI says of a failure. */

#ifndef EXAMPLE_FRAMES_H
#define EXAMPLE_FRAMES_H

#include <gssapi/gssapi.h>
#include <stdbool.h>

#define FRAME_MAX (1u << 20) /* a peer that announces more is not listened to */

bool frame_send(int socket, const gss_buffer_desc *frame);

/* Memory of malloc's, in *frame; free it with free(frame->value). */
bool frame_receive(int socket, gss_buffer_desc *frame);

/* "WHO: what: text; text" to standard error. */
void print_status(const char *who, const char *what, OM_uint32 major, OM_uint32 minor,
                  gss_OID mech);

#endif
