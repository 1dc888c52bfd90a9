/* SPDX-License-Identifier: MIT */
/* describe_pairs.h - a list of AV pairs, field by field. For describe.c
 * and describe_response.c alone. */

#ifndef NTLM_DESCRIBE_PAIRS_H
#define NTLM_DESCRIBE_PAIRS_H

#include "describe_field.h"

/* A field a pair, of depth 2; a malformed list ends with what is wrong with it. */
void ntlm_describe_pairs(const struct ntlm_fields *fields, struct ntlm_bytes list);

#endif
