/* SPDX-License-Identifier: MIT */
/* domain.h - which names are names of one domain. The setting domain_aliases pairs
 * names, usually a NetBIOS and a DNS name. Besides, "", "." and this computer's
 * names (NetBIOS and DNS) all mean the computer's local accounts, as on Windows.
 * Case is ignored. */

#ifndef SETTINGS_DOMAIN_H
#define SETTINGS_DOMAIN_H

#include "settings/settings.h"

/* The other names of the domain, without "": with the aliases A=B and B=C those of
 * A are B and C. NULL-terminated; the strings are the settings', the caller frees
 * the list. NULL when memory ends. */
const char **domain_other_names(const struct settings *settings, const char *domain);

/* The other names of a login's domain, and of the realm of a user "user@realm" (else
 * those of ""). */
struct domain_names {
    const char **domains, **realms; /* as domain_other_names gives them */
};

/* user may be NULL. False when memory ends. The caller frees the names in any case. */
bool domain_names_of_login(const struct settings *settings, const char *user,
                           const char *domain, struct domain_names *names);
void domain_names_free(struct domain_names *names);

/* Whether both are names of one domain; no when memory ends. */
bool domain_same(const struct settings *settings, const char *a, const char *b);

/* Whether this is a name of the computer's local accounts; no when memory ends. */
bool domain_is_local(const struct settings *settings, const char *domain);

#endif
