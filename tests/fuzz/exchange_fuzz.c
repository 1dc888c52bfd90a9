/* SPDX-License-Identifier: MIT */
/* exchange_fuzz.c - an exchange in which one token is whatever the fuzzer
 * makes of it, on either side, up to the end: every logon is believed. */

#include "config.h"

#include <string.h>

#include <unistr.h>

#include "fuzz.h"

void fuzz_configure(struct exchange *x, uint8_t how)
{
    static const uint8_t machine_id[32] = {1}, bindings[16] = {1};

    exchange_begin(x);
    x->client.integrity = x->client.confidentiality = how & 1;
    x->server.allow_anonymous = how & 2;
    if (how & 2)
        exchange_ask_as_nobody(x);
    x->client.datagram = x->server.datagram = how & 4;
    x->client.oem_only = how & 8;
    x->server.check_target = how & 16 ? NTLM_CHECK_REQUIRED : NTLM_CHECK_OFF;
    x->server.check_bindings = how & 32 ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT;
    if (how & 64) {
        x->client.machine_id = x->server.machine_id = machine_id;
        x->client_bindings = x->server_bindings = bindings;
        x->server.check_reflection = true;
    }
    if (how & 128) {
        x->client.lm_compat_level = x->server.lm_compat_level = how & 1;
        x->client.require_ess = x->client.require_128 = false;
    }
}

/* What holds after every step, however it ends. */
static void look_at(enum ntlm_error error, const struct side *side,
                    const struct ntlm_outcome *outcome)
{
    MUST(!error || side->failed > 0);
    MUST(!error || side->error == error);
    MUST(!error || outcome == NULL);
    MUST(!outcome || !(outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) ||
         (outcome->flags & NTLM_PROTECTION));
    MUST(!outcome || !outcome->anonymous || !(outcome->flags & NTLM_PROTECTION));
}

static void is_text(const char *text)
{
    MUST(text && !u8_check((const uint8_t *)text, strlen(text)));
}

/* What a record of the logon shows of an AUTHENTICATE, and be it refused. */
static void look_at_names(const struct ntlm_acceptor *acceptor)
{
    const struct ntlm_logon *logon = ntlm_acceptor_logon(acceptor);

    if (logon) {
        is_text(logon->user);
        is_text(logon->domain);
        is_text(logon->workstation);
    }
    if (ntlm_acceptor_target_name(acceptor))
        is_text(ntlm_acceptor_target_name(acceptor));
}

static void accept(struct exchange *x)
{
    static const struct ntlm_logon_keys keys = {.base_key = {1}, .has_lm_key = true};
    const struct ntlm_logon *logon;
    enum ntlm_error error;

    ntlm_acceptor_bind(x->acceptor, x->server_bindings);
    error =
        ntlm_acceptor_authenticate(x->acceptor, exchange_token(x, AUTHENTICATE_SENT), &logon);
    MUST((!error) == (logon != NULL));
    look_at_names(x->acceptor);
    if (logon) {
        MUST(logon->user && logon->domain && logon->workstation);
        error = ntlm_acceptor_finish(x->acceptor,
                                     logon->kind == NTLM_RESPONSE_ANONYMOUS ? NULL : &keys);
    }
    look_at(error, &x->server_side, ntlm_acceptor_outcome(x->acceptor));
    if (error)
        MUST(ntlm_acceptor_finish(x->acceptor, &keys) == NTLM_ERR_DEAD_CONTEXT);
}

/* The token was replaced; goes on from there. */
static void go_on(struct exchange *x, int replaced)
{
    enum ntlm_error error = NTLM_OK;

    if (replaced == NEGOTIATE_SENT) {
        error = exchange_challenge(x);
        look_at(error, &x->server_side, NULL);
        MUST((!error) == (x->tokens[CHALLENGE_SENT].data != NULL));
    }
    if (!error && replaced != AUTHENTICATE_SENT) {
        error = exchange_authenticate(x);
        look_at(error, &x->client_side, ntlm_initiator_outcome(x->initiator));
        MUST((!error) == (x->tokens[AUTHENTICATE_SENT].data != NULL));
    }
    if (!error)
        accept(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct exchange x;
    int which;

    if (size < FUZZ_HEADER)
        return 0;
    which = data[0] % TOKENS;
    fuzz_configure(&x, data[1]);
    if (!exchange_run_to(&x, which)) {
        exchange_replace(&x, which, ntlm_bytes(data + FUZZ_HEADER, size - FUZZ_HEADER));
        go_on(&x, which);
    }
    exchange_end(&x);
    return 0;
}
