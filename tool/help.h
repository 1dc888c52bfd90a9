/* SPDX-License-Identifier: MIT */
/* help.h - the help texts, made from the rows of commands and options. */

#ifndef TOOL_HELP_H
#define TOOL_HELP_H

struct command;

/* The commands of a table, and what they are together. */
void help_table(const struct command *const *table, const char *path, const char *about);
/* One command. */
void help_command(const struct command *command, const char *path);

#endif
