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

static SECURITY_STATUS join_escaped(const struct account *account, char **name)
{
    char *at;

    *name = malloc(2 * account->user_length + 1 + account->domain_length + 1);
    if (!*name)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = *name;
    for (size_t i = 0; i < account->user_length; i++) {
        if (strchr("@/", account->user[i]))
            *at++ = '\\';
        *at++ = account->user[i];
    }
    if (account->domain_length > 0) {
        *at++ = '@';
        at = put(at, account->domain, account->domain_length);
    }
    *at = '\0';
    return SEC_E_OK;
}

/* The user who runs this program, if the machine knows it. */
static SECURITY_STATUS name_caller(const char *domain, char **name)
{
    char memory[PASSWD_MEMORY];
    struct passwd entry, *found;
    struct account account;
    SECURITY_STATUS status;

    if (getpwuid_r(geteuid(), &entry, memory, sizeof(memory), &found) != 0 || !found)
        return SEC_E_OK;
    status = find_parts(found->pw_name, domain, &account);
    return status == SEC_E_OK ? join(&account, name) : status;
}

static bool has_user(const struct identity *identity)
{
    return identity->user && *identity->user;
}

static SECURITY_STATUS find_account(const struct identity *identity, struct account *account)
{
    return find_parts(identity->user, identity->domain ? identity->domain : "", account);
}

SECURITY_STATUS identity_name(const struct identity *identity, char **name)
{
    struct account account;
    SECURITY_STATUS status;

    *name = NULL;
    if (has_user(identity)) {
        status = find_account(identity, &account);
        return status == SEC_E_OK ? join(&account, name) : status;
    }
    if (!identity->password)
        return SEC_E_OK;
    /* Windows too fills in what is missing. */
    return name_caller(identity->domain ? identity->domain : "", name);
}

SECURITY_STATUS identity_upn(const struct identity *identity, char **name)
{
    struct account account;
    SECURITY_STATUS status;

    *name = NULL;
    if (!has_user(identity))
        return SEC_E_OK;
    status = find_account(identity, &account);
    return status == SEC_E_OK && is_upn(&account) ? join_escaped(&account, name) : status;
}
