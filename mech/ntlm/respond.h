/* SPDX-License-Identifier: MIT */
/* respond.h - the LM and NT responses ([MS-NLMP] 3.3) with which a client
 * answers a CHALLENGE, in whichever generation is asked for, and the key that
 * comes with them. For initiator.c and external_response.c alone. */

#ifndef NTLM_RESPOND_H
#define NTLM_RESPOND_H

#include "env.h"
#include "initiator_config.h"
#include "message.h"

/* What a response is asked for. Everything is borrowed. */
struct ntlm_response_request {
    const struct ntlm_env *env;
    const struct ntlm_initiator_config *config;
    const struct ntlm_challenge *challenge; /* its AV pairs well formed */
    uint32_t flags;                         /* as agreed */
    const uint8_t *bindings;                /* 16 bytes, or NULL */
    bool omit_mic;                          /* make no MIC, timestamp or not */
};

struct ntlm_response {
    uint32_t flags; /* as agreed, less what this response cannot do */
    struct ntlm_writer lm_response, nt_response;
    uint8_t lm_room[24], nt_room[512]; /* of usual responses */
    bool v2;
    bool mic;             /* a MIC was announced and must be made */
    uint8_t base_key[16]; /* SessionBaseKey; secret */
    uint8_t lm_key[8];
    bool has_lm_key;
};

/* Makes the response of the generation that config->lm_compat_level names;
 * secret is not used for an anonymous one. *response must be zeros, must not be
 * moved in memory, and is to be cleared whatever is returned. Errors: those of crypto.h, of
 * env->random, NTLM_ERR_BAD_TEXT for names that are not UTF-8. */
enum ntlm_error ntlm_respond(const struct ntlm_response_request *request,
                             const struct ntlm_secret *secret, struct ntlm_response *response);

/* KXKEY for it (3.4.5.1). */
enum ntlm_error ntlm_response_exchange_key(const struct ntlm_response *response,
                                           const uint8_t server_challenge[8], uint8_t out[16]);

void ntlm_response_clear(struct ntlm_response *response); /* cleanses */

#endif
