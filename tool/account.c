/* SPDX-License-Identifier: MIT */
/* account.c - "gss-negotiate account": the table of its subcommands. */

#include "config.h"

#include <stddef.h>

#include "account.h"
#include "commands.h"
#include "translate.h"

static const struct command *const commands[] = {
    &account_add,  &account_remove, &account_list,   &account_verify,
    &account_hash, &account_lint,   &account_import, NULL,
};

const struct command command_account = {
    .name = "account",
    .operands = "",
    .summary = N_("Keep the account file of a server: who may log in to it"),
    .about = "",
    .commands = commands,
};
