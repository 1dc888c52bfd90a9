/* SPDX-License-Identifier: MIT */
/* index.c - fills an index: two hash tables of accounts, one by user and domain, and one by
 * user alone, for lookups without a domain. Of several lines with the same names the first
 * counts; the others are in no table.
 *
 * An account takes 17 bytes (33 with its LM hash), its names, and 8 bytes in
 * each table, which is at most three quarters full. In a large file most of a
 * lookup's time goes into two waits for main memory: one for the slots of all
 * the names that are looked up, one for the account. */

#include "config.h"

#include "userfile/index.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/keys.h"
#include "support/system.h"
#include "userfile/table.h"

#define BATCH 64

/* An account that is about to be put into the tables. */
struct pending {
    uint32_t account, by_name, by_user; /* hashes */
    bool has_domain;
};

static enum ntlm_error hash_names(const struct index *index, uint32_t account,
                                  struct pending *pending)
{
    struct name name = table_name_of(index, account);
    enum ntlm_error error = table_hash(index, name, &pending->by_name);

    pending->account = account;
    pending->has_domain = *name.domain != '\0';
    table_prefetch(&index->by_name, pending->by_name);
    if (error || !pending->has_domain)
        return error;
    name.domain = "";
    error = table_hash(index, name, &pending->by_user);
    table_prefetch(&index->by_user, pending->by_user);
    return error;
}

/* Of several accounts with one name the first stays. Returns whether it is this. */
static bool put(const struct index *index, struct table *table, uint32_t account, uint32_t hash)
{
    struct slot *slot = table_find(index, table, table_name_of(index, account), hash);

    if (slot->account)
        return false;
    *slot = (struct slot){.hash = hash, .account = account};
    return true;
}

/* Puts one batch of accounts, from *at on, into the tables. */
static enum ntlm_error put_batch(struct index *index, size_t *at)
{
    struct pending pending[BATCH];
    enum ntlm_error error = NTLM_OK;
    size_t count = 0;

    while (count < BATCH && *at < index->end && !error) {
        struct name name = table_name_of(index, (uint32_t)*at);

        error = hash_names(index, (uint32_t)*at, &pending[count++]);
        *at = (size_t)((const uint8_t *)name.user + strlen(name.user) + 1 - index->accounts);
    }
    for (size_t i = 0; i < count && !error; i++) {
        index->names += put(index, &index->by_name, pending[i].account, pending[i].by_name);
        if (pending[i].has_domain)
            put(index, &index->by_user, pending[i].account, pending[i].by_user);
    }
    return error;
}

static size_t size_for(size_t lines, size_t bytes, bool lm)
{
    return table_first_account(lm) + lines * table_names_at(lm) + bytes;
}

bool index_can_hold(size_t lines, size_t bytes, bool lm)
{
    size_t first = table_first_account(lm);

    return bytes <= UINT32_MAX - first &&
           lines <= (UINT32_MAX - first - bytes) / table_names_at(lm);
}

enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index)
{
    struct index *made = calloc(1, sizeof(*made));
    enum ntlm_error error = NTLM_ERR_OUT_OF_MEMORY;
    uint8_t key[16];

    *index = NULL;
    if (!made)
        return error;
    made->lm = lm;
    made->end = table_first_account(lm);
    if (mapping_new(&made->memory, size_for(lines, bytes, lm), true))
        error = system_random(key, sizeof(key));
    made->accounts = made->memory.data;
    if (!error)
        error = ntlm_hmac_set_key(&made->key, key);
    if (error)
        index_free(made);
    else
        *index = made;
    return error;
}

void index_free(struct index *index)
{
    if (!index)
        return;
    mapping_free(&index->memory, index->accounts ? index->end : 0);
    mapping_free(&index->by_name.memory, 0);
    mapping_free(&index->by_user.memory, 0);
    free(index);
}

static void append(struct index *index, const void *data, size_t len)
{
    memcpy(index->accounts + index->end, data, len);
    index->end += len;
}

enum ntlm_error index_add(struct index *index, const struct line *line)
{
    struct account account;
    enum ntlm_error error = line_account(line, index->lm, &account);
    uint8_t flags = account_flags(&account);

    if (!error) {
        append(index, &flags, sizeof(flags));
        append(index, account.nt_hash, NTLM_HASH_SIZE);
        append(index, account.lm_hash, index->lm ? NTLM_HASH_SIZE : 0);
        append(index, line->domain, strlen(line->domain) + 1);
        append(index, line->user, strlen(line->user) + 1);
        index->with_domain += *line->domain != '\0';
        index->count++;
    }
    account_clear(&account);
    return error;
}

/* In batches: a large table is in no cache of the processor, and waiting for its
 * slots one by one would take most of the time. */
enum ntlm_error index_finish(struct index *index)
{
    enum ntlm_error error = NTLM_OK;
    size_t at = table_first_account(index->lm);

    if (!mapping_shrink(&index->memory, index->end))
        return NTLM_ERR_OUT_OF_MEMORY;
    index->accounts = index->memory.data;
    if (!table_make(&index->by_name, index->count) ||
        !table_make(&index->by_user, index->with_domain))
        return NTLM_ERR_OUT_OF_MEMORY;
    while (at < index->end && !error)
        error = put_batch(index, &at);
    return error;
}

size_t index_count(const struct index *index)
{
    return index->names;
}

bool index_has_lm(const struct index *index)
{
    return index->lm;
}
