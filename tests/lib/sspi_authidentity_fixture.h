/* SPDX-License-Identifier: MIT */
/* sspi_authidentity_fixture.h - identities in a caller's hands, and what must be left
 * of them and of their texts in the end: nothing. */

#ifndef SSPI_AUTHIDENTITY_FIXTURE_H
#define SSPI_AUTHIDENTITY_FIXTURE_H

#include <sspi.h>

/* Of the library's form. */
PSEC_WINNT_AUTH_IDENTITY_OPAQUE made(PCWSTR user, PCWSTR domain, PCWSTR password);
/* An identity without a user, a domain or a password. */
PSEC_WINNT_AUTH_IDENTITY_OPAQUE made_of_nothing(void);
/* Another form: the callers' own. */
extern SEC_WINNT_AUTH_IDENTITY_A alice_of_corp;

/* expected: NULL when there is to be no text. */
void is_text(PCWSTR text, PCWSTR expected);
void nothing_is_left(void);

#endif
