/* SPDX-License-Identifier: MIT */
/* alter.h - what a man in the middle does to NTLM's messages on their way. Nobody here
 * knows the password. */

#ifndef ALTER_H
#define ALTER_H

#include "ntlm/avpair.h"
#include "ntlm/message.h"

/* A message as it is on its way. */
struct wire {
    uint8_t bytes[NTLM_MAX_CHALLENGE];
    size_t len;
};

enum wire_message { WIRE_NEGOTIATE, WIRE_CHALLENGE, WIRE_AUTHENTICATE, WIRE_MESSAGES };

/* Clears these NegotiateFlags of the message. */
void alter_clear_flags(struct wire *wire, enum wire_message which, uint32_t flags);

/* Takes an AUTHENTICATE apart, lets edit change it, and puts it together again with the MIC
 * as it was. */
void alter_authenticate(struct wire *wire, void (*edit)(struct ntlm_authenticate *message));

/* Gives a CHALLENGE's TargetInfo, or an NTLMv2 response, other AV pairs: without those with
 * this id, and with this value in their place, in front of all others (no bytes: with none). */
void alter_challenge_pair(struct wire *wire, uint16_t id, struct ntlm_bytes value);
void alter_response_pair(struct wire *wire, uint16_t id, struct ntlm_bytes value);

/* Puts another pair with this id behind those of the CHALLENGE, or in front. */
void alter_challenge_more(struct wire *wire, uint16_t id, struct ntlm_bytes value, bool first);

#endif
