/* SPDX-License-Identifier: MIT */
/* describe_flags.h - the names of NegotiateFlags, for the trace and for people. */

#ifndef NTLM_DESCRIBE_FLAGS_H
#define NTLM_DESCRIBE_FLAGS_H

#include <stddef.h>
#include <stdint.h>

/* The names of the flags without "NTLMSSP_" and the like, separated by spaces, then
 * in hexadecimal the bits that have none; whole names only, as many as fit into out.
 * Always terminated, unless out_size is 0. */
void ntlm_describe_flags(uint32_t flags, char *out, size_t out_size);

#endif
