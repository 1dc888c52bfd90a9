/* SPDX-License-Identifier: MIT */
/* record_refusal.c - see record_refusal.h. */

#include "config.h"

#include "spnego/record_refusal.h"

#include <stdlib.h>
#include <string.h>

#include "audit/negotiation.h"
#include "settings/settings.h"
#include "spnego/module.h"
#include "spnego/oids.h"

/* A buffer as a string, which the caller frees; NULL without memory. */
static char *string_of(gss_buffer_t buffer)
{
    OM_uint32 ignored;
    char *text = buffer->value ? strndup(buffer->value, buffer->length) : NULL;

    gss_release_buffer(&ignored, buffer);
    return text;
}

static char *account_of(const struct context *context)
{
    gss_buffer_desc name = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored;

    if (context->source)
        gss_display_name(&ignored, context->source, &name, NULL);
    return string_of(&name);
}

static char *reason_of(OM_uint32 minor)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, more = 0;

    gssi_display_status(&ignored, minor, GSS_C_MECH_CODE, GSS_C_NO_OID, &more, &text);
    return string_of(&text);
}

void record_refusal(const struct context *context, OM_uint32 minor)
{
    const struct settings *settings = NULL;
    char *account, *reason;

    if (!context || !context->mech_complete || !oid_same(&context->mech, &oid_ntlmssp))
        return;
    account = account_of(context);
    reason = reason_of(minor);
    settings_get(&settings);
    audit_negotiation(settings, account, reason);
    settings_put(settings);
    free(account);
    free(reason);
}
