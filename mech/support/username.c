/* SPDX-License-Identifier: MIT */
/* username.c - see username.h. */

#include "config.h"

#include "support/username.h"

#include <stdlib.h>
#include <string.h>

#include "support/failure.h"

/* Whether what follows the last @ is a domain. */
static bool is_domain(const char *suffix, enum username_split split)
{
    switch (split) {
    case USERNAME_SPLIT_ALWAYS:
        return true;
    case USERNAME_SPLIT_NEVER:
        return false;
    case USERNAME_SPLIT_NETBIOS:
        break;
    }
    return !strchr(suffix, '.');
}

/* Ends the text at the last @ when it is followed by a domain. */
static const char *cut_domain(char *text, enum username_split split)
{
    char *at = strrchr(text, '@');

    if (!at || !is_domain(at + 1, split))
        return "";
    *at = '\0';
    return at + 1;
}

bool username_is_plain(const char *text)
{
    return !strchr(text, '@') || strchr(text, '\\');
}

enum ntlm_error username_parse(const char *text, enum username_split split,
                               struct username *name)
{
    char *copy = strdup(text), *backslash;

    *name = (struct username){.memory = copy, .user = copy, .domain = ""};
    if (!copy)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    backslash = strchr(copy, '\\');
    if (backslash && backslash[1] == '@' && backslash != copy) {
        memmove(backslash, backslash + 1, strlen(backslash));
        if (strchr(backslash + 1, '@'))
            name->domain = cut_domain(copy, USERNAME_SPLIT_ALWAYS);
    } else if (backslash) {
        *backslash = '\0';
        name->domain = copy;
        name->user = backslash + 1;
    } else {
        name->domain = cut_domain(copy, split);
    }
    if (*name->user && *name->user != '@')
        return NTLM_OK;
    free(copy);
    *name = (struct username){0};
    return fail(NTLM_ERR_BAD_NAME, "\"%s\" names no user", text);
}
