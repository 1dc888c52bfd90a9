/* sspi_words.c - the words and their lengths. */

#include "sspi_words.h"

#include <stdint.h>
#include <string.h>

static ULONG length_of(const char *word)
{
    return word ? (ULONG)strlen(word) : 0;
}

SEC_WINNT_AUTH_IDENTITY_EXA words_identity(struct words words)
{
    return (SEC_WINNT_AUTH_IDENTITY_EXA){
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(SEC_WINNT_AUTH_IDENTITY_EXA),
        .User = (UCHAR *)(uintptr_t)words.user,
        .UserLength = length_of(words.user),
        .Domain = (UCHAR *)(uintptr_t)words.domain,
        .DomainLength = length_of(words.domain),
        .Password = (UCHAR *)(uintptr_t)words.password,
        .PasswordLength = length_of(words.password),
        .PackageList = (UCHAR *)(uintptr_t)words.list,
        .PackageListLength = length_of(words.list),
        .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI,
    };
}
