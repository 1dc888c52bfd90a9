/* SPDX-License-Identifier: MIT */
/* try.c - "gss-negotiate try": a login that is told step by step. */

#include "config.h"

#include "try.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "dispatch.h"
#include "story.h"
#include "translate.h"

enum { USER, PASSWORD_FD, NTLM, PROTECT, SERVICE, ACCOUNT_FILE, INSECURE, BRIEF, JSON };

static const struct option_row options[] = {
    [USER] = {"user", "[DOMAIN\\]USER", N_("log in as this user, whose password is asked for")},
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    [NTLM] = {"ntlm", NULL, N_("NTLM alone, not Negotiate")},
    [PROTECT] = {"protect", NULL, N_("ask for signing and encryption")},
    [SERVICE] = {"service", "NAME",
                 N_("the service in the server's principal (HTTP, ldap), where it is another")},
    [ACCOUNT_FILE] = {"account-file", "FILE",
                      N_("log in to this account file, without a server")},
    [INSECURE] = {"insecure", NULL, N_("take any certificate of the server")},
    [BRIEF] = {"brief", NULL, N_("show no fields of the tokens")},
    [JSON] = OPTION_JSON,
    {NULL, NULL, NULL},
};

static bool is_host(const char *host)
{
    for (; *host; host++)
        if (iscntrl((unsigned char)*host) || isspace((unsigned char)*host))
            return false;
    return true;
}

/* SCHEME://HOST[:PORT][/PATH]; an IPv6 address is in brackets. */
static enum exit_status parse_url(const char *text, struct url *url)
{
    char *host, *end, *path;

    *url = (struct url){.memory = malloc(2 * strlen(text) + 3)};
    if (!url->memory)
        return complain_of_memory();
    path = url->memory + strlen(text) + 1;
    strcpy(url->memory, text);
    host = strstr(url->memory, "://");
    if (!host)
        return complain(STATUS_USAGE, _("\"%s\" is no URL: write http://, https:// or ldap://"),
                        text);
    *host = '\0';
    host += 3;
    end = host + strcspn(host, "/?#");
    if (memchr(host, '@', (size_t)(end - host)))
        return complain(
            STATUS_USAGE, "%s",
            _("the URL has a user or password in it, which everybody on this machine "
              "can read: name the user with --user"));
    strcpy(path, *end == '/' ? end : "/");
    path[strcspn(path, "#")] = '\0';
    *end = '\0';
    url->scheme = url->memory;
    url->path = path;
    url->port = "";
    end = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":");
    if (end && *end == ']') {
        *end++ = '\0';
        host++;
    }
    if (end && *end == ':') {
        *end = '\0';
        url->port = end + 1;
    }
    url->host = host;
    if (!end || !*host || !is_host(host) || !is_host(path))
        return complain(STATUS_USAGE,
                        _("\"%s\" names no host, or has something in it that this "
                          "command does not take"),
                        text);
    return STATUS_OK;
}

static enum exit_status go(const struct url *url, const struct arguments *arguments,
                           struct attempt_request *request)
{
    const bool verify = !arguments->values[INSECURE];
    const bool http = strcmp(url->scheme, "http") == 0 || strcmp(url->scheme, "https") == 0;

    request->host = url->host;
    if (!request->service)
        request->service = http ? "HTTP" : "ldap";
    if (http)
        return try_http(url, verify, request);
    if (strcmp(url->scheme, "ldap") == 0 || strcmp(url->scheme, "ldaps") == 0)
        return try_ldap(url, verify, request);
    return complain(STATUS_USAGE, _("there is no %s:// here, only http, https, ldap and ldaps"),
                    url->scheme);
}

static enum exit_status go_alone(const struct arguments *arguments,
                                 struct attempt_request *request)
{
    request->host = "localhost";
    if (!request->service)
        request->service = "HTTP";
    setenv("NTLM_ACCOUNT_FILE", arguments->values[ACCOUNT_FILE], 1);
    return try_alone(request);
}

static enum exit_status check_arguments(const struct arguments *arguments)
{
    if (!arguments->values[ACCOUNT_FILE] && arguments->count == 0)
        return usage_error("%s", _("name a URL, or an account file with --account-file"));
    if (arguments->values[ACCOUNT_FILE] && arguments->count > 0)
        return usage_error("%s", _("--account-file is for a login without a server: leave the "
                                   "URL out"));
    if (arguments->values[PASSWORD_FD] && !arguments->values[USER])
        return usage_error("%s", _("whose password is it? Name the user with --user"));
    return STATUS_OK;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct secret secret = {.len = 0};
    struct attempt_request request = {.ntlm = arguments->values[NTLM] != NULL,
                                      .service = arguments->values[SERVICE],
                                      .user = arguments->values[USER],
                                      .secret = &secret,
                                      .protect = arguments->values[PROTECT] != NULL,
                                      .brief = arguments->values[BRIEF] != NULL};
    const struct secret_request question = {.prompt = _("Password: "),
                                            .fd = arguments->values[PASSWORD_FD]};
    struct url url = {.memory = NULL};
    enum exit_status status = check_arguments(arguments);

    signal(SIGPIPE, SIG_IGN);
    story_begin(arguments->values[JSON] ? STORY_JSON : STORY_TEXT);
    if (!status && arguments->count > 0)
        status = parse_url(arguments->operands[0], &url);
    if (!status && request.user)
        status = secret_read(&question, &secret);
    if (!status)
        status = arguments->count > 0 ? go(&url, arguments, &request)
                                      : go_alone(arguments, &request);
    secret_clear(&secret);
    free(url.memory);
    return story_end(status);
}

const struct command command_try = {
    .name = "try",
    .operands = N_("[URL]"),
    .most = 1,
    .summary = N_("Log in to a server, and show each step of it"),
    .about =
        N_("The URL is http://, https://, ldap:// or ldaps://. Without --user the login is "
           "what any program's would be: your ticket, your gss-negotiate login, winbind's "
           "user, or NTLM_USER_FILE's account.\n"
           "With --account-file, server and client are both here: it tells whether a user "
           "gets in.\n"
           "The exit status is 0 if the login succeeded, and 1 if it was refused."),
    .options = options,
    .run = run,
};
