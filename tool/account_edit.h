/* SPDX-License-Identifier: MIT */
/* account_edit.h - an account file's text with one account's line put in, changed or taken
 * out. Every other line stays byte for byte. */

#ifndef TOOL_ACCOUNT_EDIT_H
#define TOOL_ACCOUNT_EDIT_H

#include "account_line.h"

struct edited {
    char *data; /* the new text; the caller cleanses and frees it (edited_clear) */
    size_t len;
    unsigned found;       /* lines of the account that there were */
    unsigned long number; /* of the first of them */
};

/* With `line`: it takes the place of the account's first line, or is put at the end, and
 * has the ends of lines that the file has. NULL: the account's lines are taken out. Further
 * lines of the account go in any case, for no server reads them. */
enum exit_status account_edit(const struct text *text, const struct username *name,
                              const char *line, struct edited *edited);
void edited_clear(struct edited *edited);

#endif
