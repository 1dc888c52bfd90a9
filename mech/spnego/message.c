/* SPDX-License-Identifier: MIT */
/* message.c - the functions on an established context: each is the mechanism's. Not
 * before the negotiation is complete, since a message would come between the
 * mechanism and its mechListMIC. */

#include "config.h"

#include "spnego/context.h"
#include "spnego/module.h"
#include "spnego/status.h"
#include "support/outputs.h"

static gss_ctx_id_t inner_of(gss_ctx_id_t handle)
{
    const struct context *context = context_of_handle(handle);

    return context && context->complete ? context->inner : GSS_C_NO_CONTEXT;
}

static OM_uint32 not_complete(OM_uint32 *minor)
{
    return status_fail(minor, GSS_S_NO_CONTEXT, SPNEGO_ERR_NOT_COMPLETE, NULL);
}

/* A function whose first parameters are minor and handle, and the same of the
 * mechanism's context. The outputs are emptied first: the mechglue does not do that with all
 * of them. The arguments are the further parameters' names. */
#define PASS(function, parameters, outputs, ...)                                               \
    EXPORTED OM_uint32 gssi_##function parameters                                              \
    {                                                                                          \
        gss_ctx_id_t inner = inner_of(handle);                                                 \
                                                                                               \
        outputs;                                                                               \
        return inner ? gss_##function(minor, inner, __VA_ARGS__) : not_complete(minor);        \
    }

PASS(get_mic,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_qop_t qop, gss_buffer_t message,
      gss_buffer_t token),
     (EMPTY(token)), qop, message, token)

PASS(verify_mic,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_buffer_t message, gss_buffer_t token,
      gss_qop_t *qop),
     (EMPTY(qop)), message, token, qop)

PASS(wrap,
     (OM_uint32 * minor, gss_ctx_id_t handle, int conf, gss_qop_t qop, gss_buffer_t message,
      int *conf_state, gss_buffer_t token),
     (EMPTY(conf_state), EMPTY(token)), conf, qop, message, conf_state, token)

PASS(unwrap,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_buffer_t token, gss_buffer_t message,
      int *conf_state, gss_qop_t *qop),
     (EMPTY(message), EMPTY(conf_state), EMPTY(qop)), token, message, conf_state, qop)

PASS(wrap_size_limit,
     (OM_uint32 * minor, gss_ctx_id_t handle, int conf, gss_qop_t qop, OM_uint32 output_size,
      OM_uint32 *input_size),
     (EMPTY(input_size)), conf, qop, output_size, input_size)

PASS(wrap_aead,
     (OM_uint32 * minor, gss_ctx_id_t handle, int conf, gss_qop_t qop, gss_buffer_t associated,
      gss_buffer_t message, int *conf_state, gss_buffer_t token),
     (EMPTY(conf_state), EMPTY(token)), conf, qop, associated, message, conf_state, token)

PASS(unwrap_aead,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_buffer_t token, gss_buffer_t associated,
      gss_buffer_t message, int *conf_state, gss_qop_t *qop),
     (EMPTY(message), EMPTY(conf_state), EMPTY(qop)), token, associated, message, conf_state,
     qop)

PASS(wrap_iov,
     (OM_uint32 * minor, gss_ctx_id_t handle, int conf, gss_qop_t qop, int *conf_state,
      gss_iov_buffer_desc *iov, int count),
     (EMPTY(conf_state)), conf, qop, conf_state, iov, count)

PASS(wrap_iov_length,
     (OM_uint32 * minor, gss_ctx_id_t handle, int conf, gss_qop_t qop, int *conf_state,
      gss_iov_buffer_desc *iov, int count),
     (EMPTY(conf_state)), conf, qop, conf_state, iov, count)

PASS(unwrap_iov,
     (OM_uint32 * minor, gss_ctx_id_t handle, int *conf_state, gss_qop_t *qop,
      gss_iov_buffer_desc *iov, int count),
     (EMPTY(conf_state), EMPTY(qop)), conf_state, qop, iov, count)

PASS(get_mic_iov,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_qop_t qop, gss_iov_buffer_desc *iov,
      int count),
     (void)0, qop, iov, count)

PASS(get_mic_iov_length,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_qop_t qop, gss_iov_buffer_desc *iov,
      int count),
     (void)0, qop, iov, count)

PASS(verify_mic_iov,
     (OM_uint32 * minor, gss_ctx_id_t handle, gss_qop_t *qop, gss_iov_buffer_desc *iov,
      int count),
     (EMPTY(qop)), qop, iov, count)

PASS(pseudo_random,
     (OM_uint32 * minor, gss_ctx_id_t handle, int key, const gss_buffer_t in, ssize_t size,
      gss_buffer_t out),
     (EMPTY(out)), key, in, size, out)

PASS(context_time, (OM_uint32 * minor, gss_ctx_id_t handle, OM_uint32 *lifetime),
     (EMPTY(lifetime)), lifetime)

PASS(process_context_token, (OM_uint32 * minor, gss_ctx_id_t handle, gss_buffer_t token),
     (void)0, token)
