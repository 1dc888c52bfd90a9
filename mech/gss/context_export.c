/* SPDX-License-Identifier: MIT */
/* context_export.c - moving a context to another process (RFC 2744 5.8, 5.17). The token
 * of an established one holds the session's keys, that of a half-made initiator the
 * user's hashes: they are secrets. A half-made acceptor can be moved after its CHALLENGE:
 * the importing process asks its own accounts. Who changes such a token changes who may
 * log in. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/accept.h"
#include "gss/initiate.h"
#include "gss/module.h"
#include "gss/serial.h"
#include "gss/status.h"
#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/outputs.h"

static void write_complete(const struct context *context, struct ntlm_writer *out)
{
    ntlm_write32(out, SERIAL_CONTEXT);
    ntlm_write8(out, context->initiator);
    ntlm_write8(out, context->mic);
    ntlm_write32(out, context->flags);
    ntlm_write32(out, context->neg_flags);
    ntlm_write(out, context->session_key, sizeof(context->session_key));
    serial_write_name(out, context->source);
    serial_write_name(out, context->target);
    ntlm_session_export(context->session, out);
}

static void write_half(const struct context *context, struct ntlm_writer *out)
{
    ntlm_write32(out, SERIAL_HALF_CONTEXT);
    ntlm_write8(out, context->knows_hosts);
    serial_write_name(out, context->target);
    serial_write_text(out, context->account_file);
    ntlm_writer_fail(out, ntlm_acceptor_export(context->server, out));
}

static void write_half_initiator(const struct context *context, struct ntlm_writer *out)
{
    ntlm_write32(out, SERIAL_HALF_INITIATOR);
    ntlm_write32(out, context->asked);
    serial_write_name(out, context->target);
    ntlm_write8(out, context->identity == NULL);
    if (context->identity)
        identity_export(context->identity, out);
    ntlm_writer_fail(out, ntlm_initiator_export(context->client, out));
}

static bool is_half(const struct context *context)
{
    return context && context->stage == STAGE_HALF;
}

static enum ntlm_error write_context(const struct context *context, struct ntlm_writer *out)
{
    enum ntlm_error error = is_half(context) ? NTLM_OK : context_established(context);

    if (error)
        return error;
    if (is_half(context) && context->initiator)
        write_half_initiator(context, out);
    else if (is_half(context))
        write_half(context, out);
    else
        write_complete(context, out);
    return NTLM_OK; /* the writer has its own */
}

EXPORTED OM_uint32 gss_export_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                          gss_buffer_t token)
{
    struct context *context = handle ? (struct context *)*handle : NULL;
    struct ntlm_writer out = {0};
    enum ntlm_error error;
    uint8_t *bytes;
    size_t len;

    EMPTY(token);
    if (!token)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the token is NULL");
    error = write_context(context, &out);
    if (!error)
        error = ntlm_writer_take(&out, &bytes, &len);
    ntlm_writer_clear(&out);
    ntlm_cleanse_stack();
    if (error)
        return status_of(minor, error);
    token->value = bytes;
    token->length = len;
    context_free(context);
    *handle = GSS_C_NO_CONTEXT;
    return status_of(minor, NTLM_OK);
}

static enum ntlm_error read_complete(struct ntlm_reader *in, struct context *made)
{
    struct ntlm_bytes booleans;
    enum ntlm_error error;

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

/* Into a credential that is only as much as a context needs of one. */
static enum ntlm_error read_acceptor(struct ntlm_reader *in, struct credential *acceptor)
{
    struct ntlm_bytes knows_hosts = ntlm_read_bytes(in, 1);

    acceptor->usage = GSS_C_ACCEPT;
    acceptor->acceptor_name = serial_read_name(in);
    acceptor->account_file = serial_read_text(in);
    if (in->error)
        return in->error == NTLM_ERR_OUT_OF_MEMORY ? in->error : NTLM_ERR_BAD_EXPORT;
    if (knows_hosts.data[0] > 1 || !acceptor->acceptor_name)
        return NTLM_ERR_BAD_EXPORT;
    acceptor->knows_hosts = knows_hosts.data[0] != 0;
    return NTLM_OK;
}

static enum ntlm_error read_half(struct ntlm_reader *in, struct context **context)
{
    struct credential *acceptor = calloc(1, sizeof(*acceptor));
    enum ntlm_error error = acceptor ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;

    if (!error)
        error = read_acceptor(in, acceptor);
    if (!error)
        error = settings_get(&acceptor->settings);
    if (!error)
        error = credential_open_accounts(acceptor);
    if (!error)
        error = accept_resume(acceptor, in, context);
    credential_free(acceptor);
    return error;
}

static enum ntlm_error read_half_initiator(struct ntlm_reader *in, struct context **context)
{
    struct credential initiator = {.usage = GSS_C_INITIATE};
    OM_uint32 asked = ntlm_read32(in);
    struct name *target = serial_read_name(in);
    struct ntlm_bytes anonymous = ntlm_read_bytes(in, 1);
    enum ntlm_error error = in->error == NTLM_ERR_OUT_OF_MEMORY  ? in->error
                            : in->error || anonymous.data[0] > 1 ? NTLM_ERR_BAD_EXPORT
                                                                 : NTLM_OK;

    if (!error) {
        initiator.anonymous = anonymous.data[0];
        if (!initiator.anonymous)
            error = identity_import(in, &initiator.identity);
    }
    if (!error)
        error = initiate_resume(&initiator, target, asked, in, context);
    identity_release(initiator.identity);
    name_free(target);
    return error;
}

static enum ntlm_error read_context(struct ntlm_reader *in, struct context **context)
{
    uint32_t mark = ntlm_read32(in);
    enum ntlm_error error = NTLM_ERR_BAD_EXPORT;

    if (mark == SERIAL_HALF_CONTEXT) {
        error = read_half(in, context);
    } else if (mark == SERIAL_HALF_INITIATOR) {
        error = read_half_initiator(in, context);
    } else if (mark == SERIAL_CONTEXT) {
        *context = calloc(1, sizeof(**context));
        error = *context ? read_complete(in, *context) : NTLM_ERR_OUT_OF_MEMORY;
    }
    return !error && ntlm_reader_left(in) > 0 ? NTLM_ERR_BAD_EXPORT : error;
}

EXPORTED OM_uint32 gss_import_sec_context(OM_uint32 *minor, gss_buffer_t token,
                                          gss_ctx_id_t *handle)
{
    struct context *made = NULL;
    struct ntlm_reader in;
    enum ntlm_error error;

    EMPTY(handle);
    if (!buffer_readable(token) || !handle)
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the token or the context is NULL");
    ntlm_reader_init(&in, ntlm_bytes(token->value, token->length));
    error = read_context(&in, &made);
    ntlm_cleanse_stack();
    if (!error) {
        *handle = (gss_ctx_id_t)made;
        return status_of(minor, NTLM_OK);
    }
    context_free(made);
    return status_of(minor, error);
}
