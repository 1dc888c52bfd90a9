/* SPDX-License-Identifier: MIT */
/* sspi_authidentity_fixture.c - makes the identities. */

#include "config.h"

#include "sspi_authidentity_fixture.h"

#include "context_buffer.h"
#include "suite.h"

PSEC_WINNT_AUTH_IDENTITY_OPAQUE made(PCWSTR user, PCWSTR domain, PCWSTR password)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;

    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(user, domain, password, &opaque),
                     SEC_E_OK);
    ck_assert_ptr_nonnull(opaque);
    return opaque;
}

PSEC_WINNT_AUTH_IDENTITY_OPAQUE made_of_nothing(void)
{
    SEC_WINNT_AUTH_IDENTITY_W nothing = {.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy;

    ck_assert_int_eq(SspiCopyAuthIdentity(&nothing, &copy), SEC_E_OK);
    return copy;
}

SEC_WINNT_AUTH_IDENTITY_A alice_of_corp = {
    (UCHAR[]){"alice"},  5, (UCHAR[]){"CORP"},           4,
    (UCHAR[]){"secret"}, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};

void is_text(PCWSTR text, PCWSTR expected)
{
    size_t length = 0;

    if (!expected) {
        ck_assert_ptr_null(text);
        return;
    }
    ck_assert_ptr_nonnull(text);
    while (expected[length])
        length++;
    ck_assert_mem_eq(text, expected, (length + 1) * sizeof(WCHAR));
}

void nothing_is_left(void)
{
    ck_assert_uint_eq(context_buffer_count(), 0);
}
