/* SPDX-License-Identifier: MIT */
/* sspi_identity_fields.c - the fields and their lengths. */

#include "config.h"

#include "sspi_identity_fields.h"

#include <stdint.h>
#include <string.h>

static ULONG length_of(const char *word)
{
    return word ? (ULONG)strlen(word) : 0;
}

SEC_WINNT_AUTH_IDENTITY_EXA identity_of_fields(struct identity_fields fields)
{
    return (SEC_WINNT_AUTH_IDENTITY_EXA){
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(SEC_WINNT_AUTH_IDENTITY_EXA),
        .User = (UCHAR *)(uintptr_t)fields.user,
        .UserLength = length_of(fields.user),
        .Domain = (UCHAR *)(uintptr_t)fields.domain,
        .DomainLength = length_of(fields.domain),
        .Password = (UCHAR *)(uintptr_t)fields.password,
        .PasswordLength = length_of(fields.password),
        .PackageList = (UCHAR *)(uintptr_t)fields.list,
        .PackageListLength = length_of(fields.list),
        .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI,
    };
}
