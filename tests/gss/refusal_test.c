/* SPDX-License-Identifier: MIT */
/* refusal_test.c - whom an acceptor does not let in, and what either side is
 * told: each cause with a major status, a minor status and a text of its own.
 * Attacks on the protocol itself are in tests/hostile. */

#include "config.h"

#include "gss_exchange.h"

#define WONDERLAND_HASH "cc00bb161ae632398b69c69b56b6dec5"

static gss_OID mech_of(int i)
{
    return i ? SPNEGO : NTLMSSP;
}

/* The acceptor refuses whoever logs in with this credential, which goes. */
static void assert_denied(gss_OID mech, gss_cred_id_t client, gss_cred_id_t server,
                          OM_uint32 major, enum ntlm_error error)
{
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.mech = mech,
                                              .flags = GSS_C_INTEG_FLAG,
                                              .client_credential = client,
                                              .server_credential = server});
    assert_refused(&exchange, &exchange.server, major, error);
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
    release(client);
    release(server);
}

START_TEST(wrong_password_and_unknown_user_differ_in_the_particular_alone)
{
    const char *const users[] = {"TESTDOM\\alice", "TESTDOM\\mallory", "OTHERDOM\\alice"};
    struct exchange exchanges[3];

    for (int i = 0; i < 3; i++) {
        gss_cred_id_t credential = credential_by_password(mech_of(_i), users[i], "wrong");

        exchange_run(&exchanges[i],
                     &(struct request){.mech = mech_of(_i), .client_credential = credential});
        assert_refused(&exchanges[i], &exchanges[i].server, GSS_S_FAILURE,
                       NTLM_ERR_LOGON_DENIED);
        ck_assert_uint_eq(exchanges[i].server.minor, exchanges[0].server.minor);
        ck_assert_int_eq(exchanges[i].steps, exchanges[0].steps);
        assert_bytes(exchanges[i].tokens[3], exchanges[0].tokens[3].value,
                     exchanges[0].tokens[3].length);
        assert_contains(side_text(&exchanges[i], &exchanges[i].server),
                        i ? "unknown user" : "wrong password");
        assert_contains(side_text(&exchanges[i], &exchanges[i].server), users[i]);
        release(credential);
    }
    for (int i = 0; i < 3; i++)
        exchange_end(&exchanges[i]);
}
END_TEST

START_TEST(a_disabled_account_is_told_when_the_password_was_right)
{
    const char *path =
        fixture_file("smbpasswd", 0600,
                     "dora:1001:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:" WONDERLAND_HASH
                     ":[DU         ]:LCT-00000000:\n");

    setenv("NTLM_USER_FILE", path, 1);
    assert_denied(mech_of(_i), credential_by_password(mech_of(_i), "dora", "Wonderland 7"),
                  GSS_C_NO_CREDENTIAL, GSS_S_FAILURE, NTLM_ERR_ACCOUNT_DISABLED);
    assert_denied(mech_of(_i), credential_by_password(mech_of(_i), "dora", "wrong"),
                  GSS_C_NO_CREDENTIAL, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
}
END_TEST

/* From a first call that was made with other settings than those of now. */
static void assert_denied_now(struct exchange *exchange, enum ntlm_error error)
{
    while (exchange_step(exchange))
        continue;
    assert_refused(exchange, &exchange->server, GSS_S_FAILURE, error);
    ck_assert_ptr_null(exchange->source);
    exchange_end(exchange);
}

START_TEST(ntlmv1_is_refused_unless_it_is_switched_on)
{
    struct exchange exchange;

    setenv("LM_COMPAT_LEVEL", "2", 1);
    exchange_begin(&exchange,
                   &(struct request){.mech = mech_of(_i), .flags = GSS_C_INTEG_FLAG});
    exchange_step(&exchange);
    unsetenv("LM_COMPAT_LEVEL");
    assert_denied_now(&exchange, NTLM_ERR_NTLMV1_REFUSED);
}
END_TEST

START_TEST(old_generations_log_in_where_they_are_switched_on)
{
    char level[] = {(char)('0' + _i), '\0'};
    struct exchange exchange;

    setenv("LM_COMPAT_LEVEL", level, 1);
    fixture_settings("require_ess = false");
    for (int i = 0; i < 2; i++) {
        exchange_establish(&exchange,
                           &(struct request){.mech = mech_of(i), .flags = GSS_C_CONF_FLAG});
        assert_talk(exchange.client.context, exchange.server.context);
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(nobody_is_refused_unless_that_is_switched_on)
{
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.mech = mech_of(_i), .flags = GSS_C_ANON_FLAG});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_ANONYMOUS_REFUSED);
    exchange_end(&exchange);
}
END_TEST

START_TEST(protection_that_is_required_must_be_asked_for)
{
    struct exchange exchange;

    fixture_settings("require_sign = true");
    exchange_run(&exchange, &(struct request){0});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_WEAK_NO_SIGN);
    exchange_end(&exchange);
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    exchange_end(&exchange);

    fixture_settings("require_seal = true");
    exchange_run(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_WEAK_NO_SEAL);
    exchange_end(&exchange);
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_end(&exchange);
}
END_TEST

/* A client with these NegotiateFlags, which are allowed where it is. */
static void assert_too_weak(uint32_t flags, enum ntlm_error error)
{
    gss_OID_desc set_neg_flags = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05");
    gss_buffer_desc value = bytes_buffer(&flags, sizeof(flags));
    gss_cred_id_t credential;
    struct exchange exchange;

    fixture_settings("require_128 = false\nrequire_ess = false");
    credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    assert_complete(gss_set_cred_option(&minor, &credential, &set_neg_flags, &value));
    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG,
                                                .client_credential = credential});
    exchange_step(&exchange);
    fixture_settings(NULL);
    assert_denied_now(&exchange, error);
    release(credential);
}

START_TEST(keys_must_be_strong)
{
    const uint32_t unicode = 0x00000001, ntlm = 0x00000200, ess = 0x00080000,
                   strong = 0x20000000;

    assert_too_weak(unicode | ntlm | ess, NTLM_ERR_WEAK_NO_128);
    assert_too_weak(unicode | ntlm | strong, NTLM_ERR_WEAK_NO_ESS);
}
END_TEST

/* The server's offer, less these NegotiateFlags. */
static void assert_gives_up(uint32_t dropped, enum ntlm_error error)
{
    struct exchange exchange;
    uint32_t flags;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    exchange_step(&exchange);
    memcpy(&flags, (uint8_t *)exchange.tokens[1].value + 20, sizeof(flags));
    ck_assert_uint_eq(flags & dropped, dropped);
    flags &= ~dropped;
    memcpy((uint8_t *)exchange.tokens[1].value + 20, &flags, sizeof(flags));
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, error);
    exchange_end(&exchange);
}

START_TEST(an_initiator_does_without_a_server_of_weak_keys)
{
    const uint32_t ess = 0x00080000, strong = 0x20000000;

    assert_gives_up(strong, NTLM_ERR_WEAK_NO_128);
    assert_gives_up(ess, NTLM_ERR_WEAK_NO_ESS);
}
END_TEST

START_TEST(a_target_name_must_be_ours_where_it_is_checked)
{
    struct request asked = {.mech = mech_of(_i), .target = "HTTP@server.test"};
    struct exchange exchange;

    fixture_settings("check_target_name = if-sent");
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_TARGET_NAME);
    assert_contains(side_text(&exchange, &exchange.server), "HTTP/server.test");
    exchange_end(&exchange);
    fixture_settings("check_target_name = if-sent\ntarget_names = www.test server.test");
    exchange_establish(&exchange, &asked);
    exchange_end(&exchange);
    asked.target = "HTTP@testhost";
    fixture_settings("check_target_name = required");
    exchange_establish(&exchange, &asked);
    exchange_end(&exchange);
}
END_TEST

static gss_cred_id_t acceptor_for(const char *service)
{
    gss_name_t name = service_of(service);
    gss_cred_id_t credential;

    assert_complete(acquire_from(NTLMSSP, GSS_C_ACCEPT, name, NULL, &credential));
    gss_release_name(&minor, &name);
    return credential;
}

/* A login that is meant for the server of that address. */
START_TEST(a_server_that_names_its_service_alone_takes_no_other_hosts_logins)
{
    struct request asked = {.target = "HTTP@::ffff:192.0.2.66"};
    struct exchange exchange;

    fixture_settings("check_target_name = required");
    asked.server_credential = acceptor_for("HTTP");
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_TARGET_NAME);
    exchange_end(&exchange);
    release(asked.server_credential);
}
END_TEST

START_TEST(an_answer_that_this_machine_made_for_another_server_is_refused)
{
    gss_cred_id_t ours = acceptor_for("HTTP@server.test");
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.server_credential = ours});
    exchange_end(&exchange);
    release(ours);
    assert_denied(NTLMSSP, GSS_C_NO_CREDENTIAL, acceptor_for("HTTP@other.test"), GSS_S_FAILURE,
                  NTLM_ERR_REFLECTION);
}
END_TEST

/* One's AUTHENTICATE, given to an acceptor with a challenge of its own. */
START_TEST(an_answer_to_another_challenge_is_a_replay)
{
    struct exchange recorded, exchange;

    exchange_establish(&recorded, &(struct request){.flags = GSS_C_INTEG_FLAG});
    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i < 3; i++)
        exchange_step(&exchange);
    release_buffer(&exchange.tokens[2]);
    exchange.tokens[2] = recorded.tokens[2];
    recorded.tokens[2] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_REPLAY);
    exchange_end(&exchange);
    exchange_end(&recorded);
}
END_TEST

START_TEST(an_altered_exchange_has_a_wrong_mic)
{
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i < 3; i++)
        exchange_step(&exchange);
    ((uint8_t *)exchange.tokens[2].value)[72] ^= 1;
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_SIG, NTLM_ERR_MIC_WRONG);
    exchange_end(&exchange);
}
END_TEST

/* The message of another step than the one that is due. */
static void assert_out_of_turn(int step, int given)
{
    struct exchange recorded, exchange;

    exchange_establish(&recorded, &(struct request){.flags = GSS_C_INTEG_FLAG});
    exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
    while (exchange.steps < step)
        exchange_step(&exchange);
    release_buffer(&exchange.tokens[step - 1]);
    exchange.tokens[step - 1] = recorded.tokens[given];
    recorded.tokens[given] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    exchange_step(&exchange);
    assert_refused(&exchange, step % 2 ? &exchange.server : &exchange.client,
                   GSS_S_DEFECTIVE_TOKEN, NTLM_ERR_WRONG_MESSAGE);
    exchange_end(&exchange);
    exchange_end(&recorded);
}

START_TEST(a_message_out_of_turn_is_defective)
{
    assert_out_of_turn(1, 1);
    assert_out_of_turn(1, 2);
    assert_out_of_turn(2, 0);
    assert_out_of_turn(2, 2);
    assert_out_of_turn(3, 1);
}
END_TEST

START_TEST(a_message_cut_short_is_defective_at_any_length)
{
    for (int step = 1; step <= 3; step++)
        for (size_t cut = 1; cut < 60; cut += 7) {
            struct exchange exchange;
            struct side *side = step % 2 ? &exchange.server : &exchange.client;

            exchange_begin(&exchange, &(struct request){.flags = GSS_C_INTEG_FLAG});
            while (exchange.steps < step)
                exchange_step(&exchange);
            if (exchange.tokens[step - 1].length <= cut || (step == 1 && cut < 26)) {
                exchange_end(&exchange); /* shorter NEGOTIATEs are whole ones */
                continue;
            }
            exchange.tokens[step - 1].length -= cut;
            exchange_step(&exchange);
            ck_assert_msg(side->major == GSS_S_DEFECTIVE_TOKEN, "step %d, cut by %zu: %#x",
                          step, cut, side->major);
            exchange_end(&exchange);
        }
}
END_TEST

START_TEST(an_initiator_without_a_challenge_says_so)
{
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER, output;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){0});
    exchange_step(&exchange);
    assert_status(GSS_S_DEFECTIVE_TOKEN,
                  gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &exchange.client.context,
                                       exchange.target, NTLMSSP, 0, 0,
                                       GSS_C_NO_CHANNEL_BINDINGS, &nothing, NULL, &output, NULL,
                                       NULL));
    assert_minor(NTLM_ERR_WRONG_MESSAGE);
    assert_contains(status_text(minor, NTLMSSP), "no CHALLENGE");
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_refusal");
    TCase *cases = fixture_case(suite, "accounts");
    tcase_add_loop_test(cases, wrong_password_and_unknown_user_differ_in_the_particular_alone,
                        0, 2);
    tcase_add_loop_test(cases, a_disabled_account_is_told_when_the_password_was_right, 0, 2);
    cases = fixture_case(suite, "policy");
    tcase_add_loop_test(cases, ntlmv1_is_refused_unless_it_is_switched_on, 0, 2);
    tcase_add_loop_test(cases, old_generations_log_in_where_they_are_switched_on, 0, 5);
    tcase_add_loop_test(cases, nobody_is_refused_unless_that_is_switched_on, 0, 2);
    tcase_add_test(cases, protection_that_is_required_must_be_asked_for);
    tcase_add_test(cases, keys_must_be_strong);
    tcase_add_test(cases, an_initiator_does_without_a_server_of_weak_keys);
    tcase_add_loop_test(cases, a_target_name_must_be_ours_where_it_is_checked, 0, 2);
    tcase_add_test(cases, a_server_that_names_its_service_alone_takes_no_other_hosts_logins);
    cases = fixture_case(suite, "attacks");
    tcase_add_test(cases, an_answer_that_this_machine_made_for_another_server_is_refused);
    tcase_add_test(cases, an_answer_to_another_challenge_is_a_replay);
    tcase_add_test(cases, an_altered_exchange_has_a_wrong_mic);
    cases = fixture_case(suite, "tokens");
    tcase_add_test(cases, a_message_out_of_turn_is_defective);
    tcase_add_test(cases, a_message_cut_short_is_defective_at_any_length);
    tcase_add_test(cases, an_initiator_without_a_challenge_says_so);
    return suite_run(suite);
}
