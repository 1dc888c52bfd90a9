/* SPDX-License-Identifier: MIT */
/* gss_exchange_fuzz.c - logins by the module's GSSAPI functions, with flags, credentials,
 * targets, channel bindings, exports and changes on the way as the input says. A token
 * that was changed is never let in; a failure leaves nothing behind; and whom an acceptor
 * lets in is who logged in. */

#include "config.h"

#include "door.h"
#include "edit.h"

#define ROUNDS 6

static gss_cred_id_t alice, bob, stranger, both;
static gss_name_t targets[4];

static gss_cred_id_t by_password(const char *user, const char *password)
{
    gss_name_t name = door_name(user, &oid_nt_user_name);
    gss_buffer_desc secret = door_text(password);
    gss_cred_id_t credential;
    OM_uint32 minor;

    MUST(gssspi_acquire_cred_with_password(&minor, name, &secret, 0, GSS_C_NO_OID_SET,
                                           GSS_C_INITIATE, &credential, NULL,
                                           NULL) == GSS_S_COMPLETE);
    gss_release_name(&minor, &name);
    return credential;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    OM_uint32 minor;

    (void)argc;
    (void)argv;
    door_begin();
    alice = by_password("TESTDOM\\alice", "Wonderland 7");
    bob = by_password("bob", "glass");
    stranger = by_password("TESTDOM\\alice", "Wonderland 8");
    MUST(gss_acquire_cred_from(&minor, GSS_C_NO_NAME, 0, GSS_C_NO_OID_SET, GSS_C_BOTH,
                               GSS_C_NO_CRED_STORE, &both, NULL, NULL) == GSS_S_COMPLETE);
    targets[0] = door_name("HTTP@testhost", &oid_nt_hostbased_service);
    targets[1] = door_name("HTTP@server.test", &oid_nt_hostbased_service);
    targets[2] = door_name("HTTP", &oid_nt_hostbased_service);
    targets[3] = GSS_C_NO_NAME;
    return 0;
}

struct login {
    struct input *in;
    struct door_ends ends;
    OM_uint32 flags, client, server; /* major statuses */
    gss_cred_id_t credential, acceptor;
    gss_name_t target, source;
    struct gss_channel_bindings_struct bindings[2];
    bool bound[2], altered;
};

static void configure(struct login *login)
{
    static const OM_uint32 flags[] = {
        GSS_C_MUTUAL_FLAG,   GSS_C_REPLAY_FLAG, GSS_C_SEQUENCE_FLAG,
        GSS_C_CONF_FLAG,     GSS_C_INTEG_FLAG,  GSS_C_ANON_FLAG,
        GSS_C_IDENTIFY_FLAG, GSS_C_DCE_STYLE,   GSS_C_CHANNEL_BOUND_FLAG};
    gss_cred_id_t credentials[] = {GSS_C_NO_CREDENTIAL, alice, bob, stranger};
    unsigned wanted = take_number(login->in);
    const uint8_t how = take_byte(login->in);

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        login->flags |= wanted >> i & 1 ? flags[i] : 0;
    login->credential = credentials[how & 3];
    login->acceptor = how & 4 ? both : GSS_C_NO_CREDENTIAL;
    login->target = targets[how >> 3 & 3];
    login->bound[0] = how & 32;
    login->bound[1] = how & 64;
    login->bindings[0].application_data = door_text("channel");
    login->bindings[1].application_data = door_text(how & 128 ? "another" : "channel");
}

/* The token as it arrives. */
static void carry(struct login *login, gss_buffer_t token)
{
    uint8_t *data = exact_copy(token->value, token->length);
    size_t len = token->length;

    edit_token(login->in, &data, &len);
    login->altered = login->altered || len != token->length ||
                     (len > 0 && memcmp(data, token->value, len) != 0);
    door_release(token);
    *token = door_bytes(data, len);
}

static void free_carried(gss_buffer_t token)
{
    free(token->value);
    *token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

/* To another process and back, where the input says so. */
static void move(struct input *in, gss_ctx_id_t *context)
{
    gss_buffer_desc token;
    OM_uint32 minor;

    if (!(take_byte(in) & 1) || *context == GSS_C_NO_CONTEXT)
        return;
    if (gss_export_sec_context(&minor, context, &token) != GSS_S_COMPLETE) {
        MUST(*context != GSS_C_NO_CONTEXT && token.length == 0);
        return;
    }
    MUST(*context == GSS_C_NO_CONTEXT);
    MUST(gss_import_sec_context(&minor, &token, context) == GSS_S_COMPLETE);
    door_release(&token);
}

static void initiate(struct login *login, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, flags;
    gss_OID mech;

    login->client = gss_init_sec_context(
        &minor, login->credential, &login->ends.client, login->target, NTLMSSP, login->flags, 0,
        login->bound[0] ? &login->bindings[0] : GSS_C_NO_CHANNEL_BINDINGS, in, &mech, out,
        &flags, NULL);
    MUST(GSS_ERROR(login->client) ? out->length == 0 && minor != 0
                                  : login->ends.client != GSS_C_NO_CONTEXT);
}

static void accept(struct login *login, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, flags;
    gss_cred_id_t delegated;
    gss_OID mech;

    gss_release_name(&minor, &login->source);
    login->server = gss_accept_sec_context(
        &minor, &login->ends.server, login->acceptor, in,
        login->bound[1] ? &login->bindings[1] : GSS_C_NO_CHANNEL_BINDINGS, &login->source,
        &mech, out, &flags, NULL, &delegated);
    MUST(delegated == GSS_C_NO_CREDENTIAL);
    MUST((login->server == GSS_S_COMPLETE) == (login->source != GSS_C_NO_NAME));
    MUST(GSS_ERROR(login->server) ? out->length == 0 && minor != 0
                                  : login->ends.server != GSS_C_NO_CONTEXT);
}

static void run(struct login *login)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, answer = GSS_C_EMPTY_BUFFER;

    login->client = login->server = GSS_S_CONTINUE_NEEDED;
    for (int round = 0; round < ROUNDS && login->server == GSS_S_CONTINUE_NEEDED; round++) {
        initiate(login, &answer, &token);
        free_carried(&answer);
        if (GSS_ERROR(login->client) || (round > 0 && token.length == 0))
            break;
        carry(login, &token);
        accept(login, &token, &answer);
        free_carried(&token);
        if (login->server != GSS_S_CONTINUE_NEEDED)
            break;
        move(login->in, &login->ends.client);
        move(login->in, &login->ends.server);
        carry(login, &answer);
    }
    door_release(&token);
    free_carried(&answer);
}

static void must_be_who_logged_in(const struct login *login)
{
    gss_buffer_desc shown;
    OM_uint32 minor;
    gss_OID type;

    MUST(gss_display_name(&minor, login->source, &shown, &type) == GSS_S_COMPLETE);
    MUST(!(login->flags & GSS_C_ANON_FLAG));
    MUST(shown.length == strlen(login->credential == bob ? "TESTDOM\\bob" : "TESTDOM\\alice"));
    MUST(memcmp(shown.value, login->credential == bob ? "TESTDOM\\bob" : "TESTDOM\\alice",
                shown.length) == 0);
    door_release(&shown);
}

/* Both ends agree on keys and order. */
static void must_talk(struct door_ends *ends)
{
    gss_buffer_desc text = door_text("How doth the little crocodile"), token, out;
    OM_uint32 minor;

    if (gss_wrap(&minor, ends->client, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token) !=
        GSS_S_COMPLETE)
        return;
    MUST(gss_unwrap(&minor, ends->server, &token, &out, NULL, NULL) == GSS_S_COMPLETE);
    MUST(out.length == text.length && memcmp(out.value, text.value, text.length) == 0);
    door_release(&token);
    door_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct login login = {.in = &in};
    OM_uint32 minor;

    configure(&login);
    run(&login);
    if (login.server == GSS_S_COMPLETE) {
        MUST(!login.altered && login.client == GSS_S_COMPLETE);
        MUST(login.credential != stranger);
        MUST(!login.bound[0] || !login.bound[1] ||
             memcmp(login.bindings[0].application_data.value,
                    login.bindings[1].application_data.value, 7) == 0);
        must_be_who_logged_in(&login);
        must_talk(&login.ends);
    }
    gss_release_name(&minor, &login.source);
    door_delete(&login.ends);
    return 0;
}
