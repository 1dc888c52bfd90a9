/* SPDX-License-Identifier: MIT */
/* message_status.h - the SSPI status of a message's protection. */

#ifndef SHIM_MESSAGE_STATUS_H
#define SHIM_MESSAGE_STATUS_H

#include "context.h"

/* For messages that came out of order SEC_E_OUT_OF_SEQUENCE, whatever else is
 * wrong with them: in a sequence that broke, NTLM cannot tell a signature that
 * is wrong from one that is early. Else as status_of. */
SECURITY_STATUS message_status(const struct context *context, OM_uint32 major, OM_uint32 minor);

#endif
