/* SPDX-License-Identifier: MIT */
/* option.c - options that are set by OID: on a context
 * (gss_set_sec_context_option) and on the mechanism (gssspi_mech_invoke).
 * They are gss-ntlmssp's, so that its callers need no change, and one of ours. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "audit/negotiation.h"
#include "gss/context.h"
#include "gss/module.h"
#include "gss/status.h"
#include "support/trace.h"

/* The program refuses a client that we let in. */
static enum ntlm_error record_refusal(const struct context *context, const gss_buffer_t reason)
{
    const struct settings *settings = NULL;
    char *account = NULL, *text = NULL;
    enum ntlm_error error = context_established(context);

    if (!error && (context->initiator || !buffer_readable(reason)))
        error = fail(NTLM_ERR_BAD_ARGUMENT, "an acceptor's refusal has a reason");
    if (error)
        return error;
    account = context->source ? name_text(context->source) : NULL;
    text = strndup(reason->length > 0 ? reason->value : "", reason->length);
    settings_get(&settings); /* unreadable ones do not say that it shall not be */
    audit_refusal(settings, account, text);
    settings_put(settings);
    free(account);
    free(text);
    return NTLM_OK;
}

/* The other options carry a four-byte integer in host order. */
static enum ntlm_error integer_of(const gss_buffer_t value, uint32_t *integer)
{
    if (!buffer_readable(value) || value->length != sizeof(*integer))
        return fail(NTLM_ERR_BAD_ARGUMENT, "the option takes a four-byte integer");
    memcpy(integer, value->value, sizeof(*integer));
    return NTLM_OK;
}

EXPORTED OM_uint32 gss_set_sec_context_option(OM_uint32 *minor, gss_ctx_id_t *handle,
                                              const gss_OID option, const gss_buffer_t value)
{
    struct context *context = handle ? (struct context *)*handle : NULL;
    bool reset = oid_same(option, &oid_reset_crypto);
    bool half; /* there is nothing to reset yet; as gss-ntlmssp: programs probe with it */
    uint32_t integer = 0;
    enum ntlm_error error;

    if (oid_same(option, &oid_record_refusal))
        return status_of(minor, record_refusal(context, value));
    if (!reset && !oid_same(option, &oid_set_sequence))
        return status_of(minor, NTLM_ERR_UNKNOWN_OPTION);
    error = context_established(context);
    half = reset && context && error == NTLM_ERR_NOT_COMPLETE;
    if (!error || half)
        error = integer_of(value, &integer);
    if (!error && !half)
        error = reset ? ntlm_session_reset(context->session, integer != 0)
                      : ntlm_session_set_sequence(context->session, integer);
    return status_of(minor, error);
}

static enum ntlm_error set_debug_file(const char *path)
{
    int reason = trace_open(path);

    return reason == 0 ? NTLM_OK
                       : fail(NTLM_ERR_BAD_ARGUMENT, "the trace file %s cannot be opened: %s",
                              path, strerror(reason));
}

EXPORTED OM_uint32 gssspi_mech_invoke(OM_uint32 *minor, const gss_OID mech,
                                      const gss_OID option, gss_buffer_t value)
{
    char *path;
    enum ntlm_error error;

    (void)mech; /* the mechglue calls us for ours only */
    if (!oid_same(option, &oid_set_debug_file))
        return status_of(minor, NTLM_ERR_UNKNOWN_OPTION);
    if (!value || value->length == 0) {
        trace_open(NULL);
        return status_of(minor, NTLM_OK);
    }
    if (!buffer_readable(value))
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ,
                               "the option's value is NULL");
    path = strndup(value->value, value->length);
    error = path ? set_debug_file(path) : NTLM_ERR_OUT_OF_MEMORY;
    free(path);
    return status_of(minor, error);
}
