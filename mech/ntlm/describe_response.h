/* SPDX-License-Identifier: MIT */
/* describe_response.h - the LM and NT responses of an AUTHENTICATE field by field. For
 * describe.c alone. */

#ifndef NTLM_DESCRIBE_RESPONSE_H
#define NTLM_DESCRIBE_RESPONSE_H

#include "describe_field.h"
#include "message.h"

/* Gives the fields, and says whether the NT response announces a MIC. */
bool ntlm_describe_responses(const struct ntlm_fields *fields,
                             const struct ntlm_authenticate *message);

#endif
