/* SPDX-License-Identifier: MIT */
/* line.h - one line of the account file, in either format (file.h). Knows no
 * file. What a line holds is secret: nothing of it is traced here. */

#ifndef USERFILE_LINE_H
#define USERFILE_LINE_H

#include "userfile/userfile.h"

enum line_kind {
    LINE_NOTHING, /* empty, or a comment */
    LINE_BAD,     /* fits neither format, or is not UTF-8 text */
    LINE_PASSWORD,
    LINE_SMBPASSWD
};

/* A line taken apart. The strings lie in the line. */
struct line {
    enum line_kind kind;
    const char *user, *domain;
    const char *password;        /* LINE_PASSWORD; else NULL */
    const char *lm, *nt, *flags; /* LINE_SMBPASSWD; else NULL */
};

/* Takes text[0..len), without its line end, apart in place; text[len] is
 * overwritten too. */
struct line line_parse(char *text, size_t len);

/* Makes all of a good line's account but its names; its LM hash only if `lm`
 * asks for it. Errors: those of crypto.h. The caller clears *account. */
enum ntlm_error line_account(const struct line *line, bool lm, struct account *account);

#endif
