/* SPDX-License-Identifier: MIT */
/* sspi_token.h - looking into the NTLM messages of an exchange, alone or inside
 * of SPNEGO's tokens ([MS-NLMP] 2.2). */

#ifndef SSPI_TOKEN_H
#define SSPI_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "sspi_exchange.h"

#define TOKEN_SIGN 0x10u
#define TOKEN_SEAL 0x20u
#define TOKEN_DATAGRAM 0x40u
#define TOKEN_IDENTIFY 0x100000u

#define TOKEN_AV_FLAGS 6
#define TOKEN_AV_TARGET_NAME 9
#define TOKEN_AV_CHANNEL_BINDINGS 10

/* The NTLM message in the side's last token: its length, 0 when there is none. */
size_t token_message(const struct side *side, const unsigned char **message);

/* The type (1 to 3) and NegotiateFlags of it. */
unsigned token_type(const struct side *side);
uint32_t token_flags(const struct side *side);

/* A exchange of the NTLMv2 response in an AUTHENTICATE: its bytes; NULL when it is
 * not there. */
const unsigned char *token_av(const struct side *side, unsigned id, size_t *length);

/* MsvAvTargetName as ASCII (static); NULL when it is not there. */
const char *token_target(const struct side *side);

/* Are these bytes, a mechanism's OID perhaps, in the last token? */
bool token_has(const struct side *side, const void *bytes, size_t length);
/* Is Kerberos' OID? */
bool token_has_kerberos(const struct side *side);

#endif
