/* SPDX-License-Identifier: MIT */
/* ntlm_exchange.c - see exchange.h. */

#include "config.h"

#include "ntlm_exchange.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/keys.h"
#include "ntlm/session.h"
#include "ntlm/text.h"

static const char *const hosts[] = {"server", "server.example.org", "[2001:db8::1]", NULL};
static const uint8_t version[8] = {10, 0, 0x63, 0x45, 0, 0, 0, 15};

static enum ntlm_error give_random(void *arg, uint8_t *out, size_t len)
{
    struct side *side = arg;

    if (side->random_ends && side->script.len < len)
        return NTLM_ERR_RANDOM;
    for (size_t i = 0; i < len; i++) {
        if (side->script.len > 0) {
            out[i] = *side->script.data++;
            side->script.len--;
        } else {
            out[i] = side->next_random;
            side->next_random = (uint8_t)(side->next_random * 5 + 1); /* all 256 in turn */
        }
    }
    return NTLM_OK;
}

static uint64_t stand_still(void *arg)
{
    return ((struct side *)arg)->now;
}

/* Keeps as much of it as there is room for. */
static void keep(char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);

    memcpy(out, text, len);
    out[len] = '\0';
}

static void take_note(void *arg, const char *line)
{
    struct side *side = arg;

    side->notes++;
    keep(side->note, sizeof(side->note), line);
}

static void take_failure(void *arg, enum ntlm_error error, const char *detail)
{
    struct side *side = arg;

    side->failed++;
    side->error = error;
    keep(side->detail, sizeof(side->detail), detail ? detail : "");
}

static void side_begin(struct side *side, uint8_t first_random)
{
    side->env = (struct ntlm_env){.arg = side,
                                  .random = give_random,
                                  .now = stand_still,
                                  .note = take_note,
                                  .failed = take_failure};
    side->now = 133500000000000000; /* in 2024 */
    side->next_random = first_random;
}

void exchange_ask_as_nobody(struct exchange *x)
{
    x->client.anonymous = true;
    x->client.integrity = x->client.confidentiality = false;
}

void exchange_begin(struct exchange *x)
{
    memset(x, 0, sizeof(*x));
    side_begin(&x->client_side, 1);
    side_begin(&x->server_side, 100);
    x->user = x->account = "User";
    x->domain = "Domain";
    x->password = x->account_password = "Password";
    x->client = (struct ntlm_initiator_config){.workstation = "CLIENT",
                                               .target_name = "HTTP/server.example.org",
                                               .version = version,
                                               .integrity = true,
                                               .confidentiality = true,
                                               .require_128 = true,
                                               .require_ess = true,
                                               .lm_compat_level = 3};
    x->server = (struct ntlm_acceptor_config){.netbios_computer = "SERVER",
                                              .netbios_domain = "DOMAIN",
                                              .dns_computer = "server.example.org",
                                              .dns_domain = "example.org",
                                              .version = version,
                                              .check_bindings = NTLM_CHECK_IF_SENT,
                                              .target_hosts = hosts,
                                              .lm_compat_level = 5,
                                              .max_skew = HOURS_36};
}

static void drop(struct exchange *x, int which)
{
    free(x->tokens[which].data);
    x->tokens[which].data = NULL;
    x->tokens[which].len = 0;
}

void exchange_end(struct exchange *x)
{
    ntlm_initiator_free(x->initiator);
    ntlm_acceptor_free(x->acceptor);
    for (int i = 0; i < TOKENS; i++)
        drop(x, i);
    memset(x, 0, sizeof(*x));
}

enum ntlm_error exchange_negotiate(struct exchange *x)
{
    enum ntlm_error error = NTLM_OK;

    if (!x->initiator)
        error = ntlm_initiator_new(&x->client_side.env, &x->client, &x->initiator);
    if (error)
        return error;
    if (x->carried_by_spnego)
        ntlm_initiator_carried_by_spnego(x->initiator);
    drop(x, NEGOTIATE_SENT);
    return ntlm_initiator_negotiate(x->initiator, &x->tokens[NEGOTIATE_SENT].data,
                                    &x->tokens[NEGOTIATE_SENT].len);
}

enum ntlm_error exchange_challenge(struct exchange *x)
{
    enum ntlm_error error = NTLM_OK;

    if (!x->acceptor)
        error = ntlm_acceptor_new(&x->server_side.env, &x->server, &x->acceptor);
    if (error)
        return error;
    drop(x, CHALLENGE_SENT);
    return ntlm_acceptor_challenge(x->acceptor, exchange_token(x, NEGOTIATE_SENT),
                                   &x->tokens[CHALLENGE_SENT].data,
                                   &x->tokens[CHALLENGE_SENT].len);
}

/* The LM hash where there is one; *known then points to it. */
static enum ntlm_error hashes(const struct exchange *x, const char *password, uint8_t nt[16],
                              uint8_t lm[16], const uint8_t **known)
{
    enum ntlm_error error = ntlm_nt_hash(password, strlen(password), nt);

    *known = NULL;
    if (error || x->no_lm_hash)
        return error;
    error = ntlm_lm_hash(password, strlen(password), lm);
    if (!error)
        *known = lm;
    return error == NTLM_ERR_NO_LM_HASH ? NTLM_OK : error;
}

enum ntlm_error exchange_authenticate(struct exchange *x)
{
    uint8_t nt[16], lm[16];
    struct ntlm_secret secret = {.user = x->user, .domain = x->domain, .nt_hash = nt};
    enum ntlm_error error = hashes(x, x->password, nt, lm, &secret.lm_hash);

    if (error)
        return error;
    drop(x, AUTHENTICATE_SENT);
    ntlm_initiator_bind(x->initiator, x->client_bindings);
    return ntlm_initiator_authenticate(
        x->initiator, exchange_token(x, CHALLENGE_SENT), x->client.anonymous ? NULL : &secret,
        &x->tokens[AUTHENTICATE_SENT].data, &x->tokens[AUTHENTICATE_SENT].len);
}

enum ntlm_error exchange_accept(struct exchange *x)
{
    uint8_t nt[16], lm[16];
    const uint8_t *lm_hash;
    struct ntlm_logon_keys keys;
    enum ntlm_error error;

    ntlm_acceptor_bind(x->acceptor, x->server_bindings);
    error = ntlm_acceptor_authenticate(x->acceptor, exchange_token(x, AUTHENTICATE_SENT),
                                       &x->logon);
    if (error)
        return error;
    if (x->logon->kind == NTLM_RESPONSE_ANONYMOUS)
        return ntlm_acceptor_finish(x->acceptor, NULL);
    error = hashes(x, x->account_password, nt, lm, &lm_hash);
    if (!error && !ntlm_text_same(x->logon->user, x->account))
        error = NTLM_ERR_LOGON_DENIED;
    if (!error)
        error = ntlm_logon_check(x->logon, nt, lm_hash, &keys);
    if (error) { /* as accounts/ says so */
        ntlm_fail(&x->server_side.env, error, "for %s", x->logon->user);
        return ntlm_acceptor_denied(x->acceptor, error);
    }
    return ntlm_acceptor_finish(x->acceptor, &keys);
}

/* Does what has not been done yet. */
static enum ntlm_error run(struct exchange *x, int last)
{
    enum ntlm_error error = NTLM_OK;

    if (!x->initiator)
        error = exchange_negotiate(x);
    if (!error && last >= CHALLENGE_SENT && !x->acceptor)
        error = exchange_challenge(x);
    if (!error && last >= AUTHENTICATE_SENT && !x->tokens[AUTHENTICATE_SENT].data)
        error = exchange_authenticate(x);
    return error;
}

enum ntlm_error exchange_run_to(struct exchange *x, int last)
{
    return run(x, last);
}

enum ntlm_error exchange_run(struct exchange *x)
{
    enum ntlm_error error = run(x, AUTHENTICATE_SENT);

    return error ? error : exchange_accept(x);
}

struct ntlm_bytes exchange_token(const struct exchange *x, int which)
{
    return ntlm_bytes(x->tokens[which].data, x->tokens[which].len);
}

void exchange_replace(struct exchange *x, int which, struct ntlm_bytes bytes)
{
    /* of exactly that size, so that reading beyond it is seen */
    uint8_t *block = malloc(bytes.len ? bytes.len : 1);

    if (!block)
        abort(); /* ck_assert would not do: the fuzzer comes by here */
    if (bytes.len)
        memcpy(block, bytes.data, bytes.len);
    free(x->tokens[which].data);
    x->tokens[which].data = block;
    x->tokens[which].len = bytes.len;
}

static size_t flags_at(int which)
{
    static const size_t at[TOKENS] = {12, 20, 60};

    return at[which];
}

uint32_t exchange_flags(const struct exchange *x, int which)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, exchange_token(x, which));
    ntlm_read_bytes(&in, flags_at(which));
    uint32_t flags = ntlm_read32(&in);
    ck_assert_int_eq(in.error, NTLM_OK);
    return flags;
}

void exchange_set_flags(struct exchange *x, int which, uint32_t flags)
{
    for (size_t i = 0; i < 4; i++)
        x->tokens[which].data[flags_at(which) + i] = (uint8_t)(flags >> 8 * i);
}

static void replace_by(struct exchange *x, int which, struct ntlm_writer *out)
{
    ck_assert_int_eq(out->error, NTLM_OK);
    exchange_replace(x, which, ntlm_bytes(out->data, out->len));
    ntlm_writer_clear(out);
}

void exchange_edit_challenge(struct exchange *x, void (*edit)(struct ntlm_challenge *message))
{
    struct ntlm_challenge message;
    struct ntlm_writer out = {0};

    ck_assert_int_eq(ntlm_challenge_decode(exchange_token(x, CHALLENGE_SENT), &message),
                     NTLM_OK);
    edit(&message);
    ntlm_challenge_encode(&message, &out);
    replace_by(x, CHALLENGE_SENT, &out);
}

struct ntlm_authenticate exchange_decoded(const struct exchange *x)
{
    struct ntlm_authenticate message;

    ck_assert_int_eq(ntlm_authenticate_decode(exchange_token(x, AUTHENTICATE_SENT), &message),
                     NTLM_OK);
    return message;
}

void exchange_edit_authenticate(struct exchange *x,
                                void (*edit)(struct ntlm_authenticate *message))
{
    struct ntlm_authenticate message = exchange_decoded(x);
    struct ntlm_writer out = {0};
    uint8_t mic[NTLM_MIC_SIZE] = {0};

    if (message.mic_offset)
        memcpy(mic, x->tokens[AUTHENTICATE_SENT].data + message.mic_offset, sizeof(mic));
    edit(&message);
    ntlm_authenticate_encode(&message, &out);
    if (message.mic_offset)
        memcpy(out.data + message.mic_offset, mic, sizeof(mic));
    replace_by(x, AUTHENTICATE_SENT, &out);
}

void exchange_cut_header(struct exchange *x, size_t at, size_t len)
{
    static const size_t fields[] = {12, 20, 28, 36, 44, 52};
    uint8_t *data = x->tokens[AUTHENTICATE_SENT].data;
    const size_t left = x->tokens[AUTHENTICATE_SENT].len -= len;

    memmove(data + at, data + at + len, left - at);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && fields[i] < at; i++) {
        unsigned offset = data[fields[i] + 4] + 256u * data[fields[i] + 5] - (unsigned)len;

        data[fields[i] + 4] = (uint8_t)offset;
        data[fields[i] + 5] = (uint8_t)(offset >> 8);
    }
    exchange_replace(x, AUTHENTICATE_SENT, exchange_token(x, AUTHENTICATE_SENT));
}

struct ntlm_bytes exchange_pairs(const struct exchange *x)
{
    const struct ntlm_bytes response = exchange_decoded(x).nt_response;

    ck_assert_uint_gt(response.len, 44);
    return ntlm_bytes(response.data + 44, response.len - 44);
}

/* What one end protects arrives at the other. */
static void assert_arrives(struct ntlm_session *from, struct ntlm_session *to)
{
    static const char text[] = "what is said";
    uint8_t data[sizeof(text)], signature[NTLM_SIGNATURE_SIZE];
    struct ntlm_part part = {
        .in = memcpy(data, text, sizeof(text)), .out = data, .len = sizeof(text)};
    struct ntlm_order order;

    if (!ntlm_session_protects(from))
        part.out = NULL;
    ck_assert_int_eq(ntlm_session_seal(from, &part, 1, signature), NTLM_OK);
    ck_assert_int_eq(memcmp(data, text, sizeof(text)) == 0, !part.out);
    ck_assert_int_eq(ntlm_session_unseal(to, &part, 1, signature, &order), NTLM_OK);
    ck_assert_mem_eq(data, text, sizeof(text));
}

static void assert_protects(const struct ntlm_outcome *client,
                            const struct ntlm_outcome *server)
{
    struct ntlm_session *here, *there;

    ck_assert_int_eq(ntlm_session_new(client->session_key, client->flags, NTLM_CLIENT, &here),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_session_new(server->session_key, server->flags, NTLM_SERVER, &there),
                     NTLM_OK);
    for (int i = 0; i < 2; i++) {
        assert_arrives(here, there);
        assert_arrives(there, here);
    }
    ntlm_session_free(here);
    ntlm_session_free(there);
}

void assert_ends_agree(const struct exchange *x)
{
    /* What the keys depend on. */
    const uint32_t matters =
        NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_DATAGRAM |
        NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
        NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH;
    const struct ntlm_outcome *client = ntlm_initiator_outcome(x->initiator);
    const struct ntlm_outcome *server = ntlm_acceptor_outcome(x->acceptor);

    ck_assert_ptr_nonnull(client);
    ck_assert_ptr_nonnull(server);
    ck_assert_uint_eq(client->flags & matters, server->flags & matters);
    ck_assert_mem_eq(client->session_key, server->session_key, 16);
    ck_assert_int_eq(client->mic, server->mic);
    ck_assert_int_eq(client->anonymous, server->anonymous);
    ck_assert_uint_eq(x->client_side.failed + x->server_side.failed, 0);
    assert_protects(client, server);
}

void assert_agreed(struct exchange *x)
{
    enum ntlm_error error = exchange_run(x);

    ck_assert_msg(!error, "%s: %s", ntlm_error_text(error),
                  x->server_side.failed ? x->server_side.detail : x->client_side.detail);
    assert_ends_agree(x);
}

void assert_acceptor_dead(struct exchange *x)
{
    const struct ntlm_logon *logon;
    uint8_t *token;
    size_t len;

    ck_assert_ptr_null(ntlm_acceptor_outcome(x->acceptor));
    ck_assert_int_eq(
        ntlm_acceptor_challenge(x->acceptor, exchange_token(x, NEGOTIATE_SENT), &token, &len),
        NTLM_ERR_DEAD_CONTEXT);
    ck_assert_ptr_null(token);
    ck_assert_uint_eq(len, 0);
    ck_assert_int_eq(
        ntlm_acceptor_authenticate(x->acceptor, exchange_token(x, AUTHENTICATE_SENT), &logon),
        NTLM_ERR_DEAD_CONTEXT);
    ck_assert_ptr_null(logon);
    ck_assert_int_eq(ntlm_acceptor_finish(x->acceptor, &(struct ntlm_logon_keys){0}),
                     NTLM_ERR_DEAD_CONTEXT);
    ck_assert_ptr_null(ntlm_acceptor_outcome(x->acceptor));
}

void assert_initiator_dead(struct exchange *x)
{
    static const uint8_t hash[16];
    const struct ntlm_secret secret = {.user = "", .domain = "", .nt_hash = hash};
    uint8_t *token;
    size_t len;

    ck_assert_ptr_null(ntlm_initiator_outcome(x->initiator));
    ck_assert_int_eq(ntlm_initiator_negotiate(x->initiator, &token, &len),
                     NTLM_ERR_DEAD_CONTEXT);
    ck_assert_ptr_null(token);
    ck_assert_int_eq(ntlm_initiator_authenticate(x->initiator,
                                                 exchange_token(x, CHALLENGE_SENT), &secret,
                                                 &token, &len),
                     NTLM_ERR_DEAD_CONTEXT);
    ck_assert_ptr_null(token);
    ck_assert_uint_eq(len, 0);
    ck_assert_ptr_null(ntlm_initiator_outcome(x->initiator));
}

void assert_refused_for(struct exchange *x, enum ntlm_error error)
{
    enum ntlm_error actual = exchange_run(x);

    ck_assert_msg(actual == error, "expected: %s; got: %s: %s", ntlm_error_text(error),
                  ntlm_error_text(actual), x->server_side.detail);
    ck_assert_uint_gt(x->server_side.failed, 0);
    ck_assert_int_eq(x->server_side.error, error);
    const struct side said = x->server_side;
    assert_acceptor_dead(x);
    x->server_side = said; /* for the caller to look at */
}
