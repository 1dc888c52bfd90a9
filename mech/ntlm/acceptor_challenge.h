/* SPDX-License-Identifier: MIT */
/* acceptor_challenge.h - the CHALLENGE that an acceptor makes ([MS-NLMP]
 * 3.2.5.1.1). For acceptor.c alone. */

#ifndef NTLM_ACCEPTOR_CHALLENGE_H
#define NTLM_ACCEPTOR_CHALLENGE_H

#include "acceptor_config.h"
#include "env.h"
#include "message.h"

/* What is kept of a CHALLENGE until AUTHENTICATE comes. Must not be moved in memory. */
struct ntlm_sent_challenge {
    struct ntlm_writer token; /* as it goes over the wire */
    uint8_t token_room[256];  /* of a token of usual length */
    uint32_t flags;           /* NegotiateFlags */
    uint8_t server_challenge[8];
    uint64_t time; /* MsvAvTimestamp */
};

/* Makes the CHALLENGE for a client that asked for these NegotiateFlags. *sent
 * must be zeros, and its token is to be cleared whatever is returned. Errors,
 * recorded: NTLM_ERR_NO_CHARSET, _BAD_TEXT for a name in the configuration that
 * cannot be sent, env->random's. */
enum ntlm_error ntlm_challenge_make(const struct ntlm_env *env,
                                    const struct ntlm_acceptor_config *config, uint32_t asked,
                                    struct ntlm_sent_challenge *sent);

/* Of a client of datagrams, which sends no NEGOTIATE: it is offered everything. */
#define NTLM_DATAGRAM_ASKED                                                                    \
    (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET |                    \
     NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |              \
     NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH)

/* Takes a token up that ntlm_challenge_make made, in this or another process.
 * NTLM_ERR_BAD_EXPORT for one that it cannot have made. */
enum ntlm_error ntlm_challenge_resume(struct ntlm_bytes token,
                                      struct ntlm_sent_challenge *sent);

#endif
