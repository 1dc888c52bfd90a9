/* SPDX-License-Identifier: MIT */
/* login.c - see login.h. */

#include "config.h"

#include "identity/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity/object.h"
#include "ntlm/crypto.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "ntlm/wire.h"
#include "support/failure.h"
#include "support/hex.h"
#include "support/host.h"
#include "support/system.h"

/* How the keys' descriptions and contents begin; a content's fourth byte is its version. */
#define LOGIN_PREFIX "login:"
#define HASH_PREFIX "hash:"
#define LOGIN_MARK 0x01524c4eu
#define HASH_MARK 0x01484c4eu

void login_clear(struct login *login)
{
    free(login->user);
    free(login->domain);
    free(login->target);
    *login = (struct login){.user = NULL};
}

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum ntlm_error damaged(keyring_serial key)
{
    return fail(NTLM_ERR_BAD_LOGIN, "key %d cannot be understood", key);
}

static enum ntlm_error decode(const struct keyring_content *content, struct login *login)
{
    struct ntlm_reader in;
    uint32_t mark;
    enum ntlm_error error;

    ntlm_reader_init(&in, ntlm_bytes(content->data, content->len));
    mark = ntlm_read32(&in);
    login->expires = ntlm_read64(&in);
    login->rank = ntlm_read64(&in);
    login->hash_key = (keyring_serial)ntlm_read32(&in);
    error = identity_read_text(&in, &login->user);
    if (!error)
        error = identity_read_text(&in, &login->domain);
    if (!error)
        error = identity_read_text(&in, &login->target);
    if (error == NTLM_ERR_OUT_OF_MEMORY)
        return fail(error, NULL);
    if (error || mark != LOGIN_MARK || ntlm_reader_left(&in) > 0 || login->hash_key <= 0 ||
        !*login->user || !*login->target ||
        !host_is_pattern(login->target, strlen(login->target)))
        return damaged(login->key);
    return NTLM_OK;
}

enum ntlm_error login_read(keyring_serial key, struct login *login)
{
    struct keyring_content content;
    enum ntlm_error error;
    bool there;

    *login = (struct login){.key = key};
    error = keyring_read(key, LOGIN_PREFIX, &content, &there);
    if (!error && there && has_prefix(content.description, LOGIN_PREFIX))
        error = decode(&content, login);
    else if (!error && there && !has_prefix(content.description, HASH_PREFIX))
        error = damaged(key);
    keyring_content_clear(&content);
    if (error)
        login_clear(login);
    return error;
}

static enum ntlm_error decode_hash(const struct keyring_content *content, keyring_serial key,
                                   uint8_t nt_hash[NTLM_HASH_SIZE])
{
    struct ntlm_reader in;
    uint32_t mark;

    ntlm_reader_init(&in, ntlm_bytes(content->data, content->len));
    mark = ntlm_read32(&in);
    ntlm_read_copy(&in, nt_hash, NTLM_HASH_SIZE);
    if (!in.error && mark == HASH_MARK && ntlm_reader_left(&in) == 0 &&
        has_prefix(content->description, HASH_PREFIX))
        return NTLM_OK;
    ntlm_cleanse(nt_hash, NTLM_HASH_SIZE);
    return damaged(key);
}

enum ntlm_error login_read_hash(const struct login *login, uint8_t nt_hash[NTLM_HASH_SIZE],
                                bool *there)
{
    struct keyring_content content;
    enum ntlm_error error = keyring_read(login->hash_key, HASH_PREFIX, &content, there);

    if (!error && *there)
        error = decode_hash(&content, login->hash_key, nt_hash);
    keyring_content_clear(&content);
    return error;
}

/* NUL-terminated parts, so that no two logins are one text. */
static enum ntlm_error digest(const struct login *login, uint8_t out[32])
{
    const char *const texts[] = {login->user, login->domain, login->target};
    struct ntlm_bytes parts[3] = {{.len = 0}};
    char *upper[3] = {NULL};
    enum ntlm_error error = NTLM_OK;

    for (size_t i = 0; i < 3 && !error; i++) {
        error = ntlm_text_upper(texts[i], &upper[i]);
        if (!error)
            parts[i] = ntlm_bytes(upper[i], strlen(upper[i]) + 1);
    }
    if (!error)
        error = ntlm_sha256(parts, 3, out);
    for (size_t i = 0; i < 3; i++)
        free(upper[i]);
    return error;
}

static void put_hex(const char *prefix, const uint8_t *data, size_t len,
                    char out[KEYRING_DESCRIPTION_MAX])
{
    int at = snprintf(out, KEYRING_DESCRIPTION_MAX, "%s", prefix);

    for (size_t i = 0; i < len; i++)
        at += snprintf(out + at, (size_t)(KEYRING_DESCRIPTION_MAX - at), "%02x", data[i]);
}

static enum ntlm_error write_hash(keyring_serial ring, struct login *login,
                                  const uint8_t nt_hash[NTLM_HASH_SIZE], unsigned seconds)
{
    char description[KEYRING_DESCRIPTION_MAX];
    struct ntlm_writer out = {0};
    uint8_t number[8];
    enum ntlm_error error = system_random(number, sizeof(number));

    if (error)
        return error;
    put_hex(HASH_PREFIX, number, sizeof(number), description);
    ntlm_write32(&out, HASH_MARK);
    ntlm_write(&out, nt_hash, NTLM_HASH_SIZE);
    error = out.error ? fail(out.error, NULL)
                      : keyring_add(ring, description, ntlm_bytes(out.data, out.len), seconds,
                                    &login->hash_key);
    ntlm_writer_clear(&out);
    return error;
}

static enum ntlm_error write_login(keyring_serial ring, struct login *login)
{
    char description[KEYRING_DESCRIPTION_MAX];
    struct ntlm_writer out = {0};
    uint8_t names[32];
    enum ntlm_error error = digest(login, names);

    if (error)
        return error;
    put_hex(LOGIN_PREFIX, names, 16, description);
    ntlm_write32(&out, LOGIN_MARK);
    ntlm_write64(&out, login->expires);
    ntlm_write64(&out, login->rank);
    ntlm_write32(&out, (uint32_t)login->hash_key);
    identity_write_text(&out, login->user);
    identity_write_text(&out, login->domain);
    identity_write_text(&out, login->target);
    if (out.error)
        error = fail(out.error, NULL);
    else if (out.len > KEYRING_CONTENT_MAX)
        error = fail(NTLM_ERR_BAD_NAME, "the names of a login are too long");
    else
        error = keyring_add(ring, description, ntlm_bytes(out.data, out.len), 0, &login->key);
    ntlm_writer_clear(&out);
    return error;
}

enum ntlm_error login_write(keyring_serial ring, struct login *login,
                            const uint8_t nt_hash[NTLM_HASH_SIZE], unsigned seconds)
{
    enum ntlm_error error = write_hash(ring, login, nt_hash, seconds);

    if (error)
        return error;
    error = write_login(ring, login);
    if (error)
        keyring_remove(login->hash_key);
    return error;
}

bool login_same(const struct login *a, const struct login *b)
{
    return ntlm_text_same(a->user, b->user) && ntlm_text_same(a->domain, b->domain) &&
           strcmp(a->target, b->target) == 0;
}

bool login_remove(const struct login *login)
{
    const bool hash = keyring_remove(login->hash_key), names = keyring_remove(login->key);

    return hash && names;
}
