/* SPDX-License-Identifier: MIT */
/* logons.c - a server that lives on: logs users in with NTLM in one process,
 * over and over, by an acceptor's credential that it takes when it starts. Both
 * ends are here, so no socket is. Knows public GSSAPI only.
 *
 * It obeys lines on standard input, and answers each with one:
 *
 *   logon USER PASSWORD     "complete, from NAME", with its attributes and
 *                           their values behind it; or "refused: " and why
 *   moved USER PASSWORD     the same, but of the name as it is after the context
 *                           and then the name were exported and imported
 *   child USER PASSWORD     as logon, from a child that is forked for it
 *   threads USER PASSWORD   logs in in many threads at once, until each of them
 *                           has done so; the line of the last one that was
 *                           refused, or else of any
 *
 * With - for the password the mechanism is to find one. */

#include "config.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

enum { THREADS = 8, LOGONS = 4 /* in each */ };

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static gss_OID_desc oid_ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_set_desc mechs = {1, &oid_ntlm};

static gss_cred_id_t acceptor;

struct logon {
    const char *user, *password;
    bool moves, complete;
    char answer[4096];
};

/* Where it no longer fits, it is cut. */
static void append(struct logon *logon, const char *before, const gss_buffer_desc *text)
{
    size_t used = strlen(logon->answer);

    snprintf(logon->answer + used, sizeof(logon->answer) - used, "%s%.*s", before,
             (int)text->length, (const char *)text->value);
}

static void append_status(struct logon *logon, OM_uint32 code, int type)
{
    gss_buffer_desc text;
    OM_uint32 ignored, more = 0;

    if (GSS_ERROR(gss_display_status(&ignored, code, type, &oid_ntlm, &more, &text)))
        return;
    append(logon, ": ", &text);
    gss_release_buffer(&ignored, &text);
}

static bool went_well(struct logon *logon, OM_uint32 major, OM_uint32 minor)
{
    if (!GSS_ERROR(major))
        return true;
    snprintf(logon->answer, sizeof(logon->answer), "refused");
    append_status(logon, major, GSS_C_GSS_CODE);
    append_status(logon, minor, GSS_C_MECH_CODE);
    return false;
}

static void append_values(struct logon *logon, gss_name_t name, gss_buffer_t attribute)
{
    int more = -1;

    append(logon, "; ", attribute);
    while (more != 0) {
        gss_buffer_desc value = GSS_C_EMPTY_BUFFER, shown = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor, major = gss_get_name_attribute(&minor, name, attribute, NULL, NULL,
                                                        &value, &shown, &more);

        if (went_well(logon, major, minor))
            append(logon, " ", &shown);
        else
            more = 0;
        gss_release_buffer(&minor, &value);
        gss_release_buffer(&minor, &shown);
    }
}

static void describe(struct logon *logon, gss_name_t name)
{
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    gss_buffer_set_t attributes = GSS_C_NO_BUFFER_SET;
    OM_uint32 minor, major = gss_display_name(&minor, name, &shown, NULL);

    if (went_well(logon, major, minor)) {
        append(logon, "complete, from ", &shown);
        major = gss_inquire_name(&minor, name, NULL, NULL, &attributes);
    }
    for (size_t i = 0; went_well(logon, major, minor) && attributes && i < attributes->count;
         i++)
        append_values(logon, name, &attributes->elements[i]);
    gss_release_buffer(&minor, &shown);
    gss_release_buffer_set(&minor, &attributes);
}

static gss_buffer_desc buffer_of(const char *text)
{
    return (gss_buffer_desc){strlen(text), (char *)(size_t)text};
}

static bool make_credential(struct logon *logon, gss_cred_id_t *credential)
{
    gss_buffer_desc user = buffer_of(logon->user), password = buffer_of(logon->password);
    gss_name_t name;
    OM_uint32 minor, major = gss_import_name(&minor, &user, GSS_C_NT_USER_NAME, &name);
    bool good;

    if (!went_well(logon, major, minor))
        return false;
    if (strcmp(logon->password, "-") == 0)
        major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                                 credential, NULL, NULL);
    else
        major = gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE,
                                               &mechs, GSS_C_INITIATE, credential, NULL, NULL);
    good = went_well(logon, major, minor);
    gss_release_name(&minor, &name);
    return good;
}

/* As another process would have them: *source is the name's. */
static OM_uint32 move(OM_uint32 *minor, gss_ctx_id_t *context, gss_name_t *source)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, major = gss_export_sec_context(minor, context, &token);

    gss_release_name(&ignored, source);
    if (!GSS_ERROR(major))
        major = gss_import_sec_context(minor, &token, context);
    if (!GSS_ERROR(major))
        major =
            gss_inquire_context(minor, *context, source, NULL, NULL, NULL, NULL, NULL, NULL);
    gss_release_buffer(&ignored, &token);
    if (!GSS_ERROR(major))
        major = gss_export_name_composite(minor, *source, &token);
    gss_release_name(&ignored, source);
    if (!GSS_ERROR(major))
        major = gss_import_name(minor, &token, GSS_C_NT_COMPOSITE_EXPORT, source);
    gss_release_buffer(&ignored, &token);
    return major;
}

/* The three tokens. */
static bool exchange(struct logon *logon, gss_cred_id_t credential, gss_name_t *source)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_buffer_desc service = buffer_of("HTTP@localhost"), token = {0}, reply = {0};
    gss_name_t target = GSS_C_NO_NAME;
    OM_uint32 minor, ignored, major;

    major = gss_import_name(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &target);
    for (bool open = true; open && !GSS_ERROR(major);) {
        major =
            gss_init_sec_context(&minor, credential, &client, target, &oid_ntlm,
                                 GSS_C_INTEG_FLAG, 0, NULL, &reply, NULL, &token, NULL, NULL);
        gss_release_buffer(&ignored, &reply);
        if (GSS_ERROR(major))
            break;
        major = gss_accept_sec_context(&minor, &server, acceptor, &token, NULL, source, NULL,
                                       &reply, NULL, NULL, NULL);
        gss_release_buffer(&ignored, &token);
        open = major == GSS_S_CONTINUE_NEEDED;
    }
    if (logon->moves && !GSS_ERROR(major))
        major = move(&minor, &server, source);
    gss_release_buffer(&ignored, &reply);
    gss_release_name(&ignored, &target);
    gss_delete_sec_context(&ignored, &client, NULL);
    gss_delete_sec_context(&ignored, &server, NULL);
    return went_well(logon, major, minor);
}

static void log_in(struct logon *logon)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_name_t source = GSS_C_NO_NAME;
    OM_uint32 ignored;

    logon->answer[0] = '\0';
    logon->complete =
        make_credential(logon, &credential) && exchange(logon, credential, &source);
    if (logon->complete)
        describe(logon, source);
    gss_release_cred(&ignored, &credential);
    gss_release_name(&ignored, &source);
}

static void say(const struct logon *logon)
{
    puts(logon->answer);
    fflush(stdout);
}

static void log_in_as_child(struct logon *logon)
{
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        log_in(logon);
        say(logon);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        snprintf(logon->answer, sizeof(logon->answer), "the child ended with %#x", status);
        say(logon);
    }
}

static void *log_in_often(void *arg)
{
    struct logon *logon = arg;

    log_in(logon);
    for (int i = 1; i < LOGONS && logon->complete; i++)
        log_in(logon);
    return NULL;
}

static void log_in_by_threads(const struct logon *asked)
{
    static struct logon logons[THREADS];
    const struct logon *shown = &logons[0];
    pthread_t threads[THREADS];
    int started = 0;

    for (; started < THREADS; started++) {
        logons[started] = *asked;
        if (pthread_create(&threads[started], NULL, log_in_often, &logons[started]) != 0)
            break;
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        if (!logons[i].complete)
            shown = &logons[i];
    }
    if (started == THREADS)
        say(shown);
    else
        puts("no thread can be had");
}

static bool obey(char *line)
{
    char *rest = NULL;
    const char *command = strtok_r(line, " \n", &rest);
    struct logon logon = {.user = strtok_r(NULL, " \n", &rest),
                          .password = strtok_r(NULL, "\n", &rest)};

    if (!logon.password)
        return false;
    logon.moves = strcmp(command, "moved") == 0;
    if (logon.moves || strcmp(command, "logon") == 0) {
        log_in(&logon);
        say(&logon);
    } else if (strcmp(command, "child") == 0) {
        log_in_as_child(&logon);
    } else if (strcmp(command, "threads") == 0) {
        log_in_by_threads(&logon);
    } else {
        return false;
    }
    return true;
}

int main(void)
{
    struct logon none = {0};
    char line[512];
    OM_uint32 minor, major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                              GSS_C_ACCEPT, &acceptor, NULL, NULL);

    if (!went_well(&none, major, minor)) {
        say(&none);
        return 1;
    }
    while (fgets(line, sizeof(line), stdin))
        if (!obey(line)) {
            fputs("usage: logon, moved, child or threads USER PASSWORD\n", stderr);
            return 2;
        }
    gss_release_cred(&minor, &acceptor);
    return 0;
}
