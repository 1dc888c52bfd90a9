/* SPDX-License-Identifier: MIT */
/* iov.c - message protection in place, on the caller's own buffers:
 * gss_wrap_iov and its kin (gssapi_ext.h).
 *
 *   HEADER             the 16 bytes of the signature, exactly one
 *   DATA               encrypted where it lies, any number
 *   SIGN_ONLY          signed and left in clear, any number
 *   PADDING, TRAILER   NTLM has none: set to no bytes
 *   STREAM             unwrap: signature and data as they came, beside one
 *                      DATA that then points into it
 *   MIC_TOKEN          the *_mic_iov functions' signature
 *
 * All other types are left alone. What is signed is DATA and SIGN_ONLY, one
 * after the other as they stand. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/message.h"
#include "gss/module.h"
#include "gss/status.h"
#include "support/outputs.h"

#define NO_SIGNATURE "exactly one buffer must be for the signature"

/* As many buffers as anyone passes; more are taken from the heap. */
#define INLINE_PARTS 16

struct parts {
    struct ntlm_part inlined[INLINE_PARTS];
    struct ntlm_part *all;
    size_t count;
};

static enum ntlm_error parts_init(struct parts *parts, int iov_count)
{
    parts->count = 0;
    parts->all = parts->inlined;
    if (iov_count > INLINE_PARTS)
        parts->all = calloc((size_t)iov_count, sizeof(*parts->all));
    return parts->all ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static void parts_clear(struct parts *parts)
{
    if (parts->all != parts->inlined)
        free(parts->all);
}

static void parts_add(struct parts *parts, const gss_iov_buffer_desc *buffer, bool encrypt)
{
    parts->all[parts->count++] = (struct ntlm_part){
        .in = buffer->buffer.value,
        .out = encrypt ? buffer->buffer.value : NULL,
        .len = buffer->buffer.length,
    };
}

/* The one buffer of this type; NULL when there is none, or more than one. */
static gss_iov_buffer_t find_one(gss_iov_buffer_desc *iov, int count, OM_uint32 type)
{
    gss_iov_buffer_t found = NULL;

    for (int i = 0; i < count; i++) {
        if (GSS_IOV_BUFFER_TYPE(iov[i].type) != type)
            continue;
        if (found)
            return NULL;
        found = &iov[i];
    }
    return found;
}

/* DATA (to be encrypted, or signed alone) and SIGN_ONLY as parts. */
static enum ntlm_error collect(struct parts *parts, const gss_iov_buffer_desc *iov, int count,
                               bool encrypt)
{
    for (int i = 0; i < count; i++) {
        OM_uint32 type = GSS_IOV_BUFFER_TYPE(iov[i].type);

        if (type != GSS_IOV_BUFFER_TYPE_DATA && type != GSS_IOV_BUFFER_TYPE_SIGN_ONLY)
            continue;
        if (iov[i].buffer.length > 0 && !iov[i].buffer.value)
            return fail(NTLM_ERR_BAD_IOV, "buffer %d: length %zu, NULL address", i,
                        iov[i].buffer.length);
        parts_add(parts, &iov[i], encrypt && type == GSS_IOV_BUFFER_TYPE_DATA);
    }
    return NTLM_OK;
}

/* Buffers of types that NTLM has no use for hold no bytes. */
static void empty_unused(gss_iov_buffer_desc *iov, int count)
{
    for (int i = 0; i < count; i++) {
        OM_uint32 type = GSS_IOV_BUFFER_TYPE(iov[i].type);

        if (type == GSS_IOV_BUFFER_TYPE_PADDING || type == GSS_IOV_BUFFER_TYPE_TRAILER)
            iov[i].buffer.length = 0;
    }
}

/* Room for a signature: the caller's, or ours when it says ALLOCATE. */
static enum ntlm_error signature_room(gss_iov_buffer_t buffer)
{
    if (!buffer)
        return fail(NTLM_ERR_BAD_IOV, NO_SIGNATURE);
    if (buffer->type & GSS_IOV_BUFFER_FLAG_ALLOCATE) {
        buffer->buffer.value = malloc(NTLM_SIGNATURE_SIZE);
        if (!buffer->buffer.value)
            return NTLM_ERR_OUT_OF_MEMORY;
        buffer->type |= GSS_IOV_BUFFER_FLAG_ALLOCATED;
    } else if (buffer->buffer.length < NTLM_SIGNATURE_SIZE || !buffer->buffer.value) {
        return fail(NTLM_ERR_BAD_IOV, "the signature needs %d bytes, not %zu",
                    NTLM_SIGNATURE_SIZE, buffer->buffer.length);
    }
    buffer->buffer.length = NTLM_SIGNATURE_SIZE;
    return NTLM_OK;
}

static void give_room_back(gss_iov_buffer_t buffer)
{
    if (!buffer || !(buffer->type & GSS_IOV_BUFFER_FLAG_ALLOCATED))
        return;
    free(buffer->buffer.value);
    buffer->buffer.value = NULL;
    buffer->buffer.length = 0;
    buffer->type &= ~(OM_uint32)GSS_IOV_BUFFER_FLAG_ALLOCATED;
}

/* A wrapped message's signature is a HEADER, a lone one a MIC_TOKEN. */
static enum ntlm_error ready(const struct context *context, gss_qop_t qop, OM_uint32 where,
                             const gss_iov_buffer_desc *iov, int count)
{
    if (count < 0 || (count > 0 && !iov))
        return fail(NTLM_ERR_BAD_IOV, "%d buffers%s", count, iov ? "" : ", NULL address");
    return where == GSS_IOV_BUFFER_TYPE_HEADER ? message_wrap_ready(context, qop)
                                               : message_ready(context, qop);
}

/* Seals, or signs, with the signature in the one buffer of `where`. */
static OM_uint32 protect(OM_uint32 *minor, struct context *context, gss_qop_t qop,
                         OM_uint32 where, gss_iov_buffer_desc *iov, int count)
{
    gss_iov_buffer_t signature;
    struct parts parts;
    enum ntlm_error error = ready(context, qop, where, iov, count);

    if (error)
        return status_of(minor, error);
    signature = find_one(iov, count, where);
    error = signature_room(signature);
    if (error)
        return status_of(minor, error);
    error = parts_init(&parts, count);
    if (!error) {
        error = collect(&parts, iov, count, where == GSS_IOV_BUFFER_TYPE_HEADER);
        if (!error)
            error = ntlm_session_seal(context->session, parts.all, parts.count,
                                      signature->buffer.value);
        parts_clear(&parts);
    }
    if (error)
        give_room_back(signature);
    return status_of(minor, error);
}

EXPORTED OM_uint32 gss_wrap_iov(OM_uint32 *minor, gss_ctx_id_t handle, int conf_req,
                                gss_qop_t qop, int *conf_state, gss_iov_buffer_desc *iov,
                                int count)
{
    OM_uint32 major;

    (void)conf_req; /* always sealed; see message.c */
    EMPTY(conf_state);
    major =
        protect(minor, (struct context *)handle, qop, GSS_IOV_BUFFER_TYPE_HEADER, iov, count);
    if (major == GSS_S_COMPLETE) {
        empty_unused(iov, count);
        if (conf_state)
            *conf_state = 1;
    }
    return major;
}

EXPORTED OM_uint32 gss_get_mic_iov(OM_uint32 *minor, gss_ctx_id_t handle, gss_qop_t qop,
                                   gss_iov_buffer_desc *iov, int count)
{
    return protect(minor, (struct context *)handle, qop, GSS_IOV_BUFFER_TYPE_MIC_TOKEN, iov,
                   count);
}

/* Sizes of the signature and of the unused buffers, for callers that allocate them
 * beforehand. */
static OM_uint32 lengths(OM_uint32 *minor, const struct context *context, gss_qop_t qop,
                         OM_uint32 where, gss_iov_buffer_desc *iov, int count)
{
    gss_iov_buffer_t signature;
    enum ntlm_error error = ready(context, qop, where, iov, count);

    if (error)
        return status_of(minor, error);
    signature = find_one(iov, count, where);
    if (!signature)
        return status_of(minor, fail(NTLM_ERR_BAD_IOV, NO_SIGNATURE));
    signature->buffer.length = NTLM_SIGNATURE_SIZE;
    empty_unused(iov, count);
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_wrap_iov_length(OM_uint32 *minor, gss_ctx_id_t handle, int conf_req,
                                       gss_qop_t qop, int *conf_state, gss_iov_buffer_desc *iov,
                                       int count)
{
    OM_uint32 major;

    (void)conf_req;
    EMPTY(conf_state);
    major = lengths(minor, (const struct context *)handle, qop, GSS_IOV_BUFFER_TYPE_HEADER, iov,
                    count);
    if (major == GSS_S_COMPLETE && conf_state)
        *conf_state = 1;
    return major;
}

EXPORTED OM_uint32 gss_get_mic_iov_length(OM_uint32 *minor, gss_ctx_id_t handle, gss_qop_t qop,
                                          gss_iov_buffer_desc *iov, int count)
{
    return lengths(minor, (const struct context *)handle, qop, GSS_IOV_BUFFER_TYPE_MIC_TOKEN,
                   iov, count);
}

static OM_uint32 open_parts(OM_uint32 *minor, struct context *context,
                            gss_iov_buffer_t signature, gss_iov_buffer_desc *iov, int count,
                            bool decrypt)
{
    struct parts parts;
    OM_uint32 major;
    enum ntlm_error error = NTLM_OK;

    if (!signature)
        error = fail(NTLM_ERR_BAD_IOV, NO_SIGNATURE);
    else if (signature->buffer.length != NTLM_SIGNATURE_SIZE || !signature->buffer.value)
        error = NTLM_ERR_MESSAGE_TRUNCATED;
    if (!error)
        error = parts_init(&parts, count);
    if (error)
        return status_of(minor, error);
    error = collect(&parts, iov, count, decrypt);
    if (!error)
        major = message_open(minor, context, parts.all, parts.count, signature->buffer.value);
    else
        major = status_of(minor, error);
    parts_clear(&parts);
    return major;
}

/* Points the one DATA buffer into the stream behind the signature, or, with
 * ALLOCATE, copies it there. */
static enum ntlm_error split_stream(gss_iov_buffer_t stream, gss_iov_buffer_t data)
{
    uint8_t *bytes = stream->buffer.value;
    size_t len;

    if (stream->buffer.length < NTLM_SIGNATURE_SIZE || !bytes)
        return NTLM_ERR_MESSAGE_TRUNCATED;
    if (!data)
        return fail(NTLM_ERR_BAD_IOV, "a stream needs exactly one data buffer beside it");
    len = stream->buffer.length - NTLM_SIGNATURE_SIZE;
    bytes += NTLM_SIGNATURE_SIZE;
    if (len > 0 && (data->type & GSS_IOV_BUFFER_FLAG_ALLOCATE)) {
        data->buffer.value = malloc(len);
        if (!data->buffer.value)
            return NTLM_ERR_OUT_OF_MEMORY;
        memcpy(data->buffer.value, bytes, len);
        data->type |= GSS_IOV_BUFFER_FLAG_ALLOCATED;
    } else { /* gss_release_iov_buffer frees nothing that has no length */
        data->buffer.value = bytes;
    }
    data->buffer.length = len;
    return NTLM_OK;
}

static OM_uint32 unwrap_stream(OM_uint32 *minor, struct context *context,
                               gss_iov_buffer_t stream, gss_iov_buffer_desc *iov, int count)
{
    gss_iov_buffer_t data = find_one(iov, count, GSS_IOV_BUFFER_TYPE_DATA);
    gss_iov_buffer_desc signature = *stream;
    enum ntlm_error error = split_stream(stream, data);
    OM_uint32 major;

    if (error)
        return status_of(minor, error);
    signature.buffer.length = NTLM_SIGNATURE_SIZE;
    major = open_parts(minor, context, &signature, iov, count, true);
    if (major != GSS_S_COMPLETE)
        give_room_back(data);
    return major;
}

EXPORTED OM_uint32 gss_unwrap_iov(OM_uint32 *minor, gss_ctx_id_t handle, int *conf_state,
                                  gss_qop_t *qop_state, gss_iov_buffer_desc *iov, int count)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error =
        ready(context, GSS_C_QOP_DEFAULT, GSS_IOV_BUFFER_TYPE_HEADER, iov, count);
    gss_iov_buffer_t stream;
    OM_uint32 major;

    EMPTY(conf_state);
    EMPTY(qop_state); /* GSS_C_QOP_DEFAULT */
    if (error)
        return status_of(minor, error);
    stream = find_one(iov, count, GSS_IOV_BUFFER_TYPE_STREAM);
    if (stream)
        major = unwrap_stream(minor, context, stream, iov, count);
    else
        major = open_parts(minor, context, find_one(iov, count, GSS_IOV_BUFFER_TYPE_HEADER),
                           iov, count, true);
    if (major != GSS_S_COMPLETE)
        return major;
    if (conf_state)
        *conf_state = 1;
    return major;
}

EXPORTED OM_uint32 gss_verify_mic_iov(OM_uint32 *minor, gss_ctx_id_t handle,
                                      gss_qop_t *qop_state, gss_iov_buffer_desc *iov, int count)
{
    struct context *context = (struct context *)handle;
    enum ntlm_error error =
        ready(context, GSS_C_QOP_DEFAULT, GSS_IOV_BUFFER_TYPE_MIC_TOKEN, iov, count);

    EMPTY(qop_state); /* GSS_C_QOP_DEFAULT */
    if (error)
        return status_of(minor, error);
    return open_parts(minor, context, find_one(iov, count, GSS_IOV_BUFFER_TYPE_MIC_TOKEN), iov,
                      count, false);
}
