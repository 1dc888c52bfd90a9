/* SPDX-License-Identifier: MIT */
/* search.c - finds an account in an index, under all the names that a query may mean,
 * and in the same time whether it is there or not. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/keys.h"
#include "userfile/index.h"
#include "userfile/lookup.h"
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
    account_set_flags(account, *at);
    return NTLM_OK;
}

static const struct table *table_for(const struct index *index, const struct lookup *lookup)
{
    return lookup->any_domain ? &index->by_user : &index->by_name;
}

/* The account that the first successful lookup finds. All lookups are made, whatever
 * the ones before have found, so that the time is the same. */
static enum ntlm_error find_first(const struct index *index, struct lookups *lookups,
                                  uint32_t *found)
{
    enum ntlm_error error = NTLM_OK;

    *found = NOBODY;
    for (size_t i = 0; i < lookups->count && !error; i++) {
        struct lookup *lookup = &lookups->all[i];

        error = table_hash(index, lookup->name, &lookup->hash);
        table_prefetch(table_for(index, lookup), lookup->hash);
    }
    for (size_t i = lookups->count; i-- > 0 && !error;) {
        const struct lookup *lookup = &lookups->all[i];
        uint32_t account =
            table_find(index, table_for(index, lookup), lookup->name, lookup->hash)->account;

        *found = account != NOBODY ? account : *found;
    }
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
    struct lookups lookups;
    uint32_t found = NOBODY;
    enum ntlm_error error = lookups_make(query, &lookups);

    if (!error)
        error = find_first(index, &lookups, &found);
    lookups_clear(&lookups);
    *account = (struct account){0};
    if (!error) {
        const struct name names[] = {{.user = query->user, .domain = query->domain},
                                     table_name_of(index, found)};

        error = copy_account(index, found, names[found != NOBODY], account);
    }
    return !error && found == NOBODY ? NTLM_ERR_NO_SUCH_LINE : error;
}
