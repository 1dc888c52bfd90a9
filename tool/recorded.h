/* SPDX-License-Identifier: MIT */
/* recorded.h - the last login among tokens that were recorded. */

#ifndef TOOL_RECORDED_H
#define TOOL_RECORDED_H

#include "ntlm/bytes.h"
#include "token_text.h"

/* What of it is there; the rest is empty. All point into the tokens. */
struct recorded {
    struct ntlm_bytes negotiate, challenge, authenticate; /* NTLM's messages */
    struct ntlm_bytes mech_types;                         /* what a mechListMIC covers */
    struct ntlm_bytes initiator_list_mic, acceptor_list_mic;
};

struct recorded recorded_login(const struct tokens *tokens);

#endif
