/* SPDX-License-Identifier: MIT */
/* commands.h - the subcommands: NAME is defined in NAME.c, and listed in main.c. */

#ifndef TOOL_COMMANDS_H
#define TOOL_COMMANDS_H

#include "command.h"

extern const struct command command_account, command_check, command_decode, command_list,
    command_login, command_logout, command_serve, command_settings, command_try;

#endif
