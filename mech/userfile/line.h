/* SPDX-License-Identifier: MIT */
/* line.h - one line of the account file, in either format (userfile.h). Knows no
 * file. A line holds a secret, so nothing of it is traced here. */

#ifndef USERFILE_LINE_H
#define USERFILE_LINE_H

#include <stddef.h>

#include "ntlm/error.h"
#include "userfile/account.h"

enum line_kind {
    LINE_NOTHING, /* empty, or a comment */
    LINE_BAD,     /* matches neither format, or is not UTF-8 text */
    LINE_PASSWORD,
    LINE_SMBPASSWD
};

/* A parsed line. The strings lie in the line's own memory. */
struct line {
    enum line_kind kind;
    const char *user, *domain;
    const char *password;        /* LINE_PASSWORD; else NULL */
    const char *lm, *nt, *flags; /* LINE_SMBPASSWD; else NULL */
};

/* Parses text[0..len), without its line end, in place; overwrites text[len],
 * too. */
struct line line_parse(char *text, size_t len);

/* Fills in all of a good line's account except its names, and the LM hash only if
 * `lm`. Errors: those of crypto.h. The caller clears *account. */
enum ntlm_error line_account(const struct line *line, bool lm, struct account *account);

#endif
