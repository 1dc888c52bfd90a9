/* SPDX-License-Identifier: MIT */
/* identity_name.c - the user of an identity as a name for GSSAPI. */

#include "config.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "identity.h"

#define PASSWD_MEMORY 4096 /* for an entry of the user database */

/* Where the parts of a name are; a length of 0: there is none. */
struct account {
    const char *user, *domain;
    size_t user_length, domain_length;
};

/* `DOMAIN\user` says the domain in the user's field. */
static SECURITY_STATUS find_parts(const char *user, const char *domain, struct account *account)
{
    const char *backslash = strchr(user, '\\');

    *account = (struct account){user, domain, strlen(user), strlen(domain)};
    if (backslash) {
        account->domain = user;
        account->domain_length = (size_t)(backslash - user);
        account->user = backslash + 1;
        account->user_length = strlen(account->user);
    }
    if (account->user_length == 0 || strchr(account->user, '\\') ||
        memchr(account->domain, '\\', account->domain_length) ||
        memchr(account->domain, '@', account->domain_length))
        return SEC_E_UNKNOWN_CREDENTIALS;
    return SEC_E_OK;
}

static bool is_upn(const struct account *account)
{
    return memchr(account->user, '@', account->user_length) != NULL;
}

static char *put(char *at, const char *text, size_t length)
{
    memcpy(at, text, length);
    return at + length;
}

static SECURITY_STATUS join(const struct account *account, char **name)
{
    size_t domain_length = is_upn(account) ? 0 : account->domain_length;
    char *at;

    *name = malloc(account->user_length + 1 + domain_length + 1);
    if (!*name)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = put(*name, account->user, account->user_length);
    if (domain_length > 0) {
        *at++ = '@';
        at = put(at, account->domain, domain_length);
    }
    *at = '\0';
    return SEC_E_OK;
}

/* Where the last @ of a user is; his length when there is none. */
static size_t find_last_at(const struct account *account)
{
    for (size_t i = account->user_length; i > 0; i--)
        if (account->user[i - 1] == '@')
            return i - 1;
    return account->user_length;
}

/* `DOMAIN\user`; without a domain `user`, in which the @ before a suffix is escaped. */
static SECURITY_STATUS join_for_ntlm(const struct account *account, char **name)
{
    size_t suffix = find_last_at(account);
    char *at;

    *name = malloc(account->domain_length + 1 + account->user_length + 1);
    if (!*name)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = put(*name, account->domain, account->domain_length);
    if (account->domain_length > 0) {
        *at++ = '\\';
        at = put(at, account->user, account->user_length);
    } else {
        at = put(at, account->user, suffix);
        if (suffix < account->user_length)
            *at++ = '\\';
        at = put(at, account->user + suffix, account->user_length - suffix);
    }
    *at = '\0';
    return SEC_E_OK;
}

typedef SECURITY_STATUS joiner(const struct account *account, char **name);

/* The user who runs this program, if the machine knows it. */
static SECURITY_STATUS name_caller(const char *domain, joiner *make, char **name)
{
    char memory[PASSWD_MEMORY];
    struct passwd entry, *found;
    struct account account;
    SECURITY_STATUS status;

    if (getpwuid_r(geteuid(), &entry, memory, sizeof(memory), &found) != 0 || !found)
        return SEC_E_OK;
    status = find_parts(found->pw_name, domain, &account);
    return status == SEC_E_OK ? make(&account, name) : status;
}

static bool has_user(const struct identity *identity)
{
    return identity->user && *identity->user;
}

static SECURITY_STATUS find_account(const struct identity *identity, struct account *account)
{
    return find_parts(identity->user, identity->domain ? identity->domain : "", account);
}

static SECURITY_STATUS make_name(const struct identity *identity, joiner *make, char **name)
{
    struct account account;
    SECURITY_STATUS status;

    *name = NULL;
    if (has_user(identity)) {
        status = find_account(identity, &account);
        return status == SEC_E_OK ? make(&account, name) : status;
    }
    if (!identity->password)
        return SEC_E_OK;
    /* Windows too fills in what is missing. */
    return name_caller(identity->domain ? identity->domain : "", make, name);
}

SECURITY_STATUS identity_name(const struct identity *identity, char **name)
{
    return make_name(identity, join, name);
}

SECURITY_STATUS identity_ntlm_name(const struct identity *identity, char **name)
{
    return make_name(identity, join_for_ntlm, name);
}

SECURITY_STATUS identity_upn(const struct identity *identity, char **name)
{
    struct account account;
    SECURITY_STATUS status;

    *name = NULL;
    if (!has_user(identity))
        return SEC_E_OK;
    status = find_account(identity, &account);
    return status == SEC_E_OK && is_upn(&account) ? join(&account, name) : status;
}
