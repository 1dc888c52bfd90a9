/* SPDX-License-Identifier: MIT */
/* output.h - what the command prints: lines for people, in colour where the terminal has
 * it, and errors. Every line is made printable (support/printable.h): what came from a
 * peer or a file can neither steer the terminal nor forge a line. JSON is json.h's. */

#ifndef TOOL_OUTPUT_H
#define TOOL_OUTPUT_H

#include <stdbool.h>

#include "ntlm/error.h"

/* What the command exits with; gss-negotiate(1) documents them. */
enum exit_status {
    STATUS_OK = 0,
    STATUS_BAD = 1,    /* what was looked at is not as it should be: a login was refused, a
                        * check found a fault, a password is wrong */
    STATUS_USAGE = 2,  /* the command line cannot be understood */
    STATUS_TROUBLE = 3 /* the answer could not be found out: a file cannot be read, memory
                        * or the disk is full */
};

enum style { STYLE_PLAIN, STYLE_GOOD, STYLE_BAD, STYLE_DOUBT, STYLE_NAME, STYLE_FAINT };

/* Decides on colours: standard output is a terminal, TERM is not "dumb", and NO_COLOR
 * is not set (https://no-color.org). Before anything is printed; standard output gets a
 * buffer that output_end can wipe. */
void output_begin(void);

/* A line to standard output. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A part of a line, in this style, and not yet its end. */
void say_part(enum style style, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the line. */
void say_end(void);

/* A line to standard error, behind "gss-negotiate: ". Returns `status`, so that a failure
 * reads `return complain(STATUS_TROUBLE, ...)`. */
enum exit_status complain(enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same with the text of an error, and its detail (support/failure.h). */
enum exit_status complain_of(enum ntlm_error error);
enum exit_status complain_of_memory(void);

/* What is complained of is given to this function, too (NULL: to none). */
void output_complaints(void (*take)(const char *text));

/* Writes out what is still held back. Returns `status`, or STATUS_TROUBLE when standard
 * output could not take everything that was printed. */
enum exit_status output_end(enum exit_status status);

#endif
