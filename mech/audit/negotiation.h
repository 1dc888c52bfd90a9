/* SPDX-License-Identifier: MIT */
/* negotiation.h - the record of a login that NTLM let in, and that Negotiate around it or
 * the program then refused: so that its line of success (audit.h) is not the last word. */

#ifndef AUDIT_NEGOTIATION_H
#define AUDIT_NEGOTIATION_H

#include "settings/settings.h"

/* Negotiate's. Records it, unless these settings have audit_logons off; NULL: they could not be
 * read. account: who was let in; reason: why not in the end. May be NULL. Threads, forks and
 * the log itself: as in audit.h. */
void audit_negotiation(const struct settings *settings, const char *account,
                       const char *reason);

/* The same of the program's. */
void audit_refusal(const struct settings *settings, const char *account, const char *reason);

#endif
