/* SPDX-License-Identifier: MIT */
/* account_line.h - lines of an account file as an editor sees them: byte for byte, with
 * their ends. What a line means is userfile/line.h's. */

#ifndef TOOL_ACCOUNT_LINE_H
#define TOOL_ACCOUNT_LINE_H

#include "output.h"
#include "support/username.h"
#include "userfile/line.h"
#include "userfile/load.h"

/* A line where it lies in the file's text. */
struct raw_line {
    const char *begin;
    size_t len;      /* without its end */
    size_t end_len;  /* of its end: 0, 1 (newline) or 2 (carriage return, newline) */
    size_t mark_len; /* of a byte order mark in front of it, which is the first then */
    unsigned long number;
};

/* The next line; begin with one of zeros. False at the end of the text. */
bool raw_line_next(const struct text *text, struct raw_line *line);

/* A line with memory of its own, in which it is parsed. It may have a password in it. */
struct parsed_line {
    struct line line;
    char *memory;
    size_t size;
};
enum exit_status raw_line_parse(const struct raw_line *raw, struct parsed_line *parsed);
void parsed_line_clear(struct parsed_line *parsed);

/* The account that an argument names: DOMAIN\user, user, or user@DOMAIN as split_user_at
 * has it. The caller frees name->memory in any case. */
enum exit_status account_name(const char *argument, struct username *name);
/* Whether the line is this account's, in any case of the letters. */
bool is_account(const struct line *line, const struct username *name);

/* The line of an account, without its end: with an NT hash, or with a password as it is
 * (password NULL: none). The caller cleanses and frees *text in any case. Complains of a name
 * or password that no line can hold. */
enum exit_status account_line_make(const struct username *name, const uint8_t nt_hash[16],
                                   const char *password, char **text);

#endif
