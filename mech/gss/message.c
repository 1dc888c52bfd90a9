/* SPDX-License-Identifier: MIT */
/* message.c - gss_wrap, gss_unwrap, gss_get_mic, gss_verify_mic (RFC 2744)
 * and the AEAD forms of gssapi_ext.h.
 *
 * A wrapped message is the signature (16 bytes) and the data, and always
 * sealed, whatever conf_req_flag says: LDAP servers treat SIGN as SEAL, and
 * an unwrapper could not tell. conf_state says so. */

#include "config.h"

#include "gss/message.h"

#include <stdlib.h>
#include <string.h>

#include "gss/module.h"
#include "gss/status.h"
#include "support/outputs.h"

enum ntlm_error message_ready(const struct context *context, gss_qop_t qop)
{
    enum ntlm_error error = context_established(context);

    if (!error && qop != GSS_C_QOP_DEFAULT)
        error = NTLM_ERR_BAD_QOP;
    return error;
}

enum ntlm_error message_wrap_ready(const struct context *context, gss_qop_t qop)
{
    enum ntlm_error error = message_ready(context, qop);

    if (!error && !ntlm_session_protects(context->session))
        error = NTLM_ERR_NO_PROTECTION;
    return error;
}

OM_uint32 message_open(OM_uint32 *minor, struct context *context, const struct ntlm_part *parts,
                       size_t count, const uint8_t signature[NTLM_SIGNATURE_SIZE])
{
    struct ntlm_order order = {0};
    enum ntlm_error error =
        ntlm_session_unseal(context->session, parts, count, signature, &order);
    OM_uint32 major;

    if (error != NTLM_ERR_OUT_OF_SEQUENCE)
        return status_of(minor, error);
    if (!(context->flags & (GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)))
        return status_as(minor, GSS_S_BAD_SIG, error);
    major = order.gap < 0 ? GSS_S_UNSEQ_TOKEN : GSS_S_GAP_TOKEN;
    return status_as(minor, order.verified ? major : major | GSS_S_BAD_SIG, error);
}

static struct ntlm_part part_of(const void *in, void *out, size_t len)
{
    return (struct ntlm_part){.in = in, .out = out, .len = len};
}

EXPORTED OM_uint32 gss_wrap_aead(OM_uint32 *minor, gss_ctx_id_t handle, int conf_req,
                                 gss_qop_t qop, gss_buffer_t associated, gss_buffer_t payload,
                                 int *conf_state, gss_buffer_t output)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error = message_wrap_ready(context, qop);
    struct ntlm_part parts[2];
    size_t count = 0;
    uint8_t *token;

    (void)conf_req;
    EMPTY(conf_state);
    EMPTY(output);
    if (!output || !buffer_readable(payload) || (associated && !buffer_readable(associated)))
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the message or the output is NULL");
    if (!error && payload->length > SIZE_MAX - NTLM_SIGNATURE_SIZE)
        error = NTLM_ERR_MESSAGE_TOO_LARGE;
    if (error)
        return status_of(minor, error);
    token = malloc(NTLM_SIGNATURE_SIZE + payload->length);
    if (!token)
        return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
    if (associated && associated->length > 0)
        parts[count++] = part_of(associated->value, NULL, associated->length);
    parts[count++] = part_of(payload->value, token + NTLM_SIGNATURE_SIZE, payload->length);
    error = ntlm_session_seal(context->session, parts, count, token);
    if (error) {
        free(token);
        return status_of(minor, error);
    }
    output->value = token;
    output->length = NTLM_SIGNATURE_SIZE + payload->length;
    if (conf_state)
        *conf_state = 1;
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_unwrap_aead(OM_uint32 *minor, gss_ctx_id_t handle, gss_buffer_t input,
                                   gss_buffer_t associated, gss_buffer_t output,
                                   int *conf_state, gss_qop_t *qop_state)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error = message_wrap_ready(context, GSS_C_QOP_DEFAULT);
    struct ntlm_part parts[2];
    size_t count = 0, len;
    const uint8_t *token;
    uint8_t *data = NULL;
    OM_uint32 major;

    EMPTY(output);
    EMPTY(conf_state);
    EMPTY(qop_state); /* GSS_C_QOP_DEFAULT */
    if (!output || !buffer_readable(input) || (associated && !buffer_readable(associated)))
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the message or the output is NULL");
    if (!error && input->length < NTLM_SIGNATURE_SIZE)
        error = NTLM_ERR_MESSAGE_TRUNCATED;
    if (error)
        return status_of(minor, error);
    token = input->value;
    len = input->length - NTLM_SIGNATURE_SIZE;
    if (len > 0) { /* gss_release_buffer leaves a buffer without length as it is */
        data = malloc(len + 1);
        if (!data)
            return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
        data[len] = 0; /* for callers that expect a string */
    }
    if (associated && associated->length > 0)
        parts[count++] = part_of(associated->value, NULL, associated->length);
    parts[count++] = part_of(token + NTLM_SIGNATURE_SIZE, data, len);
    major = message_open(minor, context, parts, count, token);
    if (major != GSS_S_COMPLETE) {
        free(data);
        return major;
    }
    output->value = data;
    output->length = len;
    if (conf_state)
        *conf_state = 1;
    return major;
}

EXPORTED OM_uint32 gss_wrap(OM_uint32 *minor, gss_ctx_id_t handle, int conf_req, gss_qop_t qop,
                            gss_buffer_t input, int *conf_state, gss_buffer_t output)
{
    return gss_wrap_aead(minor, handle, conf_req, qop, GSS_C_NO_BUFFER, input, conf_state,
                         output);
}

EXPORTED OM_uint32 gss_unwrap(OM_uint32 *minor, gss_ctx_id_t handle, gss_buffer_t input,
                              gss_buffer_t output, int *conf_state, gss_qop_t *qop_state)
{
    return gss_unwrap_aead(minor, handle, input, GSS_C_NO_BUFFER, output, conf_state,
                           qop_state);
}

EXPORTED OM_uint32 gss_get_mic(OM_uint32 *minor, gss_ctx_id_t handle, gss_qop_t qop,
                               gss_buffer_t message, gss_buffer_t token)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error = message_ready(context, qop);
    struct ntlm_part part;
    uint8_t *signature;

    EMPTY(token);
    if (!buffer_readable(message) || !token)
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the message or the token is NULL");
    if (error)
        return status_of(minor, error);
    signature = malloc(NTLM_SIGNATURE_SIZE);
    if (!signature)
        return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
    part = part_of(message->value, NULL, message->length);
    error = ntlm_session_seal(context->session, &part, 1, signature);
    if (error) {
        free(signature);
        return status_of(minor, error);
    }
    token->value = signature;
    token->length = NTLM_SIGNATURE_SIZE;
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_verify_mic(OM_uint32 *minor, gss_ctx_id_t handle, gss_buffer_t message,
                                  gss_buffer_t token, gss_qop_t *qop_state)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error = message_ready(context, GSS_C_QOP_DEFAULT);
    struct ntlm_part part;

    EMPTY(qop_state); /* GSS_C_QOP_DEFAULT */
    if (!buffer_readable(message) || !buffer_readable(token))
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the message or the token is NULL");
    if (!error && token->length != NTLM_SIGNATURE_SIZE)
        error = NTLM_ERR_MESSAGE_TRUNCATED;
    if (error)
        return status_of(minor, error);
    part = part_of(message->value, NULL, message->length);
    return message_open(minor, context, &part, 1, token->value);
}

EXPORTED OM_uint32 gss_wrap_size_limit(OM_uint32 *minor, gss_ctx_id_t handle, int conf_req,
                                       gss_qop_t qop, OM_uint32 output_size,
                                       OM_uint32 *input_size)
{
    const struct context *context = (const struct context *)handle;
    enum ntlm_error error = message_wrap_ready(context, qop);

    (void)conf_req;
    EMPTY(input_size);
    if (!input_size)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the size is NULL");
    if (!error && output_size > NTLM_SIGNATURE_SIZE)
        *input_size = output_size - NTLM_SIGNATURE_SIZE;
    return status_of(minor, error);
}
