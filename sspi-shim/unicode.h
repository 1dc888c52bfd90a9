/* SPDX-License-Identifier: MIT */
/* unicode.h - between Windows' UTF-16 and GSSAPI's UTF-8. The A functions'
 * strings are UTF-8 too. Text that is malformed (an unpaired surrogate, a bad
 * sequence) or has a NUL within its length is SEC_E_INVALID_PARAMETER, never
 * cut or repaired: names decide who gets in. */

#ifndef SHIM_UNICODE_H
#define SHIM_UNICODE_H

#include <stdbool.h>
#include <stddef.h>

#include <sspi.h>

#define UNICODE_TERMINATED ((size_t)-1) /* a length: up to the NUL */

/* *utf8 is malloc'd and terminated; unicode_free lets it go. length counts
 * units of the input. A NULL text gives NULL. */
SECURITY_STATUS unicode_to_utf8(const WCHAR *text, size_t length, char **utf8);
SECURITY_STATUS unicode_copy_utf8(const char *text, size_t length, char **utf8);

/* The same for a name up to its NUL, which one character cannot be: on machines
 * of either byte order a string of four-byte characters looks like this, or like
 * an empty one. SEC_E_INVALID_PARAMETER for one character, and a line in the trace
 * that begins with `what`. */
SECURITY_STATUS unicode_name_to_utf8(const WCHAR *name, const char *what, char **utf8);

/* Writes that line for a name of one character, which a user's name may be: it helps
 * whoever wonders why the name is not found. Whether the name has one. NULL has
 * none. */
bool unicode_note_short(const WCHAR *name, const char *what);

/* *text is a context buffer and terminated; length counts bytes of the input. */
SECURITY_STATUS unicode_buffer_w(const char *utf8, size_t length, WCHAR **text);
SECURITY_STATUS unicode_buffer_a(const char *utf8, size_t length, char **text);

/* Cleanses, for it may have been a password, and frees. NULL is fine. */
void unicode_free(char *utf8);

#endif
