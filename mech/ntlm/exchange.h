/* SPDX-License-Identifier: MIT */
/* exchange.h - what an initiator and an acceptor have in common: how far an
 * exchange has come, the channel bindings of this side, and how it ended. The
 * functions are for initiator.c and acceptor.c alone; their users need the
 * outcome only. */

#ifndef NTLM_EXCHANGE_H
#define NTLM_EXCHANGE_H

#include "avpair.h"
#include "env.h"
#include "keys.h"
#include "message.h"

/* How an exchange ended. Belongs to the initiator or acceptor that gives it. */
struct ntlm_outcome {
    uint32_t flags;                     /* NegotiateFlags as agreed */
    uint8_t session_key[NTLM_KEY_SIZE]; /* ExportedSessionKey; secret */
    bool mic;       /* AUTHENTICATE carries a MIC; as acceptor: and announced it */
    bool bound;     /* acceptor: channel bindings matched */
    bool anonymous; /* nobody logged in */
};

/* Without names, which hardly anybody sends, a NEGOTIATE is no longer than that. */
#define NTLM_USUAL_NEGOTIATE 40

enum ntlm_stage {
    NTLM_STAGE_NEW,
    NTLM_STAGE_HALF,  /* the first token is sent */
    NTLM_STAGE_LOGON, /* acceptor: the logon request is being answered */
    NTLM_STAGE_DONE,
    NTLM_STAGE_DEAD /* a step failed */
};

struct ntlm_exchange {
    const struct ntlm_env *env;
    enum ntlm_stage stage;
    uint8_t machine_id[NTLM_MACHINE_ID_SIZE], version[NTLM_VERSION_SIZE];
    bool has_bindings;
    uint8_t bindings[NTLM_HASH_SIZE];
    struct ntlm_writer negotiate;                 /* as it went over the wire, for the MIC */
    uint8_t negotiate_room[NTLM_USUAL_NEGOTIATE]; /* of negotiate */
    struct ntlm_outcome outcome;
};

/* Begins one that is all zeros. It must not be moved in memory. What *machine_id and
 * *version of the side's configuration point to is copied, and they point to the
 * copies then; NULL stays NULL. */
void ntlm_exchange_begin(struct ntlm_exchange *exchange, const struct ntlm_env *env,
                         const uint8_t **machine_id, const uint8_t **version);

/* The hash of this side's channel bindings (ntlm_bindings_hash), which is
 * copied; NULL: there are none. */
void ntlm_exchange_bind(struct ntlm_exchange *exchange, const uint8_t hash[16]);

/* NTLM_OK at this stage; else, recorded, NTLM_ERR_DEAD_CONTEXT,
 * _ALREADY_COMPLETE or _WRONG_MESSAGE. */
enum ntlm_error ntlm_exchange_expect(const struct ntlm_exchange *exchange,
                                     enum ntlm_stage stage);

/* Ends a step: goes on to `next`, or over an error to NTLM_STAGE_DEAD, where
 * the outcome is cleansed. Returns `error`. */
enum ntlm_error ntlm_exchange_end_step(struct ntlm_exchange *exchange, enum ntlm_error error,
                                       enum ntlm_stage next);

/* The outcome; NULL before there is one. */
const struct ntlm_outcome *ntlm_exchange_outcome(const struct ntlm_exchange *exchange);

/* Frees what it holds. The caller cleanses the struct with its own. */
void ntlm_exchange_clear(struct ntlm_exchange *exchange);

#endif
