/* SPDX-License-Identifier: MIT */
/* try_http.c - a login to an HTTP server (RFC 4559). */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base64.h"
#include "http.h"
#include "story.h"
#include "translate.h"
#include "try.h"

#define LEGS_MAX 10
#define CLOCK_SKEW (5 * 60) /* what Kerberos allows */

/* What fails logins, and no error names it: the two clocks. */
static void compare_clocks(const struct http_head *head)
{
    const char *date = http_field(head, "Date", 0);
    struct tm utc = {.tm_sec = 0};
    char text[128];
    long ahead;

    if (!date || !strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &utc))
        return;
    ahead = (long)(timegm(&utc) - time(NULL));
    if (labs(ahead) < CLOCK_SKEW)
        return;
    snprintf(text, sizeof(text),
             ahead > 0 ? _("the server's clock is %ld minutes ahead of this machine's")
                       : _("the server's clock is %ld minutes behind this machine's"),
             labs(ahead) / 60);
    story_tell("clock", "", text);
}

/* token NULL: without a login. */
static enum exit_status ask(struct link *link, const struct url *url, const char *scheme,
                            gss_buffer_t token, struct http_head *head)
{
    char *text = token ? base64_encode(token->value, token->length) : NULL, *request = NULL;
    const bool address = strchr(url->host, ':') != NULL; /* of IPv6 */
    bool answered = false;
    int len;

    http_head_clear(head);
    len = asprintf(
        &request,
        "GET %s HTTP/1.1\r\nHost: %s%s%s%s%s\r\nUser-Agent: gss-negotiate\r\n%s%s%s%s%s"
        "\r\n",
        url->path, address ? "[" : "", url->host, address ? "]" : "", *url->port ? ":" : "",
        url->port, text ? "Authorization: " : "", text ? scheme : "", text ? " " : "",
        text ? text : "", text ? "\r\n" : "");
    if (len < 0 || (token && !text)) {
        free(len < 0 ? NULL : request);
        free(text);
        return complain_of_memory();
    }
    answered = link_write(link, request, strlen(request)) && http_read_head(link, head);
    free(request);
    free(text);
    if (!answered)
        return complain(STATUS_TROUBLE,
                        _("%s closed the connection, was too slow, or does not "
                          "speak HTTP"),
                        url->host);
    story_tell("answer", "", head->text);
    return STATUS_OK;
}

/* Which schemes the server offers; whether ours is among them. */
static enum exit_status read_offer(const struct http_head *head, const char *scheme)
{
    const char *value;

    for (unsigned nth = 0; (value = http_field(head, "WWW-Authenticate", nth)); nth++)
        story_tell("offered", _("  offered: "), value);
    if (head->status != 401) {
        return complain(STATUS_BAD, "%s", _("the server asks for no login"));
    }
    if (!http_scheme(head, "WWW-Authenticate", scheme))
        return complain(STATUS_BAD, _("the server does not offer %s"), scheme);
    return STATUS_OK;
}

/* The token of the server's answer, malloc'd; no bytes: there is none. */
static enum exit_status take_token(const struct http_head *head, const char *scheme,
                                   uint8_t **data, size_t *len)
{
    const char *text = http_scheme(head, "WWW-Authenticate", scheme);

    *data = NULL;
    *len = 0;
    if (!text || !*text)
        return STATUS_OK;
    return base64_decode(text, data, len)
               ? STATUS_OK
               : complain(STATUS_BAD, "%s", _("the server's token is not base64"));
}

/* After the last token: what the server says of it. */
static enum exit_status conclude(const struct attempt *attempt, const struct http_head *head)
{
    if (head->status == 401 || head->status == 403)
        return complain(STATUS_BAD, _("the server refuses the login: %s"), head->text);
    if (!attempt->complete)
        return complain(STATUS_BAD, "%s",
                        _("the server ended the login before it was complete"));
    attempt_tell(attempt);
    return STATUS_OK;
}

/* One token there and one back. *over: it was the last. */
static enum exit_status leg(struct link *link, const struct url *url, const char *scheme,
                            struct attempt *attempt, struct http_head *head, bool *over)
{
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    uint8_t *in;
    size_t len;
    OM_uint32 minor;
    enum exit_status status = take_token(head, scheme, &in, &len);

    if (!status && len == 0 && (attempt->context || head->status != 401))
        *over = true;
    else if (!status && !attempt->complete)
        status = attempt_initiate(attempt, ntlm_bytes(in, len), &out);
    free(in);
    if (!status && out.length == 0)
        *over = true;
    if (!status && !*over && !http_skip_body(link, head))
        status = complain(STATUS_BAD, "%s",
                          _("the server closes the connection in the middle of the login"));
    if (!status && !*over)
        status = ask(link, url, scheme, &out, head);
    gss_release_buffer(&minor, &out);
    return status;
}

static enum exit_status log_in(struct link *link, const struct url *url,
                               const struct attempt_request *request)
{
    const char *scheme = request->ntlm ? "NTLM" : "Negotiate";
    struct http_head head = {.text = NULL};
    struct attempt attempt = {.complete = false};
    bool over = false;
    enum exit_status status = ask(link, url, scheme, NULL, &head);

    if (!status) {
        compare_clocks(&head);
        status = read_offer(&head, scheme);
    }
    if (!status)
        status = attempt_begin(request, &attempt);
    attempt.bindings_len = link->bindings_len;
    memcpy(attempt.bindings, link->bindings, link->bindings_len);
    for (int i = 0; !status && !over; i++)
        status = i < LEGS_MAX
                     ? leg(link, url, scheme, &attempt, &head, &over)
                     : complain(STATUS_BAD, "%s", _("the login does not come to an end"));
    if (!status)
        status = conclude(&attempt, &head);
    attempt_end(&attempt);
    http_head_clear(&head);
    return status;
}

enum exit_status try_http(const struct url *url, bool verify,
                          const struct attempt_request *request)
{
    const bool tls = strcmp(url->scheme, "https") == 0;
    struct link link;
    enum exit_status status = link_open(&link, url->host,
                                        *url->port ? url->port
                                        : tls      ? "443"
                                                   : "80",
                                        tls, verify);

    if (!status)
        status = log_in(&link, url, request);
    link_close(&link);
    return status;
}
