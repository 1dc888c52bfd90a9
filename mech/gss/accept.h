/* SPDX-License-Identifier: MIT */
/* accept.h - going on with an acceptor's context that another process began. */

#ifndef GSS_ACCEPT_H
#define GSS_ACCEPT_H

#include "gss/context.h"

/* A context after its CHALLENGE, made of what ntlm_acceptor_export wrote; the settings
 * and the accounts are those of this process. Errors as for a first
 * gss_accept_sec_context, and NTLM_ERR_BAD_EXPORT. */
enum ntlm_error accept_resume(const struct credential *credential, struct ntlm_reader *half,
                              struct context **context);

#endif
