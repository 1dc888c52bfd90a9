/* SPDX-License-Identifier: MIT */
/* system.h - the system's clock and random bytes. Nothing here has a lock, or a
 * state that a fork could leave half changed. Safe from any thread. */

#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>

#include "ntlm/env.h"

/* The time in units of 100 ns since 1601-01-01 UTC (a FILETIME). */
uint64_t system_now(void);

/* Fills out[0..len) with random bytes from the kernel (getrandom(2)), fit for
 * keys. NTLM_ERR_RANDOM; out is then not to be used. */
enum ntlm_error system_random(uint8_t *out, size_t len);

/* What the protocol runs on in production: the two above, notes to the trace,
 * failures to failure.h. Static. */
const struct ntlm_env *production_env(void);

/* Whether the kernel is in FIPS mode, in which some systems' OpenSSL then is too, whatever
 * its configuration says. Looked at once for the process. One that does not tell, or that
 * this process may not ask, is not. NTLM_ERR_FIPS_MODE_UNKNOWN, with the reason: it could
 * not be looked at now; the next call looks again. */
enum ntlm_error system_fips_mode(bool *on);

#endif
