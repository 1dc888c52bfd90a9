/* SPDX-License-Identifier: MIT */
/* describe.h - a token in a few readable lines, for the trace and for people.
 * No secret is ever written: responses and session keys are shown by their
 * kind and length only. */

#ifndef NTLM_DESCRIBE_H
#define NTLM_DESCRIBE_H

#include "bytes.h"

/* Gives the lines, one call each, without newline and with every character
 * that is not printable text escaped; says what is wrong with a malformed
 * token instead of failing. The first line names the message and its length,
 * e.g. "CHALLENGE, 214 bytes, header 56". Safe from any thread. */
void ntlm_describe(struct ntlm_bytes token, void (*line)(void *arg, const char *text),
                   void *arg);

#endif
