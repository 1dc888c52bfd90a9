/* SPDX-License-Identifier: MIT */
/* host.c - see host.h. */

#include "config.h"

#include "support/host.h"

#include <string.h>

bool host_is_pattern(const char *text, size_t len)
{
    const char *asterisk = memchr(text, '*', len);
    size_t rest = asterisk ? len - (size_t)(asterisk + 1 - text) : 0;

    return !memchr(text, '/', len) && !(asterisk && memchr(asterisk + 1, '*', rest));
}

bool host_matches(const char *pattern, const char *host)
{
    const char *asterisk = strchr(pattern, '*');
    size_t len = strlen(host), before, after;

    if (!asterisk)
        return strcmp(pattern, host) == 0;
    before = (size_t)(asterisk - pattern);
    after = strlen(asterisk + 1);
    return len >= before + after && memcmp(pattern, host, before) == 0 &&
           memcmp(asterisk + 1, host + len - after, after) == 0;
}
