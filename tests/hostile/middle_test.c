/* SPDX-License-Identifier: MIT */
/* middle_test.c - a man in the middle between a real initiator and a real acceptor, each
 * through MIT's mechglue: every row of attack.h, with CARRIER (raw NTLM, NTLM in MIT's
 * SPNEGO, NTLM in ours) around NTLM's messages. --list prints the attacks' names. */

#include "config.h"

#include "attack.h"
#include "spnego_exchange.h"

static const struct attack *attack;

/* NTLM's message in what a step sent, and another one in its place. */
static bool take_out(const struct exchange *exchange, int step, struct wire *wire)
{
    gss_buffer_desc inside = exchange->tokens[step];

    if (CARRIER != RAW) {
        struct token token = sent(exchange, step);

        inside = bytes_buffer(token.mech_token.data, token.mech_token.len);
    }
    if (inside.length == 0)
        return false;
    ck_assert_uint_le(inside.length, sizeof(wire->bytes));
    memcpy(wire->bytes, inside.value, inside.length);
    wire->len = inside.length;
    return true;
}

static void put_in(struct exchange *exchange, int step, const struct wire *wire)
{
    if (CARRIER != RAW) {
        struct token token = sent(exchange, step);

        token.mech_token = (struct der_bytes){wire->bytes, wire->len};
        replace_token(exchange, step, &token);
    } else {
        release_buffer(&exchange->tokens[step]);
        exchange->tokens[step].value = malloc(wire->len);
        ck_assert_ptr_nonnull(exchange->tokens[step].value);
        memcpy(exchange->tokens[step].value, wire->bytes, wire->len);
        exchange->tokens[step].length = wire->len;
    }
}

/* The message that a step sent goes through his hands. */
static void meddle(struct exchange *exchange, int step)
{
    struct wire wire;

    if (step < WIRE_MESSAGES && attack->alter[step] && take_out(exchange, step, &wire)) {
        attack->alter[step](&wire);
        put_in(exchange, step, &wire);
    }
}

static void run(struct exchange *exchange, bool altered)
{
    struct gss_channel_bindings_struct client, server;
    struct request asked = {.mech = CARRIER == RAW ? NTLMSSP : SPNEGO,
                            .flags = attack->flags,
                            .target = attack->target ? attack->target : OUR_SERVICE};
    bool more = true;

    if (attack->client_channel) {
        client = bindings_of(attack->client_channel);
        asked.client_bindings = &client;
    }
    if (attack->server_channel) {
        server = bindings_of(attack->server_channel);
        asked.server_bindings = &server;
    }
    if (attack->service) {
        gss_name_t name = service_of(attack->service);
        OM_uint32 ignored;

        assert_complete(acquire_from(asked.mech, GSS_C_ACCEPT, name, STORE(NULL),
                                     &asked.server_credential));
        gss_release_name(&ignored, &name);
    }
    exchange_begin(exchange, &asked);
    while (more) {
        int step = exchange->steps;

        fixture_settings(step % 2 ? attack->server_settings : attack->client_settings);
        more = exchange_step(exchange);
        if (altered && more)
            meddle(exchange, step);
    }
}

static void assert_found(const struct exchange *exchange)
{
    bool differs = CARRIER != RAW && attack->error_spnego;
    enum found_by found_by = differs ? attack->found_by_spnego : attack->found_by;
    enum ntlm_error error = differs ? attack->error_spnego : attack->error;
    const struct side *side = found_by == CLIENT ? &exchange->client : &exchange->server;

    ck_assert_msg(GSS_ERROR(side->major), "%s: the client has %#x (%s), the server %#x (%s)",
                  attack->name, exchange->client.major, side_text(exchange, &exchange->client),
                  exchange->server.major, side_text(exchange, &exchange->server));
    ck_assert_msg(strstr(side_text(exchange, side), ntlm_error_text(error)) != NULL,
                  "%s: \"%s\" is not \"%s\"", attack->name, side_text(exchange, side),
                  ntlm_error_text(error));
    ck_assert_msg(!exchange->server.complete, "%s: the server let it in", attack->name);
    ck_assert_ptr_null(exchange->source);
}

START_TEST(the_attack_is_found_out)
{
    struct exchange exchange;

    attack = &attacks[_i];
    run(&exchange, true);
    assert_found(&exchange);
    release(exchange.asked.server_credential);
    exchange_end(&exchange);
}
END_TEST

/* It is for what he alters that it fails. */
START_TEST(without_him_the_same_login_succeeds)
{
    struct exchange exchange;

    attack = &attacks[_i];
    if (!attack->alter[0] && !attack->alter[1] && !attack->alter[2])
        return;
    if (attack->client_channel && attack->server_channel)
        return; /* he has a channel of his own */
    if (attack->server_settings && strstr(attack->server_settings, "require_channel"))
        return;
    run(&exchange, false);
    ck_assert_msg(exchange.client.complete && exchange.server.complete,
                  "%s: the client: %s; the server: %s", attack->name,
                  side_text(&exchange, &exchange.client),
                  side_text(&exchange, &exchange.server));
    release(exchange.asked.server_credential);
    exchange_end(&exchange);
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
    if (CARRIER == OUR_SPNEGO)
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    else
        unsetenv("MECHANISM");
    suite = suite_create("middle");
    cases = fixture_case(suite, "middle");
    tcase_add_loop_test(cases, the_attack_is_found_out, 0, attack_count);
    tcase_add_loop_test(cases, without_him_the_same_login_succeeds, 0, attack_count);
    return suite_run(suite);
}
