/* SPDX-License-Identifier: MIT */
/* username.h - users as people write them, taken apart into a user and a domain. Which
 * characters a name may have is for whoever makes a name of it. */

#ifndef USERNAME_H
#define USERNAME_H

#include <stdbool.h>

#include "ntlm/error.h"

/* When user@suffix is a user and a domain, and not one user principal name (UPN), which
 * stays whole with an empty domain as on Windows. */
enum username_split {
    USERNAME_SPLIT_NETBIOS, /* when the suffix has no dot */
    USERNAME_SPLIT_ALWAYS,
    USERNAME_SPLIT_NEVER
};

/* Both strings lie in memory, which the caller frees. */
struct username {
    char *memory;
    const char *user, *domain; /* domain is "" when there is none */
};

/* DOMAIN\user         user and domain; an @ is then the user's
 * \user@suffix        a UPN
 * user\@suffix        a UPN, however short its suffix is
 * user\@suffix@DOMAIN a UPN and a domain
 * user@suffix         see above
 * user
 *
 * NTLM_ERR_OUT_OF_MEMORY; NTLM_ERR_BAD_NAME when the user is empty or begins with
 * an @. Recorded. */
enum ntlm_error username_parse(const char *text, enum username_split split,
                               struct username *name);

/* Whether username_parse gives the same result for this text whatever the split is. */
bool username_is_plain(const char *text);

#endif
