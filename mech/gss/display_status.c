/* SPDX-License-Identifier: MIT */
/* display_status.c - gss_display_status: an error's text and its detail. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gss/module.h"
#include "gss/oids.h"
#include "gss/status.h"
#include "support/outputs.h"

/* The detail is printable already: failure.c sees to it. */
static OM_uint32 put_text(gss_buffer_t out, const char *text, const char *detail)
{
    OM_uint32 major;
    char *line;

    if (!detail)
        return buffer_of(out, text, strlen(text));
    if (asprintf(&line, "%s: %s", text, detail) < 0)
        return GSS_S_FAILURE;
    major = buffer_of(out, line, strlen(line));
    free(line);
    return major;
}

/* The mechglue answers for major statuses itself and sends only minor ones,
 * with our OID. There is one message for each: *context never counts. */
EXPORTED OM_uint32 gss_display_status(OM_uint32 *minor, OM_uint32 value, int type, gss_OID mech,
                                      OM_uint32 *context, gss_buffer_t out)
{
    enum ntlm_error error = (enum ntlm_error)value;

    EMPTY(out);
    EMPTY(context);
    if (!out || !context)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the text or the message context is NULL");
    if (mech && !oid_same(mech, &oid_ntlmssp))
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    if (type != GSS_C_MECH_CODE || !ntlm_error_text(error))
        return status_as(minor, GSS_S_BAD_STATUS, NTLM_OK);
    if (put_text(out, ntlm_error_text(error), failure_detail(error)) != GSS_S_COMPLETE)
        return status_of(minor, NTLM_ERR_OUT_OF_MEMORY);
    return status_of(minor, NTLM_OK);
}
