/* SPDX-License-Identifier: MIT */
/* domain.h - the domain that this machine is a member of, as winbind knows it. */

#ifndef WINBIND_DOMAIN_H
#define WINBIND_DOMAIN_H

#include "ntlm/error.h"

/* Immutable and shared. */
struct winbind_domain {
    const char *netbios_computer; /* the machine's name in the domain */
    const char *netbios_domain;
    const char *dns_domain; /* NULL: it has none */
};

/* Asks winbind at most once a minute in a process, and waits `seconds` at most. If
 * winbind does not answer any more, its last answer is given. A reference, for
 * winbind_domain_put. NTLM_ERR_NO_AUTHORITY, NTLM_ERR_OUT_OF_MEMORY; recorded.
 * Safe from any thread, and after fork. */
enum ntlm_error winbind_domain_get(unsigned seconds, const struct winbind_domain **domain);
void winbind_domain_put(const struct winbind_domain *domain); /* NULL is fine */

#endif
