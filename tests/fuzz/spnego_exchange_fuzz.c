/* SPDX-License-Identifier: MIT */
/* spnego_exchange_fuzz.c - negotiations of NTLM by our SPNEGO in both roles, through MIT's
 * mechglue, with somebody in between who changes tokens as the input says. Where both
 * ends come to an end, nothing was changed but what means nothing: a state, and a hint. */

#include "config.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "edit.h"
#include "place.h"
#include "spnego/token.h"
#include "target.h"

#define LEGS 8

static gss_OID_desc spnego = {6, (void *)(uintptr_t) "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlmssp = {10,
                               (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};
static gss_cred_id_t any, ntlm_alone, acceptor;
static gss_name_t target;

static gss_name_t name_of(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    gss_name_t name;
    OM_uint32 minor;

    MUST(gss_import_name(&minor, &buffer, type, &name) == GSS_S_COMPLETE);
    return name;
}

static gss_cred_id_t acquire(gss_cred_usage_t usage)
{
    gss_OID_set_desc mechs = {1, &spnego};
    gss_cred_id_t credential;
    OM_uint32 minor;

    MUST(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, usage, &credential,
                          NULL, NULL) == GSS_S_COMPLETE);
    return credential;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    gss_OID_set_desc mechs = {1, &ntlmssp};
    OM_uint32 minor;

    (void)argc;
    (void)argv;
    place_world(MECH_CONFIG);
    setenv("NTLMUSER", "CORP\\alice", 1);
    any = acquire(GSS_C_INITIATE);
    ntlm_alone = acquire(GSS_C_INITIATE);
    MUST(gss_set_neg_mechs(&minor, ntlm_alone, &mechs) == GSS_S_COMPLETE);
    acceptor = acquire(GSS_C_ACCEPT);
    target = name_of("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    return 0;
}

struct login {
    struct input *in;
    gss_ctx_id_t client, server;
    OM_uint32 client_major, server_major, flags;
    gss_cred_id_t credential;
    gss_name_t source;
    bool altered; /* something that means something */
};

static bool same(struct der_bytes one, struct der_bytes other)
{
    return (!one.data && !other.data) || (one.data && other.data && der_equal(one, other));
}

/* Whether the same is said, but for what no MIC covers and nobody goes by. */
static bool says_the_same(struct der_bytes before, struct der_bytes after)
{
    struct token sent, arrived;

    if (token_read(before, &sent) || token_read(after, &arrived))
        return before.len == after.len &&
               (before.len == 0 || memcmp(before.data, after.data, before.len) == 0);
    return sent.kind == arrived.kind && same(sent.mech_types, arrived.mech_types) &&
           same(sent.supported_mech, arrived.supported_mech) &&
           same(sent.mech_token, arrived.mech_token) && same(sent.mic, arrived.mic);
}

/* The token as it arrives, in a block of its own. */
static void carry(struct login *login, gss_buffer_t token)
{
    uint8_t *data = exact_copy(token->value, token->length);
    size_t len = token->length;
    OM_uint32 minor;

    edit_token(login->in, &data, &len);
    login->altered =
        login->altered || !says_the_same((struct der_bytes){token->value, token->length},
                                         (struct der_bytes){data, len});
    gss_release_buffer(&minor, token);
    *token = (gss_buffer_desc){len, data};
}

static void drop(gss_buffer_t token)
{
    free(token->value);
    *token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

static void initiate(struct login *login, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor;

    login->client_major = gss_init_sec_context(
        &minor, login->credential, &login->client, target, &spnego, login->flags,
        GSS_C_INDEFINITE, GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, NULL, NULL);
    MUST(!GSS_ERROR(login->client_major) || minor != 0);
}

static void accept(struct login *login, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor;

    gss_release_name(&minor, &login->source);
    login->server_major =
        gss_accept_sec_context(&minor, &login->server, acceptor, in, GSS_C_NO_CHANNEL_BINDINGS,
                               &login->source, NULL, out, NULL, NULL, NULL);
    MUST(login->server_major == GSS_S_COMPLETE || login->source == GSS_C_NO_NAME);
}

static void run(struct login *login)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, answer;

    login->client_major = login->server_major = GSS_S_CONTINUE_NEEDED;
    for (int leg = 0; leg < LEGS; leg++) {
        const bool clients = leg % 2 == 0;

        answer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
        if (clients)
            initiate(login, &token, &answer);
        else
            accept(login, &token, &answer);
        drop(&token);
        token = answer;
        if (GSS_ERROR(clients ? login->client_major : login->server_major) ||
            token.length == 0 ||
            (login->client_major == GSS_S_COMPLETE && login->server_major == GSS_S_COMPLETE))
            break;
        carry(login, &token);
    }
    drop(&token);
}

static void must_be_alice(gss_name_t source)
{
    gss_buffer_desc shown;
    OM_uint32 minor;

    MUST(source != GSS_C_NO_NAME);
    MUST(gss_display_name(&minor, source, &shown, NULL) == GSS_S_COMPLETE);
    MUST(shown.length == 10 && memcmp(shown.value, "CORP\\alice", 10) == 0);
    gss_release_buffer(&minor, &shown);
}

static void must_talk(gss_ctx_id_t from, gss_ctx_id_t to)
{
    gss_buffer_desc text = {4, (void *)(uintptr_t) "text"}, token, out;
    OM_uint32 minor;

    MUST(gss_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token) == GSS_S_COMPLETE);
    MUST(gss_unwrap(&minor, to, &token, &out, NULL, NULL) == GSS_S_COMPLETE);
    MUST(out.length == 4 && memcmp(out.value, "text", 4) == 0);
    gss_release_buffer(&minor, &token);
    gss_release_buffer(&minor, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const uint8_t how = take_byte(&in);
    struct login login = {.in = &in};
    OM_uint32 minor;

    login.credential = how & 1 ? ntlm_alone : any;
    login.flags = GSS_C_INTEG_FLAG | (how & 2 ? GSS_C_CONF_FLAG : 0) |
                  (how & 4 ? GSS_C_MUTUAL_FLAG : 0) | (how & 8 ? GSS_C_SEQUENCE_FLAG : 0);
    run(&login);
    if (login.server_major == GSS_S_COMPLETE)
        must_be_alice(login.source);
    if (login.server_major == GSS_S_COMPLETE && login.client_major == GSS_S_COMPLETE) {
        MUST(!login.altered);
        must_talk(login.client, login.server);
        must_talk(login.server, login.client);
    }
    gss_release_name(&minor, &login.source);
    gss_delete_sec_context(&minor, &login.client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &login.server, GSS_C_NO_BUFFER);
    return 0;
}
