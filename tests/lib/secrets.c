/* SPDX-License-Identifier: MIT */
/* secrets.c - see secrets.h. */

#include "config.h"

#include "secrets.h"

#include <check.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "child.h"
#include "ntlm/flags.h"
#include "ntlm/keys.h"

#define SECRETS_MAX 256
#define SECRET_MIN 6
#define SECRET_MAX 64
#define MASK 0x55

struct secret {
    char name[40];
    uint8_t masked[SECRET_MAX];
    size_t len;
};

struct secrets {
    size_t count;
    struct secret list[SECRETS_MAX];
    bool begins[1 << 16]; /* by two masked bytes: whether a secret begins so */
};

static struct secrets *secrets;

/* Shared with the children that learn. */
static void begin(void)
{
    if (secrets)
        return;
    secrets =
        mmap(NULL, sizeof(*secrets), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(secrets, MAP_FAILED);
}

void secrets_learn_as(const char *what, _Bool (*learn)(void *arg), void *arg)
{
    begin();
    ck_assert_msg(holds_in_child(learn, arg), "%s", what);
}

static size_t key_of(const uint8_t *masked)
{
    return (size_t)masked[0] << 8 | masked[1];
}

void secrets_add(const char *name, const void *bytes, size_t len)
{
    struct secret *secret = &secrets->list[secrets->count++];

    ck_assert_uint_le(secrets->count, SECRETS_MAX);
    ck_assert_uint_ge(len, SECRET_MIN);
    ck_assert_uint_le(len, SECRET_MAX);
    snprintf(secret->name, sizeof(secret->name), "%s", name);
    secret->len = len;
    for (size_t i = 0; i < len; i++)
        secret->masked[i] = ((const uint8_t *)bytes)[i] ^ MASK;
    secrets->begins[key_of(secret->masked)] = true;
}

void secrets_add_password(const char *password)
{
    char text[SECRET_MAX / 2 + 1], wide[SECRET_MAX] = {0};
    size_t len = strlen(password);

    ck_assert_uint_lt(len, sizeof(text));
    for (int capital = 0; capital < 2; capital++) {
        for (size_t i = 0; i < len; i++)
            text[i] = wide[2 * i] =
                capital ? (char)toupper((unsigned char)password[i]) : password[i];
        secrets_add(capital ? "PASSWORD" : "password", text, len);
        secrets_add(capital ? "PASSWORD in UTF-16" : "password in UTF-16", wide, 2 * len);
    }
}

void secrets_add_key(const char *name, const uint8_t key[16])
{
    struct ntlm_hmac_key hmac;
    char part[40];

    secrets_add(name, key, NTLM_KEY_SIZE);
    ck_assert(!ntlm_hmac_set_key(&hmac, key));
    snprintf(part, sizeof(part), "%s for HMAC, inside", name);
    secrets_add(part, &hmac.inner, NTLM_KEY_SIZE);
    snprintf(part, sizeof(part), "%s for HMAC, outside", name);
    secrets_add(part, &hmac.outer, NTLM_KEY_SIZE);
}

void secrets_add_session_key(const uint8_t key[16])
{
    const uint32_t flags = NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY | NTLMSSP_NEGOTIATE_128;
    uint8_t made[NTLM_KEY_SIZE];
    size_t len;

    secrets_add("session key", key, NTLM_KEY_SIZE);
    for (int from = NTLM_CLIENT; from <= NTLM_SERVER; from++) {
        ck_assert(!ntlm_signing_key(key, (enum ntlm_role)from, made));
        secrets_add_key(from == NTLM_CLIENT ? "client signing" : "server signing", made);
        ck_assert(!ntlm_sealing_key(flags, key, (enum ntlm_role)from, made, &len));
        secrets_add(from == NTLM_CLIENT ? "client sealing" : "server sealing", made, len);
    }
}

static struct ntlm_bytes widen(const char *text, uint8_t wide[SECRET_MAX])
{
    const size_t len = strlen(text);

    ck_assert_uint_le(2 * len, SECRET_MAX);
    memset(wide, 0, SECRET_MAX);
    for (size_t i = 0; i < len; i++)
        wide[2 * i] = (uint8_t)text[i];
    return ntlm_bytes(wide, 2 * len);
}

bool secrets_add_account(const struct secrets_account *account)
{
    const char *password = account->password;
    uint8_t hash[NTLM_KEY_SIZE], made[NTLM_KEY_SIZE], user[SECRET_MAX], domain[SECRET_MAX];

    secrets_add_password(password);
    if (ntlm_nt_hash(password, strlen(password), hash) ||
        ntlm_lm_hash(password, strlen(password), made))
        return false;
    secrets_add_key("NT hash", hash);
    secrets_add_key("LM hash", made);
    if (ntlm_v1_base_key(hash, made))
        return false;
    secrets_add_key("NTLMv1's session base key", made);
    if (ntlm_ntowfv2(hash, widen(account->user, user), widen(account->domain, domain), made))
        return false;
    secrets_add_key("NTOWFv2", made);
    return true;
}

bool secrets_add_base_key(const struct secrets_account *account, const void *token, size_t len)
{
    const uint8_t *at = memmem(token, len, "NTLMSSP\0\3", 9);
    uint8_t hash[NTLM_KEY_SIZE], base_key[NTLM_KEY_SIZE];
    struct ntlm_hmac_key ntowfv2;

    if (!at || ntlm_nt_hash(account->password, strlen(account->password), hash) ||
        ntlm_identity_ntowfv2(hash, account->user, account->domain, &ntowfv2) ||
        ntlm_v2_base_key(&ntowfv2, at + (at[24] | at[25] << 8), base_key))
        return false;
    secrets_add("SessionBaseKey", base_key, sizeof(base_key));
    return true;
}

void secrets_forget(void)
{
    if (secrets)
        memset(secrets, 0, sizeof(*secrets));
}

static bool is_at(const struct secret *secret, const uint8_t *at)
{
    for (size_t i = 0; i < secret->len; i++)
        if ((at[i] ^ MASK) != secret->masked[i])
            return false;
    return true;
}

const char *secrets_found(const void *start, size_t len)
{
    const uint8_t *at = start, *end = at + len;

    for (; secrets && end - at >= SECRET_MIN; at++) {
        if (!secrets->begins[(size_t)(at[0] ^ MASK) << 8 | (at[1] ^ MASK)])
            continue;
        for (size_t i = 0; i < secrets->count; i++)
            if (secrets->list[i].len <= (size_t)(end - at) && is_at(&secrets->list[i], at))
                return secrets->list[i].name;
    }
    return NULL;
}

const char *secrets_found_anywhere(char *where, size_t size)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], rights[8];
    const char *found = NULL;
    unsigned long start, end;

    ck_assert_ptr_nonnull(maps);
    while (!found && fgets(line, sizeof(line), maps)) {
        if (sscanf(line, "%lx-%lx %7s", &start, &end, rights) < 3 ||
            strncmp(rights, "rw", 2) != 0)
            continue;
        found = secrets_found((const void *)(uintptr_t)start, end - start);
        if (found)
            snprintf(where, size, "%.*s", (int)strcspn(line, "\n"), line);
    }
    fclose(maps);
    return found;
}
