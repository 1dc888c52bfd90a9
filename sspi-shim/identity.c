/* SPDX-License-Identifier: MIT */
/* identity.c - reading a caller's SEC_WINNT_AUTH_IDENTITY. The functions that
 * handle identities for a caller (SspiCopyAuthIdentity and its kin) are in
 * authidentity.c. */

#include "config.h"

#include "identity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unicode.h"

/* Where the texts of the forms with pointers lie; lengths in characters. */
struct text {
    const void *at;
    ULONG length;
};

struct pointers {
    struct text user, domain, password, list;
    ULONG flags;
};

/* A part of EX2, one piece of memory with offsets. */
struct part {
    const char *at;
    size_t size;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_named(const struct package *package, const char *name, size_t length)
{
    if (strlen(package->name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (lower(package->name[i]) != lower(name[i]))
            return false;
    return true;
}

/* One name of a package list; a length of 0: there is nothing between commas. */
struct entry {
    const char *name;
    size_t length;
    bool allowed; /* no '!' before it */
};

static bool next_entry(const char **list, struct entry *entry)
{
    static const char space[] = " \t";
    size_t length = strcspn(*list, ",");
    const char *end = *list + length;

    if (!**list)
        return false;
    entry->name = *list + strspn(*list, space);
    entry->allowed = *entry->name != '!';
    entry->name += !entry->allowed;
    while (end > entry->name && strchr(space, end[-1]))
        end--;
    entry->length = end > entry->name ? (size_t)(end - entry->name) : 0;
    *list += length + ((*list)[length] == ',');
    return true;
}

static void allow(struct identity *identity, const struct entry *entry)
{
    for (enum package_id id = PACKAGE_KERBEROS; id < PACKAGE_COUNT; id++)
        if (is_named(package_of(id), entry->name, entry->length))
            identity->allowed[id] = entry->allowed;
}

/* `Kerberos,NTLM` names all that may be used, `!ntlm` what may not. Packages
 * that are not here may be named: they change nothing. */
static void read_list(struct identity *identity, const char *list)
{
    struct entry entry;
    bool only = false;

    for (const char *rest = list; next_entry(&rest, &entry);)
        only |= entry.allowed && entry.length > 0;
    for (enum package_id id = PACKAGE_KERBEROS; only && id < PACKAGE_COUNT; id++)
        identity->allowed[id] = false;
    while (next_entry(&list, &entry))
        allow(identity, &entry);
}

static SECURITY_STATUS read_text(const struct text *text, bool wide, char **utf8)
{
    if (!text->at && text->length > 0)
        return SEC_E_UNKNOWN_CREDENTIALS;
    return wide ? unicode_to_utf8(text->at, text->length, utf8)
                : unicode_copy_utf8(text->at, text->length, utf8);
}

static SECURITY_STATUS read_pointers(const struct pointers *from, struct identity *identity,
                                     char **list)
{
    bool wide = !(from->flags & SEC_WINNT_AUTH_IDENTITY_ANSI);
    SECURITY_STATUS status = read_text(&from->user, wide, &identity->user);

    identity->flags = from->flags;
    if (status == SEC_E_OK)
        status = read_text(&from->domain, wide, &identity->domain);
    if (status == SEC_E_OK)
        status = read_text(&from->password, wide, &identity->password);
    if (status == SEC_E_OK)
        status = read_text(&from->list, wide, list);
    return status;
}

/* A and W differ in what their pointers point to, nothing else, and so do the
 * two kinds of EX: one of each is enough to find the texts. */
_Static_assert(sizeof(SEC_WINNT_AUTH_IDENTITY_A) == sizeof(SEC_WINNT_AUTH_IDENTITY_W) &&
                   sizeof(SEC_WINNT_AUTH_IDENTITY_EXA) == sizeof(SEC_WINNT_AUTH_IDENTITY_EXW),
               "the narrow and the wide identities are laid out alike");

static SECURITY_STATUS read_plain(const void *auth_data, struct identity *identity)
{
    SEC_WINNT_AUTH_IDENTITY_A plain;
    char *list = NULL;

    memcpy(&plain, auth_data, sizeof(plain));
    return read_pointers(&(struct pointers){.user = {plain.User, plain.UserLength},
                                            .domain = {plain.Domain, plain.DomainLength},
                                            .password = {plain.Password, plain.PasswordLength},
                                            .flags = plain.Flags},
                         identity, &list);
}

static SECURITY_STATUS read_ex(const void *auth_data, struct identity *identity, char **list)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex;

    memcpy(&ex, auth_data, sizeof(ex));
    if (ex.Length < sizeof(ex))
        return SEC_E_UNKNOWN_CREDENTIALS;
    return read_pointers(&(struct pointers){.user = {ex.User, ex.UserLength},
                                            .domain = {ex.Domain, ex.DomainLength},
                                            .password = {ex.Password, ex.PasswordLength},
                                            .list = {ex.PackageList, ex.PackageListLength},
                                            .flags = ex.Flags},
                         identity, list);
}

static bool part_of(struct part whole, size_t offset, size_t length, struct part *part)
{
    *part = (struct part){whole.at, 0};
    if (offset > whole.size || length > whole.size - offset)
        return false;
    *part = (struct part){whole.at + offset, length};
    return true;
}

/* UTF-16, whatever Flags say; an offset of 0 is that of no text at all. Copied
 * first, because it may lie at an odd address. */
static SECURITY_STATUS read_part(struct part whole, ULONG offset, size_t size, char **utf8)
{
    SECURITY_STATUS status;
    struct part part;
    WCHAR *text;

    if (offset == 0 && size == 0)
        return SEC_E_OK;
    if (!part_of(whole, offset, size, &part) || size % sizeof(WCHAR) != 0)
        return SEC_E_UNKNOWN_CREDENTIALS;
    text = malloc(size + sizeof(WCHAR));
    if (!text)
        return SEC_E_INSUFFICIENT_MEMORY;
    memcpy(text, part.at, size);
    status = unicode_to_utf8(text, size / sizeof(WCHAR), utf8);
    explicit_bzero(text, size);
    free(text);
    return status;
}

/* A SEC_WINNT_AUTH_DATA_PASSWORD: where the password is. Its offset counts
 * from itself; from the packed credentials around it is understood as well,
 * for there it would point behind its own end. */
static SECURITY_STATUS read_password_data(struct part packed, struct part data, char **password)
{
    SEC_WINNT_AUTH_DATA_PASSWORD where;
    struct part text;
    ULONG offset;
    USHORT size;

    if (data.size < sizeof(where))
        return SEC_E_UNKNOWN_CREDENTIALS;
    memcpy(&where, data.at, sizeof(where));
    offset = where.UnicodePassword.ByteArrayOffset;
    size = where.UnicodePassword.ByteArrayLength;
    if (offset >= sizeof(where) && part_of(data, offset, size, &text))
        return read_part(data, offset, size, password);
    return read_part(packed, offset, size, password);
}

static SECURITY_STATUS read_packed(struct part packed, char **password)
{
    SEC_WINNT_AUTH_PACKED_CREDENTIALS header;
    struct part data;

    if (packed.size == 0)
        return SEC_E_OK;
    if (packed.size < sizeof(header))
        return SEC_E_UNKNOWN_CREDENTIALS;
    memcpy(&header, packed.at, sizeof(header));
    if (memcmp(&header.AuthData.CredType, &SEC_WINNT_AUTH_DATA_TYPE_PASSWORD, sizeof(GUID)) !=
        0)
        return SEC_E_UNKNOWN_CREDENTIALS;
    if (!part_of(packed, header.AuthData.CredData.ByteArrayOffset,
                 header.AuthData.CredData.ByteArrayLength, &data))
        return SEC_E_UNKNOWN_CREDENTIALS;
    return read_password_data(packed, data, password);
}

static SECURITY_STATUS read_ex2(const void *auth_data, struct identity *identity, char **list)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 ex2;
    struct part whole, packed;
    SECURITY_STATUS status = SEC_E_OK;

    memcpy(&ex2, auth_data, sizeof(ex2));
    if (ex2.cbHeaderLength < sizeof(ex2) || ex2.cbStructureLength < ex2.cbHeaderLength)
        return SEC_E_UNKNOWN_CREDENTIALS;
    whole = (struct part){auth_data, ex2.cbStructureLength};
    identity->flags = ex2.Flags;
    if (!part_of(whole, ex2.PackedCredentialsOffset, ex2.PackedCredentialsLength, &packed))
        return SEC_E_UNKNOWN_CREDENTIALS;
    if (!(ex2.Flags & SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER))
        status = read_part(whole, ex2.UserOffset, ex2.UserLength, &identity->user);
    if (status == SEC_E_OK && !(ex2.Flags & SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN))
        status = read_part(whole, ex2.DomainOffset, ex2.DomainLength, &identity->domain);
    if (status == SEC_E_OK)
        status = read_packed(packed, &identity->password);
    if (status == SEC_E_OK)
        status = read_part(whole, ex2.PackageListOffset, ex2.PackageListLength, list);
    return status;
}

/* Each form has its flags elsewhere. */
static ULONG flags_of(const void *auth_data)
{
    const char *at = auth_data;
    size_t offset = offsetof(SEC_WINNT_AUTH_IDENTITY_W, Flags);
    ULONG version, flags;

    memcpy(&version, at, sizeof(version));
    if (version == SEC_WINNT_AUTH_IDENTITY_VERSION)
        offset = offsetof(SEC_WINNT_AUTH_IDENTITY_EXW, Flags);
    else if (version == SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        offset = offsetof(SEC_WINNT_AUTH_IDENTITY_EX2, Flags);
    memcpy(&flags, at + offset, sizeof(flags));
    return flags;
}

bool identity_is_encrypted(const void *auth_data)
{
    return (flags_of(auth_data) & (SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED |
                                   SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED |
                                   SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED |
                                   SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED)) != 0;
}

static SECURITY_STATUS fill(const void *auth_data, struct identity *identity)
{
    SECURITY_STATUS status;
    char *list = NULL;
    ULONG version;

    for (size_t i = 0; i < PACKAGE_COUNT; i++)
        identity->allowed[i] = true;
    if (identity_is_encrypted(auth_data))
        return SEC_E_UNKNOWN_CREDENTIALS;
    memcpy(&version, auth_data, sizeof(version));
    if (version == SEC_WINNT_AUTH_IDENTITY_VERSION)
        status = read_ex(auth_data, identity, &list);
    else if (version == SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        status = read_ex2(auth_data, identity, &list);
    else
        status = read_plain(auth_data, identity);
    if (status == SEC_E_OK && list)
        read_list(identity, list);
    unicode_free(list);
    return status;
}

SECURITY_STATUS identity_read(const void *auth_data, struct identity **identity)
{
    struct identity *made;
    SECURITY_STATUS status;

    *identity = NULL;
    if (!auth_data)
        return SEC_E_UNKNOWN_CREDENTIALS;
    made = calloc(1, sizeof(*made));
    if (!made)
        return SEC_E_INSUFFICIENT_MEMORY;
    atomic_init(&made->references, 1);
    status = fill(auth_data, made);
    if (status == SEC_E_OK)
        *identity = made;
    else
        identity_release(made);
    return status;
}

void identity_exclude(struct identity *identity, const char *package)
{
    allow(identity, &(struct entry){package, strlen(package), false});
}

struct identity *identity_retain(struct identity *identity)
{
    atomic_fetch_add_explicit(&identity->references, 1, memory_order_relaxed);
    return identity;
}

void identity_release(struct identity *identity)
{
    if (!identity ||
        atomic_fetch_sub_explicit(&identity->references, 1, memory_order_acq_rel) != 1)
        return;
    unicode_free(identity->user);
    unicode_free(identity->domain);
    unicode_free(identity->password);
    free(identity);
}

static bool is_empty(const char *text)
{
    return text && *text == '\0';
}

bool identity_is_anonymous(const struct identity *identity)
{
    return is_empty(identity->user) && is_empty(identity->password) &&
           (!identity->domain || is_empty(identity->domain));
}
