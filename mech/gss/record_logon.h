/* SPDX-License-Identifier: MIT */
/* record_logon.h - what an acceptor's context knows of a login that ended, for the
 * administrator's record (audit/audit.h). */

#ifndef GSS_RECORD_LOGON_H
#define GSS_RECORD_LOGON_H

#include "gss/context.h"
#include "gss/credential.h"

/* Records the end of a login, before its context is completed or killed. NULL: it ended
 * before there was one. The credential, which may be NULL, and the bindings are the
 * caller's. Nothing is recorded of a call that came after the end, which is the calling
 * program's mistake. */
void record_logon(const struct context *context, const struct credential *credential,
                  gss_channel_bindings_t bindings, enum ntlm_error error);

#endif
