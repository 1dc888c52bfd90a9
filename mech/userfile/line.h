/* SPDX-License-Identifier: MIT */
/* line.h - one line of the account file, in either format (userfile.h). Knows no
 * file. A line holds a secret, so nothing of it is traced here. */

#ifndef USERFILE_LINE_H
#define USERFILE_LINE_H

#include <stddef.h>

#include "ntlm/error.h"
#include "userfile/account.h"

/* What is wrong with a line, or probably not as it was meant. */
enum line_fault {
    LINE_FAULT_NONE,
    /* with LINE_BAD */
    LINE_FAULT_TOO_LONG,
    LINE_FAULT_NUL,
    LINE_FAULT_NOT_UTF8,
    LINE_FAULT_SEMICOLON,
    LINE_FAULT_BACKSLASH,
    LINE_FAULT_NO_COLON,
    LINE_FAULT_NO_DOMAIN,
    LINE_FAULT_NO_USER,
    LINE_FAULT_BAD_HASH,
    /* with a line that counts */
    LINE_FAULT_SMBPASSWD,
    LINE_FAULT_CARRIAGE_RETURN,
    LINE_FAULT_NAME_BLANK,
    LINE_FAULT_PASSWORD_BLANK,
    LINE_FAULT_EMPTY_PASSWORD
};
/* The fault in words, which follow "line 7: "; static. NULL for NONE. */
const char *line_fault_text(enum line_fault fault);

enum line_kind {
    LINE_NOTHING, /* empty, or a comment */
    LINE_BAD,     /* matches neither format, or is not UTF-8 text */
    LINE_PASSWORD,
    LINE_SMBPASSWD
};

/* A parsed line. The strings lie in the line's own memory. */
struct line {
    enum line_kind kind;
    enum line_fault fault;
    const char *user, *domain;
    const char *password;        /* LINE_PASSWORD; else NULL */
    const char *lm, *nt, *flags; /* LINE_SMBPASSWD; else NULL */
};

#define LINE_MAX_SIZE 65536

/* Parses text[0..len), without its line end, in place; overwrites text[len],
 * too. */
struct line line_parse(char *text, size_t len);

/* Fills in all of a good line's account except its names, and the LM hash only if
 * `lm`. Errors: those of crypto.h. The caller clears *account. */
enum ntlm_error line_account(const struct line *line, bool lm, struct account *account);

#endif
