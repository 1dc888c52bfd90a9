/* SPDX-License-Identifier: MIT */
/* attempt.c - see attempt.h. */

#include "config.h"

#include "attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "spnego/oids.h"
#include "story.h"
#include "translate.h"

/* ---- failures ---- */

static void say_status(OM_uint32 status, int kind, gss_const_OID mech)
{
    OM_uint32 context = 0, minor;

    do {
        gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
        if (gss_display_status(&minor, status, kind, oid_in(mech), &context, &text) !=
            GSS_S_COMPLETE)
            return;
        complain(STATUS_BAD, "%.*s", (int)text.length, (const char *)text.value);
        gss_release_buffer(&minor, &text);
    } while (context != 0);
}

static enum exit_status failed(OM_uint32 major, OM_uint32 minor, gss_const_OID mech)
{
    if (GSS_ROUTINE_ERROR(major) != GSS_S_FAILURE || !minor) /* which says nothing */
        say_status(major, GSS_C_GSS_CODE, mech);
    if (minor)
        say_status(minor, GSS_C_MECH_CODE, mech);
    return STATUS_BAD;
}

/* ---- the initiator ---- */

static enum exit_status import_name(const char *text, gss_OID type, gss_name_t *name)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, type, name);

    return GSS_ERROR(major) ? failed(major, minor, GSS_C_NO_OID) : STATUS_OK;
}

static enum exit_status acquire(const struct attempt_request *request, struct attempt *attempt)
{
    gss_buffer_desc password = {request->secret->len, (void *)(uintptr_t)request->secret->text};
    gss_OID_set_desc set = {1, oid_in(attempt->mech)};
    gss_name_t user;
    OM_uint32 major, minor, ignored;
    enum exit_status status = import_name(request->user, GSS_C_NT_USER_NAME, &user);

    if (status)
        return status;
    major = gss_acquire_cred_with_password(&minor, user, &password, GSS_C_INDEFINITE, &set,
                                           GSS_C_INITIATE, &attempt->cred, NULL, NULL);
    gss_release_name(&ignored, &user);
    if (GSS_ERROR(major))
        return failed(major, minor, attempt->mech);
    /* Without memory the library can say that all is well, and give none: it would be the
     * default one, another user's. */
    return attempt->cred ? STATUS_OK : complain_of_memory();
}

enum exit_status attempt_begin(const struct attempt_request *request, struct attempt *attempt)
{
    enum exit_status status = STATUS_OK;
    char *target = NULL;

    *attempt = (struct attempt){.mech = request->ntlm ? &oid_ntlmssp : &oid_spnego,
                                .brief = request->brief};
    attempt->flags = request->protect ? GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG : 0;
    if (asprintf(&target, "%s@%s", request->service, request->host) < 0)
        return complain_of_memory();
    status = import_name(target, GSS_C_NT_HOSTBASED_SERVICE, &attempt->target);
    free(target);
    if (!status && request->user)
        status = acquire(request, attempt);
    return status;
}

enum exit_status attempt_initiate(struct attempt *attempt, struct ntlm_bytes in,
                                  gss_buffer_t out)
{
    struct gss_channel_bindings_struct bindings = {
        .application_data = {attempt->bindings_len, attempt->bindings}};
    gss_buffer_desc token = {in.len, (void *)(uintptr_t)in.data};
    OM_uint32 major, minor, asked = attempt->flags;

    story_token(false, in, attempt->brief);
    major = gss_init_sec_context(
        &minor, attempt->cred, &attempt->context, attempt->target, oid_in(attempt->mech), asked,
        GSS_C_INDEFINITE, attempt->bindings_len ? &bindings : GSS_C_NO_CHANNEL_BINDINGS,
        in.len ? &token : GSS_C_NO_BUFFER, NULL, out, &attempt->flags, NULL);
    if (GSS_ERROR(major)) {
        attempt->flags = asked;
        return failed(major, minor, attempt->mech);
    }
    attempt->complete = major == GSS_S_COMPLETE;
    if (!attempt->complete)
        attempt->flags = asked;
    story_token(true, ntlm_bytes(out->value, out->length), attempt->brief);
    return STATUS_OK;
}

/* ---- the acceptor ---- */

enum exit_status attempt_accept(struct attempt *attempt, struct ntlm_bytes in, gss_buffer_t out)
{
    gss_buffer_desc token = {in.len, (void *)(uintptr_t)in.data};
    OM_uint32 major, minor;
    gss_OID mech = GSS_C_NO_OID;

    if (attempt->tell)
        story_token(false, in, attempt->brief);
    major = gss_accept_sec_context(&minor, &attempt->context, attempt->cred, &token,
                                   GSS_C_NO_CHANNEL_BINDINGS, NULL, &mech, out, &attempt->flags,
                                   NULL, NULL);
    if (GSS_ERROR(major))
        return failed(major, minor, mech);
    attempt->complete = major == GSS_S_COMPLETE;
    if (attempt->tell)
        story_token(true, ntlm_bytes(out->value, out->length), attempt->brief);
    return STATUS_OK;
}

/* ---- the end ---- */

static char *take_text(gss_name_t name)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    char *copy = NULL;
    OM_uint32 minor;

    if (name && gss_display_name(&minor, name, &text, NULL) == GSS_S_COMPLETE)
        copy = strndup(text.value, text.length);
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, &name);
    return copy;
}

char *attempt_user(const struct attempt *attempt)
{
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor;

    if (gss_inquire_context(&minor, attempt->context, &name, NULL, NULL, NULL, NULL, NULL,
                            NULL) != GSS_S_COMPLETE)
        return NULL;
    return take_text(name);
}

void attempt_tell(const struct attempt *attempt)
{
    char numbers[OID_NAME_SIZE], *user = attempt_user(attempt);
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 minor, flags = 0;

    gss_inquire_context(&minor, attempt->context, NULL, NULL, NULL, &mech, &flags, NULL, NULL);
    story_login(user, mech ? oid_name(mech, numbers) : NULL, flags);
    free(user);
}

void attempt_end(struct attempt *attempt)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &attempt->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &attempt->cred);
    gss_release_name(&minor, &attempt->target);
}
