/* SPDX-License-Identifier: MIT */
/* command.h - a subcommand as a row of a table: its name, its options, its help, and the
 * function that runs it. The command line, the help and the shells' completion are all
 * read from these rows (dispatch.h). */

#ifndef TOOL_COMMAND_H
#define TOOL_COMMAND_H

#include <stdbool.h>

#include "output.h"

#define OPTION_MAX 16

struct option_row {
    const char *name;     /* without its dashes; NULL ends the table */
    const char *argument; /* what it takes, as help shows it: "FILE"; NULL: nothing */
    const char *text;     /* what it is for */
};

/* A row of every command that can print JSON. */
#define OPTION_JSON                                                                            \
    {                                                                                          \
        "json", NULL, N_("print JSON")                                                         \
    }

/* What was given on the command line. */
struct arguments {
    const char *values[OPTION_MAX]; /* by the option's row: its argument, or "" where it
                                     * takes none; NULL: it was not given */
    char **operands;                /* the rest, NULL-terminated */
    int count;                      /* of the operands */
};

struct command {
    const char *name;
    const char *operands;             /* as help shows them: "[TOKEN]"; "" */
    int least, most;                  /* how many operands it takes; most < 0: any number */
    const char *summary;              /* one line, without a full stop */
    const char *about;                /* further lines of its help; may be "" */
    const struct option_row *options; /* NULL: none */
    const struct command *const
        *commands; /* its own, NULL-terminated; it is then not run itself */
    enum exit_status (*run)(const struct arguments *arguments);
};

#endif
