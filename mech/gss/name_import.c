/* SPDX-License-Identifier: MIT */
/* name_import.c - names as applications write them, by their type. Exported
 * tokens are read in name_export.c. */

#include "config.h"

#include "gss/name.h"

#include <stdlib.h>
#include <string.h>

#include "gss/localname.h"
#include "settings/settings.h"
#include "support/failure.h"
#include "support/username.h"

/* Which form user@suffix has is the settings' to say; all others need none. */
static enum ntlm_error find_split(const char *text, enum username_split *split)
{
    const struct settings *settings;
    enum ntlm_error error;

    *split = USERNAME_SPLIT_NETBIOS;
    if (username_is_plain(text))
        return NTLM_OK;
    error = settings_get(&settings);
    if (!error)
        *split = (enum username_split)settings->split_user_at;
    settings_put(settings);
    return error;
}

/* GSS_C_NT_USER_NAME, or no type: see username_parse. */
static enum ntlm_error import_user(char *text, struct name **name)
{
    enum username_split split;
    struct username parsed;
    enum ntlm_error error = find_split(text, &split);

    if (!error)
        error = username_parse(text, split, &parsed);
    if (error)
        return error;
    error = name_of_user(parsed.user, parsed.domain, name);
    free(parsed.memory);
    return error;
}

/* A user principal name, which a domain controller looks up as a whole. */
static enum ntlm_error import_enterprise(char *text, struct name **name)
{
    return name_of_user(text, NULL, name);
}

/* `service@host` (RFC 2743 4.1), `service`, and a bare `host` alike. */
static enum ntlm_error import_service(char *text, struct name **name)
{
    char *at = strchr(text, '@');

    if (!at)
        return name_of_service(text, "", name);
    *at = '\0';
    return name_of_service(text, at + 1, name);
}

/* Ends the text at the first separator without a backslash before it, and
 * gives what follows; NULL when there is none. */
static char *cut_at(char *text, char separator)
{
    for (; *text; text++) {
        if (*text == '\\' && text[1])
            text++;
        else if (*text == separator) {
            *text = '\0';
            return text + 1;
        }
    }
    return NULL;
}

static void unescape(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (*text == '\\' && text[1])
            text++;
        *to++ = *text;
    }
    *to = '\0';
}

/* `service/host@REALM` (the realm means nothing to NTLM) or `user@REALM`, with
 * backslashes before what does not separate (RFC 1964 2.1.1). */
static enum ntlm_error import_principal(char *text, struct name **name)
{
    char *realm = cut_at(text, '@');
    char *host = cut_at(text, '/');

    unescape(text);
    if (host) {
        unescape(host);
        return name_of_service(text, host, name);
    }
    if (realm)
        unescape(realm);
    return name_of_user(text, realm, name);
}

static enum ntlm_error import_uid(uid_t uid, struct name **name)
{
    char *local;
    enum ntlm_error error = local_name_of_uid(uid, &local);

    if (error == NTLM_ERR_NO_LOCAL_USER)
        return fail(NTLM_ERR_BAD_NAME, "no account of this machine has user id %lu",
                    (unsigned long)uid);
    if (error)
        return error;
    error = import_user(local, name);
    free(local);
    return error;
}

static enum ntlm_error import_string_uid(char *text, struct name **name)
{
    char *end;
    unsigned long uid = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || uid != (uid_t)uid)
        return fail(NTLM_ERR_BAD_NAME, "\"%s\" is not a user id", text);
    return import_uid((uid_t)uid, name);
}

static enum ntlm_error import_machine_uid(const char *data, size_t len, struct name **name)
{
    uid_t uid;

    if (len != sizeof(uid))
        return fail(NTLM_ERR_BAD_NAME, "a user id has %zu bytes, not %zu", sizeof(uid), len);
    memcpy(&uid, data, sizeof(uid));
    return import_uid(uid, name);
}

typedef enum ntlm_error importer(char *text, struct name **name);

static importer *importer_of(gss_const_OID type)
{
    static const struct {
        const gss_OID_desc *type;
        importer *import;
    } importers[] = {
        {&oid_nt_user_name, import_user},
        {&oid_nt_hostbased_service, import_service},
        {&oid_nt_hostbased_service_x, import_service},
        {&oid_nt_krb5_principal, import_principal},
        {&oid_nt_krb5_enterprise, import_enterprise},
        {&oid_nt_string_uid_name, import_string_uid},
    };

    if (!type)
        return import_user;
    for (size_t i = 0; i < sizeof(importers) / sizeof(importers[0]); i++)
        if (oid_same(type, importers[i].type))
            return importers[i].import;
    return NULL;
}

/* Some callers count the terminator in; any other NUL would hide the rest. */
static enum ntlm_error import_text(importer *import, const char *text, size_t len,
                                   struct name **name)
{
    enum ntlm_error error;
    char room[256], *copy = room; /* usual names fit */

    if (len && !text[len - 1])
        len--;
    if (memchr(text, '\0', len))
        return fail(NTLM_ERR_BAD_NAME, "it contains a NUL");
    if (len >= sizeof(room))
        copy = malloc(len + 1);
    if (!copy)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    error = import(copy, name);
    if (copy != room)
        free(copy);
    return error;
}

enum ntlm_error name_import(const char *text, size_t len, gss_const_OID type,
                            struct name **name)
{
    importer *import = importer_of(type);

    *name = NULL;
    if (!text) {
        text = "";
        len = 0;
    }
    if (import)
        return import_text(import, text, len, name);
    if (oid_same(type, &oid_nt_anonymous))
        return name_of_anonymous(name);
    if (oid_same(type, &oid_nt_machine_uid_name))
        return import_machine_uid(text, len, name);
    if (oid_same(type, &oid_nt_export_name) || oid_same(type, &oid_nt_composite_export))
        return name_import_token(ntlm_bytes(text, len), false, name);
    return fail(NTLM_ERR_BAD_NAME_TYPE, NULL);
}
