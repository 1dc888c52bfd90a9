/* SPDX-License-Identifier: MIT */
/* answer.h - what a client answers to a CHALLENGE: the LM and NT responses
 * ([MS-NLMP] 3.3) in whichever generation is asked for, and the key that
 * comes with them. For initiator.c alone. */

#ifndef NTLM_ANSWER_H
#define NTLM_ANSWER_H

#include "initiator.h"

/* What is to be answered; everything is borrowed. */
struct ntlm_question {
    const struct ntlm_env *host;
    const struct ntlm_initiator_config *config;
    const struct ntlm_challenge *challenge; /* its AV pairs well formed */
    uint32_t flags;                         /* as agreed */
    const uint8_t *bindings;                /* 16 bytes, or NULL */
};

struct ntlm_answer {
    uint32_t flags; /* as agreed, less what this answer cannot do */
    struct ntlm_writer lm_response, nt_response;
    bool v2;
    bool mic;             /* a MIC was announced and must be made */
    uint8_t base_key[16]; /* SessionBaseKey; secret */
    uint8_t lm_key[8];
    bool has_lm_key;
};

/* Makes the answer of the generation that question->config->lm_compat_level names;
 * secret is not looked at for an anonymous one. *answer must be zeros; it is
 * to be cleared whatever is returned. */
enum ntlm_error ntlm_answer_make(const struct ntlm_question *question,
                                 const struct ntlm_secret *secret, struct ntlm_answer *answer);

/* KXKEY for it. */
enum ntlm_error ntlm_answer_exchange_key(const struct ntlm_answer *answer, uint32_t flags,
                                         const uint8_t server_challenge[8], uint8_t out[16]);

void ntlm_answer_clear(struct ntlm_answer *answer); /* cleanses */

#endif
