/* SPDX-License-Identifier: MIT */
/* describe.h - a token field by field, in the words of [MS-NLMP], for the trace and for
 * people. No secret is ever written: responses and session keys are shown by their
 * kind and length only. Says what is wrong with a malformed token instead of failing.
 * Safe from any thread. */

#ifndef NTLM_DESCRIBE_H
#define NTLM_DESCRIBE_H

#include "bytes.h"
#include "field.h"

/* Gives the fields, one call each. The first one is the message: its name, e.g.
 * "CHALLENGE", and "214 bytes, header 56". */
void ntlm_describe_fields(struct ntlm_bytes token,
                          void (*take)(void *arg, const struct ntlm_field *field), void *arg);

/* The same in lines, without newline, indented by depth: "CHALLENGE, 214 bytes, header
 * 56", "  TargetName "EXAMPLE"". */
void ntlm_describe(struct ntlm_bytes token, void (*line)(void *arg, const char *text),
                   void *arg);

#endif
