/* SPDX-License-Identifier: MIT */
/* lookup.c - see lookup.h. */

#include "config.h"

#include "userfile/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/text.h"

static void add(struct lookups *lookups, const char *user, const char *domain)
{
    lookups->all[lookups->count++] = (struct lookup){.name = {.user = user, .domain = domain}};
}

/* The user in each of these domains (NULL: none). */
static void add_domains(struct lookups *lookups, const char *user, const char *const *domains)
{
    for (; domains && *domains; domains++)
        add(lookups, user, *domains);
}

/* Splits "user@realm" into lookups->local and *realm, which lies in `asked`. */
static enum ntlm_error split_realm(const char *asked, struct lookups *lookups,
                                   const char **realm)
{
    const char *at = strrchr(asked, '@');

    if (!at || at == asked || !at[1])
        return NTLM_OK;
    *realm = at + 1;
    lookups->local = strndup(asked, (size_t)(at - asked));
    return lookups->local ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static bool has_domain(const char *const *domains, const char *domain)
{
    for (; domains && *domains; domains++)
        if (ntlm_text_same(*domains, domain))
            return true;
    return false;
}

static void add_all(struct lookups *lookups, const struct account_query *query,
                    const char *realm)
{
    const char *user = query->user, *domain = query->domain;

    add(lookups, user, domain);
    add_domains(lookups, user, query->same_domains);
    add(lookups, user, "");
    lookups->all[lookups->count - 1].any_domain = !*domain;
    if (lookups->local &&
        (!*domain || ntlm_text_same(domain, realm) || has_domain(query->same_domains, realm))) {
        add(lookups, lookups->local, realm);
        add_domains(lookups, lookups->local, query->same_realms);
    }
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;

    while (names && names[count])
        count++;
    return count;
}

enum ntlm_error lookups_make(const struct account_query *query, struct lookups *lookups)
{
    const size_t most = 3 + count_names(query->same_domains) + count_names(query->same_realms);
    const char *realm = NULL;
    enum ntlm_error error;

    lookups->all = lookups->few;
    lookups->count = 0;
    lookups->local = NULL;
    error = split_realm(query->user, lookups, &realm);
    if (!error && most > FEW_LOOKUPS)
        lookups->all = calloc(most, sizeof(*lookups->all));
    if (!lookups->all)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (!error)
        add_all(lookups, query, realm);
    return error;
}

void lookups_clear(struct lookups *lookups)
{
    if (lookups->all != lookups->few)
        free(lookups->all);
    free(lookups->local);
}
