/* SPDX-License-Identifier: MIT */
/* localname.c - between NTLM names and this machine's accounts, and the two
 * GSSAPI functions that ask for it. */

#include "config.h"

#include "gss/localname.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "gss/module.h"
#include "gss/status.h"
#include "settings/domain.h"
#include "support/failure.h"
#include "support/outputs.h"
#include "support/sysaccount.h"

/* Entries are a few hundred bytes; a directory's can be longer. */
#define FIRST_ROOM 1024
#define MOST_ROOM (1024 * 1024)

struct account_entry {
    struct passwd passwd;
    char *room; /* what passwd's strings are in */
};

/* Finds the entry by name, or by id when name is NULL. NTLM_ERR_NO_LOCAL_USER is not
 * recorded: the caller knows what it asked for. */
static enum ntlm_error look_up(const char *name, uid_t uid, struct account_entry *entry)
{
    struct passwd *found = NULL;
    int error = ERANGE;

    entry->room = NULL;
    for (size_t size = FIRST_ROOM; error == ERANGE && size <= MOST_ROOM; size *= 2) {
        free(entry->room);
        entry->room = malloc(size);
        if (!entry->room)
            return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
        error = name ? getpwnam_r(name, &entry->passwd, entry->room, size, &found)
                     : getpwuid_r(uid, &entry->passwd, entry->room, size, &found);
    }
    if (!error && found)
        return NTLM_OK;
    free(entry->room);
    entry->room = NULL;
    return error == ENOMEM ? fail(NTLM_ERR_OUT_OF_MEMORY, NULL) : NTLM_ERR_NO_LOCAL_USER;
}

static enum ntlm_error take_name(struct account_entry *entry, char **local)
{
    *local = strdup(entry->passwd.pw_name);
    free(entry->room);
    return *local ? NTLM_OK : fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
}

/* ASCII alone: a wider mapping would make one name of two (the Kelvin sign
 * becomes k). */
static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* Whether the domain's users are this machine's accounts of the same name: its own local
 * ones, its domain's, and those whose domains local_domains lists. */
static bool is_our_domain(const char *domain, const struct settings *settings)
{
    if (domain_is_local(settings, domain) ||
        domain_same(settings, domain, settings->netbios_domain))
        return true;
    for (char **local = settings->local_domains; local && *local; local++)
        if (domain_same(settings, domain, *local))
            return true;
    return false;
}

static enum ntlm_error find_qualified(const struct name *name, struct account_entry *entry)
{
    char *text = name_text(name);
    enum ntlm_error error;

    if (!text)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    error = look_up(text, 0, entry);
    free(text);
    return error;
}

static enum ntlm_error find_bare(const struct name *name, struct account_entry *entry)
{
    char *user = strdup(name->user);
    enum ntlm_error error;

    if (!user)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    lower(user);
    error = look_up(user, 0, entry);
    free(user);
    return error;
}

static bool is_listed(char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

/* Whether a login may become this account at all. */
static bool is_allowed(const struct account_entry *entry, const struct settings *settings)
{
    return !sysaccount_is(entry->passwd.pw_uid) ||
           is_listed(settings->allowed_system_accounts, entry->passwd.pw_name);
}

enum ntlm_error local_name_of(const struct name *name, const struct settings *settings,
                              char **local)
{
    enum ntlm_error error = NTLM_ERR_NO_LOCAL_USER;
    struct account_entry entry;

    *local = NULL;
    if (name->kind != NAME_USER)
        return fail(NTLM_ERR_NO_LOCAL_USER, "only a user has a local account");
    if (*name->domain)
        error = find_qualified(name, &entry);
    if (error == NTLM_ERR_NO_LOCAL_USER && is_our_domain(name->domain, settings))
        error = find_bare(name, &entry);
    if (error == NTLM_ERR_NO_LOCAL_USER)
        return fail(error, "%s%s%s", name->domain, *name->domain ? "\\" : "", name->user);
    if (!error && !is_allowed(&entry, settings)) {
        error = fail(NTLM_ERR_NO_LOCAL_USER,
                     "%s has user id %lu, a system account's, and allowed_system_accounts does "
                     "not list it",
                     entry.passwd.pw_name, (unsigned long)entry.passwd.pw_uid);
        free(entry.room);
    }
    return error ? error : take_name(&entry, local);
}

enum ntlm_error local_name_of_uid(uid_t uid, char **local)
{
    struct account_entry entry;
    enum ntlm_error error = look_up(NULL, uid, &entry);

    *local = NULL;
    return error ? error : take_name(&entry, local);
}

/* The name is for comparison alone: it may be gone. */
static _Thread_local struct {
    const struct name *name;
    enum ntlm_error error;
} refusal;

enum ntlm_error local_name_refusal(const struct name *name)
{
    char *text;
    enum ntlm_error error;

    if (refusal.name == name && refusal.error != NTLM_ERR_NO_LOCAL_USER)
        return fail(refusal.error, NULL);
    text = name_text(name);
    error = fail(NTLM_ERR_NO_LOCAL_USER, "%s", text ? text : "");
    free(text);
    return error;
}

static enum ntlm_error local_name_now(const struct name *name, char **local)
{
    const struct settings *settings;
    enum ntlm_error error = settings_get(&settings);

    *local = NULL;
    if (error)
        return error;
    error = local_name_of(name, settings, local);
    settings_put(settings);
    return error;
}

EXPORTED OM_uint32 gss_localname(OM_uint32 *minor, const gss_name_t input, gss_const_OID mech,
                                 gss_buffer_t out)
{
    enum ntlm_error error;
    char *local;

    EMPTY(out);
    if (!input || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    if (mech && !oid_same(mech, &oid_ntlmssp))
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    error = local_name_now((const struct name *)input, &local);
    if (!error && buffer_of(out, local, strlen(local)) != GSS_S_COMPLETE)
        error = fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    free(local);
    refusal.name = error ? (const struct name *)input : NULL;
    refusal.error = error;
    return status_of(minor, error);
}

EXPORTED OM_uint32 gssspi_authorize_localname(OM_uint32 *minor, const gss_name_t input,
                                              gss_const_buffer_t user, gss_const_OID user_type)
{
    enum ntlm_error error;
    bool same;
    char *local;

    if (!input || !buffer_readable(user))
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ,
                               "the name or the local account is NULL");
    if (user_type && !oid_same(user_type, &oid_nt_user_name))
        return status_of(minor, fail(NTLM_ERR_BAD_NAME_TYPE, NULL));
    error = local_name_now((const struct name *)input, &local);
    if (error == NTLM_ERR_NO_LOCAL_USER)
        return status_as(minor, GSS_S_UNAUTHORIZED, error);
    if (error)
        return status_of(minor, error);
    same = user->length > 0 && strlen(local) == user->length &&
           memcmp(local, user->value, user->length) == 0;
    free(local);
    return same ? status_of(minor, NTLM_OK)
                : status_as(minor, GSS_S_UNAUTHORIZED, fail(NTLM_ERR_NO_LOCAL_USER, NULL));
}
