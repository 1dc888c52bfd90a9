/* SPDX-License-Identifier: MIT */
/* describe_token.h - a token of Negotiate or of NTLM field by field, in the words of RFC
 * 4178 and [MS-NLMP]: what ntlm/describe.h does for NTLM's messages, for SPNEGO's around
 * them as well. */

#ifndef TOOL_DESCRIBE_TOKEN_H
#define TOOL_DESCRIBE_TOKEN_H

#include "ntlm/bytes.h"
#include "ntlm/field.h"

/* Gives the fields; an NTLM message inside of a token of SPNEGO is two levels deeper. */
void describe_token(struct ntlm_bytes token,
                    void (*take)(void *arg, const struct ntlm_field *field), void *arg);

/* The NTLM message that the token is, or has in it; empty: there is none. */
struct ntlm_bytes token_ntlm_message(struct ntlm_bytes token);

#endif
