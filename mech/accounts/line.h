/* line.h - one line of the account file, in either format (file.h). Knows no
 * file. What a line holds is secret: nothing of it is traced here. */

#ifndef ACCOUNTS_LINE_H
#define ACCOUNTS_LINE_H

#include "accounts/file.h"

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

/* Makes the account of a good line. Errors: those of crypto.h, and
 * NTLM_ERR_OUT_OF_MEMORY. On NTLM_OK the caller clears *account. */
enum ntlm_error line_account(const struct line *line, struct account *account);

/* Does the work of line_account for nobody. DES takes long enough that a
 * stranger could tell from the time what kind of line a user has, or that
 * there is none: so it is done for every question once. */
enum ntlm_error line_waste_hashes(void);

#endif
