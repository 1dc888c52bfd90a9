/* SPDX-License-Identifier: MIT */
/* account_search.c - see account_search.h. */

#include "config.h"

#include "account_search.h"

#include <stdio.h>
#include <string.h>

#include "ntlm/text.h"
#include "target.h"

void take_lines(char *text, size_t len_of_text, struct lines *lines)
{
    char *at = text, *end = text + len_of_text;

    lines->count = 0;
    if (len_of_text >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end) {
        char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        size_t len = (size_t)(stop - at);

        if (len > 0 && at[len - 1] == '\r')
            len--;
        lines->all[lines->count] = line_parse(at, len);
        if (lines->all[lines->count].kind == LINE_PASSWORD ||
            lines->all[lines->count].kind == LINE_SMBPASSWD)
            lines->count++;
        at = stop + 1;
    }
}

/* Both are ASCII, and of different letters: most names are, and this is quicker than to
 * ask the same of Unicode. */
OWN_WORK static bool surely_differ(const char *a, const char *b)
{
    bool same = true;

    for (; *a && *b; a++, b++) {
        if ((*a | *b) & 0x80)
            return false;
        same = same && ((*a ^ *b) == 0 ||
                        ((*a ^ *b) == 0x20 && (*a | 0x20) >= 'a' && (*a | 0x20) <= 'z'));
        if (!same)
            break;
    }
    for (const char *at = a; *at; at++)
        if (*at & 0x80)
            return false;
    for (const char *at = b; *at; at++)
        if (*at & 0x80)
            return false;
    return !same || *a || *b;
}

static bool same_text(const char *a, const char *b)
{
    return !surely_differ(a, b) && ntlm_text_same(a, b);
}

/* domain NULL: any. */
OWN_WORK static const struct line *first_of(const struct lines *lines, const char *user,
                                            const char *domain)
{
    for (size_t i = 0; i < lines->count; i++)
        if (same_text(lines->all[i].user, user) &&
            (!domain || same_text(lines->all[i].domain, domain)))
            return &lines->all[i];
    return NULL;
}

const struct line *search_lines(const struct lines *lines, const char *user, const char *domain)
{
    const struct line *found = *domain ? first_of(lines, user, domain) : NULL;
    const char *at = strrchr(user, '@');
    char local[LINES_MOST];

    if (!found)
        found = first_of(lines, user, "");
    if (!found && !*domain)
        found = first_of(lines, user, NULL);
    if (found || !at || at == user || !at[1] || (*domain && !ntlm_text_same(domain, at + 1)))
        return found;
    snprintf(local, sizeof(local), "%.*s", (int)(at - user), user);
    return first_of(lines, local, at + 1);
}
