/* SPDX-License-Identifier: MIT */
/* lookup.h - under which names a query's account is looked up, whatever it is kept in. */

#ifndef USERFILE_LOOKUP_H
#define USERFILE_LOOKUP_H

#include <stddef.h>

#include "ntlm/error.h"
#include "userfile/account.h"

struct name {
    const char *user, *domain;
};

struct lookup {
    struct name name;
    bool any_domain; /* the first account with this user that has a domain, too; the
                      * name's is "" */
    uint32_t hash;   /* for who looks it up */
};

#define FEW_LOOKUPS 16 /* so many need no memory */

/* All of one query, the best first. */
struct lookups {
    struct lookup few[FEW_LOOKUPS], *all;
    size_t count;
    char *local; /* the user before its last @; NULL: there is none */
};

/* In the order that userfile.h promises; the names are the query's, which must live as
 * long. The caller clears *lookups in any case. NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error lookups_make(const struct account_query *query, struct lookups *lookups);
void lookups_clear(struct lookups *lookups);

#endif
