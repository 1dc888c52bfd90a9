/* SPDX-License-Identifier: MIT */
/* account_lines.h - the lines of an account file, looked through for mistakes: those that
 * userfile/line.h knows, and those that only show among the others. */

#ifndef TOOL_ACCOUNT_LINES_H
#define TOOL_ACCOUNT_LINES_H

#include "account_file.h"

struct line_finding {
    unsigned long number; /* of the line; 0: of the file as a whole */
    bool bad;             /* servers skip the line; else it counts, but is doubtful */
    const char *text;     /* what is wrong */
};

struct line_counts {
    size_t accounts, findings, bad;
};

/* Hands each finding to `take`, in the order of lines; duplicates behind them. A database
 * has no lines: its findings are about accounts, or about itself. */
enum exit_status account_lines_check(const struct account_file *file,
                                     void (*take)(void *arg,
                                                  const struct line_finding *finding),
                                     void *arg, struct line_counts *counts);

#endif
