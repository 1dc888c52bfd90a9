/* SPDX-License-Identifier: MIT */
/* fault_login.c - a login in which any call may fail. */

#include "config.h"

#include "fault_login.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "faults.h"

struct run {
    const struct fault_login *asked;
    struct fault_outcome *outcome;
    gss_cred_id_t client_credential, server_credential;
    gss_name_t target, source;
    gss_ctx_id_t client, server;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct run *run, const char *format,
                                                        ...)
{
    va_list args;

    if (*run->outcome->wrong)
        return;
    va_start(args, format);
    vsnprintf(run->outcome->wrong, sizeof(run->outcome->wrong), format, args);
    va_end(args);
}

/* Whether it was MIT's own call that failed. */
static bool mechglue_failed(void)
{
    return strstr(faults_told(), "libgssapi_krb5") != NULL;
}

/* Whether the call was done; when it was not, that its status is one of GSSAPI's routine
 * errors and has a reason. */
static bool done(struct run *run, const char *call, OM_uint32 major)
{
    OM_uint32 routine = GSS_ROUTINE_ERROR(major);

    if (!GSS_ERROR(major))
        return true;
    if (!*run->outcome->first) {
        run->outcome->minor = minor;
        snprintf(run->outcome->first, sizeof(run->outcome->first), "%s: %#x, %#x", call, major,
                 minor);
    }
    if (GSS_CALLING_ERROR(major) || routine > GSS_S_NAME_NOT_MN)
        wrong(run, "%s gives the status %#x", call, major);
    /* the mechglue has none when it fails itself, and loses that of an export, and of the
     * attributes that it asks for when it is given no credential to accept with */
    if (minor == 0 && !mechglue_failed() && strcmp(call, "gss_export_sec_context") != 0 &&
        !(run->asked->any_acceptor && routine == GSS_S_NO_CRED))
        wrong(run, "%s gives %#x without a reason", call, major);
    return false;
}

static void is_empty(struct run *run, const char *call, gss_buffer_t buffer)
{
    if (buffer->length != 0 || buffer->value)
        wrong(run, "%s failed and gave %zu bytes", call, buffer->length);
    buffer->value = NULL;
}

/* ---- credentials ---- */

static bool acquire_by_hash(struct run *run, gss_name_t name)
{
    gss_OID_set_desc mechs = {1, run->asked->mech};
    gss_key_value_element_desc hash = {.key = "ntlmssp_nthash", .value = run->asked->nt_hash};
    gss_key_value_set_desc store = {1, &hash};
    OM_uint32 major =
        gss_acquire_cred_from(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE, &store,
                              &run->client_credential, NULL, NULL);

    return done(run, "gss_acquire_cred_from", major);
}

static bool acquire_by_password(struct run *run, gss_name_t name)
{
    gss_OID_set_desc mechs = {1, run->asked->mech};
    gss_buffer_desc password = text_buffer(run->asked->password);
    OM_uint32 major =
        gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE, &mechs,
                                       GSS_C_INITIATE, &run->client_credential, NULL, NULL);

    return done(run, "gss_acquire_cred_with_password", major);
}

static bool acquire_client(struct run *run)
{
    gss_buffer_desc text;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored;
    bool good;

    if (!run->asked->user)
        return true;
    text = text_buffer(run->asked->user);
    good =
        done(run, "gss_import_name", gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name));
    if (good) {
        good =
            run->asked->nt_hash ? acquire_by_hash(run, name) : acquire_by_password(run, name);
        if (!good && run->client_credential)
            wrong(run, "acquiring a credential failed and gave one");
        if (good && !run->client_credential) {
            wrong(run, "%sgss_acquire_cred_with_password gives no credential",
                  mechglue_failed() ? FAULT_THEIRS : "");
            good = false;
        }
    }
    gss_release_name(&ignored, &name);
    return good;
}

static bool acquire(struct run *run)
{
    gss_OID_set_desc mechs = {1, run->asked->mech};
    gss_buffer_desc text =
        text_buffer(run->asked->target ? run->asked->target : "HTTP@server.test");
    OM_uint32 major;

    if (!done(run, "gss_import_name",
              gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &run->target)))
        return false;
    if (run->asked->any_acceptor)
        return acquire_client(run);
    major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT,
                             &run->server_credential, NULL, NULL);
    if (GSS_ERROR(major) && run->server_credential)
        wrong(run, "gss_acquire_cred failed and gave a credential");
    return done(run, "gss_acquire_cred", major) && acquire_client(run);
}

/* ---- contexts ---- */

static gss_channel_bindings_t bind_to(const char *text,
                                      struct gss_channel_bindings_struct *bindings)
{
    if (!text)
        return GSS_C_NO_CHANNEL_BINDINGS;
    *bindings = (struct gss_channel_bindings_struct){.application_data = text_buffer(text)};
    return bindings;
}

/* SPNEGO may send one, without a token of a mechanism's that did not fail; Kerberos' errors
 * have tokens. */
static void is_at_most_a_rejection(struct run *run, const char *call, gss_buffer_t out)
{
    bool negotiated = gss_oid_equal(run->asked->mech, SPNEGO);

    if (negotiated && (out->length <= 32 || strstr(run->asked->source, ".TEST")))
        return;
    is_empty(run, call, out);
}

static OM_uint32 initiate(struct run *run, gss_buffer_t in, gss_buffer_t out)
{
    struct gss_channel_bindings_struct bindings;
    OM_uint32 flags = 0;
    OM_uint32 major = gss_init_sec_context(&minor, run->client_credential, &run->client,
                                           run->target, run->asked->mech, run->asked->flags, 0,
                                           bind_to(run->asked->client_bindings, &bindings), in,
                                           NULL, out, &flags, NULL);

    if (!done(run, "gss_init_sec_context", major))
        is_at_most_a_rejection(run, "gss_init_sec_context", out);
    else if (major == GSS_S_COMPLETE && (flags & run->asked->flags) != run->asked->flags)
        wrong(run, "the initiator asked for %#x and has %#x", run->asked->flags, flags);
    return major;
}

static OM_uint32 accept(struct run *run, gss_buffer_t in, gss_buffer_t out)
{
    struct gss_channel_bindings_struct bindings;
    OM_uint32 flags = 0, ignored;
    OM_uint32 major;

    gss_release_name(&ignored, &run->source);
    major = gss_accept_sec_context(&minor, &run->server, run->server_credential, in,
                                   bind_to(run->asked->server_bindings, &bindings),
                                   &run->source, NULL, out, &flags, NULL, NULL);
    if (!done(run, "gss_accept_sec_context", major)) {
        is_at_most_a_rejection(run, "gss_accept_sec_context", out);
        if (run->source)
            wrong(run, "gss_accept_sec_context failed and gave a name");
    } else if (major == GSS_S_COMPLETE && (flags & run->asked->flags) != run->asked->flags) {
        wrong(run, "%#x was asked for and the acceptor has %#x", run->asked->flags, flags);
    }
    return major;
}

static bool establish(struct run *run)
{
    gss_buffer_desc to_client = GSS_C_EMPTY_BUFFER, to_server = GSS_C_EMPTY_BUFFER;
    OM_uint32 ours = GSS_S_CONTINUE_NEEDED, theirs = GSS_S_CONTINUE_NEEDED, ignored;

    for (int i = 0; i < 8 && (ours == GSS_S_CONTINUE_NEEDED || theirs == GSS_S_CONTINUE_NEEDED);
         i++) {
        if (ours == GSS_S_CONTINUE_NEEDED)
            ours = initiate(run, &to_client, &to_server);
        gss_release_buffer(&ignored, &to_client);
        if (!GSS_ERROR(ours) && theirs == GSS_S_CONTINUE_NEEDED)
            theirs = accept(run, &to_server, &to_client);
        gss_release_buffer(&ignored, &to_server);
        if (GSS_ERROR(ours) || GSS_ERROR(theirs))
            break;
    }
    gss_release_buffer(&ignored, &to_client);
    run->outcome->let_in = theirs == GSS_S_COMPLETE;
    return ours == GSS_S_COMPLETE && theirs == GSS_S_COMPLETE;
}

/* Who is let in has a name, and the right one. */
static bool name(struct run *run, gss_name_t named)
{
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    bool good;

    if (!named)
        wrong(run, "nobody was let in");
    good =
        named && done(run, "gss_display_name", gss_display_name(&minor, named, &shown, NULL));
    if (good && (shown.length != strlen(run->asked->source) ||
                 memcmp(shown.value, run->asked->source, shown.length) != 0))
        wrong(run, "%.*s was let in", (int)shown.length, (char *)shown.value);
    release_buffer(&shown);
    return good;
}

static bool inquire_all(struct run *run)
{
    static const char key[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05";
    gss_OID_desc oid = {sizeof(key) - 1, (void *)(uintptr_t)key};
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    gss_name_t source = GSS_C_NO_NAME, target = GSS_C_NO_NAME;
    OM_uint32 major, ignored, flags = 0;
    int open = 0;
    bool good;

    major = gss_inquire_context(&minor, run->server, &source, &target, NULL, NULL, &flags, NULL,
                                &open);
    good = done(run, "gss_inquire_context", major) && name(run, source);
    if (good && ((flags & run->asked->flags) != run->asked->flags || !open))
        wrong(run, "gss_inquire_context says %#x", flags);
    if (!good && major != GSS_S_COMPLETE && (source || target))
        wrong(run, "gss_inquire_context failed and gave a name");
    gss_release_name(&ignored, &source);
    gss_release_name(&ignored, &target);
    if (good)
        good = done(run, "gss_inquire_sec_context_by_oid",
                    gss_inquire_sec_context_by_oid(&minor, run->client, &oid, &set));
    gss_release_buffer_set(&ignored, &set);
    return good;
}

/* ---- messages ---- */

static const char said[] = "Will you walk a little faster?";

static bool is_said(const void *data, size_t len)
{
    return len == sizeof(said) - 1 && memcmp(data, said, len) == 0;
}

static bool pass_wrapped(struct run *run, gss_ctx_id_t from, gss_ctx_id_t to)
{
    gss_buffer_desc text = text_buffer(said), token = GSS_C_EMPTY_BUFFER,
                    got = GSS_C_EMPTY_BUFFER;
    int sealed = 0, was_sealed = 0;
    bool good = done(run, "gss_wrap",
                     gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, &sealed, &token));

    if (!good)
        is_empty(run, "gss_wrap", &token);
    else if (!sealed || memmem(token.value, token.length, said, 8))
        wrong(run, "gss_wrap did not seal");
    else
        good = done(run, "gss_unwrap", gss_unwrap(&minor, to, &token, &got, &was_sealed, NULL));
    if (!good)
        is_empty(run, "gss_unwrap", &got);
    else if (!was_sealed || !is_said(got.value, got.length))
        wrong(run, "gss_unwrap gives something else");
    release_buffer(&token);
    release_buffer(&got);
    return good;
}

static bool pass_signed(struct run *run, gss_ctx_id_t from, gss_ctx_id_t to)
{
    gss_buffer_desc text = text_buffer(said), mic = GSS_C_EMPTY_BUFFER;
    bool good =
        done(run, "gss_get_mic", gss_get_mic(&minor, from, GSS_C_QOP_DEFAULT, &text, &mic));

    if (!good)
        is_empty(run, "gss_get_mic", &mic);
    good = good && done(run, "gss_verify_mic", gss_verify_mic(&minor, to, &text, &mic, NULL));
    release_buffer(&mic);
    return good;
}

static bool pass_in_parts(struct run *run, gss_ctx_id_t from, gss_ctx_id_t to)
{
    char data[sizeof(said)];
    gss_iov_buffer_desc iov[] = {
        {GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
        {GSS_IOV_BUFFER_TYPE_SIGN_ONLY, {4, (void *)(uintptr_t) "head"}},
        {GSS_IOV_BUFFER_TYPE_DATA, {sizeof(said) - 1, memcpy(data, said, sizeof(said))}},
        {GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
        {GSS_IOV_BUFFER_TYPE_TRAILER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER}};
    int sealed = 0;
    OM_uint32 ignored;
    bool good = done(run, "gss_wrap_iov",
                     gss_wrap_iov(&minor, from, 1, GSS_C_QOP_DEFAULT, &sealed, iov, 5));

    if (good && (!sealed || is_said(data, sizeof(said) - 1)))
        wrong(run, "gss_wrap_iov did not seal");
    sealed = 0;
    good =
        good && done(run, "gss_unwrap_iov", gss_unwrap_iov(&minor, to, &sealed, NULL, iov, 5));
    if (good && (!sealed || !is_said(data, sizeof(said) - 1)))
        wrong(run, "gss_unwrap_iov gives something else");
    gss_release_iov_buffer(&ignored, iov, 5);
    return good;
}

/* One that was altered on its way is never let through. */
static void alter(struct run *run, gss_ctx_id_t from, gss_ctx_id_t to)
{
    gss_buffer_desc text = text_buffer(said), token = GSS_C_EMPTY_BUFFER,
                    got = GSS_C_EMPTY_BUFFER;

    if (done(run, "gss_wrap",
             gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token))) {
        ((unsigned char *)token.value)[token.length - 3] ^= 4;
        if (gss_unwrap(&minor, to, &token, &got, NULL, NULL) == GSS_S_COMPLETE)
            wrong(run, "gss_unwrap takes a message that was altered");
        release_buffer(&got);
        release_buffer(&token);
    }
    if (done(run, "gss_get_mic", gss_get_mic(&minor, from, GSS_C_QOP_DEFAULT, &text, &token))) {
        text.length--;
        if (gss_verify_mic(&minor, to, &text, &token, NULL) == GSS_S_COMPLETE)
            wrong(run, "gss_verify_mic takes a text that was altered");
        release_buffer(&token);
    }
}

/* Goes on when one message fails: the next one is right, or fails too. */
static bool talk(struct run *run)
{
    bool good = true;

    for (int i = 0; i < 2; i++) {
        gss_ctx_id_t from = i ? run->server : run->client, to = i ? run->client : run->server;

        good &= pass_wrapped(run, from, to);
        good &= pass_signed(run, from, to);
        good &= pass_in_parts(run, from, to);
    }
    return good;
}

static bool move_context(struct run *run, gss_ctx_id_t *context)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    bool good =
        done(run, "gss_export_sec_context", gss_export_sec_context(&minor, context, &token));

    if (!good && mechglue_failed())
        token.length = 0; /* a length alone */
    if (!good)
        is_empty(run, "gss_export_sec_context", &token);
    good = good &&
           done(run, "gss_import_sec_context", gss_import_sec_context(&minor, &token, context));
    release_buffer(&token);
    return good;
}

static bool use(struct run *run)
{
    bool good = name(run, run->source) && inquire_all(run) && talk(run) &&
                move_context(run, &run->client) && move_context(run, &run->server) && talk(run);

    if (run->client && run->server)
        alter(run, run->client, run->server);
    return good && !*run->outcome->first;
}

void fault_login(const struct fault_login *login, struct fault_outcome *outcome)
{
    struct run run = {.asked = login, .outcome = outcome};
    OM_uint32 ignored;

    *outcome = (struct fault_outcome){0};
    ERR_clear_error();
    outcome->whole = acquire(&run) && establish(&run) && use(&run);
    /* a program that asks SSL_get_error would take it for its own */
    if (ERR_peek_error())
        wrong(&run, "an error is left in OpenSSL's queue");
    gss_delete_sec_context(&ignored, &run.client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&ignored, &run.server, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &run.source);
    gss_release_name(&ignored, &run.target);
    gss_release_cred(&ignored, &run.client_credential);
    gss_release_cred(&ignored, &run.server_credential);
}
