/* SPDX-License-Identifier: MIT */
/* sspi_identity_fuzz.c - identities in each of the forms that SSPI has for them, with
 * whatever texts, lengths and offsets: each is refused, or is the same one once it was
 * copied, marshalled, taken apart into strings and put together again. */

#include "config.h"

#include <sspi.h>

#include "context_buffer.h"
#include "target.h"

#define TEXTS 4 /* user, domain, password, list of packages */

/* What an identity points to, in blocks of just their sizes. */
struct made {
    uint8_t *texts[TEXTS], *block;
    SEC_WINNT_AUTH_IDENTITY_INFO info;
    void *identity;
};

/* A pointer and how many characters are behind it. */
static void *take_text(struct input *in, bool wide, uint8_t **block, ULONG *length)
{
    const uint8_t how = take_byte(in);
    size_t unit = wide ? sizeof(WCHAR) : 1, len;
    const uint8_t *bytes = take_bytes(in, (how & 63) * unit, &len);

    *length = (ULONG)(len / unit);
    *block = exact_copy(bytes, len);
    return how & 64 ? NULL : *block;
}

static void make_plain(struct input *in, struct made *made, ULONG flags)
{
    SEC_WINNT_AUTH_IDENTITY_A *plain = &made->info.AuthId_a;
    const bool wide = !(flags & SEC_WINNT_AUTH_IDENTITY_ANSI);
    ULONG version;

    plain->User = take_text(in, wide, &made->texts[0], &plain->UserLength);
    plain->Domain = take_text(in, wide, &made->texts[1], &plain->DomainLength);
    plain->Password = take_text(in, wide, &made->texts[2], &plain->PasswordLength);
    plain->Flags = flags;
    version = made->info.AuthIdEx2.Version;
    if (version == SEC_WINNT_AUTH_IDENTITY_VERSION ||
        version == SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        plain->User = NULL; /* an address that looks like another form, as on Windows */
}

static void make_ex(struct input *in, struct made *made, ULONG flags)
{
    SEC_WINNT_AUTH_IDENTITY_EXA *ex = &made->info.AuthIdExa;
    const bool wide = !(flags & SEC_WINNT_AUTH_IDENTITY_ANSI);

    ex->Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
    ex->Length = (ULONG)sizeof(*ex) - (take_byte(in) & 1);
    ex->User = take_text(in, wide, &made->texts[0], &ex->UserLength);
    ex->Domain = take_text(in, wide, &made->texts[1], &ex->DomainLength);
    ex->Password = take_text(in, wide, &made->texts[2], &ex->PasswordLength);
    ex->PackageList = take_text(in, wide, &made->texts[3], &ex->PackageListLength);
    ex->Flags = flags;
}

/* A whole block of the input; its size is what its owner says that it is. */
static void make_ex2(struct input *in, struct made *made)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 header = {0};
    size_t size = in->left > sizeof(header) ? in->left : sizeof(header);
    size_t taken;
    const uint8_t *bytes = take_bytes(in, size, &taken);

    made->block = calloc(size, 1);
    MUST(made->block);
    if (taken > 0)
        memcpy(made->block, bytes, taken);
    memcpy(&header, made->block, sizeof(header));
    header.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2;
    if (header.cbStructureLength > size)
        header.cbStructureLength = (ULONG)size;
    memcpy(made->block, &header, sizeof(header));
    made->identity = made->block;
}

static void make(struct input *in, struct made *made)
{
    static const ULONG forms[] = {SEC_WINNT_AUTH_IDENTITY_ANSI, SEC_WINNT_AUTH_IDENTITY_UNICODE,
                                  SEC_WINNT_AUTH_IDENTITY_ANSI | SEC_WINNT_AUTH_IDENTITY_ONLY,
                                  SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED};
    const uint8_t how = take_byte(in);

    memset(made, 0, sizeof(*made));
    made->identity = &made->info;
    if ((how & 3) == 0)
        make_plain(in, made, forms[how >> 2 & 3]);
    else if ((how & 3) == 1)
        make_ex(in, made, forms[how >> 2 & 3]);
    else
        make_ex2(in, made);
}

static void unmake(struct made *made)
{
    for (int i = 0; i < TEXTS; i++)
        free(made->texts[i]);
    free(made->block);
}

static void must_be_same(void *one, void *other)
{
    BOOLEAN user, all;
    SECURITY_STATUS status = SspiCompareAuthIdentities(one, other, &user, &all);

    MUST(status != SEC_E_OK ? !user && !all : user && all);
}

static void marshal_and_back(void *identity)
{
    ULONG length;
    char *bytes;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE again;

    MUST(SspiMarshalAuthIdentity(identity, &length, &bytes) == SEC_E_OK && length > 0);
    MUST(SspiUnmarshalAuthIdentity(length, bytes, &again) == SEC_E_OK);
    must_be_same(identity, again);
    SspiFreeAuthIdentity(again);
    SspiLocalFree(bytes);
}

static void to_strings_and_back(void *identity)
{
    PCWSTR user, domain, password;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE again;

    MUST(SspiEncodeAuthIdentityAsStrings(identity, &user, &domain, &password) == SEC_E_OK);
    if (SspiEncodeStringsAsAuthIdentity(user, domain, password, &again) == SEC_E_OK) {
        BOOLEAN same_user, all;

        if (SspiCompareAuthIdentities(identity, again, &same_user, &all) == SEC_E_OK)
            MUST(same_user);
        SspiFreeAuthIdentity(again);
    }
    SspiLocalFree((void *)(uintptr_t)user);
    SspiLocalFree((void *)(uintptr_t)domain);
    SspiLocalFree((void *)(uintptr_t)password);
}

static void exclude(void *identity)
{
    static const WCHAR ntlm[] = {'N', 'T', 'L', 'M', 0};
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE without;

    MUST(SspiExcludePackage(identity, ntlm, &without) == SEC_E_OK);
    MUST(SspiValidateAuthIdentity(without) == SEC_E_OK);
    SspiFreeAuthIdentity(without);
}

/* What refuses an identity gives nothing. */
static void must_be_refused(void *identity)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy;
    PCWSTR user, domain, password;
    ULONG length;
    char *bytes;

    MUST(SspiCopyAuthIdentity(identity, &copy) != SEC_E_OK && !copy);
    MUST(SspiMarshalAuthIdentity(identity, &length, &bytes) != SEC_E_OK && !bytes);
    MUST(SspiEncodeAuthIdentityAsStrings(identity, &user, &domain, &password) != SEC_E_OK);
    MUST(!user && !domain && !password);
}

/* Bytes that may come from elsewhere. */
static void unmarshal(struct input *in)
{
    char *bytes = (char *)exact_copy(in->at, in->left);
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity;

    if (SspiUnmarshalAuthIdentity((ULONG)in->left, bytes, &identity) == SEC_E_OK) {
        marshal_and_back(identity);
        to_strings_and_back(identity);
        SspiZeroAuthIdentity(identity);
        SspiFreeAuthIdentity(identity);
    } else {
        MUST(!identity);
    }
    free(bytes);
}

static void ask_for_host(struct input *in)
{
    size_t len;
    const uint8_t *bytes = take_bytes(in, in->left / 2 * 2, &len);
    WCHAR *name = calloc(len + sizeof(WCHAR), 1);
    PWSTR host;

    MUST(name);
    if (len > 0)
        memcpy(name, bytes, len);
    if (SspiGetTargetHostName(name, &host) == SEC_E_OK)
        SspiLocalFree(host);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t what = take_byte(&in);
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy;
    struct made made;

    if ((what & 7) == 0) {
        unmarshal(&in);
    } else if ((what & 7) == 1) {
        ask_for_host(&in);
    } else {
        make(&in, &made);
        if (SspiValidateAuthIdentity(made.identity) != SEC_E_OK) {
            must_be_refused(made.identity);
        } else if (SspiCopyAuthIdentity(made.identity, &copy) == SEC_E_OK) {
            must_be_same(made.identity, copy);
            marshal_and_back(copy);
            to_strings_and_back(made.identity);
            exclude(made.identity);
            SspiZeroAuthIdentity(copy);
            SspiFreeAuthIdentity(copy);
        }
        unmake(&made);
    }
    MUST(context_buffer_count() == 0);
    return 0;
}
