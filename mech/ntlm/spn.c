/* SPDX-License-Identifier: MIT */
/* spn.c - see spn.h. */

#include "config.h"

#include "spn.h"

#include <stdbool.h>
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

char *ntlm_spn_host(const char *behind_service)
{
    char *host = strndup(behind_service, strcspn(behind_service, "/"));

    if (host)
        cut_port(host);
    return host;
}
