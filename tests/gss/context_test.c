/* SPDX-License-Identifier: MIT */
/* context_test.c - what must hold of an exchange, raw and under SPNEGO, with
 * every protection: names, channel bindings, and the flags that are truly in
 * force. Refusals are in refusal_test.c. */

#include "config.h"

#include <pthread.h>

#include "gss_exchange.h"

#define PROTECTION (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)
#define DETECTION (GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)
#define CHANNEL_BOUND GSS_C_CHANNEL_BOUND_FLAG

#define NO_CI_FLAGS "\x2a\x85\x70\x2b\x0d\x1d"

/* One combination of mechanism and protection; Check's loops count them. */
#define WAYS 6

struct way {
    gss_OID mech;
    OM_uint32 flags;
};

static struct way way_of(int i)
{
    static const OM_uint32 flags[] = {0, GSS_C_INTEG_FLAG, GSS_C_CONF_FLAG};

    return (struct way){.mech = i < 3 ? NTLMSSP : SPNEGO, .flags = flags[i % 3]};
}

/* A credential that asks for just the protection that is asked for: SPNEGO
 * asks for integrity otherwise. */
static gss_cred_id_t exact_credential(gss_OID mech, const char *user, const char *password)
{
    gss_OID_desc no_ci_flags = OID(NO_CI_FLAGS);
    gss_cred_id_t credential = credential_by_password(mech, user, password);

    assert_complete(gss_set_cred_option(&minor, &credential, &no_ci_flags, GSS_C_NO_BUFFER));
    return credential;
}

/* What flags both sides must return for these. */
static void assert_flags(const struct exchange *exchange, OM_uint32 asked)
{
    const OM_uint32 never = GSS_C_MUTUAL_FLAG | GSS_C_DELEG_FLAG;
    OM_uint32 protection = asked & PROTECTION;

    if (protection)
        protection |= GSS_C_INTEG_FLAG;
    ck_assert_uint_eq(exchange->client.flags & PROTECTION, protection);
    ck_assert_uint_eq(exchange->server.flags & PROTECTION, protection);
    ck_assert_uint_eq(exchange->client.flags & DETECTION, protection ? asked & DETECTION : 0);
    ck_assert_uint_eq(exchange->server.flags & DETECTION, protection ? DETECTION : 0);
    ck_assert_uint_eq((exchange->client.flags | exchange->server.flags) & never, 0);
    ck_assert_uint_ne(exchange->client.flags & exchange->server.flags & GSS_C_TRANS_FLAG, 0);
}

/* Logs in with this, both ways of asking for nothing more, and talks. */
static void logs_in(struct way way, const char *user, const char *password,
                    const char *expected)
{
    gss_cred_id_t credential = exact_credential(way.mech, user, password);
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = way.mech,
                                                    .flags = way.flags,
                                                    .client_credential = credential});
    assert_name(exchange.source, expected, GSS_C_NT_USER_NAME);
    assert_flags(&exchange, way.flags);
    if (way.flags)
        assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
    release(credential);
}

START_TEST(a_user_logs_in_with_any_protection)
{
    logs_in(way_of(_i), "TESTDOM\\alice", "Wonderland 7", "TESTDOM\\alice");
}
END_TEST

START_TEST(a_user_and_password_beyond_ascii_log_in)
{
    logs_in(way_of(_i), "TESTDOM\\Zoë", "Pässwörd €𝄞", "TESTDOM\\Zoë");
}
END_TEST

START_TEST(a_user_name_in_another_case_is_the_same_account)
{
    logs_in(way_of(_i), "TESTDOM\\ALICE", "Wonderland 7", "TESTDOM\\alice");
    logs_in(way_of(_i), "TESTDOM\\zOË", "Pässwörd €𝄞", "TESTDOM\\Zoë");
}
END_TEST

START_TEST(a_domain_may_be_left_out_or_follow_an_at)
{
    logs_in(way_of(_i), "alice", "Wonderland 7", "TESTDOM\\alice");
    logs_in(way_of(_i), "alice@TESTDOM", "Wonderland 7", "TESTDOM\\alice");
    logs_in(way_of(_i), "\\alice@TESTDOM", "Wonderland 7", "TESTDOM\\alice");
    logs_in(way_of(_i), "testdom\\alice", "Wonderland 7", "TESTDOM\\alice");
}
END_TEST

START_TEST(an_account_without_a_domain_is_in_every_domain)
{
    logs_in(way_of(_i), "carol", "looking:glass", "carol");
    logs_in(way_of(_i), "ANYDOM\\carol", "looking:glass", "carol");
}
END_TEST

/* The exchange with these bindings; NULL: none. */
static void run_bound(struct exchange *exchange, struct way way, const char *client,
                      const char *server)
{
    struct gss_channel_bindings_struct theirs = bindings_of(client ? client : ""),
                                       ours = bindings_of(server ? server : "");
    gss_cred_id_t credential = exact_credential(way.mech, "TESTDOM\\alice", "Wonderland 7");

    exchange_run(exchange, &(struct request){
                               .mech = way.mech,
                               .flags = way.flags,
                               .client_credential = credential,
                               .client_bindings = client ? &theirs : GSS_C_NO_CHANNEL_BINDINGS,
                               .server_bindings = server ? &ours : GSS_C_NO_CHANNEL_BINDINGS,
                           });
    release(credential);
}

static void assert_bound(const struct exchange *exchange, bool bound)
{
    ck_assert(exchange->client.complete && exchange->server.complete);
    ck_assert_int_eq((exchange->server.flags & CHANNEL_BOUND) != 0, bound);
}

START_TEST(channel_bindings_that_are_alike_bind)
{
    struct exchange exchange;

    run_bound(&exchange, way_of(_i), "tls-server-end-point:abc", "tls-server-end-point:abc");
    assert_bound(&exchange, true);
    exchange_end(&exchange);
}
END_TEST

START_TEST(channel_bindings_that_differ_are_refused)
{
    struct exchange exchange;

    run_bound(&exchange, way_of(_i), "tls-server-end-point:abc", "tls-server-end-point:abd");
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS, NTLM_ERR_BINDINGS_DIFFER);
    exchange_end(&exchange);
}
END_TEST

START_TEST(channel_bindings_of_one_side_alone_are_let_be)
{
    struct exchange exchange;

    run_bound(&exchange, way_of(_i), "tls-server-end-point:abc", NULL);
    assert_bound(&exchange, false);
    exchange_end(&exchange);
    run_bound(&exchange, way_of(_i), NULL, "tls-server-end-point:abc");
    assert_bound(&exchange, false);
    exchange_end(&exchange);
    run_bound(&exchange, way_of(_i), NULL, NULL);
    assert_bound(&exchange, false);
    exchange_end(&exchange);
}
END_TEST

START_TEST(channel_bindings_that_are_required_must_be_there)
{
    struct exchange exchange;

    fixture_settings("require_channel_bindings = true");
    run_bound(&exchange, way_of(_i), NULL, "tls-server-end-point:abc");
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS, NTLM_ERR_BINDINGS_MISSING);
    exchange_end(&exchange);
    run_bound(&exchange, way_of(_i), "tls-server-end-point:abc", "tls-server-end-point:abc");
    assert_bound(&exchange, true);
    exchange_end(&exchange);
}
END_TEST

START_TEST(all_parts_of_channel_bindings_count)
{
    struct gss_channel_bindings_struct one = bindings_of("abc"), other = bindings_of("abc");
    struct request asked = {.client_bindings = &one, .server_bindings = &other};
    struct exchange exchange;

    one.initiator_addrtype = other.initiator_addrtype = GSS_C_AF_INET;
    one.initiator_address = other.initiator_address = text_buffer("\x7f\x01\x02\x03");
    one.acceptor_addrtype = other.acceptor_addrtype = GSS_C_AF_INET;
    one.acceptor_address = other.acceptor_address = text_buffer("\x7f\x01\x02\x04");
    exchange_run(&exchange, &asked);
    assert_bound(&exchange, true);
    exchange_end(&exchange);
    other.acceptor_address = text_buffer("\x7f\x01\x02\x05");
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS, NTLM_ERR_BINDINGS_DIFFER);
    exchange_end(&exchange);
    other.acceptor_address = one.acceptor_address;
    other.acceptor_addrtype = GSS_C_AF_NULLADDR;
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS, NTLM_ERR_BINDINGS_DIFFER);
    exchange_end(&exchange);
    other.acceptor_addrtype = GSS_C_AF_INET;
    other.initiator_addrtype = GSS_C_AF_NULLADDR;
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_BAD_BINDINGS, NTLM_ERR_BINDINGS_DIFFER);
    exchange_end(&exchange);
}
END_TEST

START_TEST(flags_that_ntlm_cannot_keep_are_not_returned)
{
    const OM_uint32 asked = GSS_C_MUTUAL_FLAG | GSS_C_DELEG_FLAG | GSS_C_DELEG_POLICY_FLAG |
                            DETECTION | GSS_C_CONF_FLAG;
    struct way way = way_of(_i);
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = way.mech, .flags = asked});
    assert_flags(&exchange, asked);
    exchange_end(&exchange);
}
END_TEST

START_TEST(detection_brings_integrity_with_it)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_SEQUENCE_FLAG});
    ck_assert_uint_eq(exchange.client.flags & (PROTECTION | DETECTION),
                      GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG);
    exchange_end(&exchange);
}
END_TEST

START_TEST(contexts_do_not_expire)
{
    struct way way = way_of(_i);
    struct exchange exchange;
    OM_uint32 lifetime;

    exchange_establish(&exchange, &(struct request){.mech = way.mech, .flags = way.flags});
    ck_assert_uint_eq(exchange.client.lifetime, GSS_C_INDEFINITE);
    ck_assert_uint_eq(exchange.server.lifetime, GSS_C_INDEFINITE);
    assert_complete(gss_context_time(&minor, exchange.client.context, &lifetime));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    assert_complete(gss_context_time(&minor, exchange.server.context, &lifetime));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    ck_assert(gss_oid_equal(exchange.client.mech, NTLMSSP));
    ck_assert(gss_oid_equal(exchange.server.mech, NTLMSSP));
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_initiator_that_asks_may_be_identified_only)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_IDENTIFY_FLAG});
    ck_assert_uint_ne(exchange.client.flags & GSS_C_IDENTIFY_FLAG, 0);
    ck_assert_uint_ne(exchange.server.flags & GSS_C_IDENTIFY_FLAG, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(dce_style_is_the_same_three_legs)
{
    struct exchange exchange;

    exchange_establish(&exchange,
                       &(struct request){.flags = GSS_C_DCE_STYLE | GSS_C_CONF_FLAG});
    ck_assert_int_eq(exchange.steps, 4);
    ck_assert_uint_ne(exchange.client.flags & GSS_C_DCE_STYLE, 0);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

static void assert_anonymous(struct exchange *exchange)
{
    ck_assert(exchange->client.complete && exchange->server.complete);
    assert_name(exchange->source, "<anonymous>", GSS_C_NT_ANONYMOUS);
    ck_assert_uint_ne(exchange->client.flags & GSS_C_ANON_FLAG, 0);
    ck_assert_uint_ne(exchange->server.flags & GSS_C_ANON_FLAG, 0);
    ck_assert_uint_eq((exchange->client.flags | exchange->server.flags) & PROTECTION, 0);
}

START_TEST(nobody_logs_in_where_that_is_allowed)
{
    gss_name_t nobody = name_of("", GSS_C_NT_ANONYMOUS);
    gss_cred_id_t credential;
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    exchange_run(&exchange, &(struct request){.flags = GSS_C_ANON_FLAG | DETECTION});
    assert_anonymous(&exchange);
    exchange_end(&exchange);
    /* The flag counts whoever the credential is. */
    credential = credential_of(NTLMSSP, GSS_C_INITIATE, "TESTDOM\\alice", NULL);
    exchange_run(&exchange,
                 &(struct request){.flags = GSS_C_ANON_FLAG, .client_credential = credential});
    assert_anonymous(&exchange);
    exchange_end(&exchange);
    release(credential);
    assert_complete(acquire_from(NTLMSSP, GSS_C_INITIATE, nobody, NULL, &credential));
    exchange_run(&exchange, &(struct request){.client_credential = credential});
    assert_anonymous(&exchange);
    exchange_end(&exchange);
    release(credential);
    gss_release_name(&minor, &nobody);
}
END_TEST

/* _i: the mechanism, and which protection. MIT's SPNEGO asks NTLM for integrity, whoever
 * its own caller is: there the flags that come back tell. */
START_TEST(nobody_who_asks_for_protection_is_refused)
{
    const OM_uint32 asked = _i & 1 ? GSS_C_CONF_FLAG : GSS_C_INTEG_FLAG;
    const bool spnego = _i & 2;
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    exchange_run(&exchange, &(struct request){.mech = spnego ? SPNEGO : NTLMSSP,
                                              .flags = GSS_C_ANON_FLAG | asked});
    if (spnego && asked == GSS_C_INTEG_FLAG && exchange.client.complete)
        assert_anonymous(&exchange);
    else
        ck_assert(GSS_ERROR(exchange.client.major));
    if (!spnego)
        assert_refused(&exchange, &exchange.client, GSS_S_FAILURE,
                       NTLM_ERR_ANONYMOUS_PROTECTION);
    exchange_end(&exchange);
}
END_TEST

START_TEST(nobody_logs_in_under_spnego)
{
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_ANON_FLAG});
    assert_anonymous(&exchange);
    exchange_end(&exchange);
}
END_TEST

START_TEST(one_credential_serves_many_contexts)
{
    gss_cred_id_t client = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    gss_cred_id_t server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    struct request asked = {
        .flags = GSS_C_CONF_FLAG, .client_credential = client, .server_credential = server};
    struct exchange exchanges[3];

    for (int i = 0; i < 3; i++)
        exchange_begin(&exchanges[i], &asked);
    for (int step = 0; step < 4; step++)
        for (int i = 0; i < 3; i++)
            exchange_step(&exchanges[i]);
    for (int i = 0; i < 3; i++) {
        assert_talk(exchanges[i].client.context, exchanges[i].server.context);
        exchange_end(&exchanges[i]);
    }
    release(client);
    release(server);
}
END_TEST

struct often {
    struct request asked;
    gss_name_t target;
    bool failed;
};

/* An exchange without Check's assertions, which are not for threads. */
static bool log_in(const struct often *often)
{
    const struct request *asked = &often->asked;
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_buffer_desc sent = GSS_C_EMPTY_BUFFER, back = GSS_C_EMPTY_BUFFER;
    OM_uint32 status, ignored;

    do {
        status = gss_init_sec_context(
            &ignored, asked->client_credential, &client, often->target, asked->mech,
            asked->flags, 0, GSS_C_NO_CHANNEL_BINDINGS, &back, NULL, &sent, NULL, NULL);
        gss_release_buffer(&ignored, &back);
        if (!GSS_ERROR(status))
            status = gss_accept_sec_context(&ignored, &server, asked->server_credential, &sent,
                                            GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &back, NULL,
                                            NULL, NULL);
        gss_release_buffer(&ignored, &sent);
    } while (status == GSS_S_CONTINUE_NEEDED);
    gss_release_buffer(&ignored, &back);
    gss_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
    return status == GSS_S_COMPLETE;
}

static void *log_in_often(void *arg)
{
    struct often *often = arg;

    for (int i = 0; i < 10 && !often->failed; i++)
        often->failed = !log_in(often);
    return NULL;
}

START_TEST(threads_share_credentials)
{
    struct often often[4] = {{
        .asked = {.mech = NTLMSSP,
                  .flags = GSS_C_CONF_FLAG,
                  .client_credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL),
                  .server_credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL)},
        .target = service_of("HTTP@server.test"),
    }};
    pthread_t threads[4];

    for (int i = 1; i < 4; i++)
        often[i] = often[0];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, log_in_often, &often[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        ck_assert(!often[i].failed);
    release(often[0].asked.client_credential);
    release(often[0].asked.server_credential);
    gss_release_name(&minor, &often[0].target);
}
END_TEST

START_TEST(one_acceptor_takes_raw_and_spnego_tokens)
{
    gss_OID_set_desc both = {2, (gss_OID_desc[]){ntlmssp_oid, spnego_oid}};
    gss_OID mechs[] = {NTLMSSP, SPNEGO};
    gss_cred_id_t server;
    struct exchange exchange;

    assert_complete(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &both,
                                     GSS_C_ACCEPT, &server, NULL, NULL));
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 2; i++) {
            exchange_establish(&exchange,
                               &(struct request){.mech = mechs[i],
                                                 .flags = GSS_C_CONF_FLAG,
                                                 .server_credential = round ? server : NULL});
            assert_talk(exchange.client.context, exchange.server.context);
            exchange_end(&exchange);
        }
    release(server);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_context");
    TCase *cases = fixture_case(suite, "names");
    tcase_add_loop_test(cases, a_user_logs_in_with_any_protection, 0, WAYS);
    tcase_add_loop_test(cases, a_user_and_password_beyond_ascii_log_in, 0, WAYS);
    tcase_add_loop_test(cases, a_user_name_in_another_case_is_the_same_account, 0, WAYS);
    tcase_add_loop_test(cases, a_domain_may_be_left_out_or_follow_an_at, 0, WAYS);
    tcase_add_loop_test(cases, an_account_without_a_domain_is_in_every_domain, 0, WAYS);
    cases = fixture_case(suite, "bindings");
    tcase_add_loop_test(cases, channel_bindings_that_are_alike_bind, 0, WAYS);
    tcase_add_loop_test(cases, channel_bindings_that_differ_are_refused, 0, WAYS);
    tcase_add_loop_test(cases, channel_bindings_of_one_side_alone_are_let_be, 0, WAYS);
    tcase_add_loop_test(cases, channel_bindings_that_are_required_must_be_there, 0, WAYS);
    tcase_add_test(cases, all_parts_of_channel_bindings_count);
    cases = fixture_case(suite, "flags");
    tcase_add_loop_test(cases, flags_that_ntlm_cannot_keep_are_not_returned, 0, WAYS);
    tcase_add_test(cases, detection_brings_integrity_with_it);
    tcase_add_loop_test(cases, contexts_do_not_expire, 0, WAYS);
    tcase_add_test(cases, an_initiator_that_asks_may_be_identified_only);
    tcase_add_test(cases, dce_style_is_the_same_three_legs);
    tcase_add_test(cases, nobody_logs_in_where_that_is_allowed);
    tcase_add_test(cases, nobody_logs_in_under_spnego);
    tcase_add_loop_test(cases, nobody_who_asks_for_protection_is_refused, 0, 4);
    cases = fixture_case(suite, "sharing");
    tcase_add_test(cases, one_credential_serves_many_contexts);
    tcase_add_test(cases, threads_share_credentials);
    tcase_add_test(cases, one_acceptor_takes_raw_and_spnego_tokens);
    return suite_run(suite);
}
