/* SPDX-License-Identifier: MIT */
/* target.c - see target.h. */

#include "config.h"

#include "gss/target.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_ipv6(const char *host)
{
    const char *colon = strchr(host, ':');
    size_t len = strspn(host, "0123456789abcdefABCDEF:.");

    return colon && strchr(colon + 1, ':') && (!host[len] || host[len] == '%');
}

/* An IPv6 address has colons of its own; in a URL it is in brackets. */
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

/* Text without an @ may be a service and its host, as in an SPN; else it is a host,
 * as in SSPI. */
static const char *behind_service(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash ? slash + 1 : text;
}

/* Where the host begins; "" when the target names none. A user without a domain is a
 * target of SSPI's, which was imported as a user; an account of a domain may run on
 * any host. */
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

char *target_host(const struct name *target)
{
    const char *text = target ? find_host(target) : "";
    char *host = strndup(text, strcspn(text, "/"));

    if (host)
        cut_port(host);
    return host;
}
