/* SPDX-License-Identifier: MIT */
/* initiate.h - going on with an initiator's context that another process began. */

#ifndef GSS_INITIATE_H
#define GSS_INITIATE_H

#include "gss/context.h"

/* A context after its NEGOTIATE, made of what ntlm_initiator_export wrote and of what was
 * asked for; the settings are those of this process. Errors as for a first
 * gss_init_sec_context, and NTLM_ERR_BAD_EXPORT. */
enum ntlm_error initiate_resume(const struct credential *credential, const struct name *target,
                                OM_uint32 asked, struct ntlm_reader *half,
                                struct context **context);

#endif
