/* SPDX-License-Identifier: MIT */
/* complete.h - what may follow on the command line, for the shells' completion. */

#ifndef TOOL_COMPLETE_H
#define TOOL_COMPLETE_H

#include "command.h"

/* A line of what complete() prints that is no word: the shell offers its files. */
#define COMPLETE_FILES ":files"

/* Prints what may follow these words, "WORD<TAB>TEXT" a line, or COMPLETE_FILES. The last
 * word is the one that is being written, up to the cursor. */
enum exit_status complete(const struct command *const *table, int count, char **words);

#endif
