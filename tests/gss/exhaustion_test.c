/* SPDX-License-Identifier: MIT */
/* exhaustion_test.c - the GSSAPI door when memory ends: each allocation of
 * each function in turn fails, and each time the answer is that memory ended,
 * nothing is handed out, and what was there still works. The module's
 * functions are called themselves; leaks are the sanitizers' to see. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "gss/module.h"
#include "gss/oids.h"
#include "ntlm/error.h"
#include "scratch.h"
#include "shortage.h"
#include "suite.h"

#define NTLMSSP oid_out(&oid_ntlmssp)
#define BUFFERS 40

static OM_uint32 minor;
static gss_ctx_id_t client, server;

static gss_buffer_desc buffer(const char *text)
{
    return (gss_buffer_desc){strlen(text), (void *)(uintptr_t)text};
}

/* As gss_release_buffer does it. */
static void release(gss_buffer_t out)
{
    if (out->length > 0)
        free(out->value);
    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

static void release_set(gss_OID_set *set)
{
    for (size_t i = 0; *set && i < (*set)->count; i++)
        free((*set)->elements[i].elements);
    if (*set)
        free((*set)->elements);
    free(*set);
    *set = NULL;
}

/* Runs the operation with its first, second, ... allocation failing, until it
 * has had enough of them. */
static void run_out(OM_uint32 (*operation)(void))
{
    bool enough = false;
    unsigned n = 0;

    while (!enough) {
        OM_uint32 major;

        ck_assert_uint_lt(++n, 2000);
        allocations_left = n;
        major = operation();
        enough = allocations_left > 0;
        allocations_left = 0;
        if (enough)
            ck_assert_msg(major == GSS_S_COMPLETE, "%#x, %#x", major, minor);
        else
            ck_assert_msg(GSS_ERROR(major) && minor == (OM_uint32)NTLM_ERR_OUT_OF_MEMORY,
                          "allocation %u: %#x, %#x", n, major, minor);
    }
    ck_assert_uint_gt(n, 1);
}

/* A failure has nothing to give. Assertions allocate: not while memory
 * is to end. */
static void assert_given(OM_uint32 major, const void *result)
{
    unsigned left = allocations_left;

    allocations_left = 0;
    ck_assert_int_eq(GSS_ERROR(major) == 0, result != NULL);
    allocations_left = left;
}

/* A call's major status, once it has given its result or failed. */
#define given(call, result)                                                                    \
    ({                                                                                         \
        OM_uint32 major_ = (call);                                                             \
        assert_given(major_, result);                                                          \
        major_;                                                                                \
    })

static gss_name_t name_of(const char *text, const gss_OID_desc *type)
{
    gss_buffer_desc in = buffer(text);
    gss_name_t name;

    ck_assert_uint_eq(gss_import_name(&minor, &in, oid_out(type), &name), GSS_S_COMPLETE);
    return name;
}

static OM_uint32 acquire(gss_name_t name, gss_const_key_value_set_t store,
                         gss_cred_id_t *credential)
{
    gss_OID_set mechs;
    OM_uint32 major = gss_acquire_cred_from(&minor, name, 0, GSS_C_NO_OID_SET, GSS_C_BOTH,
                                            store, credential, &mechs, NULL);

    assert_given(major, *credential);
    assert_given(major, mechs);
    release_set(&mechs);
    return major;
}

static const char *accounts;
static gss_name_t alice, service;

static OM_uint32 acquire_by_file(void)
{
    gss_key_value_element_desc element = {"ntlmssp_keyfile", accounts};
    gss_key_value_set_desc store = {1, &element};
    gss_cred_id_t credential;
    OM_uint32 major = acquire(alice, &store, &credential), ignored;

    gss_release_cred(&ignored, &credential);
    return major;
}

static OM_uint32 acquire_by_password(void)
{
    gss_buffer_desc password = buffer("Wonderland 7");
    gss_cred_id_t credential;
    OM_uint32 ignored,
        major = gssspi_acquire_cred_with_password(&minor, alice, &password, 0, GSS_C_NO_OID_SET,
                                                  GSS_C_INITIATE, &credential, NULL, NULL);

    assert_given(major, credential);
    gss_release_cred(&ignored, &credential);
    return major;
}

static OM_uint32 inquire_default(void)
{
    gss_cred_usage_t usage;
    gss_OID_set mechs;
    gss_name_t name;
    OM_uint32 ignored,
        major = gss_inquire_cred(&minor, GSS_C_NO_CREDENTIAL, &name, NULL, &usage, &mechs);

    assert_given(major, name);
    assert_given(major, mechs);
    gss_release_name(&ignored, &name);
    release_set(&mechs);
    return major;
}

static gss_cred_id_t kept;

static OM_uint32 move_credential(void)
{
    gss_buffer_desc token;
    gss_cred_id_t arrived = GSS_C_NO_CREDENTIAL;
    OM_uint32 ignored, major = gss_export_cred(&minor, kept, &token);

    assert_given(major, token.value);
    if (major == GSS_S_COMPLETE)
        major = given(gss_import_cred(&minor, &token, &arrived), arrived);
    release(&token);
    gss_release_cred(&ignored, &arrived);
    return major;
}

static OM_uint32 init(gss_buffer_t in, gss_buffer_t out)
{
    return gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &client, service, NTLMSSP,
                                GSS_C_CONF_FLAG | GSS_C_SEQUENCE_FLAG, 0,
                                GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, NULL, NULL);
}

static OM_uint32 accept_token(gss_buffer_t in, gss_name_t *source, gss_buffer_t out)
{
    return gss_accept_sec_context(&minor, &server, GSS_C_NO_CREDENTIAL, in,
                                  GSS_C_NO_CHANNEL_BINDINGS, source, NULL, out, NULL, NULL,
                                  NULL);
}

static void delete_contexts(void)
{
    OM_uint32 ignored;

    gss_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
}

/* Leaves the contexts there. */
static OM_uint32 exchange_and_name(gss_name_t *source)
{
    gss_buffer_desc tokens[4] = {0};
    OM_uint32 major;

    delete_contexts();
    major = given(init(GSS_C_NO_BUFFER, &tokens[0]), client);
    assert_given(major, tokens[0].value);
    if (!GSS_ERROR(major)) {
        major = given(accept_token(&tokens[0], NULL, &tokens[1]), server);
        assert_given(major, tokens[1].value);
    }
    if (!GSS_ERROR(major))
        major = given(init(&tokens[1], &tokens[2]), tokens[2].value);
    if (!GSS_ERROR(major)) {
        major = accept_token(&tokens[2], source, &tokens[3]);
        assert_given(major, *source);
    }
    for (int i = 0; i < 4; i++)
        release(&tokens[i]);
    return major;
}

static OM_uint32 exchange(void)
{
    gss_name_t source = GSS_C_NO_NAME;
    OM_uint32 ignored, major = exchange_and_name(&source);

    gss_release_name(&ignored, &source);
    return major;
}

START_TEST(credentials_are_made_or_memory_ended)
{
    run_out(acquire_by_file);
    run_out(acquire_by_password);
    run_out(inquire_default);
    ck_assert_uint_eq(acquire(alice, GSS_C_NO_CRED_STORE, &kept), GSS_S_COMPLETE);
    run_out(move_credential);
    gss_release_cred(&minor, &kept);
}
END_TEST

START_TEST(an_exchange_is_completed_or_memory_ended)
{
    run_out(exchange);
    delete_contexts();
}
END_TEST

/* Unwraps what was wrapped, even when memory ended meanwhile: neither side may
 * lose its place. */
static OM_uint32 talk(void)
{
    gss_buffer_desc text = buffer("Drink me"), beside = buffer("label"), token, out;
    OM_uint32 ignored,
        major = gss_wrap_aead(&minor, client, 1, 0, &beside, &text, NULL, &token);

    assert_given(major, token.value);
    if (major != GSS_S_COMPLETE)
        return major;
    major =
        given(gss_unwrap_aead(&minor, server, &token, &beside, &out, NULL, NULL), out.value);
    if (major != GSS_S_COMPLETE)
        ck_assert_uint_eq(gss_unwrap_aead(&ignored, server, &token, &beside, &out, NULL, NULL),
                          GSS_S_COMPLETE);
    release(&token);
    release(&out);
    return major;
}

static OM_uint32 sign(void)
{
    gss_buffer_desc text = buffer("Eat me"), mic;
    OM_uint32 major = given(gss_get_mic(&minor, client, 0, &text, &mic), mic.value);

    if (major == GSS_S_COMPLETE)
        major = gss_verify_mic(&minor, server, &text, &mic, NULL);
    release(&mic);
    return major;
}

static OM_uint32 talk_in_buffers(void)
{
    char bytes[BUFFERS] = "Drink me";
    gss_iov_buffer_desc iov[BUFFERS] = {
        {.type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE}};
    OM_uint32 major, ignored;

    for (size_t i = 1; i < BUFFERS; i++)
        iov[i] =
            (gss_iov_buffer_desc){.type = GSS_IOV_BUFFER_TYPE_DATA, .buffer = {1, &bytes[i]}};
    major = given(gss_wrap_iov(&minor, client, 1, 0, NULL, iov, BUFFERS), iov[0].buffer.value);
    if (major != GSS_S_COMPLETE)
        return major;
    major = gss_unwrap_iov(&minor, server, NULL, NULL, iov, BUFFERS);
    if (major != GSS_S_COMPLETE)
        ck_assert_uint_eq(gss_unwrap_iov(&ignored, server, NULL, NULL, iov, BUFFERS),
                          GSS_S_COMPLETE);
    free(iov[0].buffer.value);
    return major;
}

static OM_uint32 talk_in_a_stream(void)
{
    gss_buffer_desc text = buffer("Drink me"), token;
    gss_iov_buffer_desc iov[] = {
        {.type = GSS_IOV_BUFFER_TYPE_STREAM},
        {.type = GSS_IOV_BUFFER_TYPE_DATA | GSS_IOV_BUFFER_FLAG_ALLOCATE}};
    OM_uint32 ignored, major = gss_wrap(&minor, client, 1, 0, &text, NULL, &token);

    if (major != GSS_S_COMPLETE)
        return major;
    iov[0].buffer = token;
    major = given(gss_unwrap_iov(&minor, server, NULL, NULL, iov, 2), iov[1].buffer.value);
    if (major != GSS_S_COMPLETE)
        ck_assert_uint_eq(gss_unwrap_iov(&ignored, server, NULL, NULL, iov, 2), GSS_S_COMPLETE);
    release(&token);
    release(&iov[1].buffer);
    return major;
}

START_TEST(messages_go_there_and_back_or_memory_ended)
{
    ck_assert_uint_eq(exchange(), GSS_S_COMPLETE);
    run_out(talk);
    run_out(sign);
    run_out(talk_in_buffers);
    run_out(talk_in_a_stream);
    delete_contexts();
}
END_TEST

/* A context that could not leave is where it was. */
static OM_uint32 move_context(void)
{
    gss_buffer_desc token;
    OM_uint32 ignored, major = gss_export_sec_context(&minor, &server, &token);

    assert_given(major, token.value);
    if (major != GSS_S_COMPLETE) {
        assert_given(GSS_S_COMPLETE, server);
        return major;
    }
    major = given(gss_import_sec_context(&minor, &token, &server), server);
    if (major != GSS_S_COMPLETE)
        ck_assert_uint_eq(gss_import_sec_context(&ignored, &token, &server), GSS_S_COMPLETE);
    release(&token);
    return major;
}

static OM_uint32 inquire_key(void)
{
    gss_buffer_set_t set;
    OM_uint32 major =
        gss_inquire_sec_context_by_oid(&minor, client, oid_out(&oid_sspi_session_key), &set);

    assert_given(major, set);
    buffer_set_free(&set);
    return major;
}

START_TEST(contexts_answer_and_move_or_memory_ended)
{
    ck_assert_uint_eq(exchange(), GSS_S_COMPLETE);
    run_out(inquire_key);
    run_out(move_context);
    ck_assert_uint_eq(talk(), GSS_S_COMPLETE);
    delete_contexts();
}
END_TEST

static gss_name_t known; /* by a login: it has attributes */

static OM_uint32 ask_of_the_mechanism(void)
{
    gss_buffer_desc sasl, mech, text;
    gss_OID_set types = GSS_C_NO_OID_SET;
    OM_uint32 major = gss_inquire_saslname_for_mech(&minor, NTLMSSP, &sasl, &mech, &text);

    assert_given(major, sasl.value);
    assert_given(major, text.value);
    if (major == GSS_S_COMPLETE)
        major = given(gss_inquire_names_for_mech(&minor, NTLMSSP, &types), types);
    release(&sasl);
    release(&mech);
    release(&text);
    release_set(&types);
    return major;
}

static OM_uint32 ask_of_a_name(void)
{
    gss_buffer_set_t set;
    gss_buffer_desc value = GSS_C_EMPTY_BUFFER, shown = GSS_C_EMPTY_BUFFER;
    int more = -1;
    OM_uint32 major = given(gss_inquire_name(&minor, known, NULL, NULL, &set), set);

    if (major == GSS_S_COMPLETE) {
        major = gss_get_name_attribute(&minor, known, &set->elements[0], NULL, NULL, &value,
                                       &shown, &more);
        assert_given(major, value.value);
        assert_given(major, shown.value);
    }
    buffer_set_free(&set);
    release(&value);
    release(&shown);
    return major;
}

static OM_uint32 become_a_local_account(void)
{
    gss_buffer_desc text = buffer(".\\root"), root = buffer("root"), local = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored, major = given(gss_import_name(&minor, &text, NULL, &name), name);

    if (major == GSS_S_COMPLETE)
        major = given(gss_localname(&minor, name, NTLMSSP, &local), local.value);
    if (major == GSS_S_COMPLETE)
        major = gssspi_authorize_localname(&minor, name, &root, NULL);
    gss_release_name(&ignored, &name);
    release(&local);
    return major;
}

START_TEST(names_answer_or_memory_ended)
{
    ck_assert_uint_eq(exchange_and_name(&known), GSS_S_COMPLETE);
    run_out(ask_of_the_mechanism);
    run_out(ask_of_a_name);
    run_out(become_a_local_account);
    gss_release_name(&minor, &known);
    delete_contexts();
}
END_TEST

static OM_uint32 show_failure(void)
{
    gss_buffer_desc text;
    OM_uint32 more, major = gss_display_status(&minor, (OM_uint32)NTLM_ERR_BAD_ARGUMENT,
                                               GSS_C_MECH_CODE, NTLMSSP, &more, &text);

    assert_given(major, text.value);
    release(&text);
    return major;
}

static OM_uint32 name_trace_file(void)
{
    gss_buffer_desc path = buffer("/dev/null");

    return gssspi_mech_invoke(&minor, NTLMSSP, oid_out(&oid_set_debug_file), &path);
}

START_TEST(texts_and_options_are_there_or_memory_ended)
{
    gss_buffer_desc path = buffer("/nonexistent/trace");

    ck_assert(
        GSS_ERROR(gssspi_mech_invoke(&minor, NTLMSSP, oid_out(&oid_set_debug_file), &path)));
    run_out(show_failure);
    run_out(name_trace_file);
    path.length = 0;
    gssspi_mech_invoke(&minor, NTLMSSP, oid_out(&oid_set_debug_file), &path);
}
END_TEST

static void begin(void)
{
    accounts = scratch_write("accounts", "TESTDOM:alice:Wonderland 7\n");
    setenv("NTLM_USER_FILE", accounts, 1);
    setenv("KRB5_CONFIG",
           scratch_write("krb5.conf", "[ntlmssp]\nallowed_system_accounts = root\n"
                                      "restrict_sending_ntlm = deny\n"
                                      "client_allowed_ntlm_servers = *.test\n"),
           1);
    alice = name_of("TESTDOM\\alice", &oid_nt_user_name);
    service = name_of("HTTP@server.test", &oid_nt_hostbased_service);
    /* Settings are read once, and OpenSSL is made ready: neither is ours. */
    ck_assert_uint_eq(exchange(), GSS_S_COMPLETE);
    delete_contexts();
}

static void end(void)
{
    gss_release_name(&minor, &alice);
    gss_release_name(&minor, &service);
}

int main(void)
{
    Suite *suite = suite_create("gss_exhaustion");
    TCase *cases = tcase_create("exhaustion");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, credentials_are_made_or_memory_ended);
    tcase_add_test(cases, an_exchange_is_completed_or_memory_ended);
    tcase_add_test(cases, messages_go_there_and_back_or_memory_ended);
    tcase_add_test(cases, contexts_answer_and_move_or_memory_ended);
    tcase_add_test(cases, names_answer_or_memory_ended);
    tcase_add_test(cases, texts_and_options_are_there_or_memory_ended);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
