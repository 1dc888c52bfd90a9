/* SPDX-License-Identifier: MIT */
/* secrets_test.c - how long secrets are in memory: what whole logins leave in blocks that
 * they give back, on the stack, and in all of the process' memory once their contexts
 * and credentials are gone. What the test itself has of the password is read-only. */

#include "config.h"

#include "freed.h"
#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "secrets.h"
#include "spnego_exchange.h"

#define FLAGS (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_REPLAY_FLAG)
static const struct secrets_account alice = {"alice", "TESTDOM", "Wonderland 7"};

static bool learn_account(void *arg)
{
    (void)arg;
    return secrets_add_account(&alice);
}

static bool learn_session(void *arg)
{
    const struct exchange *exchange = arg;
    gss_buffer_desc key = INQUIRE(exchange->client.context, OID_SESSION_KEY);

    if (key.length != NTLM_KEY_SIZE)
        return false;
    secrets_add_session_key(key.value);
    return secrets_add_base_key(&alice, exchange->tokens[2].value, exchange->tokens[2].length);
}

static void wipe(gss_buffer_t token)
{
    explicit_bzero(token->value, token->length);
    release_buffer(token);
}

/* After each call its dead frames are looked at. */
#define called(call)                                                                           \
    do {                                                                                       \
        assert_complete(call);                                                                 \
        freed_stack();                                                                         \
    } while (0)

static void move_context(gss_ctx_id_t *context)
{
    gss_buffer_desc token;

    called(gss_export_sec_context(&minor, context, &token));
    called(gss_import_sec_context(&minor, &token, context));
    wipe(&token);
}

static void move_credential(gss_cred_id_t *credential)
{
    gss_buffer_desc token;

    called(gss_export_cred(&minor, *credential, &token));
    called(gss_release_cred(&minor, credential));
    called(gss_import_cred(&minor, &token, credential));
    wipe(&token);
}

static gss_OID mechs[] = {(gss_OID)(uintptr_t)&ntlmssp_oid, (gss_OID)(uintptr_t)&spnego_oid};

static gss_cred_id_t by_file(gss_OID mech)
{
    return credential_of(mech, GSS_C_INITIATE, "TESTDOM\\alice", NULL);
}

static gss_cred_id_t by_password(gss_OID mech)
{
    return credential_by_password(mech, "TESTDOM\\alice", alice.password);
}

static gss_cred_id_t (*const ways[])(gss_OID mech) = {by_file, by_password};
#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define KINDS (int)(WAYS * sizeof(mechs) / sizeof(mechs[0]))

/* All that an application does, once. _i says how. */
static void log_in(int kind)
{
    struct request asked = {.flags = FLAGS, .mech = mechs[kind / (int)WAYS]};
    struct exchange exchange;

    secrets_learn(learn_account, NULL);
    asked.client_credential = ways[kind % (int)WAYS](asked.mech);
    freed_stack();
    move_credential(&asked.client_credential);
    exchange_begin(&exchange, &asked);
    while (exchange_step(&exchange))
        freed_stack();
    freed_stack();
    ck_assert_msg(exchange.client.complete && exchange.server.complete, "%s",
                  side_text(&exchange, &exchange.server));
    secrets_learn(learn_session, &exchange);
    assert_talk(exchange.client.context, exchange.server.context);
    freed_stack();
    move_context(&exchange.client.context);
    move_context(&exchange.server.context);
    assert_talk(exchange.client.context, exchange.server.context);
    freed_stack();
    exchange_end(&exchange);
    freed_stack();
    release(asked.client_credential);
    freed_stack();
}

START_TEST(memory_that_is_given_back_has_no_secret)
{
    if (skipped_sanitized("memory_that_is_given_back_has_no_secret"))
        return;
    freed_watch(true);
    log_in(_i);
    freed_assert_clean();
}
END_TEST

/* The account file's index, which a process keeps, has the hashes of its accounts. */
static void forget_the_account(void)
{
    fixture_file("accounts", 0600, "TESTDOM:bob:another\n");
    release(credential_of(NTLMSSP, GSS_C_INITIATE, "TESTDOM\\bob", NULL));
}

START_TEST(no_secret_is_left_in_memory)
{
    char where[256];
    const char *found;

    /* indexes of former tests' account files */
    if (skipped_sanitized("no_secret_is_left_in_memory") ||
        skipped_without_fork("no_secret_is_left_in_memory"))
        return;
    log_in(_i);
    forget_the_account();
    found = secrets_found_anywhere(where, sizeof(where));
    ck_assert_msg(!found, "%s in %s", found, where);
}
END_TEST

/* Half of it was converted. */
START_TEST(a_password_that_is_refused_leaves_nothing)
{
    gss_buffer_desc password = text_buffer("Wonderland 7\xff");
    gss_name_t name;
    gss_OID_set_desc mech = {1, NTLMSSP};
    gss_cred_id_t credential;

    if (skipped_sanitized("a_password_that_is_refused_leaves_nothing"))
        return;
    name = user_of("TESTDOM\\alice");
    secrets_learn(learn_account, NULL);
    freed_watch(true);
    assert_status(GSS_S_DEFECTIVE_CREDENTIAL,
                  gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE,
                                                 &mech, GSS_C_INITIATE, &credential, NULL,
                                                 NULL));
    freed_stack();
    assert_minor(NTLM_ERR_BAD_PASSWORD_TEXT);
    gss_release_name(&minor, &name);
    freed_assert_clean();
}
END_TEST

static bool learn_one(void *arg)
{
    (void)arg;
    secrets_add("a secret", "not told to anybody", 19);
    return true;
}

/* The searches see what they are to see. */
START_TEST(the_searches_find_a_secret)
{
    char where[256], *block;

    if (skipped_sanitized("the_searches_find_a_secret"))
        return;
    secrets_learn(learn_one, NULL);
    ck_assert_ptr_null(secrets_found_anywhere(where, sizeof(where)));
    block = strdup("not told to anybody");
    ck_assert_str_eq(secrets_found_anywhere(where, sizeof(where)), "a secret");
    ck_assert_ptr_nonnull(strstr(where, "[heap]"));
    ck_assert_str_eq(secrets_found(block, 19), "a secret");
    ck_assert_ptr_null(secrets_found(block, 18));
    free(block);
}
END_TEST

/* Deeper than what is called afterwards. */
static __attribute__((noinline)) void leave_on_the_stack(void)
{
    char frame[4096];

    strcpy(frame, "not told to anybody");
    __asm__ volatile("" : : "r"(frame) : "memory");
}

/* _i: whether the stack is cleansed. */
START_TEST(a_dead_frame_has_a_secret_until_it_is_cleansed)
{
    if (skipped_sanitized("a_dead_frame_has_a_secret_until_it_is_cleansed"))
        return;
    secrets_learn(learn_one, NULL);
    freed_watch(true);
    leave_on_the_stack();
    if (_i)
        ntlm_cleanse_stack();
    freed_stack();
    ck_assert_int_eq(freed_is_clean(), _i);
}
END_TEST

/* _i: whether the block is cleansed. */
START_TEST(a_block_has_a_secret_until_it_is_cleansed)
{
    char *block;

    if (skipped_sanitized("a_block_has_a_secret_until_it_is_cleansed"))
        return;
    secrets_learn(learn_one, NULL);
    block = malloc(64);
    strcpy(block, "not told to anybody");
    freed_watch(true);
    if (_i)
        ntlm_cleanse(block, 64);
    free(block);
    ck_assert_int_eq(freed_is_clean(), _i);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("secrets");
    TCase *cases;

    (void)argc;
    freed_begin(argv);
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "secrets");
    tcase_add_test(cases, the_searches_find_a_secret);
    tcase_add_loop_test(cases, a_dead_frame_has_a_secret_until_it_is_cleansed, 0, 2);
    tcase_add_loop_test(cases, a_block_has_a_secret_until_it_is_cleansed, 0, 2);
    tcase_add_loop_test(cases, memory_that_is_given_back_has_no_secret, 0, KINDS);
    tcase_add_test(cases, a_password_that_is_refused_leaves_nothing);
    tcase_add_loop_test(cases, no_secret_is_left_in_memory, 0, KINDS);
    return suite_run(suite);
}
