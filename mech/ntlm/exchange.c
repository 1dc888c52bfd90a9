/* SPDX-License-Identifier: MIT */
/* exchange.c - the stages of an exchange, the same for both sides. What is done
 * at each is in initiator.c and acceptor.c. */

#include "config.h"

#include "exchange.h"

#include <string.h>

#include "secret.h"

void ntlm_exchange_begin(struct ntlm_exchange *exchange, const struct ntlm_env *env,
                         const uint8_t **machine_id, const uint8_t **version)
{
    exchange->env = env;
    if (*machine_id)
        *machine_id = memcpy(exchange->machine_id, *machine_id, sizeof(exchange->machine_id));
    if (*version)
        *version = memcpy(exchange->version, *version, sizeof(exchange->version));
    ntlm_writer_begin_in(&exchange->negotiate, exchange->negotiate_room,
                         sizeof(exchange->negotiate_room));
}

void ntlm_exchange_bind(struct ntlm_exchange *exchange, const uint8_t hash[16])
{
    exchange->has_bindings = hash != NULL;
    if (hash)
        memcpy(exchange->bindings, hash, sizeof(exchange->bindings));
}

enum ntlm_error ntlm_exchange_expect(const struct ntlm_exchange *exchange,
                                     enum ntlm_stage stage)
{
    enum ntlm_error error = NTLM_ERR_WRONG_MESSAGE;

    if (exchange->stage == stage)
        return NTLM_OK;
    if (exchange->stage == NTLM_STAGE_DEAD)
        error = NTLM_ERR_DEAD_CONTEXT;
    else if (exchange->stage == NTLM_STAGE_DONE)
        error = NTLM_ERR_ALREADY_COMPLETE;
    return ntlm_fail(exchange->env, error, NULL);
}

enum ntlm_error ntlm_exchange_end_step(struct ntlm_exchange *exchange, enum ntlm_error error,
                                       enum ntlm_stage next)
{
    exchange->stage = error ? NTLM_STAGE_DEAD : next;
    if (error)
        ntlm_cleanse(&exchange->outcome, sizeof(exchange->outcome));
    return error;
}

const struct ntlm_outcome *ntlm_exchange_outcome(const struct ntlm_exchange *exchange)
{
    return exchange->stage == NTLM_STAGE_DONE ? &exchange->outcome : NULL;
}

void ntlm_exchange_clear(struct ntlm_exchange *exchange)
{
    ntlm_writer_clear(&exchange->negotiate);
}
