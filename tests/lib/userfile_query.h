/* SPDX-License-Identifier: MIT */
/* userfile_query.h - the plain question for an account: user and domain (NULL:
 * none), with or without the LM hash. */

#ifndef USERFILE_QUERY_H
#define USERFILE_QUERY_H

#include "userfile/userfile.h"

static inline struct account_query query_of(const char *user, const char *domain, bool lm)
{
    return (struct account_query){.user = user, .domain = domain ? domain : "", .lm = lm};
}

/* For "&": one object a call. */
#define QUERY(user, domain) (struct account_query[]){query_of(user, domain, false)}[0]
#define LM_QUERY(user, domain) (struct account_query[]){query_of(user, domain, true)}[0]

#endif
