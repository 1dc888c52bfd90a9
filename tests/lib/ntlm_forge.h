/* SPDX-License-Identifier: MIT */
/* ntlm_forge.h - answers that our own client would not give, by somebody who knows
 * the password: other clients, and clients that were talked into something.
 * Each changes the AUTHENTICATE of an exchange and proves it anew, its MIC
 * included where it has one. */

#ifndef NTLM_FORGE_H
#define NTLM_FORGE_H

#include "ntlm_exchange.h"

/* Bytes of a C string literal, NULs inside included. */
#define BYTES(literal) ntlm_bytes(literal, sizeof(literal) - 1)

/* Gives the NTLMv2 response this time and these AV pairs, MsvAvEOL included. */
void forge_response(struct exchange *x, uint64_t time, struct ntlm_bytes pairs);

/* The same with one thing changed. */
void forge_time(struct exchange *x, uint64_t time);
void forge_without(struct exchange *x, uint16_t id);
void forge_first(struct exchange *x, uint16_t id, struct ntlm_bytes value);
void forge_last(struct exchange *x, uint16_t id, struct ntlm_bytes value);

/* Makes the MIC of the AUTHENTICATE as it now is. */
void forge_mic(struct exchange *x);

/* The time in the NTLMv2 response. */
uint64_t forge_time_of(const struct exchange *x);

#endif
