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

enum { HAS_NT_HASH = 1, HAS_LM_HASH = 2, DISABLED = 4, LOCKED = 8, EMPTY_PASSWORD = 16 };

/* An account is stored as: flags (one byte), NT hash, LM hash if the index has
 * them, domain, NUL, user, NUL. Its number is the offset at which it begins. At 0
 * is one that no lookup finds, which stands in for unknown users. */
#define HASHES 1
#define NOBODY 0

/* A slot of a hash table with open addressing. */
struct slot {
    uint32_t hash;    /* of the names; compared first, it saves comparing most names */
    uint32_t account; /* NOBODY: the slot is free */
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

/* Where the first account of the index is. */
static size_t first_account(bool lm)
{
    return names_at(lm) + 2;
}

/* The slot of the account with this name, or the free slot where it would be. Names
 * are compared once at least, so that the time does not tell whether it is there. */
static struct slot *find_slot(const struct index *index, const struct table *table,
                              struct name name, uint32_t hash)
{
    bool any_domain = table == &index->by_user;
    size_t at = hash & table->mask;

    for (;; at = (at + 1) & table->mask) {
        const struct slot *slot = &table->slots[at];
        bool free = slot->account == NOBODY;

        if (free || slot->hash == hash) {
            const struct name names[] = {name_of(index, slot->account), name};

            if (is_same(names[free], name, any_domain))
                return &table->slots[at];
        }
    }
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
    return first_account(lm) + lines * names_at(lm) + bytes;
}

bool index_can_hold(size_t lines, size_t bytes, bool lm)
{
    size_t first = first_account(lm);

    return bytes <= UINT32_MAX - first && lines <= (UINT32_MAX - first - bytes) / names_at(lm);
}

enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index)
{
    struct index *made = calloc(1, sizeof(*made));
    enum ntlm_error error = NTLM_ERR_OUT_OF_MEMORY;

    *index = NULL;
    if (!made)
        return error;
    made->lm = lm;
    made->end = first_account(lm);
    made->accounts = malloc(size_for(lines, bytes, lm));
    if (made->accounts)
        memset(made->accounts, 0, made->end);
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
                     (account->disabled ? DISABLED : 0) | (account->locked ? LOCKED : 0) |
                     (account->empty_password ? EMPTY_PASSWORD : 0));
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
    size_t at = first_account(index->lm);

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

        error = hash_of(search->index, lookup->name, &lookup->hash);
        prefetch(lookup->table, lookup->hash);
    }
    for (size_t i = search->count; i-- > 0 && !error;) {
        const struct lookup *lookup = &search->lookups[i];
        uint32_t account =
            find_slot(search->index, lookup->table, lookup->name, lookup->hash)->account;

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

static enum ntlm_error search_for(const struct index *index, const struct account_query *query,
                                  uint32_t *found)
{
    struct search search = {.index = index};
    const char *realm = NULL;
    char *local = NULL;
    enum ntlm_error error = split_realm(query->user, &local, &realm);

    search.lookups =
        calloc(3 + count_names(query->same_domains) + count_names(query->same_realms),
               sizeof(*search.lookups));
    if (!search.lookups)
        error = NTLM_ERR_OUT_OF_MEMORY;
    if (!error) {
        add_all(&search, query, local, realm);
        error = find_first(&search, found);
    }
    free(search.lookups);
    free(local);
    return error;
}

enum ntlm_error index_only_account(const struct index *index, struct account *account)
{
    uint32_t first = (uint32_t)first_account(index->lm);

    *account = (struct account){0};
    return index->names == 1 ? copy_account(index, first, name_of(index, first), account)
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
                                     name_of(index, found)};

        error = copy_account(index, found, names[found != NOBODY], account);
    }
    return !error && found == NOBODY ? NTLM_ERR_NO_SUCH_LINE : error;
}
