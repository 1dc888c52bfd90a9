/* SPDX-License-Identifier: MIT */
/* external_response.h - an AUTHENTICATE that somebody else makes in our place, because he
 * knows the password's hash and does not part with it. For initiator.c alone. */

#ifndef NTLM_EXTERNAL_RESPONSE_H
#define NTLM_EXTERNAL_RESPONSE_H

#include "answer.h"

/* The tokens as they went over the wire. */
struct ntlm_tokens {
    struct ntlm_bytes negotiate, challenge;
};

/* Has secret->answer make the AUTHENTICATE, in which our target's name is
 * nevertheless (but not our channel bindings), and checks that it is what was
 * agreed. Fills the outcome. Errors, recorded: secret->answer's own,
 * NTLM_ERR_SERVER_FLAGS, NTLM_ERR_NTLMV1_REFUSED, the decoders'. */
enum ntlm_error ntlm_external_respond(const struct ntlm_question *question,
                                      const struct ntlm_tokens *tokens,
                                      const struct ntlm_secret *secret, struct ntlm_writer *out,
                                      struct ntlm_outcome *outcome);

#endif
