/* index.c - a table of accounts by user and domain, and one by user alone for
 * who asks without a domain. Of lines with the same name the first one counts,
 * as it did when the file was searched from its start: the others are in no
 * table.
 *
 * An account takes 24 bytes (40 with its LM hash), its names, and 8 bytes in
 * each table, which is at most three quarters full. */

#include "accounts/index.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/crypto.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"

#define AT_ONCE 64
#define FITS 4 /* in how many ways a name can fit */

enum { HAS_NT_HASH = 1, HAS_LM_HASH = 2, DISABLED = 4, LOCKED = 8 };

struct entry {
    uint8_t nt_hash[NTLM_HASH_SIZE];
    uint32_t names; /* where its names begin: domain, NUL, user, NUL */
    uint32_t flags;
};

/* A place of a hash table with open addressing. */
struct place {
    uint32_t hash;   /* the entry's own place, and spares most comparisons of names */
    uint32_t number; /* the entry's, from 1; 0: nobody is here */
};

struct table {
    struct place *places;
    size_t mask; /* a power of two less one */
};

struct index {
    uint8_t key[16]; /* its own, random: see ntlm_siphash */
    struct entry *entries;
    uint8_t (*lm_hashes)[NTLM_HASH_SIZE]; /* NULL: they are not kept */
    char *names;
    size_t room, count; /* entries */
    size_t names_len;
    size_t with_domain; /* entries that have one */
    struct table by_name, by_user;
};

struct name {
    const char *user, *domain;
};

static struct name name_of(const struct index *index, uint32_t number)
{
    const char *domain = index->names + index->entries[number - 1].names;

    return (struct name){.user = domain + strlen(domain) + 1, .domain = domain};
}

#define FOLDED 3 /* bytes a character */

/* The text without case, so that names that are the same have one hash; and its
 * end, which is no character, so that no two pairs of names are one text. */
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

/* Half of SipHash's is enough for the tables. Who is looked for by user alone
 * has the hash of the user without a domain. */
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

/* The place of who has this name, or the free one where he would be. */
static struct place *find_place(const struct index *index, const struct table *table,
                                struct name name, uint32_t hash)
{
    bool any_domain = table == &index->by_user;
    size_t at = hash & table->mask;

    while (table->places[at].number &&
           (table->places[at].hash != hash ||
            !is_same(name_of(index, table->places[at].number), name, any_domain)))
        at = (at + 1) & table->mask;
    return &table->places[at];
}

static bool make_table(struct table *table, size_t count)
{
    size_t size = 4;

    while (size / 4 * 3 < count)
        size *= 2;
    table->mask = size - 1;
    table->places = calloc(size, sizeof(*table->places));
    return table->places != NULL;
}

/* The first of a name stays. */
static void put(const struct index *index, struct table *table, uint32_t number, uint32_t hash)
{
    struct place *place = find_place(index, table, name_of(index, number), hash);

    if (!place->number)
        *place = (struct place){.hash = hash, .number = number};
}

static void fetch_ahead(const struct table *table, uint32_t hash)
{
    __builtin_prefetch(&table->places[hash & table->mask], 1);
}

struct hashes {
    uint32_t by_name, by_user;
};

static enum ntlm_error hash_entry(const struct index *index, uint32_t number,
                                  struct hashes *hashes)
{
    struct name name = name_of(index, number);
    enum ntlm_error error = hash_of(index, name, &hashes->by_name);

    if (error || !*name.domain)
        return error;
    name.domain = "";
    return hash_of(index, name, &hashes->by_user);
}

/* Puts some entries into the tables. A large table is in no cache, and waiting
 * for its places one by one takes most of the time: so they are all sent for,
 * and then used. */
static enum ntlm_error put_some(struct index *index, uint32_t first, uint32_t count)
{
    struct hashes hashes[AT_ONCE] = {0};
    enum ntlm_error error = NTLM_OK;

    for (uint32_t i = 0; i < count && !error; i++) {
        error = hash_entry(index, first + i, &hashes[i]);
        fetch_ahead(&index->by_name, hashes[i].by_name);
        fetch_ahead(&index->by_user, hashes[i].by_user);
    }
    for (uint32_t i = 0; i < count && !error; i++) {
        put(index, &index->by_name, first + i, hashes[i].by_name);
        if (*name_of(index, first + i).domain)
            put(index, &index->by_user, first + i, hashes[i].by_user);
    }
    return error;
}

static enum ntlm_error put_all(struct index *index)
{
    enum ntlm_error error = NTLM_OK;

    for (size_t done = 0; done < index->count && !error; done += AT_ONCE) {
        size_t left = index->count - done;

        error = put_some(index, (uint32_t)done + 1, left < AT_ONCE ? (uint32_t)left : AT_ONCE);
    }
    return error;
}

static enum ntlm_error allocate(struct index *index, size_t bytes, bool lm)
{
    index->entries = calloc(index->room ? index->room : 1, sizeof(*index->entries));
    index->names = malloc(bytes ? bytes : 1);
    if (!index->entries || !index->names)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (!lm)
        return NTLM_OK;
    index->lm_hashes = calloc(index->room ? index->room : 1, sizeof(*index->lm_hashes));
    return index->lm_hashes ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index)
{
    struct index *made = calloc(1, sizeof(*made));
    enum ntlm_error error;

    *index = NULL;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->room = lines;
    error = allocate(made, bytes, lm);
    if (!error)
        error = ntlm_crypto_random(made->key, sizeof(made->key));
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
    if (index->entries)
        ntlm_cleanse(index->entries, index->count * sizeof(*index->entries));
    if (index->lm_hashes)
        ntlm_cleanse(index->lm_hashes, index->count * sizeof(*index->lm_hashes));
    free(index->entries);
    free(index->lm_hashes);
    free(index->names);
    free(index->by_name.places);
    free(index->by_user.places);
    free(index);
}

static void add_name(struct index *index, const char *name)
{
    size_t size = strlen(name) + 1;

    memcpy(index->names + index->names_len, name, size);
    index->names_len += size;
}

static uint32_t flags_of(const struct account *account)
{
    return (account->has_nt_hash ? HAS_NT_HASH : 0u) |
           (account->has_lm_hash ? HAS_LM_HASH : 0u) | (account->disabled ? DISABLED : 0u) |
           (account->locked ? LOCKED : 0u);
}

enum ntlm_error index_add(struct index *index, const struct line *line)
{
    struct entry *entry = &index->entries[index->count];
    struct account account;
    enum ntlm_error error = line_account(line, index->lm_hashes != NULL, &account);

    if (!error) {
        memcpy(entry->nt_hash, account.nt_hash, NTLM_HASH_SIZE);
        if (index->lm_hashes)
            memcpy(index->lm_hashes[index->count], account.lm_hash, NTLM_HASH_SIZE);
        entry->flags = flags_of(&account);
        entry->names = (uint32_t)index->names_len;
        add_name(index, line->domain);
        add_name(index, line->user);
        index->with_domain += *line->domain != '\0';
        index->count++;
    }
    account_clear(&account);
    return error;
}

enum ntlm_error index_finish(struct index *index)
{
    char *names = realloc(index->names, index->names_len ? index->names_len : 1);

    if (!names)
        return NTLM_ERR_OUT_OF_MEMORY;
    index->names = names;
    if (!make_table(&index->by_name, index->count) ||
        !make_table(&index->by_user, index->with_domain))
        return NTLM_ERR_OUT_OF_MEMORY;
    return put_all(index);
}

size_t index_count(const struct index *index)
{
    return index->count;
}

bool index_has_lm(const struct index *index)
{
    return index->lm_hashes != NULL;
}

static enum ntlm_error copy_account(const struct index *index, uint32_t number,
                                    struct account *account)
{
    const struct entry *entry = &index->entries[number - 1];
    struct name name = name_of(index, number);

    account->user = strdup(name.user);
    account->domain = strdup(name.domain);
    if (!account->user || !account->domain) {
        account_clear(account);
        return NTLM_ERR_OUT_OF_MEMORY;
    }
    memcpy(account->nt_hash, entry->nt_hash, NTLM_HASH_SIZE);
    if (index->lm_hashes)
        memcpy(account->lm_hash, index->lm_hashes[number - 1], NTLM_HASH_SIZE);
    account->has_nt_hash = entry->flags & HAS_NT_HASH;
    account->has_lm_hash = entry->flags & HAS_LM_HASH;
    account->disabled = entry->flags & DISABLED;
    account->locked = entry->flags & LOCKED;
    return NTLM_OK;
}

/* *number is 0 if there is nobody. */
static enum ntlm_error look_up(const struct index *index, const struct table *table,
                               const char *user, const char *domain, uint32_t *number)
{
    struct name name = {.user = user, .domain = domain};
    uint32_t hash;
    enum ntlm_error error = hash_of(index, name, &hash);

    if (!error)
        *number = find_place(index, table, name, hash)->number;
    return error;
}

/* Who is `user` in domain `realm` when "user@realm" is asked for. */
static enum ntlm_error look_up_realm(const struct index *index, const char *asked,
                                     uint32_t *number)
{
    const char *at = strrchr(asked, '@');
    enum ntlm_error error;
    char *user;

    if (!at || at == asked || !at[1])
        return NTLM_OK;
    user = strndup(asked, (size_t)(at - asked));
    if (!user)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = look_up(index, &index->by_name, user, at + 1, number);
    free(user);
    return error;
}

/* The entries that fit, best first; 0: nobody. Every way in which the name
 * could fit is looked up, whatever came of the one before: the time taken tells
 * nothing. */
static enum ntlm_error look_up_all(const struct index *index, const char *user,
                                   const char *domain, uint32_t fits[FITS])
{
    enum ntlm_error error = look_up(index, &index->by_name, user, domain, &fits[0]);

    if (!error)
        error = look_up(index, &index->by_name, user, "", &fits[1]);
    if (error || *domain)
        return error;
    error = look_up(index, &index->by_user, user, "", &fits[2]);
    return error ? error : look_up_realm(index, user, &fits[3]);
}

enum ntlm_error index_find(const struct index *index, const char *user, const char *domain,
                           struct account *account)
{
    uint32_t fits[FITS] = {0};
    enum ntlm_error error = NTLM_OK;
    size_t best = 0;

    *account = (struct account){0};
    if (user)
        error = look_up_all(index, user, domain, fits);
    else
        fits[0] = index->count > 0;
    if (error)
        return error;
    while (best < FITS && !fits[best])
        best++;
    return best < FITS ? copy_account(index, fits[best], account) : NTLM_ERR_NO_SUCH_LINE;
}
