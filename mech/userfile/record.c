/* SPDX-License-Identifier: MIT */
/* record.c - see record.h. */

#include "config.h"

#include "userfile/record.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/hmac.h"
#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"

#define FORMAT 1
#define HEADER_TEXT "gss-negotiate accounts"
#define CHECKSUM 8

/* Where the parts of an account's value begin. */
enum { AT_FORMAT = 0, AT_FLAGS = 1, AT_ADDED = 2, AT_NT = 10, AT_LM = 26, AT_NAMES = 42 };

static void put(struct record_key *key, uint32_t byte)
{
    if (key->len < sizeof(key->bytes))
        key->bytes[key->len] = (uint8_t)byte;
    key->len++;
}

/* As UTF-8 has it, also for the numbers behind all characters, which stand for bytes that
 * are not UTF-8. */
static void put_character(struct record_key *key, uint32_t c)
{
    static const uint8_t first[] = {0, 0xc0, 0xe0, 0xf0};
    const unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

    put(key, first[more] | c >> (6 * more));
    for (unsigned left = more; left-- > 0;)
        put(key, 0x80 | (c >> (6 * left) & 0x3f));
}

static void fold(struct record_key *key, const char *text)
{
    size_t len;

    for (; *text && key->len <= sizeof(key->bytes); text += len)
        put_character(key, ntlm_text_first_upper(text, &len));
}

bool record_key(const char *user, const char *domain, struct record_key *key)
{
    key->len = 0;
    fold(key, user);
    if (domain) {
        put(key, 0);
        fold(key, domain);
    }
    return key->len <= sizeof(key->bytes) && key->len > 0 &&
           strlen(user) + (domain ? strlen(domain) : 0) <= RECORD_NAMES_MOST;
}

static void write64(uint8_t *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t read64(const uint8_t *at)
{
    uint64_t value = 0;

    for (int i = 7; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

static enum ntlm_error checksum(const uint8_t *key, size_t key_len, const uint8_t *value,
                                size_t len, uint8_t sum[CHECKSUM])
{
    const struct ntlm_bytes parts[] = {{.data = key, .len = key_len},
                                       {.data = value, .len = len}};
    uint8_t whole[16] = {0};
    enum ntlm_error error = ntlm_md5(parts, 2, whole);

    memcpy(sum, whole, CHECKSUM);
    return error;
}

/* Adds the checksum to the value. */
static enum ntlm_error finish(const uint8_t *key, size_t key_len, struct record *record)
{
    enum ntlm_error error =
        checksum(key, key_len, record->bytes, record->len, record->bytes + record->len);

    record->len += CHECKSUM;
    return error;
}

static enum ntlm_error check_sum(const uint8_t *key, size_t key_len, const uint8_t *value,
                                 size_t len)
{
    uint8_t sum[CHECKSUM];
    enum ntlm_error error = checksum(key, key_len, value, len - CHECKSUM, sum);

    if (error)
        return error;
    return memcmp(sum, value + len - CHECKSUM, CHECKSUM) == 0 ? NTLM_OK
                                                              : NTLM_ERR_FILE_UNREADABLE;
}

static void append_text(struct record *record, const char *text)
{
    const size_t size = strlen(text) + 1;

    memcpy(record->bytes + record->len, text, size);
    record->len += size;
}

enum ntlm_error record_make(const struct record_key *key, const struct account *account,
                            uint64_t added, struct record *record)
{
    uint8_t *at = record->bytes;

    at[AT_FORMAT] = FORMAT;
    at[AT_FLAGS] = account_flags(account);
    write64(at + AT_ADDED, added);
    memcpy(at + AT_NT, account->nt_hash, NTLM_HASH_SIZE);
    memcpy(at + AT_LM, account->lm_hash, NTLM_HASH_SIZE);
    record->len = AT_NAMES;
    append_text(record, account->domain);
    append_text(record, account->user);
    return finish(key->bytes, key->len, record);
}

/* Whether two strings that end lie between `at` and the checksum, and nothing else. */
static bool has_names(const uint8_t *value, size_t len)
{
    const char *at = (const char *)value + AT_NAMES;
    const size_t room = len - AT_NAMES - CHECKSUM, domain = strnlen(at, room);

    return domain < room && strnlen(at + domain + 1, room - domain - 1) + domain + 2 == room;
}

enum ntlm_error record_check(const struct record_key *key, const uint8_t *value, size_t len)
{
    if (len < AT_NAMES + 2 + CHECKSUM || len > RECORD_VALUE_MOST ||
        value[AT_FORMAT] != FORMAT || !has_names(value, len))
        return NTLM_ERR_FILE_UNREADABLE;
    return check_sum(key->bytes, key->len, value, len);
}

enum ntlm_error record_read(const uint8_t *value, const struct name *name,
                            struct account *account)
{
    const char *domain = (const char *)value + AT_NAMES;
    const struct name own = {.user = domain + strlen(domain) + 1, .domain = domain};

    if (!name)
        name = &own;
    *account = (struct account){.user = strdup(name->user), .domain = strdup(name->domain)};
    if (!account->user || !account->domain) {
        account_clear(account);
        return NTLM_ERR_OUT_OF_MEMORY;
    }
    account_set_flags(account, value[AT_FLAGS]);
    memcpy(account->nt_hash, value + AT_NT, NTLM_HASH_SIZE);
    memcpy(account->lm_hash, value + AT_LM, NTLM_HASH_SIZE);
    return NTLM_OK;
}

uint64_t record_added(const uint8_t *value)
{
    return read64(value + AT_ADDED);
}

bool record_is_account(const uint8_t *key, size_t len)
{
    return len > 0 && key[0] != '\0' && memchr(key, '\0', len);
}

enum ntlm_error record_header_make(const struct record_header *header, struct record *record)
{
    memcpy(record->bytes, HEADER_TEXT, sizeof(HEADER_TEXT));
    write64(record->bytes + sizeof(HEADER_TEXT), header->accounts);
    write64(record->bytes + sizeof(HEADER_TEXT) + 8, header->added);
    record->len = sizeof(HEADER_TEXT) + 16;
    return finish((const uint8_t *)RECORD_HEADER_KEY, RECORD_HEADER_KEY_SIZE, record);
}

enum ntlm_error record_header_read(const uint8_t *value, size_t len,
                                   struct record_header *header)
{
    if (len != sizeof(HEADER_TEXT) + 16 + CHECKSUM ||
        memcmp(value, HEADER_TEXT, sizeof(HEADER_TEXT)) != 0)
        return NTLM_ERR_FILE_UNREADABLE;
    header->accounts = read64(value + sizeof(HEADER_TEXT));
    header->added = read64(value + sizeof(HEADER_TEXT) + 8);
    return check_sum((const uint8_t *)RECORD_HEADER_KEY, RECORD_HEADER_KEY_SIZE, value, len);
}
