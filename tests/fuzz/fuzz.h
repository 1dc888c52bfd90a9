/* SPDX-License-Identifier: MIT */
/* fuzz.h - what the fuzzer and the test that stands in for it share. */

#ifndef FUZZ_H
#define FUZZ_H

#include "ntlm_exchange.h"
#include "target.h"

/* An input is one byte that says which token of the exchange is replaced, one
 * that says how the two sides are configured, and the token. */
#define FUZZ_HEADER 2

/* Configures both sides as the byte says. */
void fuzz_configure(struct exchange *x, uint8_t how);

#endif
