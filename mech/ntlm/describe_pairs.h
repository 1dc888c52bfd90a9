/* SPDX-License-Identifier: MIT */
/* describe_pairs.h - a list of AV pairs in lines. 
 * alone. */

#ifndef NTLM_DESCRIBE_PAIRS_H
#define NTLM_DESCRIBE_PAIRS_H

#include "describe_line.h"

/* A line a pair; a malformed list ends with what is wrong with it. */
void ntlm_describe_pairs(const struct ntlm_lines *lines, struct ntlm_bytes list);

#endif
