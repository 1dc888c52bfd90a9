/* SPDX-License-Identifier: MIT */
/* name.c - names: making, sharing, comparing and showing them. How they are
 * read from an application's text is in name_import.c, from and to tokens in
 * name_export.c, the GSSAPI functions in name_api.c. */

#include "config.h"

#include "gss/name.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "ntlm/text.h"
#include "support/failure.h"

/* In characters, of which upper-casing (name_export.c) makes no more, as it does of bytes.
 * The longest that Windows allows is a service principal name with two DNS names in it;
 * users have 256. */
#define TEXT_MAX 1024

#define ANONYMOUS_TEXT "<anonymous>"

/* C0, DEL, and C1 as UTF-8 has it. */
static bool has_controls(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] < 0xa0))
            return true;
    return false;
}

static enum ntlm_error check_text(const char *text)
{
    size_t len = strlen(text);

    if (u8_check((const uint8_t *)text, len))
        return fail(NTLM_ERR_BAD_NAME, "it is not valid UTF-8");
    if (u8_mbsnlen((const uint8_t *)text, len) > TEXT_MAX)
        return fail(NTLM_ERR_BAD_NAME, "it has more than %d characters", TEXT_MAX);
    if (has_controls(text))
        return fail(NTLM_ERR_BAD_NAME, "there is a control character in \"%s\"", text);
    return NTLM_OK;
}

/* A user's text is DOMAIN\user wherever it is shown, and administrators grant
 * access by it: no name may look like another. */
static enum ntlm_error check_user(const char *user, const char *domain)
{
    enum ntlm_error error = check_text(user);

    if (!error)
        error = check_text(domain);
    if (error)
        return error;
    if (!*user)
        return fail(NTLM_ERR_BAD_NAME, "there is no user in it");
    if (strchr(user, '\\') || strchr(domain, '\\'))
        return fail(NTLM_ERR_BAD_NAME, "there is a second backslash in \"%s\\%s\"", domain,
                    user);
    if (!*domain && strcasecmp(user, ANONYMOUS_TEXT) == 0)
        return fail(NTLM_ERR_BAD_NAME, "\"%s\" stands for no user", user);
    return NTLM_OK;
}

static enum ntlm_error check_service(const char *service, const char *host)
{
    enum ntlm_error error = check_text(service);

    if (!error)
        error = check_text(host);
    if (error)
        return error;
    if (strchr(service, '@'))
        return fail(NTLM_ERR_BAD_NAME, "there is an @ in the service \"%s\"", service);
    return NTLM_OK;
}

/* One block has the name and its two texts, which *one and *other then point to. */
static struct name *new_name(enum name_kind kind, const char *first, const char *second,
                             const char **one, const char **other)
{
    size_t len = strlen(first) + 1;
    struct name *made = calloc(1, sizeof(*made) + len + strlen(second) + 1);

    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->kind = kind;
    *one = strcpy(made->texts, first);
    *other = strcpy(made->texts + len, second);
    return made;
}

enum ntlm_error name_of_user(const char *user, const char *domain, struct name **name)
{
    enum ntlm_error error = check_user(user, domain ? domain : "");
    const char *kept[2];
    struct name *made;

    *name = NULL;
    if (error)
        return error;
    made = new_name(NAME_USER, user, domain ? domain : "", &kept[0], &kept[1]);
    if (!made)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    made->user = kept[0];
    made->domain = kept[1];
    *name = made;
    return NTLM_OK;
}

enum ntlm_error name_of_service(const char *service, const char *host, struct name **name)
{
    enum ntlm_error error = check_service(service, host);
    const char *kept[2];
    struct name *made;

    *name = NULL;
    if (error)
        return error;
    made = new_name(NAME_SERVICE, service, host, &kept[0], &kept[1]);
    if (!made)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    made->service = kept[0];
    made->host = kept[1];
    *name = made;
    return NTLM_OK;
}

enum ntlm_error name_of_anonymous(struct name **name)
{
    const char *none[2];

    *name = new_name(NAME_ANONYMOUS, "", "", &none[0], &none[1]);
    return *name ? NTLM_OK : fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
}

static void attribute_clear(struct name_attribute *attribute)
{
    free(attribute->attribute); /* the others lie in the same block */
}

enum ntlm_error name_add_attribute(struct name *name, const char *attribute,
                                   struct ntlm_bytes value, const char *display,
                                   bool authenticated, bool complete)
{
    struct name_attribute added = {.authenticated = authenticated, .complete = complete};
    size_t name_len = strlen(attribute) + 1;
    struct name_attribute *more =
        reallocarray(name->attributes, name->attribute_count + 1, sizeof(*name->attributes));

    if (!more)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    name->attributes = more;
    added.attribute = malloc(name_len + value.len + 1 + (display ? strlen(display) + 1 : 0));
    if (!added.attribute)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    strcpy(added.attribute, attribute);
    added.value = (uint8_t *)added.attribute + name_len;
    added.value_len = value.len;
    if (display)
        added.display = strcpy((char *)added.value + value.len + 1, display);
    if (value.len)
        memcpy(added.value, value.data, value.len);
    name->attributes[name->attribute_count++] = added;
    return NTLM_OK;
}

/* Immutable to those who hold it; the count behind that is not. */
struct name *name_ref(const struct name *name)
{
    struct name *shared = (struct name *)(uintptr_t)name;

    if (shared)
        atomic_fetch_add(&shared->references, 1);
    return shared;
}

void name_free(struct name *name)
{
    if (!name || atomic_fetch_sub(&name->references, 1) != 1)
        return;
    for (size_t i = 0; i < name->attribute_count; i++)
        attribute_clear(&name->attributes[i]);
    free(name->attributes);
    free(name);
}

static char *joined(const char *first, const char *between, const char *second)
{
    char *text = malloc(strlen(first) + strlen(between) + strlen(second) + 1);

    if (text)
        stpcpy(stpcpy(stpcpy(text, first), between), second);
    return text;
}

char *name_text(const struct name *name)
{
    switch (name->kind) {
    case NAME_USER:
        return joined(name->domain, *name->domain ? "\\" : "", name->user);
    case NAME_SERVICE:
        return joined(name->service, *name->host ? "@" : "", name->host);
    case NAME_ANONYMOUS:
        break;
    }
    return strdup(ANONYMOUS_TEXT);
}

const gss_OID_desc *name_type(const struct name *name)
{
    switch (name->kind) {
    case NAME_USER:
        return &oid_nt_user_name;
    case NAME_SERVICE:
        return &oid_nt_hostbased_service;
    case NAME_ANONYMOUS:
        break;
    }
    return &oid_nt_anonymous;
}

char *name_spn(const struct name *name)
{
    switch (name->kind) {
    case NAME_USER:
        return joined(name->user, *name->domain ? "@" : "", name->domain);
    case NAME_SERVICE:
        return joined(name->service, *name->service && *name->host ? "/" : "", name->host);
    case NAME_ANONYMOUS:
        break;
    }
    return strdup("");
}

bool name_same(const struct name *a, const struct name *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case NAME_USER:
        return ntlm_text_same(a->user, b->user) && ntlm_text_same(a->domain, b->domain);
    case NAME_SERVICE:
        return ntlm_text_same(a->service, b->service) && ntlm_text_same(a->host, b->host);
    case NAME_ANONYMOUS:
        break;
    }
    return false;
}
