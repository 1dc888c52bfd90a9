/* SPDX-License-Identifier: MIT */
/* message.h - what the functions of message protection share. */

#ifndef GSS_MESSAGE_H
#define GSS_MESSAGE_H

#include "gss/context.h"

/* Whether a message may be protected here, and with this quality of
 * protection: NTLM_OK, NTLM_ERR_NOT_COMPLETE, _DEAD_CONTEXT, _BAD_QOP. */
enum ntlm_error message_ready(const struct context *context, gss_qop_t qop);

/* The same for gss_wrap and its kin, which always encrypt: NTLM_ERR_NO_PROTECTION
 * besides. */
enum ntlm_error message_wrap_ready(const struct context *context, gss_qop_t qop);

/* ntlm_session_unseal with a major status that says what RFC 2743 1.2.3 has
 * for a message out of order. GSS_S_UNSEQ_TOKEN and GSS_S_GAP_TOKEN alone
 * mean that the message is authentic; where that could not be found out they
 * come together with GSS_S_BAD_SIG. */
OM_uint32 message_open(OM_uint32 *minor, struct context *context, const struct ntlm_part *parts,
                       size_t count, const uint8_t signature[NTLM_SIGNATURE_SIZE]);

#endif
