/* SPDX-License-Identifier: MIT */
/* dispatch.h - from the command line to the function that runs it. */

#ifndef TOOL_DISPATCH_H
#define TOOL_DISPATCH_H

#include "command.h"

/* Runs what argv[1] names in the table, which NULL ends, or prints help. `path` is how the
 * table is called: "gss-negotiate", "gss-negotiate account". argv ends with NULL. */
enum exit_status command_dispatch(const struct command *const *table, const char *path,
                                  const char *about, int argc, char **argv);

/* A mistake in how a command was called, behind which its help is pointed to. */
enum exit_status usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The command of that name in a table; NULL: there is none. */
const struct command *command_find(const struct command *const *table, const char *name);
/* Whether `word` is this option: "--NAME", or "--NAME=ARGUMENT". */
bool option_named(const struct option_row *row, const char *word);

#endif
