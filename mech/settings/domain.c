/* SPDX-License-Identifier: MIT */
/* domain.c - see domain.h. */

#include "config.h"

#include "settings/domain.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/text.h"

/* The names of one domain that are known so far. */
struct names {
    const char *domain; /* as it was asked for */
    const char **others;
    size_t count;
};

static bool has_name(const struct names *names, const char *name)
{
    if (ntlm_text_same(names->domain, name))
        return true;
    for (size_t i = 0; i < names->count; i++)
        if (ntlm_text_same(names->others[i], name))
            return true;
    return false;
}

/* Returns whether the name is new. */
static bool add_name(struct names *names, const char *name)
{
    if (has_name(names, name))
        return false;
    names->others[names->count++] = name;
    return true;
}

/* If the one is a name of the domain, so is the other. */
static bool add_pair(struct names *names, const char *a, const char *b)
{
    return (has_name(names, a) && add_name(names, b)) ||
           (has_name(names, b) && add_name(names, a));
}

static bool add_local_names(struct names *names, const struct settings *settings)
{
    const char *own[] = {settings->netbios_computer, settings->dns_computer};
    bool added = has_name(names, "") && add_name(names, ".");

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        added = (own[i] && add_pair(names, ".", own[i])) || added;
    return added;
}

static bool add_aliases(struct names *names, char *const *aliases)
{
    bool added = false;

    for (; aliases && *aliases; aliases += 2)
        added = add_pair(names, aliases[0], aliases[1]) || added;
    return added;
}

static size_t count_aliases(char *const *aliases)
{
    size_t count = 0;

    while (aliases && aliases[count])
        count++;
    return count;
}

const char **domain_other_names(const struct settings *settings, const char *domain)
{
    struct names names = {.domain = domain};
    bool added = true;

    /* the aliases, three local names, the end */
    names.others = calloc(count_aliases(settings->domain_aliases) + 4, sizeof(char *));
    while (names.others && added) {
        added = add_local_names(&names, settings);
        added = add_aliases(&names, settings->domain_aliases) || added;
    }
    return names.others;
}

bool domain_names_of_login(const struct settings *settings, const char *user,
                           const char *domain, struct domain_names *names)
{
    const char *at = user ? strrchr(user, '@') : NULL;

    names->domains = domain_other_names(settings, domain);
    names->realms = domain_other_names(settings, at ? at + 1 : "");
    return names->domains && names->realms;
}

void domain_names_free(struct domain_names *names)
{
    free(names->domains);
    free(names->realms);
}

bool domain_same(const struct settings *settings, const char *a, const char *b)
{
    const char **others;
    bool same = ntlm_text_same(a, b);

    if (same)
        return true;
    others = domain_other_names(settings, *a ? a : ".");
    b = *b ? b : ".";
    same = others && ntlm_text_same(*a ? a : ".", b);
    for (const char **other = others; other && *other && !same; other++)
        same = ntlm_text_same(*other, b);
    free(others);
    return same;
}

bool domain_is_local(const struct settings *settings, const char *domain)
{
    return domain_same(settings, domain, ".");
}
