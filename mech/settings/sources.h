/* SPDX-License-Identifier: MIT */
/* sources.h - the order of the sources of accounts. Acceptors, who look clients
 * up in them, and initiators, who look for their own account, use the same. */

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

#endif
