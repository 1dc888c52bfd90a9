/* SPDX-License-Identifier: MIT */
/* logins_store.c - keeps an identity as a login, and removes logins. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "identity/logins.h"
#include "identity/object.h"
#include "ntlm/filetime.h"
#include "ntlm/text.h"
#include "support/failure.h"
#include "support/host.h"
#include "support/system.h"
#include "support/trace.h"

#define TARGET_MAX_BYTES 255
#define LIFETIME_MAX (365ul * 24 * 60 * 60)

bool login_is_target(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && len <= TARGET_MAX_BYTES && host_is_pattern(text, len) &&
           !strpbrk(text, " \t\r\n") && !u8_check((const uint8_t *)text, len);
}

bool login_keyring_of(const char *text, enum login_keyring *keyring)
{
    if (strcasecmp(text, "session") == 0)
        *keyring = LOGIN_KEYRING_SESSION;
    else if (strcasecmp(text, "persistent") == 0)
        *keyring = LOGIN_KEYRING_PERSISTENT;
    else
        return false;
    return true;
}

bool login_lifetime_of(const char *text, uint32_t *seconds)
{
    static const struct {
        char letter;
        unsigned long seconds;
    } units[] = {{'\0', 1}, {'s', 1}, {'m', 60}, {'h', 60 * 60}, {'d', 24 * 60 * 60}};
    size_t digits = strspn(text, "0123456789");
    unsigned long number = strtoul(text, NULL, 10);

    if (digits == 0 || (text[digits] && text[digits + 1]))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (text[digits] == units[i].letter && number <= LIFETIME_MAX / units[i].seconds) {
            *seconds = (uint32_t)(number * units[i].seconds);
            return true;
        }
    return false;
}

static enum ntlm_error name_login(const struct identity *identity, const char *target,
                                  struct login *login)
{
    enum ntlm_error error = ntlm_text_upper(target, &login->target);

    login->user = strdup(identity->user);
    login->domain = strdup(identity->domain);
    if (error || !login->user || !login->domain)
        return fail(error ? error : NTLM_ERR_OUT_OF_MEMORY, NULL);
    return NTLM_OK;
}

/* For how many seconds: what is asked for, and no longer than the identity is good for. */
static enum ntlm_error time_login(const struct settings *settings,
                                  const struct identity *identity, uint32_t lifetime,
                                  struct login *login, unsigned *seconds)
{
    uint64_t now = system_now();

    *seconds = lifetime == LOGIN_LIFETIME_DEFAULT ? settings->login_lifetime : lifetime;
    if (identity->expires != 0 && identity->expires <= now)
        return fail(NTLM_ERR_LOGIN_EXPIRED, "%.128s", identity->user);
    if (*seconds > 0)
        login->expires = now + (uint64_t)*seconds * NTLM_FILETIME_SECOND;
    if (identity->expires != 0 && (*seconds == 0 || identity->expires < login->expires)) {
        login->expires = identity->expires;
        *seconds = (unsigned)((identity->expires - now + NTLM_FILETIME_SECOND - 1) /
                              NTLM_FILETIME_SECOND);
    }
    return NTLM_OK;
}

/* Among those for the same target, a preferred login comes after all others. */
static uint64_t rank_of(const struct logins *logins, const struct login *login, bool preferred)
{
    uint64_t highest = 0;

    for (size_t i = 0; i < logins->count; i++)
        if (strcmp(logins->items[i].target, login->target) == 0 &&
            logins->items[i].rank > highest)
            highest = logins->items[i].rank;
    return preferred ? highest + 1 : 0;
}

static const struct login *find_same(const struct logins *logins, const struct login *login)
{
    for (size_t i = 0; i < logins->count; i++)
        if (login_same(&logins->items[i], login))
            return &logins->items[i];
    return NULL;
}

static enum ntlm_error write(const struct identity *identity,
                             const struct login_request *request, struct login *login,
                             unsigned seconds)
{
    struct logins logins;
    const struct login *former = NULL;
    keyring_serial ring;
    enum ntlm_error error = keyring_make(request->keyring, &ring);

    if (error)
        return error;
    error = logins_load(request->keyring, &logins);
    if (!error)
        former = find_same(&logins, login);
    if (former && !request->overwrite &&
        (former->expires == 0 || former->expires > system_now()))
        error = fail(NTLM_ERR_LOGIN_EXISTS, "%.128s for %.128s", login->user, login->target);
    if (!error) {
        login->rank = rank_of(&logins, login, request->preferred);
        error = login_write(ring, login, identity->nt_hash, seconds);
    }
    if (!error && former)
        keyring_remove(former->hash_key);
    logins_clear(&logins);
    return error;
}

enum ntlm_error logins_store(const struct settings *settings, const struct identity *identity,
                             const struct login_request *request)
{
    const char *target = request->target ? request->target : "*";
    struct login login = {.user = NULL};
    unsigned seconds = 0;
    enum ntlm_error error = NTLM_OK;

    if (!login_is_target(target))
        error = fail(NTLM_ERR_BAD_ARGUMENT, "\"%.255s\" is no host and no pattern of hosts",
                     target);
    if (!error && identity->winbind_timeout > 0)
        error =
            fail(NTLM_ERR_NO_IDENTITY, "winbind has the password of %.128s", identity->user);
    if (!error)
        error = name_login(identity, target, &login);
    if (!error)
        error = time_login(settings, identity, request->lifetime, &login, &seconds);
    if (!error)
        error = write(identity, request, &login, seconds);
    if (!error)
        trace("login: user \"%s\\%s\" is logged in for %s", login.domain, login.user,
              login.target);
    login_clear(&login);
    return error;
}

/* Whether there was a login in the key, or what was meant for one. */
static bool had_login(keyring_serial key)
{
    struct login login;
    bool had = login_read(key, &login) || login.user;

    login_clear(&login);
    return had;
}

/* Keys that were removed before may be listed for a while. */
static enum ntlm_error remove_everything(enum login_keyring keyring, size_t *removed)
{
    keyring_serial ring, *keys = NULL;
    size_t count = 0;
    bool refused = false;
    enum ntlm_error error = keyring_find(keyring, &ring);

    if (!error && ring != 0)
        error = keyring_list(ring, &keys, &count);
    for (size_t i = 0; i < count; i++) {
        *removed += had_login(keys[i]);
        refused |= !keyring_remove(keys[i]);
    }
    if (!error && ring != 0)
        refused |= !keyring_remove(ring);
    free(keys);
    return error || !refused ? error : fail(NTLM_ERR_NO_KEYRING, "a key cannot be removed");
}

static bool is_selected(const struct login_selection *selection, const struct login *login)
{
    return (!selection->user || ntlm_text_same(selection->user, login->user)) &&
           (!selection->domain || ntlm_text_same(selection->domain, login->domain)) &&
           (!selection->target || ntlm_text_same(selection->target, login->target));
}

enum ntlm_error logins_remove(enum login_keyring keyring,
                              const struct login_selection *selection, size_t *removed)
{
    struct logins logins;
    bool refused = false;
    enum ntlm_error error;

    *removed = 0;
    if (!selection->user && !selection->domain && !selection->target)
        return remove_everything(keyring, removed);
    error = logins_load(keyring, &logins);
    for (size_t i = 0; i < logins.count; i++) {
        if (!is_selected(selection, &logins.items[i]))
            continue;
        refused |= !login_remove(&logins.items[i]);
        *removed += 1;
    }
    logins_clear(&logins);
    return error || !refused ? error : fail(NTLM_ERR_NO_KEYRING, "a key cannot be removed");
}
