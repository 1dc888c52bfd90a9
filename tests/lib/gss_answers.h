/* SPDX-License-Identifier: MIT */
/* gss_answers.h - calls of GSSAPI that fail, or that answer what no mechanism of the tests
 * would. The linker leads a program's calls of GSSAPI here (GSS_ANSWERS_WRAPS in the
 * Makefile fragment): those of the objects in it, libsspi's among them. What releases is
 * never led here. One thread at a time. */

#ifndef GSS_ANSWERS_H
#define GSS_ANSWERS_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

struct gss_answer {
    const char *function; /* NULL: whichever is called */
    unsigned nth;         /* its first, second, ... call; 0: none */
    /* Another major status than GSS_S_COMPLETE: the call is not made, and this is the
     * answer. */
    OM_uint32 major, minor;
    /* Behind a call that was made, and is complete: changes what it gave. The words are the
     * function's arguments. */
    void (*alter)(void *const words[]);
};

/* From now on. Each counts the calls for itself. */
#define GSS_ANSWERS 2
void gss_answers_arm(const struct gss_answer answers[GSS_ANSWERS]);
/* No more. Whether all were given. */
bool gss_answers_disarm(void);

/* For alter: these bytes, allocated as GSSAPI's, are in the buffer instead. */
void gss_answers_put(gss_buffer_t buffer, const void *bytes, size_t length);

#endif
