/* SPDX-License-Identifier: MIT */
/* gss_message_outputs.h - what the functions for messages leave in their output parameters when
 * they fail: the same of each mechanism module. */

#ifndef GSS_MESSAGE_OUTPUTS_TEST_H
#define GSS_MESSAGE_OUTPUTS_TEST_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

/* A module's functions: MESSAGE_DOOR(gss_) or MESSAGE_DOOR(gssi_). */
struct message_door {
    __typeof__(gss_get_mic) *get_mic;
    __typeof__(gss_unwrap) *unwrap;
    __typeof__(gss_unwrap_aead) *unwrap_aead;
    __typeof__(gss_unwrap_iov) *unwrap_iov;
    __typeof__(gss_verify_mic) *verify_mic;
    __typeof__(gss_verify_mic_iov) *verify_mic_iov;
    __typeof__(gss_wrap) *wrap;
    __typeof__(gss_wrap_aead) *wrap_aead;
    __typeof__(gss_wrap_iov) *wrap_iov;
    __typeof__(gss_wrap_iov_length) *wrap_iov_length;
    __typeof__(gss_wrap_size_limit) *wrap_size_limit;
};
#define MESSAGE_DOOR(prefix)                                                                   \
    {                                                                                          \
        .get_mic = prefix##get_mic, .unwrap = prefix##unwrap,                                  \
        .unwrap_aead = prefix##unwrap_aead, .unwrap_iov = prefix##unwrap_iov,                  \
        .verify_mic = prefix##verify_mic, .verify_mic_iov = prefix##verify_mic_iov,            \
        .wrap = prefix##wrap, .wrap_aead = prefix##wrap_aead, .wrap_iov = prefix##wrap_iov,    \
        .wrap_iov_length = prefix##wrap_iov_length,                                            \
        .wrap_size_limit = prefix##wrap_size_limit,                                            \
    }

struct message_contexts {
    gss_ctx_id_t half; /* which cannot protect messages yet */
    gss_ctx_id_t client, server;
};

/* Fails the test where a call does not fail, or leaves something. */
void message_outputs_assert(const struct message_door *door,
                            const struct message_contexts *contexts);

#endif
