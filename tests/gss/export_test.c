/* SPDX-License-Identifier: MIT */
/* export_test.c - contexts that move, to another process too, in the middle of
 * a conversation; and tokens that were damaged on the way. */

#include "config.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gss_exchange.h"

#define WAYS 4
static const struct request ways[WAYS] = {
    {.flags = 0},
    {.flags = GSS_C_INTEG_FLAG},
    {.flags = GSS_C_CONF_FLAG},
    {.mech = (gss_OID)(uintptr_t)&spnego_oid, .flags = GSS_C_CONF_FLAG},
};

static gss_buffer_desc exported(gss_ctx_id_t *context)
{
    gss_buffer_desc token;

    assert_complete(gss_export_sec_context(&minor, context, &token));
    ck_assert_ptr_null(*context);
    ck_assert_uint_gt(token.length, 0);
    return token;
}

/* The context goes through its own token. */
static void move(gss_ctx_id_t *context)
{
    gss_buffer_desc token = exported(context);

    assert_complete(gss_import_sec_context(&minor, &token, context));
    release_buffer(&token);
}

START_TEST(a_conversation_goes_on_where_it_was)
{
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    for (int i = 0; i < 3; i++) {
        if (ways[_i].flags)
            assert_talk(exchange.client.context, exchange.server.context);
        move(&exchange.client.context);
        if (ways[_i].flags)
            assert_talk(exchange.client.context, exchange.server.context);
        move(&exchange.server.context);
    }
    exchange_end(&exchange);
}
END_TEST

/* A message that was sent before is understood afterwards. */
START_TEST(a_message_on_its_way_arrives_after_the_move)
{
    gss_buffer_desc text = text_buffer("Which way?"), token, out;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_said(exchange.client.context, exchange.server.context, "before");
    assert_complete(gss_wrap(&minor, exchange.client.context, 1, 0, &text, NULL, &token));
    move(&exchange.server.context);
    assert_complete(gss_unwrap(&minor, exchange.server.context, &token, &out, NULL, NULL));
    assert_bytes(out, text.value, text.length);
    release_buffer(&token);
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

struct facts {
    OM_uint32 flags, lifetime;
    int local, open;
    gss_name_t source, target;
    gss_buffer_desc key, ssf, mic;
};

static void look(gss_ctx_id_t context, struct facts *facts)
{
    assert_complete(gss_inquire_context(&minor, context, &facts->source, &facts->target,
                                        &facts->lifetime, NULL, &facts->flags, &facts->local,
                                        &facts->open));
    facts->key = INQUIRE(context, OID_SESSION_KEY);
    facts->ssf = INQUIRE(context, OID_SASL_SSF);
    facts->mic = INQUIRE(context, OID_REQUIRE_MIC);
}

/* A context of our SPNEGO is imported by MIT's, and to the mechglue no name of the one
 * equals one of the other: then what they show counts. */
static void assert_same_name(gss_name_t a, gss_name_t b)
{
    gss_buffer_desc shown;
    gss_OID type;
    char *text;
    int equal;

    ck_assert_int_eq(a == GSS_C_NO_NAME, b == GSS_C_NO_NAME);
    if (!a)
        return;
    if (getenv("MECHANISM")) {
        assert_complete(gss_display_name(&minor, a, &shown, &type));
        text = strndup(shown.value, shown.length);
        assert_name(b, text, type);
        free(text);
        release_buffer(&shown);
        return;
    }
    assert_complete(gss_compare_name(&minor, a, b, &equal));
    ck_assert_int_ne(equal, 0);
}

static void forget(struct facts *facts)
{
    OM_uint32 ignored;

    gss_release_name(&ignored, &facts->source);
    gss_release_name(&ignored, &facts->target);
    free(facts->key.value);
    free(facts->ssf.value);
    free(facts->mic.value);
}

static void assert_keeps_its_facts(gss_ctx_id_t *context)
{
    struct facts before, after;

    look(*context, &before);
    move(context);
    look(*context, &after);
    ck_assert_uint_eq(before.flags, after.flags);
    ck_assert_uint_eq(after.lifetime, GSS_C_INDEFINITE);
    ck_assert_int_eq(before.local, after.local);
    ck_assert_int_ne(after.open, 0);
    assert_same_name(before.source, after.source);
    assert_same_name(before.target, after.target);
    assert_bytes(after.key, before.key.value, before.key.length);
    assert_bytes(after.ssf, before.ssf.value, before.ssf.length);
    assert_bytes(after.mic, before.mic.value, before.mic.length);
    forget(&before);
    forget(&after);
}

START_TEST(a_moved_context_says_what_it_said_before)
{
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    assert_keeps_its_facts(&exchange.client.context);
    assert_keeps_its_facts(&exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_anonymous_context_moves)
{
    struct facts facts;
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_ANON_FLAG});
    move(&exchange.server.context);
    look(exchange.server.context, &facts);
    ck_assert_uint_ne(facts.flags & GSS_C_ANON_FLAG, 0);
    assert_name(facts.source, "<anonymous>", GSS_C_NT_ANONYMOUS);
    forget(&facts);
    exchange_end(&exchange);
}
END_TEST

static void send_buffer(int fd, gss_buffer_desc buffer)
{
    ck_assert_int_eq(write(fd, &buffer.length, sizeof(buffer.length)), sizeof(buffer.length));
    ck_assert_int_eq(write(fd, buffer.value, buffer.length), (ssize_t)buffer.length);
}

/* For both processes: no assertions of Check. */
static bool receive_buffer(int fd, gss_buffer_t buffer)
{
    static char bytes[65536];

    buffer->value = bytes;
    return read(fd, &buffer->length, sizeof(buffer->length)) == sizeof(buffer->length) &&
           buffer->length <= sizeof(bytes) &&
           read(fd, bytes, buffer->length) == (ssize_t)buffer->length;
}

/* Releases it, too. */
static bool send_back(int fd, gss_buffer_t buffer)
{
    OM_uint32 ignored;
    bool sent = write(fd, &buffer->length, sizeof(buffer->length)) == sizeof(buffer->length) &&
                write(fd, buffer->value, buffer->length) == (ssize_t)buffer->length;

    gss_release_buffer(&ignored, buffer);
    return sent;
}

/* The other process takes a context, unwraps a message and sends it back
 * wrapped, verifies its MIC and sends one of its own, and gives the context
 * back. */
static bool echo(int fd)
{
    gss_buffer_desc token, text = GSS_C_EMPTY_BUFFER, out = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    OM_uint32 status;
    bool done;

    done = receive_buffer(fd, &token) &&
           gss_import_sec_context(&status, &token, &context) == GSS_S_COMPLETE &&
           receive_buffer(fd, &token) &&
           gss_unwrap(&status, context, &token, &text, NULL, NULL) == GSS_S_COMPLETE &&
           gss_wrap(&status, context, 1, 0, &text, NULL, &out) == GSS_S_COMPLETE &&
           send_back(fd, &out) && receive_buffer(fd, &token) &&
           gss_verify_mic(&status, context, &text, &token, NULL) == GSS_S_COMPLETE &&
           gss_get_mic(&status, context, 0, &text, &out) == GSS_S_COMPLETE &&
           send_back(fd, &out) &&
           gss_export_sec_context(&status, &context, &out) == GSS_S_COMPLETE &&
           send_back(fd, &out);
    gss_release_buffer(&status, &text);
    gss_release_buffer(&status, &out);
    gss_delete_sec_context(&status, &context, GSS_C_NO_BUFFER);
    return done;
}

/* The context of the other side of what the other process has. */
static void assert_echoes(int fd, gss_ctx_id_t context)
{
    gss_buffer_desc text = text_buffer("Who are you?"), token, back, out;

    assert_complete(gss_wrap(&minor, context, 1, 0, &text, NULL, &token));
    send_buffer(fd, token);
    release_buffer(&token);
    ck_assert(receive_buffer(fd, &back));
    assert_complete(gss_unwrap(&minor, context, &back, &out, NULL, NULL));
    assert_bytes(out, text.value, text.length);
    release_buffer(&out);
    assert_complete(gss_get_mic(&minor, context, 0, &text, &token));
    send_buffer(fd, token);
    release_buffer(&token);
    ck_assert(receive_buffer(fd, &back));
    assert_complete(gss_verify_mic(&minor, context, &text, &back, NULL));
}

/* The process is forked before anything of GSSAPI is there. */
static pid_t begin_echo(int *fd)
{
    int sockets[2];
    pid_t child;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        close(sockets[0]);
        _exit(echo(sockets[1]) ? 0 : 1);
    }
    close(sockets[1]);
    *fd = sockets[0];
    return child;
}

/* In the middle of a conversation: it goes on in the other process, and in this
 * one when the context is back. */
static void lend(gss_ctx_id_t *lent, gss_ctx_id_t stays, pid_t child, int fd)
{
    gss_buffer_desc token = exported(lent);
    int status;

    send_buffer(fd, token);
    release_buffer(&token);
    assert_echoes(fd, stays);
    ck_assert(receive_buffer(fd, &token));
    assert_complete(gss_import_sec_context(&minor, &token, lent));
    assert_talk(*lent, stays);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    close(fd);
}

START_TEST(a_context_moves_to_another_process_and_back)
{
    struct exchange exchange;
    int first, second;
    pid_t one = begin_echo(&first), other = begin_echo(&second);

    exchange_establish(&exchange, &ways[_i]);
    assert_talk(exchange.client.context, exchange.server.context);
    lend(&exchange.server.context, exchange.client.context, one, first);
    lend(&exchange.client.context, exchange.server.context, other, second);
    exchange_end(&exchange);
}
END_TEST

/* Imports it, and uses what comes of it. */
static OM_uint32 try_import(gss_buffer_desc token)
{
    gss_buffer_desc text = text_buffer("Curiouser"), out = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t source = GSS_C_NO_NAME, target = GSS_C_NO_NAME;
    OM_uint32 ignored, major = gss_import_sec_context(&minor, &token, &context);

    ck_assert_int_eq(context != GSS_C_NO_CONTEXT, major == GSS_S_COMPLETE);
    if (major != GSS_S_COMPLETE)
        return major;
    gss_inquire_context(&ignored, context, &source, &target, NULL, NULL, NULL, NULL, NULL);
    gss_release_name(&ignored, &source);
    gss_release_name(&ignored, &target);
    gss_wrap(&ignored, context, 1, 0, &text, NULL, &out);
    release_buffer(&out);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    return major;
}

START_TEST(a_token_cut_short_is_refused_at_any_length)
{
    gss_buffer_desc token;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    token = exported(&exchange.server.context);
    for (size_t len = 0; len < token.length; len++)
        ck_assert(GSS_ERROR(try_import(bytes_buffer(token.value, len))));
    assert_complete(try_import(token));
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_token_with_more_behind_it_is_refused)
{
    gss_buffer_desc token;
    struct exchange exchange;
    char *longer;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    token = exported(&exchange.server.context);
    longer = calloc(1, token.length + 1);
    ck_assert_ptr_nonnull(longer);
    memcpy(longer, token.value, token.length);
    assert_status(GSS_S_DEFECTIVE_TOKEN, try_import(bytes_buffer(longer, token.length + 1)));
    assert_minor(NTLM_ERR_BAD_EXPORT);
    free(longer);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

/* Behind the mechglue's header and our kind: whether it is an initiator's, and
 * whether it had a MIC. */
START_TEST(a_token_must_make_sense)
{
    gss_buffer_desc token;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    token = exported(&exchange.server.context);
    for (int i = 18; i < 20; i++) {
        ((uint8_t *)token.value)[i] ^= 2;
        assert_status(GSS_S_DEFECTIVE_TOKEN, try_import(token));
        assert_minor(NTLM_ERR_BAD_EXPORT);
        ((uint8_t *)token.value)[i] ^= 2;
    }
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

/* Some bytes may be anything: keys, letters of a name. */
START_TEST(a_token_that_was_damaged_is_refused_or_imported_whole)
{
    static const uint8_t damages[] = {0xff, 0x01, 0x80};
    gss_buffer_desc token;
    struct exchange exchange;
    int refused = 0;

    exchange_establish(&exchange, &ways[_i]);
    token = exported(&exchange.server.context);
    for (size_t i = 0; i < token.length; i++)
        for (size_t k = 0; k < sizeof(damages); k++) {
            uint8_t *byte = (uint8_t *)token.value + i;

            *byte ^= damages[k];
            refused += GSS_ERROR(try_import(token)) != 0;
            *byte ^= damages[k];
        }
    ck_assert_int_gt(refused, 50);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

static OM_uint32 try_credential(gss_buffer_desc token)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 ignored, major = gss_import_cred(&minor, &token, &credential);

    ck_assert_int_eq(credential != GSS_C_NO_CREDENTIAL, major == GSS_S_COMPLETE);
    gss_release_cred(&ignored, &credential);
    return major;
}

static OM_uint32 try_name(gss_buffer_desc token)
{
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored,
        major = gss_import_name(&minor, &token, GSS_C_NT_COMPOSITE_EXPORT, &name);

    gss_release_name(&ignored, &name);
    return major;
}

/* Wherever the token has this text, no byte of it may be a NUL: what comes behind would be
 * there for one reader, and not for another. */
static void refuses_a_nul_in(OM_uint32 (*import)(gss_buffer_desc), gss_buffer_desc token,
                             const char *text)
{
    const size_t len = strlen(text);
    unsigned times = 0;
    uint8_t *at = token.value, *end = at + token.length;

    while ((at = memmem(at, (size_t)(end - at), text, len))) {
        for (size_t i = 0; i < len; i++) {
            at[i] = 0;
            ck_assert_msg(GSS_ERROR(import(token)), "a NUL at %zu of \"%s\"", i, text);
            at[i] = (uint8_t)text[i];
        }
        at += len;
        times++;
    }
    ck_assert_msg(times > 0, "no \"%s\"", text);
    assert_complete(import(token));
}

START_TEST(no_text_in_a_token_has_a_nul)
{
    gss_cred_id_t credentials[] = {
        credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7"),
        credential_of(NTLMSSP, GSS_C_ACCEPT, NULL,
                      STORE("ntlmssp_keyfile", getenv("NTLM_USER_FILE")))};
    static const char *const texts[][3] = {{"alice", "TESTDOM"}, {"accounts"}};
    struct exchange exchange;
    gss_name_t source;
    gss_buffer_desc token;

    for (int i = 0; i < 2; i++) {
        assert_complete(gss_export_cred(&minor, credentials[i], &token));
        for (int k = 0; texts[i][k]; k++)
            refuses_a_nul_in(try_credential, token, texts[i][k]);
        release_buffer(&token);
        release(credentials[i]);
    }
    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_complete(gss_inquire_context(&minor, exchange.server.context, &source, NULL, NULL,
                                        NULL, NULL, NULL, NULL));
    assert_complete(gss_export_name_composite(&minor, source, &token));
    refuses_a_nul_in(try_name, token, "alice");
    refuses_a_nul_in(try_name, token, "TESTDOM");
    release_buffer(&token);
    gss_release_name(&minor, &source);
    token = exported(&exchange.server.context);
    refuses_a_nul_in(try_import, token, "alice");
    refuses_a_nul_in(try_import, token, "TESTDOM");
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_export");
    TCase *cases = fixture_case(suite, "move");
    tcase_add_loop_test(cases, a_conversation_goes_on_where_it_was, 0, WAYS);
    tcase_add_test(cases, a_message_on_its_way_arrives_after_the_move);
    tcase_add_loop_test(cases, a_moved_context_says_what_it_said_before, 0, WAYS);
    tcase_add_test(cases, an_anonymous_context_moves);
    tcase_add_loop_test(cases, a_context_moves_to_another_process_and_back, 1, WAYS);
    cases = fixture_case(suite, "damage");
    tcase_add_loop_test(cases, a_token_cut_short_is_refused_at_any_length, 0, WAYS);
    tcase_add_test(cases, a_token_with_more_behind_it_is_refused);
    tcase_add_test(cases, a_token_must_make_sense);
    tcase_add_loop_test(cases, a_token_that_was_damaged_is_refused_or_imported_whole, 0, WAYS);
    tcase_add_test(cases, no_text_in_a_token_has_a_nul);
    return suite_run(suite);
}
