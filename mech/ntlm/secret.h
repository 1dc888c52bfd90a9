/* SPDX-License-Identifier: MIT */
/* secret.h - how secrets are wiped, compared and found to be nothing but zeros. Safe from any
 * thread. */

#ifndef NTLM_SECRET_H
#define NTLM_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the first len bytes of a and b are equal. The time taken depends on
 * len alone. Both may be NULL when len is 0. */
bool ntlm_equal(const void *a, const void *b, size_t len);

/* Whether the first len bytes are all zero, as what stands for "none" is in NTLM. The
 * time taken depends on len alone. bytes may be NULL when len is 0. */
bool ntlm_is_zero(const void *bytes, size_t len);

/* Overwrites len bytes with zeros, in a way that the compiler cannot leave
 * out. secret may be NULL when len is 0. */
void ntlm_cleanse(void *secret, size_t len);

/* Overwrites 8 KiB of the stack below the caller: what functions that have returned,
 * libraries' among them, left there of keys in their registers and variables. */
void ntlm_cleanse_stack(void);

#endif
