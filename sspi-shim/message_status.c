/* SPDX-License-Identifier: MIT */
/* message_status.c - see message_status.h. */

#include "config.h"

#include "message_status.h"

#include "status.h"

#define OUT_OF_ORDER                                                                           \
    (GSS_S_DUPLICATE_TOKEN | GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN)

SECURITY_STATUS message_status(const struct context *context, OM_uint32 major, OM_uint32 minor)
{
    OM_uint32 error = GSS_ROUTINE_ERROR(major);

    if ((major & OUT_OF_ORDER) && (error == GSS_S_COMPLETE || error == GSS_S_BAD_SIG))
        return SEC_E_OUT_OF_SEQUENCE;
    return status_of(major, minor, context->package->mech);
}
