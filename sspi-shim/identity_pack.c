/* SPDX-License-Identifier: MIT */
/* identity_pack.c - an identity as a SEC_WINNT_AUTH_IDENTITY_EX2: the one form
 * that is a single piece of memory. Read again in identity.c. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "context_buffer.h"
#include "identity.h"
#include "unicode.h"

/* The texts of an identity as EX2 holds them; NULL: not given. */
struct wide {
    WCHAR *text;
    size_t size; /* in bytes */
};

struct texts {
    struct wide user, domain, password, list;
};

static SECURITY_STATUS widen(const char *utf8, struct wide *wide)
{
    SECURITY_STATUS status;

    if (!utf8)
        return SEC_E_OK;
    status = unicode_buffer_w(utf8, strlen(utf8), &wide->text);
    while (status == SEC_E_OK && wide->text[wide->size / sizeof(WCHAR)])
        wide->size += sizeof(WCHAR);
    return status;
}

static void free_texts(struct texts *texts)
{
    context_buffer_free(texts->user.text);
    context_buffer_free(texts->domain.text);
    context_buffer_free(texts->password.text);
    context_buffer_free(texts->list.text);
}

/* What the identity does not allow; NULL when it allows all. */
static const char *list_of(const struct identity *identity)
{
    bool kerberos = identity->allowed[PACKAGE_KERBEROS], ntlm = identity->allowed[PACKAGE_NTLM];

    if (kerberos && ntlm)
        return NULL;
    return kerberos ? "!NTLM" : ntlm ? "!Kerberos" : "!Kerberos,!NTLM";
}

static SECURITY_STATUS get_texts(const struct identity *identity, struct texts *texts)
{
    SECURITY_STATUS status = widen(identity->user, &texts->user);

    if (status == SEC_E_OK)
        status = widen(identity->domain, &texts->domain);
    if (status == SEC_E_OK)
        status = widen(identity->password, &texts->password);
    if (status == SEC_E_OK)
        status = widen(list_of(identity), &texts->list);
    return status;
}

struct packed_password {
    SEC_WINNT_AUTH_PACKED_CREDENTIALS header;
    SEC_WINNT_AUTH_DATA_PASSWORD data;
};

_Static_assert(sizeof(struct packed_password) == sizeof(SEC_WINNT_AUTH_PACKED_CREDENTIALS) +
                                                     sizeof(SEC_WINNT_AUTH_DATA_PASSWORD),
               "the password's description follows the header at once");

/* The padding between members is set to zeros as well, here and below: these bytes
 * may leave the process, and the stack's content must not. */
static void describe_password(struct packed_password *packed, size_t size)
{
    memset(packed, 0, sizeof(*packed));
    packed->header.cbHeaderLength = sizeof(packed->header);
    packed->header.cbStructureLength = (USHORT)(sizeof(*packed) + size);
    packed->header.AuthData.CredType = SEC_WINNT_AUTH_DATA_TYPE_PASSWORD;
    packed->header.AuthData.CredData.ByteArrayOffset = sizeof(packed->header);
    packed->header.AuthData.CredData.ByteArrayLength = (USHORT)(sizeof(packed->data) + size);
    packed->data.UnicodePassword.ByteArrayOffset = sizeof(packed->data);
    packed->data.UnicodePassword.ByteArrayLength = (USHORT)size;
}

/* Where in the memory the next part goes. */
struct end {
    char *memory;
    ULONG offset;
};

static ULONG put(struct end *end, const void *part, size_t size)
{
    ULONG offset = end->offset;

    if (size > 0)
        memcpy(end->memory + offset, part, size);
    end->offset += (ULONG)size;
    return offset;
}

static void put_text(struct end *end, const struct wide *text, ULONG *offset, USHORT *size)
{
    if (!text->text)
        return;
    *offset = put(end, text->text, text->size);
    *size = (USHORT)text->size;
}

static void put_password(struct end *end, const struct wide *password,
                         SEC_WINNT_AUTH_IDENTITY_EX2 *ex2)
{
    struct packed_password packed;

    if (!password->text)
        return;
    describe_password(&packed, password->size);
    ex2->PackedCredentialsOffset = put(end, &packed, sizeof(packed));
    ex2->PackedCredentialsLength = packed.header.cbStructureLength;
    put(end, password->text, password->size);
}

/* The packed credentials come first, where they are aligned. */
static void fill(char *memory, ULONG size, const struct texts *texts, ULONG flags)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 ex2;
    struct end end = {memory, sizeof(ex2)};

    memset(&ex2, 0, sizeof(ex2));
    ex2.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
    ex2.cbHeaderLength = sizeof(ex2);
    ex2.cbStructureLength = size;
    ex2.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE | SEC_WINNT_AUTH_IDENTITY_MARSHALLED |
                (flags & SEC_WINNT_AUTH_IDENTITY_ONLY);
    if (!texts->user.text)
        ex2.Flags |= SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER;
    if (!texts->domain.text)
        ex2.Flags |= SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN;
    put_password(&end, &texts->password, &ex2);
    put_text(&end, &texts->user, &ex2.UserOffset, &ex2.UserLength);
    put_text(&end, &texts->domain, &ex2.DomainOffset, &ex2.DomainLength);
    put_text(&end, &texts->list, &ex2.PackageListOffset, &ex2.PackageListLength);
    memcpy(memory, &ex2, sizeof(ex2));
}

/* EX2 counts its parts in 16 bits. */
SECURITY_STATUS identity_pack(const struct identity *identity, void **packed, ULONG *size)
{
    struct texts texts = {0};
    SECURITY_STATUS status = get_texts(identity, &texts);
    size_t password;

    *packed = NULL;
    if (status != SEC_E_OK)
        goto out;
    password = sizeof(struct packed_password) + texts.password.size;
    status = SEC_E_INVALID_PARAMETER;
    if (password > UINT16_MAX || texts.user.size > UINT16_MAX || texts.domain.size > UINT16_MAX)
        goto out;
    *size = (ULONG)(sizeof(SEC_WINNT_AUTH_IDENTITY_EX2) + texts.user.size + texts.domain.size +
                    texts.list.size + (texts.password.text ? password : 0));
    *packed = context_buffer_alloc(*size);
    status = *packed ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
    if (*packed)
        fill(*packed, *size, &texts, identity->flags);
out:
    free_texts(&texts);
    return status;
}
