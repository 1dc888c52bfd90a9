/* SPDX-License-Identifier: MIT */
/* fips.h - whether the administrator has OpenSSL in FIPS mode, of whose algorithms NTLM
 * has none. */

#ifndef NTLM_FIPS_H
#define NTLM_FIPS_H

#include <stdbool.h>

#include "error.h"

/* Whether OpenSSL's configuration (openssl.cnf, or OPENSSL_CONF's) makes fips=yes a default
 * property, as fips_module(7) has it, whether or not a FIPS provider is there. It is read
 * once for the process, and only read: no module of it is loaded, and the program's own
 * OpenSSL is left as it is. A configuration that is not there is none;
 * NTLM_ERR_FIPS_MODE_UNKNOWN: one that is there cannot be read, or is not one.
 * NTLM_ERR_OUT_OF_MEMORY. After an error the next call looks again. Safe from any thread and
 * after fork. */
enum ntlm_error ntlm_fips_mode(bool *on);

#endif
