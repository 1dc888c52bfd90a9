/* SPDX-License-Identifier: MIT */
/* verify_token.h - whether the responses and the MICs of a login that was recorded are those
 * of a password. */

#ifndef TOOL_VERIFY_TOKEN_H
#define TOOL_VERIFY_TOKEN_H

#include "recorded.h"
#include "secret.h"

enum proof { PROOF_NONE, PROOF_RIGHT, PROOF_WRONG };

struct verified {
    char *user; /* DOMAIN\user as it was sent */
    /* NONE: there is none, or why says why it cannot be told */
    enum proof nt, lm, mic, initiator_list_mic, acceptor_list_mic;
    const char *why_no_nt, *why_no_lm, *why_no_mic;
    const char *why_no_initiator_list_mic, *why_no_acceptor_list_mic;
};

/* A login with its CHALLENGE and AUTHENTICATE; without the NEGOTIATE the MIC is not looked
 * at. `digits`: the secret is an NT hash. STATUS_TROUBLE, complained of, when a message is
 * malformed. The caller frees verified->user in any case. */
enum exit_status verify_token(const struct recorded *recorded, const struct secret *secret,
                              bool digits, struct verified *verified);

#endif
