/* SPDX-License-Identifier: MIT */
/* tampering_fuzz.c - an honest login with somebody in between, who changes tokens as the
 * input says. Where the acceptor says yes, what it received is what was sent: NTLMv2
 * with a MIC protects every byte of all three. */

#include "config.h"

#include "edit.h"
#include "fuzz.h"

static struct exchange x;
static struct ntlm_bytes honest[TOKENS]; /* as they were sent */

static void configure(uint8_t how)
{
    static const uint8_t machine_id[32] = {1}, bindings[16] = {1}, others[16] = {2};

    exchange_begin(&x);
    x.client.integrity = how & 1;
    x.client.confidentiality = how & 2;
    x.client.machine_id = how & 4 ? machine_id : NULL;
    x.client_bindings = how & 8 ? bindings : NULL;
    x.server_bindings = how & 8 ? how & 16 ? others : bindings : NULL;
    x.server.check_bindings = how & 32 ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT;
    x.server.check_target = how & 64 ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT;
    x.password = how & 128 ? "Passwort" : "Password";
    x.no_lm_hash = true;
}

static void forget(void)
{
    for (int which = 0; which < TOKENS; which++) {
        free((void *)(uintptr_t)honest[which].data);
        honest[which] = ntlm_bytes(NULL, 0);
    }
    exchange_end(&x);
}

/* Keeps the token as it was sent, and lets it be changed. */
static void carry(struct input *in, int which)
{
    const struct ntlm_bytes sent = exchange_token(&x, which);

    honest[which] = ntlm_bytes(exact_copy(sent.data, sent.len), sent.len);
    edit_token(in, &x.tokens[which].data, &x.tokens[which].len);
}

static bool all_arrived_as_sent(void)
{
    for (int which = 0; which < TOKENS; which++)
        if (x.tokens[which].len != honest[which].len ||
            memcmp(x.tokens[which].data, honest[which].data, honest[which].len) != 0)
            return false;
    return true;
}

static enum ntlm_error log_in(struct input *in)
{
    enum ntlm_error error = exchange_negotiate(&x);

    MUST(!error);
    carry(in, NEGOTIATE_SENT);
    error = exchange_challenge(&x);
    if (error)
        return error;
    carry(in, CHALLENGE_SENT);
    error = exchange_authenticate(&x);
    MUST(!error || x.client_side.failed > 0);
    if (error)
        return error;
    carry(in, AUTHENTICATE_SENT);
    return exchange_accept(&x);
}

static void must_agree(const struct ntlm_outcome *client, const struct ntlm_outcome *server)
{
    MUST(client && server && client->mic && server->mic);
    MUST(client->flags == server->flags && !client->anonymous && !server->anonymous);
    MUST(memcmp(client->session_key, server->session_key, sizeof(client->session_key)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t how = take_byte(&in);
    const bool wrong = how & 128, bound = how & 8, other_channel = bound && how & 16;
    enum ntlm_error error;

    configure(how);
    error = log_in(&in);
    if (!error) {
        MUST(all_arrived_as_sent() && !wrong && !other_channel && (bound || !(how & 32)));
        must_agree(ntlm_initiator_outcome(x.initiator), ntlm_acceptor_outcome(x.acceptor));
    } else {
        MUST(!x.acceptor || !ntlm_acceptor_outcome(x.acceptor));
        MUST(!honest[AUTHENTICATE_SENT].data || !all_arrived_as_sent() || wrong ||
             other_channel || (!bound && how & 32));
    }
    forget();
    return 0;
}
