/* SPDX-License-Identifier: MIT */
/* restrict.c - see restrict.h. What the settings say is settings/'s. */

#include "config.h"

#include "gss/restrict.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/text.h"
#include "support/failure.h"
#include "support/trace.h"

enum ntlm_error restrict_initiator(const struct settings *settings)
{
    if (settings->restrict_sending_ntlm != RESTRICTION_DENY ||
        settings->client_allowed_ntlm_servers[0])
        return NTLM_OK;
    return fail(NTLM_ERR_SENDING_RESTRICTED, "client_allowed_ntlm_servers names no server");
}

enum ntlm_error restrict_acceptor(const struct settings *settings)
{
    if (settings->restrict_receiving_ntlm != RESTRICTION_DENY)
        return NTLM_OK;
    return fail(NTLM_ERR_RECEIVING_RESTRICTED, NULL);
}

/* Upper-cased text against an upper-cased pattern. */
static bool matches(const char *pattern, const char *text)
{
    const char *asterisk = strchr(pattern, '*');
    size_t len = strlen(text), before, after;

    if (!asterisk)
        return strcmp(pattern, text) == 0;
    before = (size_t)(asterisk - pattern);
    after = strlen(asterisk + 1);
    return len >= before + after && memcmp(pattern, text, before) == 0 &&
           memcmp(asterisk + 1, text + len - after, after) == 0;
}

static bool is_ipv6(const char *host)
{
    const char *colon = strchr(host, ':');
    size_t len = strspn(host, "0123456789abcdefABCDEF:.");

    return colon && strchr(colon + 1, ':') && (!host[len] || host[len] == '%');
}

/* An address of IPv6 has colons of its own; in a URL it is in brackets. */
static void cut_port(char *host)
{
    char *bracket = *host == '[' ? strchr(host, ']') : NULL;

    if (bracket && (!bracket[1] || bracket[1] == ':')) {
        *bracket = '\0';
        memmove(host, host + 1, strlen(host));
    } else if (!is_ipv6(host)) {
        host[strcspn(host, ":")] = '\0';
    }
}

/* What has no @ between them may all the same be a service and its host, as an
 * SPN has them; else it is a host, as in SSPI. */
static const char *behind_service(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash ? slash + 1 : text;
}

/* Where the host begins; "" when the target names none. What has no domain is a
 * user only because it was imported as one, as SSPI's targets are; an account with
 * its domain may run on any host. */
static const char *find_host(const struct name *target)
{
    switch (target->kind) {
    case NAME_USER:
        if (*target->domain || strchr(target->user, '@'))
            break;
        return behind_service(target->user);
    case NAME_SERVICE:
        if (*target->host && *target->service)
            return target->host;
        return behind_service(*target->host ? target->host : target->service);
    case NAME_ANONYMOUS:
        break;
    }
    return "";
}

/* The host of a target as the program named it, without a port and what else
 * an SPN has; "" when it names none. Heap; NULL when memory ends. */
static char *host_of(const struct name *target)
{
    const char *text = target ? find_host(target) : "";
    char *host = strndup(text, strcspn(text, "/"));

    if (host)
        cut_port(host);
    return host;
}

static enum ntlm_error look_up(const struct settings *settings, const char *host, bool *allowed)
{
    char *upper;
    enum ntlm_error error = ntlm_text_upper(host, &upper);

    if (error)
        return error;
    *allowed = false;
    for (char **pattern = settings->client_allowed_ntlm_servers; *pattern && !*allowed;
         pattern++)
        *allowed = matches(*pattern, upper);
    free(upper);
    return NTLM_OK;
}

static enum ntlm_error judge(const struct settings *settings, const char *host)
{
    bool allowed;
    enum ntlm_error error = look_up(settings, host, &allowed);

    if (error || allowed)
        return error;
    if (settings->restrict_sending_ntlm == RESTRICTION_AUDIT) {
        trace("restrict_sending_ntlm = audit: deny would not let NTLM go to %s",
              *host ? host : "a server without a name");
        return NTLM_OK;
    }
    if (!*host)
        return fail(NTLM_ERR_SENDING_RESTRICTED, "the program names no server");
    return fail(NTLM_ERR_SENDING_RESTRICTED, "client_allowed_ntlm_servers does not name %s",
                host);
}

enum ntlm_error restrict_target(const struct settings *settings, const struct name *target)
{
    enum ntlm_error error;
    char *host;

    if (settings->restrict_sending_ntlm == RESTRICTION_ALLOW)
        return NTLM_OK;
    host = host_of(target);
    if (!host)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = judge(settings, host);
    free(host);
    return error;
}

void restrict_audit(const struct settings *settings, const struct ntlm_logon *logon)
{
    if (settings->restrict_receiving_ntlm == RESTRICTION_AUDIT)
        trace("restrict_receiving_ntlm = audit: deny would not let %s\\%s at %s come in",
              logon->domain, logon->user, logon->workstation);
}
