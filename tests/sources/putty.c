/* SPDX-License-Identifier: MIT */
/* putty.c - SSH's gssapi-with-mic by PuTTY's windows/gss.c, which is compiled as it
 * is: the library that it binds at run time logs in, and signs for the server. */

#include <putty.h>

#include <stdio.h>
#include <stdlib.h>

#include <ssh/gss.h>

#include "server.h"

static struct ssh_gss_library *library;
static Ssh_gss_ctx context;

static void die(const char *what)
{
    Ssh_gss_buf text = {0, NULL};

    if (library && context)
        library->display_status(library, context, &text);
    fprintf(stderr, "putty: %s: %s\n", what, text.value ? (char *)text.value : "");
    exit(1);
}

/* PuTTY's own, of the files that are not compiled */
static Filename custom = {(char *)""};
Filename *conf_get_filename(Conf *conf, int key)
{
    (void)conf, (void)key;
    return &custom;
}

wchar_t *dup_mb_to_wc(int codepage, int flags, const char *string)
{
    (void)codepage, (void)flags, (void)string;
    return NULL;
}
void ssh_gssapi_bind_fns(struct ssh_gss_library *gssapi)
{
    (void)gssapi;
}
void out_of_memory(void)
{
    die("out of memory");
}

static void log_in(Ssh_gss_name name)
{
    Ssh_gss_buf received = {0, NULL}, sent = {0, NULL};
    Ssh_gss_stat status = SSH_GSS_S_CONTINUE_NEEDED;
    const void *reply;
    time_t expiry = 0;
    unsigned long lifetime = 0;
    size_t length;
    int done = 0;

    while (status == SSH_GSS_S_CONTINUE_NEEDED) {
        status = library->init_sec_context(library, &context, name, 0, &received, &sent,
                                           &expiry, &lifetime);
        if (status == SSH_GSS_FAILURE)
            die("no context");
        if (sent.length > 0) {
            done = server_token(sent.value, sent.length, &reply, &length);
            received.value = (void *)(uintptr_t)reply;
            received.length = length;
        }
        library->free_tok(library, &sent);
        if (done < 0)
            die("refused");
    }
    if (!done)
        die("the server is not done");
    printf("the ticket lasts %s\n", lifetime > 3600 && expiry > time(NULL) ? "for hours" : "?");
}

static void sign(void)
{
    static char message[] = "session identifier and request";
    Ssh_gss_buf text = {sizeof(message), message}, mic = {0, NULL};
    const void *signature;
    size_t length;

    if (library->get_mic(library, context, &text, &mic) != SSH_GSS_OK)
        die("no signature");
    if (!server_verifies(message, sizeof(message), mic.value, mic.length))
        die("a wrong signature");
    library->free_mic(library, &mic);
    server_sign(message, sizeof(message), &signature, &length);
    mic.value = (void *)(uintptr_t)signature;
    mic.length = length;
    if (library->verify_mic(library, context, &text, &mic) != SSH_GSS_OK)
        die("the server's signature is refused");
    message[0]++;
    server_sign(message, sizeof(message), &signature, &length);
    message[0]--;
    if (library->verify_mic(library, context, &text, &mic) == SSH_GSS_OK)
        die("a signature of something else is taken");
}

int main(void)
{
    char host[] = "localhost";
    struct ssh_gss_liblist *list;
    Ssh_gss_name name;

    server_start("Kerberos");
    list = ssh_gss_setup(NULL);
    if (list->nlibraries != 1)
        die("not exactly one library");
    library = &list->libraries[0];
    printf("%s\n", library->gsslogmsg);
    if (library->import_name(library, host, &name) != SSH_GSS_OK ||
        library->acquire_cred(library, &context, NULL) != SSH_GSS_OK)
        die("no credential");
    log_in(name);
    sign();
    server_greet();
    library->release_cred(library, &context);
    library->release_name(library, &name);
    ssh_gss_cleanup(list);
    return 0;
}
