/* SPDX-License-Identifier: MIT */
/* elsewhere_test.c - messages that are not altered but taken to another time, place or
 * side: replayed, reflected, carried otherwise. Also what no side can see, with the setting
 * that closes it. --list prints the attacks' names. */

#include "config.h"

#include <unistd.h>

#include "child.h"
#include "spnego_exchange.h"

#define BOTH (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)

/* Both sides' half-made exchange, up to the AUTHENTICATE. */
static void half(struct exchange *exchange, const struct request *asked)
{
    exchange_begin(exchange, asked);
    for (int i = 0; i < 3; i++)
        ck_assert(exchange_step(exchange));
}

/* Another context of the server's takes a NEGOTIATE, and then this AUTHENTICATE. */
static OM_uint32 take_replayed(const struct exchange *recorded, OM_uint32 *why)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc negotiate = recorded->tokens[0], authenticate = recorded->tokens[2];
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, ignored;

    major =
        gss_accept_sec_context(why, &context, GSS_C_NO_CREDENTIAL, &negotiate,
                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL, NULL, NULL);
    gss_release_buffer(&ignored, &out);
    if (major == GSS_S_CONTINUE_NEEDED)
        major = gss_accept_sec_context(why, &context, GSS_C_NO_CREDENTIAL, &authenticate,
                                       GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL, NULL,
                                       NULL);
    gss_release_buffer(&ignored, &out);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    return major;
}

static bool is_refused_as_a_replay(void *arg)
{
    OM_uint32 why, major = take_replayed(arg, &why);

    return GSS_ERROR(major) && why == (OM_uint32)NTLM_ERR_REPLAY;
}

static void replay_within_a_process(void)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = BOTH});
    for (int i = 0; i < 5; i++)
        ck_assert(is_refused_as_a_replay(&exchange));
    exchange_end(&exchange);
}

/* Before it was used where it belongs. */
static void replay_before_the_first_use(void)
{
    struct exchange exchange;

    half(&exchange, &(struct request){.flags = BOTH});
    ck_assert(is_refused_as_a_replay(&exchange));
    exchange_step(&exchange);
    ck_assert(exchange.server.complete);
    exchange_end(&exchange);
}

static void replay_in_another_process(void)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = BOTH});
    ck_assert(holds_in_child(is_refused_as_a_replay, &exchange));
    exchange_end(&exchange);
}

static void replay_on_the_same_context(void)
{
    struct exchange exchange;
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;

    exchange_establish(&exchange, &(struct request){.flags = BOTH});
    ck_assert_uint_eq(gss_accept_sec_context(&minor, &exchange.server.context,
                                             GSS_C_NO_CREDENTIAL, &exchange.tokens[2],
                                             GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL,
                                             NULL, NULL) &
                          GSS_S_COMPLETE,
                      0);
    assert_minor(NTLM_ERR_ALREADY_COMPLETE);
    exchange_end(&exchange);
}

/* The eight bytes that a server's context would have answered. */
struct answered {
    const struct exchange *exchange;
    uint8_t challenge[8];
};

static bool challenge(const struct exchange *exchange, uint8_t out[8])
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc negotiate = exchange->tokens[0], token = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, major;

    major =
        gss_accept_sec_context(&ignored, &context, GSS_C_NO_CREDENTIAL, &negotiate,
                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &token, NULL, NULL, NULL);
    if (token.length >= 32)
        memcpy(out, (const uint8_t *)token.value + 24, 8);
    gss_release_buffer(&ignored, &token);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    return major == GSS_S_CONTINUE_NEEDED;
}

static bool answers_another_challenge(void *arg)
{
    const struct answered *parent = arg;
    uint8_t own[8];

    return challenge(parent->exchange, own) && memcmp(own, parent->challenge, sizeof(own)) != 0;
}

/* A child that had its parent's random numbers would give the same challenge again, and
 * take the same answer. Both have used the generator before they part. */
static void replay_after_fork(void)
{
    struct exchange exchange;
    struct answered parent = {.exchange = &exchange};

    exchange_establish(&exchange, &(struct request){.flags = BOTH});
    for (int i = 0; i < 3; i++) {
        /* the parent's next challenge, made before and after the child's */
        ck_assert(challenge(&exchange, parent.challenge));
        ck_assert(holds_in_child(answers_another_challenge, &parent));
    }
    exchange_end(&exchange);
}

/* Each child begins with what its parent had; two of them must still differ. */
struct shared {
    const struct exchange *exchange;
    int pipe[2];
};

static bool tells_its_challenge(void *arg)
{
    struct shared *shared = arg;
    uint8_t own[8];

    return challenge(shared->exchange, own) &&
           write(shared->pipe[1], own, sizeof(own)) == sizeof(own);
}

static void replay_between_children(void)
{
    struct exchange exchange;
    struct shared shared = {.exchange = &exchange};
    uint8_t first[8], second[8];

    exchange_establish(&exchange, &(struct request){.flags = BOTH});
    ck_assert_int_eq(pipe(shared.pipe), 0);
    ck_assert(holds_in_child(tells_its_challenge, &shared));
    ck_assert(holds_in_child(tells_its_challenge, &shared));
    ck_assert_int_eq(read(shared.pipe[0], first, sizeof(first)), sizeof(first));
    ck_assert_int_eq(read(shared.pipe[0], second, sizeof(second)), sizeof(second));
    ck_assert_mem_ne(first, second, sizeof(first));
    close(shared.pipe[0]);
    close(shared.pipe[1]);
    exchange_end(&exchange);
}

static void begin_for(struct exchange *exchange, const char *target, const char *service)
{
    struct request asked = {.flags = BOTH, .target = target};
    OM_uint32 ignored;

    if (service) {
        gss_name_t name = service_of(service);

        assert_complete(
            acquire_from(NTLMSSP, GSS_C_ACCEPT, name, STORE(NULL), &asked.server_credential));
        gss_release_name(&ignored, &name);
    }
    exchange_run(exchange, &asked);
    release(asked.server_credential);
}

/* Default credentials go by every name, so it cannot be told unless a setting says that
 * ours are known. */
static void reflection_to_default_credentials(void)
{
    struct exchange exchange;

    begin_for(&exchange, "HTTP@evil.test", NULL);
    ck_assert(exchange.server.complete);
    exchange_end(&exchange);
    fixture_settings("check_reflection = always\ntarget_names = server.test\n");
    begin_for(&exchange, "HTTP@evil.test", NULL);
    ck_assert_uint_eq(exchange.server.minor, (OM_uint32)NTLM_ERR_REFLECTION);
    exchange_end(&exchange);
    begin_for(&exchange, "HTTP@server.test", NULL);
    ck_assert(exchange.server.complete);
    exchange_end(&exchange);
}

/* What he may do unless a setting says otherwise: NTLM has nothing in it for that. */

static void relay_to_another_service_unchecked(void)
{
    struct exchange exchange;

    begin_for(&exchange, "HTTP@files.test", NULL);
    ck_assert(exchange.server.complete);
    exchange_end(&exchange);
    fixture_settings("check_target_name = required\ntarget_names = server.test\n");
    begin_for(&exchange, "HTTP@files.test", NULL);
    ck_assert_uint_eq(exchange.server.minor, (OM_uint32)NTLM_ERR_TARGET_NAME);
    exchange_end(&exchange);
}

static void relay_of_unbound_client_unchecked(void)
{
    struct gss_channel_bindings_struct server = bindings_of("tls-server-end-point:server");
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = BOTH, .server_bindings = &server});
    ck_assert_uint_eq(exchange.server.flags & GSS_C_CHANNEL_BOUND_FLAG, 0);
    exchange_end(&exchange);
    fixture_settings("require_channel_bindings = true\n");
    exchange_run(&exchange, &(struct request){.flags = BOTH, .server_bindings = &server});
    ck_assert_uint_eq(exchange.server.minor, (OM_uint32)NTLM_ERR_BINDINGS_MISSING);
    exchange_end(&exchange);
}

/* Out of SPNEGO: the server takes NTLM alone, too, and the client never hears the end. */
static void negotiation_taken_off(void)
{
    struct exchange exchange;
    struct token inside;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc message, out = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_INTEG_FLAG});
    ck_assert(exchange_step(&exchange));
    inside = sent(&exchange, 0);
    message = bytes_buffer(inside.mech_token.data, inside.mech_token.len);
    assert_status(GSS_S_CONTINUE_NEEDED,
                  gss_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &message,
                                         GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL,
                                         NULL, NULL));
    inside = (struct token){.kind = TOKEN_RESPONSE,
                            .state = STATE_ACCEPT_INCOMPLETE,
                            .supported_mech = content_of(&ntlmssp_oid),
                            .mech_token = bytes_of(out)};
    exchange.tokens[1] = written(&inside);
    exchange.steps = 2;
    ck_assert(exchange_step(&exchange));
    inside = (struct token){.kind = TOKEN_RESPONSE, .state = STATE_ACCEPT_COMPLETED};
    exchange.tokens[3] = written(&inside);
    exchange.steps = 4;
    exchange_step(&exchange);
    ck_assert_msg(GSS_ERROR(exchange.client.major), "the client: %#x", exchange.client.major);
    release_buffer(&out);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    exchange_end(&exchange);
}

/* A server that asks for a login and gets the user's default credentials: policy. */
static void default_credentials_to_any_server(void)
{
    struct exchange exchange;

    begin_for(&exchange, "cifs@evil.test", NULL);
    ck_assert(exchange.client.complete);
    exchange_end(&exchange);
    fixture_settings(
        "restrict_sending_ntlm = deny\nclient_allowed_ntlm_servers = *.home.test\n");
    begin_for(&exchange, "cifs@evil.test", NULL);
    ck_assert_uint_eq(exchange.client.minor, (OM_uint32)NTLM_ERR_SENDING_RESTRICTED);
    exchange_end(&exchange);
}

static const struct {
    const char *name;
    void (*run)(void);
} attacks[] = {
    {"replay-within-a-process", replay_within_a_process},
    {"replay-before-the-first-use", replay_before_the_first_use},
    {"replay-in-another-process", replay_in_another_process},
    {"replay-on-the-same-context", replay_on_the_same_context},
    {"replay-after-fork", replay_after_fork},
    {"replay-between-children", replay_between_children},
    {"reflection-to-default-credentials", reflection_to_default_credentials},
    {"relay-to-another-service-unchecked", relay_to_another_service_unchecked},
    {"relay-of-unbound-client-unchecked", relay_of_unbound_client_unchecked},
    {"negotiation-taken-off", negotiation_taken_off},
    {"default-credentials-to-any-server", default_credentials_to_any_server},
};
static const int attack_count = sizeof(attacks) / sizeof(attacks[0]);

START_TEST(the_attack_ends_as_it_should)
{
    attacks[_i].run();
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite;
    TCase *cases;

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (int i = 0; i < attack_count; i++)
            puts(attacks[i].name);
        return EXIT_SUCCESS;
    }
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    suite = suite_create("elsewhere");
    cases = fixture_case(suite, "elsewhere");
    tcase_add_loop_test(cases, the_attack_ends_as_it_should, 0, attack_count);
    return suite_run(suite);
}
