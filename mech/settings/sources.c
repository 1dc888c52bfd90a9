/* SPDX-License-Identifier: MIT */
/* sources.c - see sources.h. */

#include "config.h"

#include "settings/sources.h"

struct source_order settings_sources(const struct settings *settings, bool file_named,
                                     bool (*winbind_runs)(void))
{
    const struct setting_choices *listed = &settings->account_sources;
    struct source_order order = {.count = 0};

    for (size_t i = 0; i < listed->count; i++)
        if (listed->choice[i] != ACCOUNTS_IN_FILE || file_named)
            order.sources[order.count++] = listed->choice[i];
    if (listed->count == 0 && file_named)
        order.sources[order.count++] = ACCOUNTS_IN_FILE;
    else if (listed->count == 0 && winbind_runs())
        order.sources[order.count++] = ACCOUNTS_IN_WINBIND;
    return order;
}

struct source_order settings_identity_sources(const struct settings *settings,
                                              bool (*winbind_runs)(void))
{
    struct source_order order =
        settings_sources(settings, settings->user_file != NULL, winbind_runs);
    size_t at = 0;

    if (settings->login_keyring == LOGIN_KEYRING_OFF)
        return order;
    while (at < order.count && order.sources[at] != ACCOUNTS_IN_WINBIND)
        at++;
    for (size_t i = order.count++; i > at; i--)
        order.sources[i] = order.sources[i - 1];
    order.sources[at] = ACCOUNTS_IN_KEYRING;
    return order;
}
