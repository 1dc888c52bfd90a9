/* SPDX-License-Identifier: MIT */
/* table.c - see table.h. */

#include "config.h"

#include "userfile/table.h"

#include <string.h>

#include "ntlm/keys.h"
#include "ntlm/text.h"

size_t table_names_at(bool lm)
{
    return HASHES + NTLM_HASH_SIZE + (lm ? NTLM_HASH_SIZE : 0);
}

struct name table_name_of(const struct index *index, uint32_t account)
{
    const char *domain = (const char *)index->accounts + account + table_names_at(index->lm);

    return (struct name){.user = domain + strlen(domain) + 1, .domain = domain};
}

size_t table_first_account(bool lm)
{
    return table_names_at(lm) + 2;
}

/* The text of a hash, as far as it waits to be taken in. */
struct folded {
    struct ntlm_hmac hmac;
    enum ntlm_error error;
    uint8_t bytes[3 * 64];
    size_t len;
};

static void take_in(struct folded *folded)
{
    if (!folded->error)
        folded->error = ntlm_hmac_update(&folded->hmac, folded->bytes, folded->len);
    folded->len = 0;
}

static void fold_character(struct folded *folded, uint32_t c)
{
    if (folded->len == sizeof(folded->bytes))
        take_in(folded);
    for (int i = 0; i < 3; i++)
        folded->bytes[folded->len++] = (uint8_t)(c >> (8 * i));
}

/* Adds the text in upper case, so that names which differ in case alone have one
 * hash, and a terminator, so that different pairs of names differ here. */
static void fold(struct folded *folded, const char *text)
{
    size_t len;

    for (; *text; text += len)
        fold_character(folded, ntlm_text_first_upper(text, &len));
    fold_character(folded, 0);
}

/* A quarter of HMAC-MD5's bytes is enough for the tables. */
enum ntlm_error table_hash(const struct index *index, struct name name, uint32_t *hash)
{
    struct folded folded = {.error = NTLM_OK};
    uint8_t whole[16] = {0};

    ntlm_hmac_begin(&folded.hmac, &index->key);
    fold(&folded, name.user);
    fold(&folded, name.domain);
    take_in(&folded);
    if (!folded.error)
        folded.error = ntlm_hmac_end(&folded.hmac, whole);
    memcpy(hash, whole, sizeof(*hash));
    return folded.error;
}

static bool is_same(struct name a, struct name b, bool any_domain)
{
    return ntlm_text_same(a.user, b.user) && (any_domain || ntlm_text_same(a.domain, b.domain));
}

void table_prefetch(const struct table *table, uint32_t hash)
{
    __builtin_prefetch(&table->slots[hash & table->mask]);
}

struct slot *table_find(const struct index *index, const struct table *table, struct name name,
                        uint32_t hash)
{
    bool any_domain = table == &index->by_user;
    size_t at = hash & table->mask;

    for (;; at = (at + 1) & table->mask) {
        const struct slot *slot = &table->slots[at];
        bool free = slot->account == NOBODY;

        if (free || slot->hash == hash) {
            const struct name names[] = {table_name_of(index, slot->account), name};

            if (is_same(names[free], name, any_domain))
                return &table->slots[at];
        }
    }
}

bool table_make(struct table *table, size_t count)
{
    size_t size = 4;

    while (size / 4 * 3 < count)
        size *= 2;
    table->mask = size - 1;
    if (!mapping_new(&table->memory, size * sizeof(*table->slots), true))
        return false;
    table->slots = table->memory.data;
    return true;
}
