/* SPDX-License-Identifier: MIT */
/* datagram_test.c - connectionless NTLM, between an initiator and an acceptor
 * that call the module themselves: its first token is empty, and such a token
 * the mechglue gives to SPNEGO. The initiator's way through the mechglue is
 * here as well. */

#include "config.h"

#include <dlfcn.h>

#include "gss_exchange.h"
#include "ntlm/flags.h"

/* As gss-ntlmssp numbers it. */
#define DATAGRAM_FLAG 0x10000u
#define SIGNATURE 16

static struct {
    void *handle;
    __typeof__(gss_init_sec_context) *init;
    __typeof__(gss_accept_sec_context) *accept;
    __typeof__(gss_delete_sec_context) *delete;
    __typeof__(gss_wrap) *wrap;
    __typeof__(gss_unwrap) *unwrap;
    __typeof__(gss_set_sec_context_option) *set_option;
    __typeof__(gss_display_name) *display_name;
    __typeof__(gss_release_name) *release_name;
} module;

static void load(void)
{
    module.handle = dlopen(GSS_MODULE, RTLD_NOW | RTLD_LOCAL);
    ck_assert_msg(module.handle != NULL, "%s", dlerror());
    *(void **)&module.init = dlsym(module.handle, "gss_init_sec_context");
    *(void **)&module.accept = dlsym(module.handle, "gss_accept_sec_context");
    *(void **)&module.delete = dlsym(module.handle, "gss_delete_sec_context");
    *(void **)&module.wrap = dlsym(module.handle, "gss_wrap");
    *(void **)&module.unwrap = dlsym(module.handle, "gss_unwrap");
    *(void **)&module.set_option = dlsym(module.handle, "gss_set_sec_context_option");
    *(void **)&module.display_name = dlsym(module.handle, "gss_display_name");
    *(void **)&module.release_name = dlsym(module.handle, "gss_release_name");
}

static gss_ctx_id_t client, server;

/* The whole exchange; what comes after it is under these flags. */
static void establish(OM_uint32 flags)
{
    gss_buffer_desc empty, challenge, authenticate, none, shown;
    OM_uint32 client_flags, server_flags;
    gss_name_t source;

    load();
    client = server = GSS_C_NO_CONTEXT;
    assert_status(GSS_S_CONTINUE_NEEDED,
                  module.init(&minor, GSS_C_NO_CREDENTIAL, &client, GSS_C_NO_NAME, NTLMSSP,
                              flags | DATAGRAM_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS,
                              GSS_C_NO_BUFFER, NULL, &empty, NULL, NULL));
    ck_assert_uint_eq(empty.length, 0);
    assert_status(GSS_S_CONTINUE_NEEDED, module.accept(&minor, &server, GSS_C_NO_CREDENTIAL,
                                                       &empty, GSS_C_NO_CHANNEL_BINDINGS, NULL,
                                                       NULL, &challenge, NULL, NULL, NULL));
    assert_complete(module.init(&minor, GSS_C_NO_CREDENTIAL, &client, GSS_C_NO_NAME, NTLMSSP,
                                flags | DATAGRAM_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS, &challenge,
                                NULL, &authenticate, &client_flags, NULL));
    assert_complete(module.accept(&minor, &server, GSS_C_NO_CREDENTIAL, &authenticate,
                                  GSS_C_NO_CHANNEL_BINDINGS, &source, NULL, &none,
                                  &server_flags, NULL, NULL));
    ck_assert_uint_ne(client_flags & server_flags & DATAGRAM_FLAG, 0);
    assert_complete(module.display_name(&minor, source, &shown, NULL));
    assert_bytes(shown, "TESTDOM\\alice", 13);
    release_buffer(&shown);
    module.release_name(&minor, &source);
    release_buffer(&challenge);
    release_buffer(&authenticate);
}

static void end(void)
{
    OM_uint32 ignored;

    module.delete(&ignored, &client, GSS_C_NO_BUFFER);
    module.delete(&ignored, &server, GSS_C_NO_BUFFER);
    dlclose(module.handle);
}

static OM_uint32 set_sequence(gss_ctx_id_t *context, uint32_t number)
{
    gss_OID_desc object = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01");
    gss_buffer_desc value = bytes_buffer(&number, sizeof(number));

    return module.set_option(&minor, context, &object, &value);
}

static gss_buffer_desc wrapped(gss_ctx_id_t context, const char *text)
{
    gss_buffer_desc in = text_buffer(text), token;

    assert_complete(module.wrap(&minor, context, 1, 0, &in, NULL, &token));
    return token;
}

static void assert_unwraps(gss_ctx_id_t context, gss_buffer_desc token, const char *text)
{
    gss_buffer_desc out;

    assert_complete(module.unwrap(&minor, context, &token, &out, NULL, NULL));
    assert_bytes(out, text, strlen(text));
    release_buffer(&out);
}

static void assert_number(gss_buffer_desc token, uint8_t number)
{
    ck_assert_uint_ge(token.length, SIGNATURE);
    ck_assert_uint_eq(((uint8_t *)token.value)[12], number);
}

START_TEST(datagrams_may_come_in_any_order)
{
    gss_buffer_desc first, second, third;

    establish(GSS_C_CONF_FLAG);
    first = wrapped(client, "one");
    second = wrapped(client, "two");
    third = wrapped(client, "three");
    assert_unwraps(server, third, "three");
    assert_unwraps(server, first, "one");
    assert_unwraps(server, second, "two");
    release_buffer(&first);
    release_buffer(&second);
    release_buffer(&third);
    end();
}
END_TEST

START_TEST(a_challenge_may_come_with_the_initiators_first_call)
{
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER, challenge, authenticate, none, token;

    load();
    client = server = GSS_C_NO_CONTEXT;
    assert_status(GSS_S_CONTINUE_NEEDED, module.accept(&minor, &server, GSS_C_NO_CREDENTIAL,
                                                       &empty, GSS_C_NO_CHANNEL_BINDINGS, NULL,
                                                       NULL, &challenge, NULL, NULL, NULL));
    assert_complete(module.init(&minor, GSS_C_NO_CREDENTIAL, &client, GSS_C_NO_NAME, NTLMSSP,
                                GSS_C_CONF_FLAG | DATAGRAM_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                &challenge, NULL, &authenticate, NULL, NULL));
    assert_complete(module.accept(&minor, &server, GSS_C_NO_CREDENTIAL, &authenticate,
                                  GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &none, NULL, NULL,
                                  NULL));
    token = wrapped(client, "one");
    assert_unwraps(server, token, "one");
    release_buffer(&token);
    release_buffer(&challenge);
    release_buffer(&authenticate);
    end();
}
END_TEST

START_TEST(the_application_sets_a_datagrams_number)
{
    gss_buffer_desc token;

    establish(GSS_C_CONF_FLAG);
    assert_complete(set_sequence(&client, 42));
    token = wrapped(client, "forty-two");
    assert_number(token, 42);
    assert_unwraps(server, token, "forty-two");
    release_buffer(&token);
    token = wrapped(client, "and on");
    assert_number(token, 43);
    assert_unwraps(server, token, "and on");
    release_buffer(&token);
    assert_complete(set_sequence(&server, 7));
    token = wrapped(server, "seven");
    assert_number(token, 7);
    assert_unwraps(client, token, "seven");
    release_buffer(&token);
    end();
}
END_TEST

START_TEST(an_altered_datagram_is_refused)
{
    gss_buffer_desc token, out;

    establish(GSS_C_CONF_FLAG);
    token = wrapped(client, "forty-two");
    for (size_t i = 0; i < token.length; i++) {
        ((uint8_t *)token.value)[i] ^= 1;
        assert_status(GSS_S_BAD_SIG, module.unwrap(&minor, server, &token, &out, NULL, NULL));
        ((uint8_t *)token.value)[i] ^= 1;
    }
    assert_unwraps(server, token, "forty-two");
    release_buffer(&token);
    end();
}
END_TEST

START_TEST(a_number_is_four_bytes)
{
    gss_OID_desc object = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01");
    gss_buffer_desc value = text_buffer("abc");

    establish(GSS_C_CONF_FLAG);
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                  module.set_option(&minor, &client, &object, &value));
    end();
}
END_TEST

START_TEST(a_datagram_logon_without_protection_is_one_all_the_same)
{
    establish(0);
    end();
}
END_TEST

/* Through the mechglue the first token is empty, and a CHALLENGE that says
 * DATAGRAM completes the initiator; one that doesn't is refused. */
START_TEST(an_initiator_speaks_datagram_through_the_mechglue)
{
    for (int i = 0; i < 2; i++) {
        struct exchange exchange, other;
        gss_OID_desc set_sequence_oid = OID("\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x01");
        gss_buffer_desc value = bytes_buffer("\x2a\0\0\0", 4), text = text_buffer("text"),
                        token;

        exchange_begin(&other, &(struct request){.flags = GSS_C_CONF_FLAG});
        exchange_step(&other);
        exchange_step(&other); /* a CHALLENGE */
        exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG | DATAGRAM_FLAG});
        ck_assert(exchange_step(&exchange));
        ck_assert_uint_eq(exchange.tokens[0].length, 0);
        if (i)
            ((uint8_t *)other.tokens[1].value)[20] |= NTLMSSP_NEGOTIATE_DATAGRAM;
        exchange.tokens[1] = other.tokens[1];
        other.tokens[1] = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
        exchange.steps = 2;
        exchange_step(&exchange);
        if (i) {
            ck_assert(exchange.client.complete);
            ck_assert_uint_ne(exchange.client.flags & DATAGRAM_FLAG, 0);
            assert_complete(gss_set_sec_context_option(&minor, &exchange.client.context,
                                                       &set_sequence_oid, &value));
            assert_complete(
                gss_wrap(&minor, exchange.client.context, 1, 0, &text, NULL, &token));
            assert_number(token, 42);
            release_buffer(&token);
        } else {
            assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_NO_DATAGRAM);
        }
        exchange_end(&exchange);
        exchange_end(&other);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_datagram");
    TCase *cases = fixture_case(suite, "datagram");
    tcase_add_test(cases, datagrams_may_come_in_any_order);
    tcase_add_test(cases, a_challenge_may_come_with_the_initiators_first_call);
    tcase_add_test(cases, the_application_sets_a_datagrams_number);
    tcase_add_test(cases, an_altered_datagram_is_refused);
    tcase_add_test(cases, a_number_is_four_bytes);
    tcase_add_test(cases, a_datagram_logon_without_protection_is_one_all_the_same);
    tcase_add_test(cases, an_initiator_speaks_datagram_through_the_mechglue);
    return suite_run(suite);
}
