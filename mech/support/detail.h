/* SPDX-License-Identifier: MIT */
/* detail.h - the text of what went wrong in the case at hand, beside an error's own.
 * Whose it is and how long it is kept is for who keeps it: failure.h for NTLM's
 * errors, spnego/status.h for SPNEGO's. Safe from any thread. */

#ifndef DETAIL_H
#define DETAIL_H

#include <stdarg.h>
#include <stddef.h>

/* The longest that a detail may be, with its NUL. */
#define DETAIL_MAX 1024

/* Makes the detail of the format (NULL: "") and its arguments, printable (printable.h)
 * and cut where it does not fit into `size` bytes, DETAIL_MAX at most. */
void detail_format(char *detail, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
