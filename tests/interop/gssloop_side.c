/* SPDX-License-Identifier: MIT */
/* gssloop_side.c - establishes the context, says what this side thinks of it, and
 * sends protected messages. Knows public GSSAPI only. */

#include "config.h"

#include "gssloop_side.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gssapi/gssapi_ext.h>

enum { ROUNDS = 2 };

struct asked asked;

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static char spnego_der[] = "\x2b\x06\x01\x05\x05\x02";
static char session_key_der[] = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05";
static gss_OID_desc oid_ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_desc oid_spnego = {sizeof(spnego_der) - 1, spnego_der};
static gss_OID_desc oid_session_key = {sizeof(session_key_der) - 1, session_key_der};

static const struct {
    const char *name;
    OM_uint32 flag;
} flag_names[] = {
    {"mutual", GSS_C_MUTUAL_FLAG},     {"replay", GSS_C_REPLAY_FLAG},
    {"sequence", GSS_C_SEQUENCE_FLAG}, {"conf", GSS_C_CONF_FLAG},
    {"integ", GSS_C_INTEG_FLAG},       {"anon", GSS_C_ANON_FLAG},
    {"identify", GSS_C_IDENTIFY_FLAG}, {"bound", GSS_C_CHANNEL_BOUND_FLAG},
};

enum { FLAG_COUNT = sizeof(flag_names) / sizeof(flag_names[0]) };

void say(const struct side *side, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    dprintf(STDOUT_FILENO, "%s: %s\n", side->label, text);
}

static void append_status(char *text, size_t size, OM_uint32 code, int type)
{
    OM_uint32 minor, more = 0;
    do {
        gss_buffer_desc part = GSS_C_EMPTY_BUFFER;
        if (GSS_ERROR(gss_display_status(&minor, code, type, asked.mech, &more, &part)))
            return;
        size_t used = strlen(text);
        snprintf(text + used, size - used, ": %.*s", (int)part.length, (char *)part.value);
        gss_release_buffer(&minor, &part);
    } while (more != 0);
}

/* Whether the call did what it should; says why not. */
static bool went_well(const struct side *side, const char *call, OM_uint32 major,
                      OM_uint32 minor)
{
    if (!GSS_ERROR(major))
        return true;
    char text[1024] = "";
    append_status(text, sizeof(text), major, GSS_C_GSS_CODE);
    append_status(text, sizeof(text), minor, GSS_C_MECH_CODE);
    say(side, "%s failed%s", call, text);
    return false;
}

/* Messages on the socket: a length of four bytes and the bytes. */
static bool send_all(int fd, const void *data, size_t len)
{
    for (const char *at = data; len > 0;) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

static bool send_message(const struct side *side, const gss_buffer_desc *message)
{
    uint32_t len = (uint32_t)message->length;
    return send_all(side->peer, &len, sizeof(len)) &&
           send_all(side->peer, message->value, message->length);
}

/* The caller frees message->value. */
static bool receive_message(const struct side *side, gss_buffer_t message)
{
    uint32_t len;
    message->length = 0;
    message->value = NULL;
    if (recv(side->peer, &len, sizeof(len), MSG_WAITALL) != (ssize_t)sizeof(len))
        return false;
    if ((message->value = malloc(len + 1u)) == NULL)
        return false;
    message->length = len;
    return recv(side->peer, message->value, len, MSG_WAITALL) == (ssize_t)len;
}

static bool make_credential(struct side *side)
{
    OM_uint32 major, minor;
    gss_cred_usage_t usage = side->initiator ? GSS_C_INITIATE : GSS_C_ACCEPT;
    gss_OID_set_desc mechs = {1, asked.mech};
    gss_name_t name = GSS_C_NO_NAME;
    const char *call;

    if (side->initiator && asked.user != NULL) {
        gss_buffer_desc text = {strlen(asked.user), (void *)(uintptr_t)asked.user};
        major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name);
        if (!went_well(side, "gss_import_name", major, minor))
            return false;
    }
    if (side->initiator && asked.password != NULL) {
        gss_buffer_desc text = {strlen(asked.password), (void *)(uintptr_t)asked.password};
        call = "gss_acquire_cred_with_password";
        major = gss_acquire_cred_with_password(&minor, name, &text, GSS_C_INDEFINITE, &mechs,
                                               usage, &side->credential, NULL, NULL);
    } else {
        call = "gss_acquire_cred";
        major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechs, usage,
                                 &side->credential, NULL, NULL);
    }
    OM_uint32 ignored;
    gss_release_name(&ignored, &name);
    return went_well(side, call, major, minor);
}

static bool import_target(struct side *side)
{
    OM_uint32 minor;
    gss_buffer_desc text = {strlen(asked.target), (void *)(uintptr_t)asked.target};
    if (!side->initiator || text.length == 0)
        return true;
    return went_well(side, "gss_import_name",
                     gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &side->target),
                     minor);
}

/* As a server's "welcome": raw NTLM's initiator has no other way to know that
 * the acceptor liked its last token. */
static bool confirm(const struct side *side)
{
    gss_buffer_desc welcome = {7, (char[]){"welcome"}};
    if (!side->initiator)
        return send_message(side, &welcome);
    bool good = receive_message(side, &welcome);
    free(welcome.value);
    if (!good)
        say(side, "the peer gave up");
    return good;
}

/* Both sides' loop is the same, but for the call in it. */
static bool establish(struct side *side)
{
    struct gss_channel_bindings_struct bindings = {.initiator_addrtype = GSS_C_AF_UNSPEC,
                                                   .acceptor_addrtype = GSS_C_AF_UNSPEC};
    gss_channel_bindings_t bound = GSS_C_NO_CHANNEL_BINDINGS;
    if (side->bindings != NULL) {
        bindings.application_data.length = strlen(side->bindings);
        bindings.application_data.value = (void *)(uintptr_t)side->bindings;
        bound = &bindings;
    }

    for (bool first = true;; first = false) {
        gss_buffer_desc in = GSS_C_EMPTY_BUFFER, out = GSS_C_EMPTY_BUFFER;
        OM_uint32 major, minor, ignored;
        bool sent = true;

        if (!(side->initiator && first) && !receive_message(side, &in)) {
            free(in.value);
            say(side, "the peer gave up");
            return false;
        }
        if (side->initiator)
            major = gss_init_sec_context(&minor, side->credential, &side->context, side->target,
                                         asked.mech, asked.flags, 0, bound, &in, NULL, &out,
                                         &side->flags, NULL);
        else
            major = gss_accept_sec_context(&minor, &side->context, side->credential, &in, bound,
                                           &side->source, NULL, &out, &side->flags, NULL, NULL);
        free(in.value);
        if (out.length > 0)
            sent = send_message(side, &out);
        gss_release_buffer(&ignored, &out);
        if (!went_well(side,
                       side->initiator ? "gss_init_sec_context" : "gss_accept_sec_context",
                       major, minor))
            return false;
        if (!sent) {
            say(side, "the peer is gone");
            return false;
        }
        if (major == GSS_S_COMPLETE)
            return confirm(side);
    }
}

static void name_text(gss_name_t name, char *text, size_t size)
{
    OM_uint32 minor;
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    snprintf(text, size, "none");
    if (name != GSS_C_NO_NAME && !GSS_ERROR(gss_display_name(&minor, name, &shown, NULL)))
        snprintf(text, size, "%.*s", (int)shown.length, (char *)shown.value);
    gss_release_buffer(&minor, &shown);
}

static void describe(const struct side *side)
{
    char name[256], flags[256] = "";
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if ((side->flags & flag_names[i].flag) != 0) {
            strcat(flags, " ");
            strcat(flags, flag_names[i].name);
        }
    name_text(side->initiator ? side->target : side->source, name, sizeof(name));
    say(side, "complete, %s %s, flags%s", side->initiator ? "to" : "from", name,
        flags[0] == '\0' ? " none" : flags);
}

/* Whether gss_inquire_context says the same. */
static bool inquire(const struct side *side)
{
    OM_uint32 major, minor, lifetime, flags;
    gss_name_t source = GSS_C_NO_NAME, target = GSS_C_NO_NAME;
    char source_text[256], target_text[256];
    int locally_initiated, open;

    major = gss_inquire_context(&minor, side->context, &source, &target, &lifetime, NULL,
                                &flags, &locally_initiated, &open);
    if (!went_well(side, "gss_inquire_context", major, minor))
        return false;
    name_text(source, source_text, sizeof(source_text));
    name_text(target, target_text, sizeof(target_text));
    gss_release_name(&minor, &source);
    gss_release_name(&minor, &target);
    say(side, "inquired: source %s, target %s, lifetime %s", source_text, target_text,
        lifetime == GSS_C_INDEFINITE ? "indefinite" : "limited");
    /* SPNEGO takes away PROT_READY. */
    if (((flags ^ side->flags) & ~(OM_uint32)GSS_C_PROT_READY_FLAG) != 0 || open == 0 ||
        (locally_initiated != 0) != side->initiator) {
        say(side, "gss_inquire_context says otherwise: flags %#x for %#x, open %d, ours %d",
            flags, side->flags, open, locally_initiated);
        return false;
    }
    return true;
}

/* Sends the session key over and compares: a fault would hide in two sides
 * that both compute it wrongly in the same way only. */
static bool compare_session_keys(const struct side *side)
{
    OM_uint32 major, minor;
    gss_buffer_set_t key = GSS_C_NO_BUFFER_SET;
    gss_buffer_desc theirs = GSS_C_EMPTY_BUFFER;
    major = gss_inquire_sec_context_by_oid(&minor, side->context, &oid_session_key, &key);
    bool good = went_well(side, "the session key's inquiry", major, minor);
    if (good) {
        good = send_message(side, &key->elements[0]) && receive_message(side, &theirs) &&
               theirs.length == key->elements[0].length &&
               memcmp(theirs.value, key->elements[0].value, theirs.length) == 0;
        say(side, good ? "session keys alike" : "session keys differ");
    }
    free(theirs.value);
    gss_release_buffer_set(&minor, &key);
    return good;
}

static bool send_protected(const struct side *side, gss_buffer_t text)
{
    OM_uint32 minor, ignored;
    for (int conf = 0; conf <= 1; conf++) {
        gss_buffer_desc wrapped = GSS_C_EMPTY_BUFFER;
        bool good = went_well(side, "gss_wrap",
                              gss_wrap(&minor, side->context, conf, GSS_C_QOP_DEFAULT, text,
                                       NULL, &wrapped),
                              minor) &&
                    send_message(side, &wrapped);
        gss_release_buffer(&ignored, &wrapped);
        if (!good)
            return false;
    }
    gss_buffer_desc mic = GSS_C_EMPTY_BUFFER;
    bool good =
        went_well(side, "gss_get_mic",
                  gss_get_mic(&minor, side->context, GSS_C_QOP_DEFAULT, text, &mic), minor) &&
        send_message(side, &mic);
    gss_release_buffer(&ignored, &mic);
    return good;
}

static bool receive_protected(const struct side *side, gss_buffer_t text)
{
    OM_uint32 minor, ignored;
    for (int conf = 0; conf <= 1; conf++) {
        gss_buffer_desc wrapped, plain = GSS_C_EMPTY_BUFFER;
        bool good =
            receive_message(side, &wrapped) &&
            went_well(side, "gss_unwrap",
                      gss_unwrap(&minor, side->context, &wrapped, &plain, NULL, NULL), minor);
        if (good && (plain.length != text->length ||
                     memcmp(plain.value, text->value, text->length) != 0)) {
            say(side, "gss_unwrap gives another message than was sent");
            good = false;
        }
        free(wrapped.value);
        gss_release_buffer(&ignored, &plain);
        if (!good)
            return false;
    }
    gss_buffer_desc mic;
    bool good = receive_message(side, &mic) &&
                went_well(side, "gss_verify_mic",
                          gss_verify_mic(&minor, side->context, text, &mic, NULL), minor);
    free(mic.value);
    return good;
}

static bool exchange_messages(const struct side *side)
{
    for (int round = 0; round < 2 * ROUNDS; round++) {
        char line[64];
        snprintf(line, sizeof(line), "message %d, and some more bytes", round);
        gss_buffer_desc text = {strlen(line), line};
        bool sends = (round % 2 == 0) == side->initiator;
        if (!(sends ? send_protected(side, &text) : receive_protected(side, &text)))
            return false;
    }
    say(side, "%d messages protected", 2 * ROUNDS);
    return true;
}

bool ask_for_mech(const char *name)
{
    asked.mech = strcmp(name, "ntlm") == 0 ? &oid_ntlm : &oid_spnego;
    return asked.mech == &oid_ntlm || strcmp(name, "spnego") == 0;
}

bool ask_for_flag(const char *name)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (strcmp(flag_names[i].name, name) == 0) {
            asked.flags |= flag_names[i].flag;
            return true;
        }
    return false;
}

enum outcome side_run(struct side *side)
{
    OM_uint32 minor;
    enum outcome outcome = REFUSED;
    for (const char **variable = side->variables; *variable != NULL; variable++)
        if (putenv((char *)(uintptr_t)*variable) != 0)
            return FAULT;

    if (make_credential(side) && import_target(side) && establish(side)) {
        /* What the context can do besides is not for both sides to see: SPNEGO has
         * integrity of its own, which an initiator is not told of. */
        bool protected = asked.flags & side->flags & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG);
        describe(side);
        outcome = FAULT;
        if ((!asked.inquire || inquire(side)) && compare_session_keys(side) &&
            (!protected || exchange_messages(side)))
            outcome = COMPLETE;
    }
    close(side->peer);
    gss_delete_sec_context(&minor, &side->context, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &side->credential);
    gss_release_name(&minor, &side->target);
    gss_release_name(&minor, &side->source);
    return outcome;
}
