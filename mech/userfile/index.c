/* SPDX-License-Identifier: MIT */
/* index.c - two hash tables of accounts: one by user and domain, and one by user
 * alone, for lookups without a domain. Of several lines with the same names the
 * first counts; the others are in no table.
 *
 * An account takes 17 bytes (33 with its LM hash), its names, and 8 bytes in
 * each table, which is at most three quarters full. In a large file most of a
 * lookup's time goes into two waits for main memory: one for the slots of all
 * the names that are looked up, one for the account. */

#include "config.h"

#include "userfile/index.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/crypto.h"
#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "support/system.h"

#define BATCH 64

enum { HAS_NT_HASH = 1, HAS_LM_HASH = 2, DISABLED = 4, LOCKED = 8 };

/* An account is stored as: flags (one byte), NT hash, LM hash if the index has
 * them, domain, NUL, user, NUL. Its number is the offset at which it begins; no
 * account begins at 0. */
#define HASHES 1
#define FIRST 1

/* A slot of a hash table with open addressing. */
struct slot {
    uint32_t hash;    /* of the names; compared first, it saves comparing most names */
    uint32_t account; /* 0: the slot is free */
};

struct table {
    struct slot *slots;
    size_t mask; /* a power of two less one */
};

struct index {
    uint8_t key[16]; /* of its hash function; random, so that nobody can choose names that
                        collide */
    uint8_t *accounts;
    size_t end; /* of the last one */
    bool lm;
    size_t count, with_domain;
    size_t names; /* accounts with different names: those that can be found */
    struct table by_name, by_user;
};

struct name {
    const char *user, *domain;
};

/* Where an account's names begin. */
static size_t names_at(bool lm)
{
    return HASHES + NTLM_HASH_SIZE + (lm ? NTLM_HASH_SIZE : 0);
}

static struct name name_of(const struct index *index, uint32_t account)
{
    const char *domain = (const char *)index->accounts + account + names_at(index->lm);

    return (struct name){.user = domain + strlen(domain) + 1, .domain = domain};
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

/* Half of SipHash's eight bytes is enough for the tables. The table by user alone
 * takes the hash of the user with an empty domain. */
static enum ntlm_error hash_of(const struct index *index, struct name name, uint32_t *hash)
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

static void prefetch(const struct table *table, uint32_t hash)
{
    __builtin_prefetch(&table->slots[hash & table->mask]);
}

/* The slot of the account with this name, or the free slot where it would be. */
static struct slot *find_slot(const struct index *index, const struct table *table,
                              struct name name, uint32_t hash)
{
    bool any_domain = table == &index->by_user;
    size_t at = hash & table->mask;

    while (table->slots[at].account &&
           (table->slots[at].hash != hash ||
            !is_same(name_of(index, table->slots[at].account), name, any_domain)))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static bool make_table(struct table *table, size_t count)
{
    size_t size = 4;

    while (size / 4 * 3 < count)
        size *= 2;
    table->mask = size - 1;
    table->slots = calloc(size, sizeof(*table->slots));
    return table->slots != NULL;
}

/* An account that is about to be put into the tables. */
struct pending {
    uint32_t account, by_name, by_user; /* hashes */
    bool has_domain;
};

static enum ntlm_error hash_names(const struct index *index, uint32_t account,
                                  struct pending *pending)
{
    struct name name = name_of(index, account);
    enum ntlm_error error = hash_of(index, name, &pending->by_name);

    pending->account = account;
    pending->has_domain = *name.domain != '\0';
    prefetch(&index->by_name, pending->by_name);
    if (error || !pending->has_domain)
        return error;
    name.domain = "";
    error = hash_of(index, name, &pending->by_user);
    prefetch(&index->by_user, pending->by_user);
    return error;
}

/* Of several accounts with one name the first stays. Returns whether it is this. */
static bool put(const struct index *index, struct table *table, uint32_t account, uint32_t hash)
{
    struct slot *slot = find_slot(index, table, name_of(index, account), hash);

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
        struct name name = name_of(index, (uint32_t)*at);

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
    return FIRST + lines * names_at(lm) + bytes;
}

bool index_can_hold(size_t lines, size_t bytes, bool lm)
{
    return bytes <= UINT32_MAX - FIRST && lines <= (UINT32_MAX - FIRST - bytes) / names_at(lm);
}

enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index)
{
    struct index *made = calloc(1, sizeof(*made));
    enum ntlm_error error = NTLM_ERR_OUT_OF_MEMORY;

    *index = NULL;
    if (!made)
        return error;
    made->lm = lm;
    made->end = FIRST;
    made->accounts = malloc(size_for(lines, bytes, lm));
    if (made->accounts)
        error = system_random(made->key, sizeof(made->key));
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
    if (index->accounts)
        ntlm_cleanse(index->accounts, index->end);
    free(index->accounts);
    free(index->by_name.slots);
    free(index->by_user.slots);
    free(index);
}

static void append(struct index *index, const void *data, size_t len)
{
    memcpy(index->accounts + index->end, data, len);
    index->end += len;
}

static uint8_t flags_of(const struct account *account)
{
    return (uint8_t)((account->has_nt_hash ? HAS_NT_HASH : 0) |
                     (account->has_lm_hash ? HAS_LM_HASH : 0) |
                     (account->disabled ? DISABLED : 0) | (account->locked ? LOCKED : 0));
}

enum ntlm_error index_add(struct index *index, const struct line *line)
{
    struct account account;
    enum ntlm_error error = line_account(line, index->lm, &account);
    uint8_t flags = flags_of(&account);

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
    uint8_t *fitting = realloc(index->accounts, index->end);
    enum ntlm_error error = NTLM_OK;
    size_t at = FIRST;

    if (!fitting)
        return NTLM_ERR_OUT_OF_MEMORY;
    index->accounts = fitting;
    if (!make_table(&index->by_name, index->count) ||
        !make_table(&index->by_user, index->with_domain))
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

static enum ntlm_error copy_account(const struct index *index, uint32_t number,
                                    struct account *account)
{
    const uint8_t *at = index->accounts + number;
    struct name name = name_of(index, number);

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
    return NTLM_OK;
}

/* One of the names under which an account is looked up. */
struct lookup {
    const struct table *table;
    struct name name;
    uint32_t hash;
};

/* The account that the first successful lookup finds; 0: none. All lookups are
 * made, whatever the ones before have found, so that the time is the same. */
static enum ntlm_error find_first(const struct index *index, struct lookup *lookups,
                                  size_t count, uint32_t *found)
{
    enum ntlm_error error = NTLM_OK;

    *found = 0;
    for (size_t i = 0; i < count && !error; i++) {
        error = hash_of(index, lookups[i].name, &lookups[i].hash);
        prefetch(lookups[i].table, lookups[i].hash);
    }
    while (count-- > 0 && !error) {
        const struct lookup *lookup = &lookups[count];
        uint32_t account = find_slot(index, lookup->table, lookup->name, lookup->hash)->account;

        *found = account ? account : *found;
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

static enum ntlm_error find_in_any_domain(const struct index *index, const char *user,
                                          uint32_t *found)
{
    const char *realm = NULL;
    char *local;
    enum ntlm_error error = split_realm(user, &local, &realm);
    struct lookup lookups[] = {
        {.table = &index->by_name, .name = {.user = user, .domain = ""}},
        {.table = &index->by_user, .name = {.user = user, .domain = ""}},
        {.table = &index->by_name, .name = {.user = local, .domain = realm}}};

    if (!error)
        error = find_first(index, lookups, local ? 3 : 2, found);
    free(local);
    return error;
}

static enum ntlm_error find_in_domain(const struct index *index, const char *user,
                                      const char *domain, uint32_t *found)
{
    struct lookup lookups[] = {
        {.table = &index->by_name, .name = {.user = user, .domain = domain}},
        {.table = &index->by_name, .name = {.user = user, .domain = ""}}};

    return find_first(index, lookups, 2, found);
}

enum ntlm_error index_only_account(const struct index *index, struct account *account)
{
    *account = (struct account){0};
    return index->names == 1 ? copy_account(index, FIRST, account) : NTLM_ERR_NO_SUCH_LINE;
}

enum ntlm_error index_find(const struct index *index, const char *user, const char *domain,
                           struct account *account)
{
    uint32_t found;
    enum ntlm_error error = *domain ? find_in_domain(index, user, domain, &found)
                                    : find_in_any_domain(index, user, &found);

    *account = (struct account){0};
    if (error)
        return error;
    return found ? copy_account(index, found, account) : NTLM_ERR_NO_SUCH_LINE;
}
