/* refusal_test.c - whom an acceptor does not let in, and what either side is
 * told: each cause with a major status, a minor status and a text of its own.
 * Attacks on the protocol itself are in tests/hostile. */

#include "pair.h"

#define WONDERLAND_HASH "cc00bb161ae632398b69c69b56b6dec5"

static gss_OID mech_of(int i)
{
    return i ? SPNEGO : NTLMSSP;
}

/* The acceptor refuses whoever logs in with this credential, which goes. */
static void assert_denied(gss_OID mech, gss_cred_id_t client, gss_cred_id_t server,
                          OM_uint32 major, enum ntlm_error error)
{
    struct pair pair;

    pair_run(&pair, &(struct exchange){.mech = mech,
                                       .flags = GSS_C_INTEG_FLAG,
                                       .client_credential = client,
                                       .server_credential = server});
    assert_refused(&pair, &pair.server, major, error);
    ck_assert_ptr_null(pair.source);
    pair_end(&pair);
    release(client);
    release(server);
}

START_TEST(wrong_password_and_unknown_user_differ_in_the_particular_alone)
{
    const char *const users[] = {"TESTDOM\\alice", "TESTDOM\\mallory", "OTHERDOM\\alice"};
    struct pair pairs[3];

    for (int i = 0; i < 3; i++) {
        gss_cred_id_t credential = credential_by_password(mech_of(_i), users[i], "wrong");

        pair_run(&pairs[i],
                 &(struct exchange){.mech = mech_of(_i), .client_credential = credential});
        assert_refused(&pairs[i], &pairs[i].server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
        ck_assert_uint_eq(pairs[i].server.minor, pairs[0].server.minor);
        ck_assert_int_eq(pairs[i].steps, pairs[0].steps);
        assert_bytes(pairs[i].tokens[3], pairs[0].tokens[3].value, pairs[0].tokens[3].length);
        assert_contains(side_text(&pairs[i], &pairs[i].server),
                        i ? "unknown user" : "wrong password");
        assert_contains(side_text(&pairs[i], &pairs[i].server), users[i]);
        release(credential);
    }
    for (int i = 0; i < 3; i++)
        pair_end(&pairs[i]);
}
END_TEST

START_TEST(a_disabled_account_is_told_when_the_password_was_right)
{
    const char *path = world_file("smbpasswd", 0600,
                                  "dora:1001:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:" WONDERLAND_HASH
                                  ":[DU         ]:LCT-00000000:\n");

    setenv("NTLM_USER_FILE", path, 1);
    assert_denied(mech_of(_i), credential_by_password(mech_of(_i), "dora", "Wonderland 7"),
                  GSS_C_NO_CREDENTIAL, GSS_S_FAILURE, NTLM_ERR_ACCOUNT_DISABLED);
    assert_denied(mech_of(_i), credential_by_password(mech_of(_i), "dora", "wrong"),
                  GSS_C_NO_CREDENTIAL, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
}
END_TEST

/* From a first leg that was made with other settings than those of now. */
static void assert_denied_now(struct pair *pair, enum ntlm_error error)
{
    while (pair_step(pair))
        continue;
    assert_refused(pair, &pair->server, GSS_S_FAILURE, error);
    ck_assert_ptr_null(pair->source);
    pair_end(pair);
}

START_TEST(ntlmv1_is_refused_unless_it_is_switched_on)
{
    struct pair pair;

    setenv("LM_COMPAT_LEVEL", "2", 1);
    pair_begin(&pair, &(struct exchange){.mech = mech_of(_i), .flags = GSS_C_INTEG_FLAG});
    pair_step(&pair);
    unsetenv("LM_COMPAT_LEVEL");
    assert_denied_now(&pair, NTLM_ERR_NTLMV1_REFUSED);
}
END_TEST

START_TEST(old_generations_log_in_where_they_are_switched_on)
{
    char level[] = {(char)('0' + _i), '\0'};
    struct pair pair;

    setenv("LM_COMPAT_LEVEL", level, 1);
    world_settings("require_ess = false");
    for (int i = 0; i < 2; i++) {
        pair_establish(&pair, &(struct exchange){.mech = mech_of(i), .flags = GSS_C_CONF_FLAG});
        assert_talk(pair.client.context, pair.server.context);
        pair_end(&pair);
    }
}
END_TEST

START_TEST(nobody_is_refused_unless_that_is_switched_on)
{
    struct pair pair;

    pair_run(&pair, &(struct exchange){.mech = mech_of(_i), .flags = GSS_C_ANON_FLAG});
    assert_refused(&pair, &pair.server, GSS_S_FAILURE, NTLM_ERR_ANONYMOUS_REFUSED);
    pair_end(&pair);
}
END_TEST

START_TEST(protection_that_is_required_must_be_asked_for)
{
    struct pair pair;

    world_settings("require_sign = true");
    pair_run(&pair, &(struct exchange){0});
    assert_refused(&pair, &pair.server, GSS_S_FAILURE, NTLM_ERR_WEAK_NO_SIGN);
    pair_end(&pair);
    pair_establish(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    pair_end(&pair);

    world_settings("require_seal = true");
    pair_run(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    assert_refused(&pair, &pair.server, GSS_S_FAILURE, NTLM_ERR_WEAK_NO_SEAL);
    pair_end(&pair);
    pair_establish(&pair, &(struct exchange){.flags = GSS_C_CONF_FLAG});
    pair_end(&pair);
}
END_TEST

/* A client with these NegotiateFlags, which are allowed where it is. */
static void assert_too_weak(uint32_t flags, enum ntlm_error error)
{
    gss_OID_desc set_neg_flags = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05");
    gss_buffer_desc value = bytes_buffer(&flags, sizeof(flags));
    gss_cred_id_t credential;
    struct pair pair;

    world_settings("require_128 = false\nrequire_ess = false");
    credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    assert_complete(gss_set_cred_option(&minor, &credential, &set_neg_flags, &value));
    pair_begin(&pair,
               &(struct exchange){.flags = GSS_C_INTEG_FLAG, .client_credential = credential});
    pair_step(&pair);
    world_settings(NULL);
    assert_denied_now(&pair, error);
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
    struct pair pair;
    uint32_t flags;

    pair_begin(&pair, &(struct exchange){.flags = GSS_C_CONF_FLAG});
    pair_step(&pair);
    pair_step(&pair);
    memcpy(&flags, (uint8_t *)pair.tokens[1].value + 20, sizeof(flags));
    ck_assert_uint_eq(flags & dropped, dropped);
    flags &= ~dropped;
    memcpy((uint8_t *)pair.tokens[1].value + 20, &flags, sizeof(flags));
    pair_step(&pair);
    assert_refused(&pair, &pair.client, GSS_S_FAILURE, error);
    pair_end(&pair);
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
    struct exchange exchange = {.mech = mech_of(_i), .target = "HTTP@server.test"};
    struct pair pair;

    world_settings("check_target_name = if-sent");
    pair_run(&pair, &exchange);
    assert_refused(&pair, &pair.server, GSS_S_FAILURE, NTLM_ERR_TARGET_NAME);
    assert_contains(side_text(&pair, &pair.server), "HTTP/server.test");
    pair_end(&pair);
    world_settings("check_target_name = if-sent\ntarget_names = www.test server.test");
    pair_establish(&pair, &exchange);
    pair_end(&pair);
    exchange.target = "HTTP@testhost";
    world_settings("check_target_name = required");
    pair_establish(&pair, &exchange);
    pair_end(&pair);
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

START_TEST(an_answer_that_this_machine_made_for_another_server_is_refused)
{
    gss_cred_id_t ours = acceptor_for("HTTP@server.test");
    struct pair pair;

    pair_establish(&pair, &(struct exchange){.server_credential = ours});
    pair_end(&pair);
    release(ours);
    assert_denied(NTLMSSP, GSS_C_NO_CREDENTIAL, acceptor_for("HTTP@other.test"), GSS_S_FAILURE,
                  NTLM_ERR_REFLECTION);
}
END_TEST

/* One's AUTHENTICATE, given to an acceptor with a challenge of its own. */
START_TEST(an_answer_to_another_challenge_is_a_replay)
{
    struct pair recorded, pair;

    pair_establish(&recorded, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    pair_begin(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i < 3; i++)
        pair_step(&pair);
    release_buffer(&pair.tokens[2]);
    pair.tokens[2] = recorded.tokens[2];
    recorded.tokens[2] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    pair_step(&pair);
    assert_refused(&pair, &pair.server, GSS_S_FAILURE, NTLM_ERR_REPLAY);
    pair_end(&pair);
    pair_end(&recorded);
}
END_TEST

START_TEST(an_altered_exchange_has_a_wrong_mic)
{
    struct pair pair;

    pair_begin(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i < 3; i++)
        pair_step(&pair);
    ((uint8_t *)pair.tokens[2].value)[72] ^= 1;
    pair_step(&pair);
    assert_refused(&pair, &pair.server, GSS_S_BAD_SIG, NTLM_ERR_MIC_WRONG);
    pair_end(&pair);
}
END_TEST

/* The message of another step than the one that is due. */
static void assert_out_of_turn(int step, int given)
{
    struct pair recorded, pair;

    pair_establish(&recorded, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    pair_begin(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
    while (pair.steps < step)
        pair_step(&pair);
    release_buffer(&pair.tokens[step - 1]);
    pair.tokens[step - 1] = recorded.tokens[given];
    recorded.tokens[given] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    pair_step(&pair);
    assert_refused(&pair, step % 2 ? &pair.server : &pair.client, GSS_S_DEFECTIVE_TOKEN,
                   NTLM_ERR_WRONG_MESSAGE);
    pair_end(&pair);
    pair_end(&recorded);
}

START_TEST(a_message_out_of_turn_is_defective)
{
    assert_out_of_turn(1, 1);
    assert_out_of_turn(1, 2);
    assert_out_of_turn(2, 0);
    assert_out_of_turn(2, 2);
    assert_out_of_turn(3, 0);
    assert_out_of_turn(3, 1);
}
END_TEST

START_TEST(a_message_cut_short_is_defective_at_any_length)
{
    for (int step = 1; step <= 3; step++)
        for (size_t cut = 1; cut < 60; cut += 7) {
            struct pair pair;
            struct side *side = step % 2 ? &pair.server : &pair.client;

            pair_begin(&pair, &(struct exchange){.flags = GSS_C_INTEG_FLAG});
            while (pair.steps < step)
                pair_step(&pair);
            if (pair.tokens[step - 1].length <= cut || (step == 1 && cut < 26)) {
                pair_end(&pair); /* shorter NEGOTIATEs are whole ones */
                continue;
            }
            pair.tokens[step - 1].length -= cut;
            pair_step(&pair);
            ck_assert_msg(side->major == GSS_S_DEFECTIVE_TOKEN, "step %d, cut by %zu: %#x",
                          step, cut, side->major);
            pair_end(&pair);
        }
}
END_TEST

START_TEST(an_initiator_without_a_challenge_says_so)
{
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER, output;
    struct pair pair;

    pair_begin(&pair, &(struct exchange){0});
    pair_step(&pair);
    assert_status(GSS_S_DEFECTIVE_TOKEN,
                  gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &pair.client.context,
                                       pair.target, NTLMSSP, 0, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                       &nothing, NULL, &output, NULL, NULL));
    assert_minor(NTLM_ERR_WRONG_MESSAGE);
    assert_contains(status_text(minor, NTLMSSP), "no CHALLENGE");
    pair_end(&pair);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_refusal");
    TCase *cases = world_case(suite, "accounts");
    tcase_add_loop_test(cases, wrong_password_and_unknown_user_differ_in_the_particular_alone,
                        0, 2);
    tcase_add_loop_test(cases, a_disabled_account_is_told_when_the_password_was_right, 0, 2);
    cases = world_case(suite, "policy");
    tcase_add_loop_test(cases, ntlmv1_is_refused_unless_it_is_switched_on, 0, 2);
    tcase_add_loop_test(cases, old_generations_log_in_where_they_are_switched_on, 0, 5);
    tcase_add_loop_test(cases, nobody_is_refused_unless_that_is_switched_on, 0, 2);
    tcase_add_test(cases, protection_that_is_required_must_be_asked_for);
    tcase_add_test(cases, keys_must_be_strong);
    tcase_add_test(cases, an_initiator_does_without_a_server_of_weak_keys);
    tcase_add_loop_test(cases, a_target_name_must_be_ours_where_it_is_checked, 0, 2);
    cases = world_case(suite, "attacks");
    tcase_add_test(cases, an_answer_that_this_machine_made_for_another_server_is_refused);
    tcase_add_test(cases, an_answer_to_another_challenge_is_a_replay);
    tcase_add_test(cases, an_altered_exchange_has_a_wrong_mic);
    cases = world_case(suite, "tokens");
    tcase_add_test(cases, a_message_out_of_turn_is_defective);
    tcase_add_test(cases, a_message_cut_short_is_defective_at_any_length);
    tcase_add_test(cases, an_initiator_without_a_challenge_says_so);
    return suite_run(suite);
}
