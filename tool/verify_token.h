/* SPDX-License-Identifier: MIT */
/* verify_token.h - whether the responses and the MIC of a login that was recorded are those
 * of a password. */

#ifndef TOOL_VERIFY_TOKEN_H
#define TOOL_VERIFY_TOKEN_H

#include "ntlm/bytes.h"
#include "secret.h"

enum proof { PROOF_NONE, PROOF_RIGHT, PROOF_WRONG };

struct verified {
    char *user;                                     /* DOMAIN\user as it was sent */
    enum proof nt, lm, mic;                         /* NONE: the token has none */
    const char *why_no_nt, *why_no_lm, *why_no_mic; /* with NONE: why it says nothing */
};

/* The three messages of a login; negotiate may be empty, and the MIC is then not looked
 * at. `digits`: the secret is an NT hash. STATUS_TROUBLE, complained of, when a message is
 * malformed. The caller frees verified->user in any case. */
enum exit_status verify_token(struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                              struct ntlm_bytes authenticate, const struct secret *secret,
                              bool digits, struct verified *verified);

#endif
