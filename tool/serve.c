/* SPDX-License-Identifier: MIT */
/* serve.c - "gss-negotiate serve": a small HTTP server that asks for a login, for trying a
 * setup. A process for each connection, and so many at once. */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "base64.h"
#include "commands.h"
#include "dispatch.h"
#include "http.h"
#include "story.h"
#include "translate.h"

#define CLIENTS_MAX 32
#define REQUESTS_MAX 1000

enum { ADDRESS, ACCOUNT_FILE, ONCE, BRIEF, JSON };

static const struct option_row options[] = {
    [ADDRESS] = {"address", "ADDRESS",
                 N_("listen on this IPv4 address; without it, 127.0.0.1")},
    [ACCOUNT_FILE] = {"account-file", "FILE",
                      N_("who may log in; without it, as the settings say")},
    [ONCE] = {"once", NULL, N_("end after the first connection")},
    [BRIEF] = {"brief", NULL, N_("show no fields of the tokens")},
    [JSON] = {"json", NULL, N_("print JSON, an object a line")},
    {NULL, NULL, NULL},
};

/* ---- one connection ---- */

static bool answer(struct link *link, const char *status, const char *scheme,
                   gss_buffer_t token, const char *body)
{
    char *text = token && token->length ? base64_encode(token->value, token->length) : NULL;
    char *response = NULL;
    bool sent = false;
    int len;

    if (token && token->length && !text)
        return false; /* without its token the answer says something else */
    len = asprintf(&response,
                   "HTTP/1.1 %s\r\n%s%s%s%s%sContent-Type: text/plain; charset=utf-8\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   status, scheme ? "WWW-Authenticate: " : "", scheme ? scheme : "",
                   text ? " " : "", text ? text : "", scheme ? "\r\n" : "", strlen(body), body);

    if (len >= 0)
        sent = link_write(link, response, (size_t)len);
    free(len < 0 ? NULL : response);
    free(text);
    return sent;
}

static bool ask_for_login(struct link *link)
{
    return answer(link, "401 Unauthorized", "Negotiate\r\nWWW-Authenticate: NTLM", NULL,
                  "log in\n");
}

static bool welcome(struct link *link, const struct attempt *attempt, const char *scheme,
                    gss_buffer_t token)
{
    char *user = attempt_user(attempt), *body = NULL;
    bool sent = false;

    if (asprintf(&body, "You are %s.\n", user ? user : "somebody") >= 0)
        sent = answer(link, "200 OK", scheme, token, body);
    else
        body = NULL;
    attempt_tell(attempt);
    free(body);
    free(user);
    return sent;
}

/* A request with a token. */
static bool take_token(struct link *link, const char *scheme, const char *text,
                       struct attempt *attempt)
{
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    uint8_t *data = NULL;
    size_t len = 0;
    OM_uint32 minor;
    bool sent;

    if (attempt->complete || attempt->context == GSS_C_NO_CONTEXT) {
        bool brief = attempt->brief;
        attempt_end(attempt);
        *attempt = (struct attempt){.brief = brief, .tell = true};
    }
    if (!base64_decode(text, &data, &len) || len == 0) {
        free(data);
        return answer(link, "400 Bad Request", NULL, NULL, "the token is not base64\n");
    }
    if (attempt_accept(attempt, ntlm_bytes(data, len), &out)) {
        attempt_end(attempt);
        sent = ask_for_login(link);
    } else if (attempt->complete) {
        sent = welcome(link, attempt, out.length ? scheme : NULL, &out);
    } else {
        sent = answer(link, "401 Unauthorized", scheme, &out, "go on\n");
    }
    gss_release_buffer(&minor, &out);
    free(data);
    return sent;
}

static bool take_request(struct link *link, struct attempt *attempt)
{
    static const char *const schemes[] = {"Negotiate", "NTLM"};
    struct http_head head;
    bool alive = http_read_head(link, &head);
    const char *text = NULL;

    if (alive && http_field(&head, "Content-Length", 0))
        alive = http_skip_body(link, &head);
    if (alive) {
        story_tell("request", "", head.text);
        for (size_t i = 0; i < 2 && !text; i++) {
            text = http_scheme(&head, "Authorization", schemes[i]);
            if (text)
                alive = take_token(link, schemes[i], text, attempt);
        }
        if (!text)
            alive = ask_for_login(link);
    }
    http_head_clear(&head);
    fflush(stdout);
    return alive;
}

static void serve_client(int fd, bool brief)
{
    struct attempt attempt = {.brief = brief, .tell = true};
    struct link link;

    link_accepted(&link, fd);
    for (int i = 0; i < REQUESTS_MAX && take_request(&link, &attempt); i++)
        ;
    attempt_end(&attempt);
    link_close(&link);
}

/* ---- the server ---- */

static enum exit_status listen_on(const char *address, const char *port, int *fd)
{
    struct sockaddr_in where = {.sin_family = AF_INET};
    char *end;
    unsigned long number = strtoul(port, &end, 10);
    socklen_t size = sizeof(where);
    const int on = 1;
    char url[64];

    *fd = -1;
    if (*end || *port < '0' || *port > '9' || number > 65535)
        return complain(STATUS_USAGE, _("\"%s\" is no port: a number from 0 to 65535"), port);
    if (inet_pton(AF_INET, address ? address : "127.0.0.1", &where.sin_addr) != 1)
        return complain(STATUS_USAGE, _("\"%s\" is no IPv4 address"), address);
    where.sin_port = htons((uint16_t)number);
    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(*fd, (struct sockaddr *)&where, sizeof(where)) != 0 || listen(*fd, 16) != 0 ||
        getsockname(*fd, (struct sockaddr *)&where, &size) != 0)
        return complain(STATUS_TROUBLE, _("port %s: %s"), port, strerror(errno));
    snprintf(url, sizeof(url), "http://%s:%u/", address ? address : "127.0.0.1",
             (unsigned)ntohs(where.sin_port));
    story_tell("listening", _("listening on "), url);
    fflush(stdout);
    return STATUS_OK;
}

/* Waits where there are as many as may be; the ended ones are no more. */
static void reap(unsigned *clients)
{
    while (*clients > 0 && waitpid(-1, NULL, *clients < CLIENTS_MAX ? WNOHANG : 0) > 0)
        --*clients;
}

static void serve(int fd, bool brief)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    unsigned clients = 0;

    for (;;) {
        int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        pid_t child;

        reap(&clients);
        if (client < 0) { /* there may be no descriptor for as long as others have them */
            nanosleep(&pause, NULL);
            continue;
        }
        child = fork();
        if (child == 0) {
            close(fd);
            serve_client(client, brief);
            fflush(stdout);
            _exit(0);
        }
        clients += child > 0;
        close(client);
    }
}

static enum exit_status run(const struct arguments *arguments)
{
    const bool brief = arguments->values[BRIEF] != NULL;
    enum exit_status status;
    int fd, client;

    story_begin(arguments->values[JSON] ? STORY_LINES : STORY_TEXT);
    signal(SIGPIPE, SIG_IGN);
    if (arguments->values[ACCOUNT_FILE])
        setenv("NTLM_ACCOUNT_FILE", arguments->values[ACCOUNT_FILE], 1);
    status = listen_on(arguments->values[ADDRESS], arguments->operands[0], &fd);
    if (!status && arguments->values[ONCE]) {
        client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0)
            serve_client(client, brief);
        else
            status = complain(STATUS_TROUBLE, _("port %s: %s"), arguments->operands[0],
                              strerror(errno));
    } else if (!status) {
        serve(fd, brief);
    }
    if (fd >= 0)
        close(fd);
    return story_end(status);
}

const struct command command_serve = {
    .name = "serve",
    .operands = N_("PORT"),
    .least = 1,
    .most = 1,
    .summary = N_("Serve HTTP that asks for a login, and show each step of it"),
    .about = N_("A small server for trying a setup, with Negotiate and NTLM; not for others to "
                "use. Port 0 takes a free one. A page says who has logged in."),
    .options = options,
    .run = run,
};
