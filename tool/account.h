/* SPDX-License-Identifier: MIT */
/* account.h - the subcommands of "gss-negotiate account": NAME is defined in
 * account_NAME.c. */

#ifndef TOOL_ACCOUNT_H
#define TOOL_ACCOUNT_H

#include "command.h"

extern const struct command account_add, account_hash, account_import, account_lint,
    account_list, account_remove, account_verify;

/* A row of each that works on a file. */
#define OPTION_FILE                                                                            \
    {                                                                                          \
        "file", "FILE",                                                                        \
            N_("the account file; without it, the one that the settings name for servers")     \
    }

#endif
