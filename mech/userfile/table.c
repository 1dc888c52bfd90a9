/* SPDX-License-Identifier: MIT */
/* table.c - see table.h. */

#include "config.h"

#include "userfile/table.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/crypto.h"
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

#define FOLDED 3 /* bytes a character */

/* Writes the text in upper case, so that names which differ in case alone have one
 * hash, and a terminator, so that different pairs of names differ here. */
static uint8_t *fold(const char *text, uint8_t *out)
{
    size_t len;

    for (; *text; text += len) {
        uint32_t c = ntlm_text_first_upper(text, &len);

        *out++ = (uint8_t)c;
        *out++ = (uint8_t)(c >> 8);
        *out++ = (uint8_t)(c >> 16);
    }
    memset(out, 0, FOLDED);
    return out + FOLDED;
}

/* Half of SipHash's eight bytes is enough for the tables. */
enum ntlm_error table_hash(const struct index *index, struct name name, uint32_t *hash)
{
    uint8_t *folded = malloc(FOLDED * (strlen(name.user) + 1 + strlen(name.domain) + 1));
    enum ntlm_error error = NTLM_ERR_OUT_OF_MEMORY;
    uint8_t whole[8] = {0};

    if (folded) {
        uint8_t *end = fold(name.domain, fold(name.user, folded));

        error = ntlm_siphash(index->key, ntlm_bytes(folded, (size_t)(end - folded)), whole);
    }
    free(folded);
    memcpy(hash, whole, sizeof(*hash));
    return error;
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
    table->slots = calloc(size, sizeof(*table->slots));
    return table->slots != NULL;
}
