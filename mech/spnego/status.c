/* SPDX-License-Identifier: MIT */
/* status.c - SPNEGO's own minor statuses, the detail behind the thread's last
 * one, and the mechanisms' reasons. */

#include "config.h"

#include "spnego/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spnego/module.h"
#include "spnego/oids.h"
#include "support/detail.h"
#include "support/trace.h"

static _Thread_local struct {
    enum spnego_error error; /* SPNEGO_OK: none yet */
    char detail[DETAIL_MAX];
} last;

static const char *text_of(OM_uint32 error)
{
    switch ((enum spnego_error)error) {
    case SPNEGO_OK:
        return "no error";
    case SPNEGO_ERR_NO_MEMORY:
        return "there is not enough memory";
    case SPNEGO_ERR_NO_CREDENTIAL:
        return "no mechanism that can be negotiated has a credential";
    case SPNEGO_ERR_NO_MECHANISM:
        return "no mechanism can log in";
    case SPNEGO_ERR_NONE_IN_COMMON:
        return "the peer offers no mechanism that there is a credential for";
    case SPNEGO_ERR_MECHANISM:
        return "the mechanism failed";
    case SPNEGO_ERR_BAD_TOKEN:
        return "the peer's SPNEGO token is malformed";
    case SPNEGO_ERR_UNEXPECTED_TOKEN:
        return "the peer's SPNEGO token comes out of turn";
    case SPNEGO_ERR_NO_TOKEN:
        return "the peer's SPNEGO token lacks the mechanism's own token";
    case SPNEGO_ERR_REJECTED:
        return "the peer rejected the negotiation";
    case SPNEGO_ERR_BAD_CHOICE:
        return "the peer chose a mechanism that it may not choose";
    case SPNEGO_ERR_BAD_STATE:
        return "the state in the peer's SPNEGO token is not what it can be now";
    case SPNEGO_ERR_MIC_MISSING:
        return "the peer did not protect the list of mechanisms (its mechListMIC is missing)";
    case SPNEGO_ERR_MIC_WRONG:
        return "the list of mechanisms was changed on its way (the mechListMIC is wrong)";
    case SPNEGO_ERR_MIC_UNEXPECTED:
        return "the peer sent a mechListMIC when none can be checked";
    case SPNEGO_ERR_NOT_COMPLETE:
        return "the negotiation is not complete";
    case SPNEGO_ERR_COMPLETE:
        return "the negotiation is complete already";
    case SPNEGO_ERR_BAD_NAME:
        return "the exported name is malformed, or another mechanism's";
    case SPNEGO_ERR_BAD_SETTING:
        return "a setting in [ntlmssp] of krb5.conf cannot be understood";
    case SPNEGO_ERR_KDC_SILENT:
        return "a KDC does not answer";
    case SPNEGO_ERR_NO_PROTECTION:
        return "the peer does not agree to the integrity or confidentiality that was asked for";
    case SPNEGO_ERR_END:
        break;
    }
    return NULL;
}

OM_uint32 status_fail(OM_uint32 *minor, OM_uint32 major, enum spnego_error error,
                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    detail_format(last.detail, sizeof(last.detail), format, args);
    va_end(args);
    last.error = error;
    if (trace_on())
        trace("SPNEGO failure: %s%s%s", text_of(error), last.detail[0] ? ": " : "",
              last.detail);
    *minor = (OM_uint32)error;
    return major;
}

OM_uint32 status_no_memory(OM_uint32 *minor)
{
    return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_NO_MEMORY, NULL);
}

/* What is made takes the place of *reasons; NULL: it could not be made. */
static void replace(char **reasons, char *made)
{
    if (!made)
        return;
    free(*reasons);
    *reasons = made;
}

static void append(char **reasons, const char *name, const char *text, size_t len)
{
    char *reason;

    /* some of MIT's texts count their terminator */
    while (len > 0 && text[len - 1] == '\0')
        len--;
    if (asprintf(&reason, "%s: %.*s", name, (int)len, text) < 0)
        return;
    reasons_join(reasons, reason);
    free(reason);
}

void reasons_add_text(char **reasons, gss_const_OID mech, const char *text)
{
    char numbers[OID_NAME_SIZE];

    append(reasons, oid_name(mech, numbers), text, strlen(text));
}

/* NULL without memory. */
static char *joined(const char *first, const char *second)
{
    char *both;

    return asprintf(&both, "%s; %s", first, second) < 0 ? NULL : both;
}

void reasons_join(char **reasons, const char *further)
{
    replace(reasons, *reasons ? joined(*reasons, further) : strdup(further));
}

void reasons_precede(char **reasons, const char *first)
{
    replace(reasons, *reasons ? joined(first, *reasons) : strdup(first));
}

void reasons_add(char **reasons, gss_const_OID mech, OM_uint32 major, OM_uint32 minor)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, more = 0, got;
    char numbers[OID_NAME_SIZE];

    got = minor
              ? gss_display_status(&ignored, minor, GSS_C_MECH_CODE, oid_in(mech), &more, &text)
              : gss_display_status(&ignored, major, GSS_C_GSS_CODE, GSS_C_NO_OID, &more, &text);
    if (got == GSS_S_COMPLETE && text.length > 0)
        append(reasons, oid_name(mech, numbers), text.value, text.length);
    gss_release_buffer(&ignored, &text);
    if (trace_on() && *reasons)
        trace("SPNEGO leaves a mechanism out: %s", *reasons);
}

/* Where the mechanisms have their reasons, these are all that there is to say. */
static bool speaks_for_itself(OM_uint32 error)
{
    return error == SPNEGO_ERR_NO_CREDENTIAL || error == SPNEGO_ERR_NO_MECHANISM ||
           error == SPNEGO_ERR_MECHANISM;
}

static OM_uint32 put_text(OM_uint32 *minor, const char *text, const char *detail,
                          gss_buffer_t out)
{
    const char *between = text[0] && detail[0] ? ": " : "";
    char *line;
    int len = asprintf(&line, "%s%s%s", text, between, detail);

    *minor = 0;
    if (len < 0) {
        *minor = SPNEGO_ERR_NO_MEMORY;
        return GSS_S_FAILURE;
    }
    *out = (gss_buffer_desc){(size_t)len, line};
    return GSS_S_COMPLETE;
}

/* The mechglue asks for minor statuses only. Those of mechanisms that a function
 * here passed on it knows by their mechanism, and asks that one. A status of ours
 * that the mechglue does not know comes back here when it is passed on: com_err has
 * a text then. */
EXPORTED OM_uint32 gssi_display_status(OM_uint32 *minor, OM_uint32 value, int type,
                                       gss_OID mech, OM_uint32 *context, gss_buffer_t out)
{
    static _Thread_local int passing_on;
    OM_uint32 major;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (type == GSS_C_MECH_CODE && text_of(value)) {
        const char *detail = last.error == value ? last.detail : "";

        *context = 0;
        return put_text(minor, detail[0] && speaks_for_itself(value) ? "" : text_of(value),
                        detail, out);
    }
    if (passing_on) {
        *context = 0;
        return put_text(minor, strerror((int)value), "", out);
    }
    passing_on = 1;
    major = gss_display_status(minor, value, type, mech, context, out);
    passing_on = 0;
    if (GSS_ERROR(major))
        *context = 0;
    return major;
}
