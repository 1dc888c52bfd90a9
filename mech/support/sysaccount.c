/* SPDX-License-Identifier: MIT */
/* sysaccount.c - see sysaccount.h. */

#include "config.h"

#include "support/sysaccount.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN_DEFS "/etc/login.defs"
#define FIRST_USER 1000
#define FIRST_DYNAMIC 61184
#define LAST_DYNAMIC 65519
#define NOBODY 65534
#define LAST_16_BIT 65535

/* The number that a line gives to this name; 0: it does not. */
static unsigned long value_of(const char *line, const char *name)
{
    size_t len = strlen(name);
    unsigned long value;
    char *end;

    line += strspn(line, " \t");
    if (strncmp(line, name, len) != 0 || !strchr(" \t", line[len]) || !line[len])
        return 0;
    line += len + strspn(line + len, " \t\"");
    value = strtoul(line, &end, 0);
    return end != line && value <= INT_MAX ? value : 0;
}

uid_t sysaccount_first_user(const char *login_defs)
{
    unsigned long first = 0, last_system = 0;
    FILE *file = fopen(login_defs, "re");
    char line[512];

    if (!file && errno != ENOENT)
        return (uid_t)-1;
    while (file && fgets(line, sizeof(line), file)) {
        unsigned long uid_min = value_of(line, "UID_MIN");
        unsigned long sys_uid_max = value_of(line, "SYS_UID_MAX");
        if (uid_min)
            first = uid_min;
        if (sys_uid_max)
            last_system = sys_uid_max;
    }
    if (file && ferror(file))
        first = (uid_t)-1;
    if (file)
        fclose(file);
    if (!first)
        first = last_system ? last_system + 1 : FIRST_USER;
    return (uid_t)first;
}

bool sysaccount_is(uid_t uid)
{
    return uid < sysaccount_first_user(LOGIN_DEFS) || uid == NOBODY || uid == LAST_16_BIT ||
           (uid >= FIRST_DYNAMIC && uid <= LAST_DYNAMIC);
}
