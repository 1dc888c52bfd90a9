/* SPDX-License-Identifier: MIT */
/* search.c - finds an account in an index, under all the names that a query may mean,
 * and in the same time whether it is there or not. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/keys.h"
#include "ntlm/text.h"
#include "userfile/index.h"
#include "userfile/table.h"

/* The account of this number, with these names. */
static enum ntlm_error copy_account(const struct index *index, uint32_t number,
                                    struct name name, struct account *account)
{
    const uint8_t *at = index->accounts + number;

    account->user = strdup(name.user);
    account->domain = strdup(name.domain);
    if (!account->user || !account->domain) {
        account_clear(account);
        return NTLM_ERR_OUT_OF_MEMORY;
    }
    memcpy(account->nt_hash, at + HASHES, NTLM_HASH_SIZE);
    if (index->lm)
        memcpy(account->lm_hash, at + HASHES + NTLM_HASH_SIZE, NTLM_HASH_SIZE);
    account->has_nt_hash = *at & HAS_NT_HASH;
    account->has_lm_hash = *at & HAS_LM_HASH;
    account->disabled = *at & DISABLED;
    account->locked = *at & LOCKED;
    account->empty_password = *at & EMPTY_PASSWORD;
    return NTLM_OK;
}

/* One of the names under which an account is looked up. */
struct lookup {
    const struct table *table;
    struct name name;
    uint32_t hash;
};

/* All names of one search, the best first. */
struct search {
    const struct index *index;
    struct lookup *lookups;
    size_t count;
};

static void add_lookup(struct search *search, const struct table *table, const char *user,
                       const char *domain)
{
    search->lookups[search->count++] =
        (struct lookup){.table = table, .name = {.user = user, .domain = domain}};
}

/* The user in each of these domains (NULL: none). */
static void add_domains(struct search *search, const char *user, const char *const *domains)
{
    for (; domains && *domains; domains++)
        add_lookup(search, &search->index->by_name, user, *domains);
}

/* The account that the first successful lookup finds. All lookups are made, whatever
 * the ones before have found, so that the time is the same. */
static enum ntlm_error find_first(struct search *search, uint32_t *found)
{
    enum ntlm_error error = NTLM_OK;

    *found = NOBODY;
    for (size_t i = 0; i < search->count && !error; i++) {
        struct lookup *lookup = &search->lookups[i];

        error = table_hash(search->index, lookup->name, &lookup->hash);
        table_prefetch(lookup->table, lookup->hash);
    }
    for (size_t i = search->count; i-- > 0 && !error;) {
        const struct lookup *lookup = &search->lookups[i];
        uint32_t account =
            table_find(search->index, lookup->table, lookup->name, lookup->hash)->account;

        *found = account != NOBODY ? account : *found;
    }
    return error;
}

/* Splits "user@realm" into *local, heap memory, and *realm, which lies in `asked`.
 * *local is NULL if `asked` is not of that form. */
static enum ntlm_error split_realm(const char *asked, char **local, const char **realm)
{
    const char *at = strrchr(asked, '@');

    *local = NULL;
    if (!at || at == asked || !at[1])
        return NTLM_OK;
    *realm = at + 1;
    *local = strndup(asked, (size_t)(at - asked));
    return *local ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static bool has_domain(const char *const *domains, const char *domain)
{
    for (; domains && *domains; domains++)
        if (ntlm_text_same(*domains, domain))
            return true;
    return false;
}

/* The order that userfile.h promises. */
static void add_all(struct search *search, const struct account_query *query, const char *local,
                    const char *realm)
{
    const struct table *by_name = &search->index->by_name;
    const char *user = query->user, *domain = query->domain;

    add_lookup(search, by_name, user, domain);
    add_domains(search, user, query->same_domains);
    add_lookup(search, *domain ? by_name : &search->index->by_user, user, "");
    if (local &&
        (!*domain || ntlm_text_same(domain, realm) || has_domain(query->same_domains, realm))) {
        add_lookup(search, by_name, local, realm);
        add_domains(search, local, query->same_realms);
    }
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;

    while (names && names[count])
        count++;
    return count;
}

/* So many names need no memory. */
#define FEW_LOOKUPS 16

static enum ntlm_error search_for(const struct index *index, const struct account_query *query,
                                  uint32_t *found)
{
    struct lookup few[FEW_LOOKUPS];
    size_t most = 3 + count_names(query->same_domains) + count_names(query->same_realms);
    struct search search = {.index = index, .lookups = few};
    const char *realm = NULL;
    char *local = NULL;
    enum ntlm_error error = split_realm(query->user, &local, &realm);

    if (most > FEW_LOOKUPS)
        search.lookups = calloc(most, sizeof(*search.lookups));
    if (!search.lookups)
        error = NTLM_ERR_OUT_OF_MEMORY;
    if (!error) {
        add_all(&search, query, local, realm);
        error = find_first(&search, found);
    }
    if (search.lookups != few)
        free(search.lookups);
    free(local);
    return error;
}

enum ntlm_error index_only_account(const struct index *index, struct account *account)
{
    uint32_t first = (uint32_t)table_first_account(index->lm);

    *account = (struct account){0};
    return index->names == 1 ? copy_account(index, first, table_name_of(index, first), account)
                             : NTLM_ERR_NO_SUCH_LINE;
}

enum ntlm_error index_find(const struct index *index, const struct account_query *query,
                           struct account *account)
{
    uint32_t found;
    enum ntlm_error error = search_for(index, query, &found);

    *account = (struct account){0};
    if (!error) {
        const struct name names[] = {{.user = query->user, .domain = query->domain},
                                     table_name_of(index, found)};

        error = copy_account(index, found, names[found != NOBODY], account);
    }
    return !error && found == NOBODY ? NTLM_ERR_NO_SUCH_LINE : error;
}
