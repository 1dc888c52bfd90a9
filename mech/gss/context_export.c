/* SPDX-License-Identifier: MIT */
/* context_export.c - moving an established context to another process
 * (RFC 2744 5.8, 5.17). The token holds the session's keys: it is a secret.
 * Half-made contexts cannot be exported: what is left of the exchange is
 * bound to the tokens of this process. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/context.h"
#include "gss/module.h"
#include "gss/serial.h"
#include "gss/status.h"
#include "support/failure.h"

EXPORTED OM_uint32 gss_export_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                          gss_buffer_t token)
{
    struct context *context = handle ? (struct context *)*handle : NULL;
    struct ntlm_writer out = {0};
    enum ntlm_error error = context_established(context);
    uint8_t *bytes;
    size_t len;

    if (!token)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "there is no place for the token");
    token->length = 0;
    token->value = NULL;
    if (error)
        return status_of(minor, error);
    ntlm_write32(&out, SERIAL_CONTEXT);
    ntlm_write8(&out, context->initiator);
    ntlm_write8(&out, context->mic);
    ntlm_write32(&out, context->flags);
    ntlm_write32(&out, context->neg_flags);
    ntlm_write(&out, context->session_key, sizeof(context->session_key));
    serial_write_name(&out, context->source);
    serial_write_name(&out, context->target);
    ntlm_session_export(context->session, &out);
    error = ntlm_writer_take(&out, &bytes, &len);
    ntlm_writer_clear(&out);
    if (error)
        return status_of(minor, error);
    token->value = bytes;
    token->length = len;
    context_free(context);
    *handle = GSS_C_NO_CONTEXT;
    return status_of(minor, NTLM_OK);
}

static enum ntlm_error read_context(struct ntlm_reader *in, struct context *made)
{
    struct ntlm_bytes booleans;
    enum ntlm_error error;

    if (ntlm_read32(in) != SERIAL_CONTEXT)
        return NTLM_ERR_BAD_EXPORT;
    booleans = ntlm_read_bytes(in, 2);
    made->flags = ntlm_read32(in);
    made->neg_flags = ntlm_read32(in);
    ntlm_read_copy(in, made->session_key, sizeof(made->session_key));
    made->source = serial_read_name(in);
    made->target = serial_read_name(in);
    if (in->error)
        return in->error == NTLM_ERR_OUT_OF_MEMORY ? in->error : NTLM_ERR_BAD_EXPORT;
    if (booleans.data[0] > 1 || booleans.data[1] > 1)
        return NTLM_ERR_BAD_EXPORT;
    made->initiator = booleans.data[0] != 0;
    made->mic = booleans.data[1] != 0;
    made->stage = STAGE_COMPLETE;
    error = ntlm_session_import(in, &made->session);
    return !error && ntlm_reader_left(in) > 0 ? NTLM_ERR_BAD_EXPORT : error;
}

EXPORTED OM_uint32 gss_import_sec_context(OM_uint32 *minor, gss_buffer_t token,
                                          gss_ctx_id_t *handle)
{
    struct context *made;
    struct ntlm_reader in;
    enum ntlm_error error;

    if (!buffer_readable(token) || !handle)
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the token or the context is NULL");
    *handle = GSS_C_NO_CONTEXT;
    made = calloc(1, sizeof(*made));
    if (!made)
        return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
    ntlm_reader_init(&in, ntlm_bytes(token->value, token->length));
    error = read_context(&in, made);
    if (!error) {
        *handle = (gss_ctx_id_t)made;
        return status_of(minor, NTLM_OK);
    }
    context_free(made);
    return status_of(minor, fail(error, NULL));
}
