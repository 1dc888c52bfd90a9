/* SPDX-License-Identifier: MIT */
/* describe_response.h - the LM and NT responses of an AUTHENTICATE in lines. For
 * describe.c alone. */

#ifndef NTLM_DESCRIBE_RESPONSE_H
#define NTLM_DESCRIBE_RESPONSE_H

#include "describe_line.h"
#include "message.h"

/* Gives the lines, and says whether the NT response announces a MIC. */
bool ntlm_describe_responses(const struct ntlm_lines *lines,
                             const struct ntlm_authenticate *message);

#endif
