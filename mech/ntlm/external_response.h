/* SPDX-License-Identifier: MIT */
/* external_response.h - an AUTHENTICATE that an external responder makes (see
 * struct ntlm_secret): one that knows the password's hash and does not give it
 * away, as winbind. For initiator.c alone. */

#ifndef NTLM_EXTERNAL_RESPONSE_H
#define NTLM_EXTERNAL_RESPONSE_H

#include "exchange.h"
#include "respond.h"

/* The tokens as they went over the wire. */
struct ntlm_tokens {
    struct ntlm_bytes negotiate, challenge;
};

/* Has secret->respond make the AUTHENTICATE, with our target's name in it but
 * without our channel bindings, and checks that it is as was agreed. Fills the
 * outcome. Errors, recorded: those of secret->respond and of the decoders,
 * NTLM_ERR_NO_IDENTITY (of datagrams none can be made), _EXTERNAL_FLAGS,
 * _EXTERNAL_NTLMV1, _MIC_MISSING, _NO_SERVER_NAMES. */
enum ntlm_error ntlm_external_respond(const struct ntlm_response_request *request,
                                      const struct ntlm_tokens *tokens,
                                      const struct ntlm_secret *secret, struct ntlm_writer *out,
                                      struct ntlm_outcome *outcome);

#endif
