/* SPDX-License-Identifier: MIT */
/* login_options.h - what login, logout and list have in common: which keyring, which
 * target, and who. */

#ifndef TOOL_LOGIN_OPTIONS_H
#define TOOL_LOGIN_OPTIONS_H

#include "command.h"
#include "identity/logins.h"
#include "support/username.h"

#define OPTION_KEYRING                                                                         \
    {                                                                                          \
        "keyring", "KEYRING", N_("session or persistent, instead of what login_keyring says")  \
    }
#define OPTION_TARGET(text)                                                                    \
    {                                                                                          \
        "target", "HOST", text                                                                 \
    }

/* The keyring that the option (NULL: not given) or else the settings name. Complains when
 * it is neither, or logins are switched off. */
enum exit_status login_keyring_option(const struct settings *settings, const char *option,
                                      enum login_keyring *keyring);

/* "DOMAIN\user" taken apart; to be freed (name->memory) in any case. */
enum exit_status login_name(const struct settings *settings, const char *text,
                            struct username *name);

#endif
