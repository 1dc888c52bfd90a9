/* SPDX-License-Identifier: MIT */
/* target.c - see target.h. */

#include "config.h"

#include "gss/target.h"

#include <string.h>

#include "ntlm/spn.h"

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
    return ntlm_spn_host(target ? find_host(target) : "");
}
