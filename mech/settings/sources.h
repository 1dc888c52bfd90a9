/* SPDX-License-Identifier: MIT */
/* sources.h - the order of the sources of accounts, for acceptors, who look clients up in
 * them, and for initiators, who look for their own account. */

#ifndef SETTINGS_SOURCES_H
#define SETTINGS_SOURCES_H

#include "settings/values.h"

struct source_order {
    enum account_source sources[ACCOUNT_SOURCE_COUNT];
    size_t count; /* 0: there is no source */
};

/* What account_sources lists, in its order, but the file only where one is
 * named; if it lists nothing, the file where one is named, else winbind where
 * winbind_runs, which is called only then, says so. A winbind that is listed need
 * not run yet. */
struct source_order settings_sources(const struct settings *settings, bool file_named,
                                     bool (*winbind_runs)(void));

/* An initiator's: the same with its own file, and with the keyring of logins, unless it is
 * off, before winbind or, where winbind is none of them, at the end. What the user named
 * with NTLM_USER_FILE comes before the keyring, which the user filled by hand, and this
 * before winbind, which knows users without their doing. */
struct source_order settings_identity_sources(const struct settings *settings,
                                              bool (*winbind_runs)(void));

#endif
