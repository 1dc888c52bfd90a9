/* SPDX-License-Identifier: MIT */
/* outputs_test.c - what calls that fail leave in their output parameters: nothing. The
 * module's functions are called themselves, as the mechglue empties some outputs before it
 * calls them; their mechanisms are called through it. And what is wiped of a password that is
 * for Kerberos. */

#include "config.h"

#include "gss_exchange.h"
#include "gss_message_outputs.h"
#include "gss_outputs.h"
#include "secrets.h"
#include "spnego/credential_kerberos.h"
#include "spnego/kerberos_acquire.h"
#include "spnego/module.h"
#include "spnego/oids.h"
#include "wiped.h"

#define OTHER GSS_C_NT_USER_NAME /* no mechanism of ours, no option, no attribute */

static gss_OID_desc session_key = {11, (void *)(uintptr_t)OID_SESSION_KEY};
static gss_name_t alice, service;
static gss_ctx_id_t half, client, server;
static gss_cred_id_t credential, acceptor;
static char bytes[] = "no token at all";
static gss_buffer_desc text = {sizeof(bytes) - 1, bytes};
static gss_buffer_desc no_memory = {5, NULL}; /* a length, and nothing there */
static const gss_key_value_set_desc store;

static gss_name_t name_of_type(const char *name, gss_OID type)
{
    gss_buffer_desc buffer = text_buffer(name);
    gss_name_t made;

    assert_complete(gssi_import_name(&minor, &buffer, type, &made));
    return made;
}

static gss_cred_id_t acquire(gss_cred_usage_t usage)
{
    gss_cred_id_t made;

    assert_complete(
        gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, usage, &made, NULL, NULL));
    return made;
}

static OM_uint32 init(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token)
{
    return gssi_init_sec_context(&minor, credential, context, service, SPNEGO, GSS_C_CONF_FLAG,
                                 0, GSS_C_NO_CHANNEL_BINDINGS, in, NULL, token, NULL, NULL);
}

static OM_uint32 accept_token(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token)
{
    return gssi_accept_sec_context(&minor, context, acceptor, in, GSS_C_NO_CHANNEL_BINDINGS,
                                   NULL, NULL, token, NULL, NULL, NULL);
}

static void log_in(void)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, answer;
    OM_uint32 major = init(&client, GSS_C_NO_BUFFER, &token);

    for (int i = 0; i < 3 && token.length > 0; i++) {
        assert_status(GSS_S_COMPLETE, GSS_ERROR(major));
        major = accept_token(&server, &token, &answer);
        assert_status(GSS_S_COMPLETE, GSS_ERROR(major));
        release_buffer(&token);
        if (answer.length > 0)
            major = init(&client, &answer, &token);
        release_buffer(&answer);
    }
    assert_complete(major);
}

static void begin_module(void)
{
    gss_buffer_desc token;

    alice = name_of_type("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    service = name_of_type("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    credential = acquire(GSS_C_INITIATE);
    acceptor = acquire(GSS_C_ACCEPT);
    log_in();
    assert_status(GSS_S_CONTINUE_NEEDED, init(&half, GSS_C_NO_BUFFER, &token));
    release_buffer(&token);
}

static void end_module(void)
{
    gssi_release_name(&minor, &alice);
    gssi_release_name(&minor, &service);
    gssi_release_cred(&minor, &credential);
    gssi_release_cred(&minor, &acceptor);
    gssi_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&minor, &server, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&minor, &half, GSS_C_NO_BUFFER);
}

#define INIT(cred, handle, target, in)                                                         \
    gssi_init_sec_context(&minor, cred, handle, target, SPNEGO, GSS_C_CONF_FLAG, 0,            \
                          GSS_C_NO_CHANNEL_BINDINGS, in, &o.oid, &o.buffer, &o.flags, &o.time)
#define ACCEPT(cred, handle, in)                                                               \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gssi_accept_sec_context(&minor, handle, cred, in, GSS_C_NO_CHANNEL_BINDINGS, &o.name,     \
                             &o.oid, &o.buffer, &o.flags, &o.time, &o.credential))

/* The token says so to the peer. */
#define REJECTS(expected, call)                                                                \
    do {                                                                                       \
        FAILS(expected, call);                                                                 \
        release_buffer(&o.buffer);                                                             \
    } while (0)

START_TEST(establishing_a_context)
{
    FAILS("buffer context credential oid flags time",
          INIT(acceptor, &o.context, service, GSS_C_NO_BUFFER));
    FAILS("buffer context credential oid flags time",
          INIT(credential, &o.context, service, &no_memory));
    REJECTS("context credential oid flags time", INIT(credential, &half, service, &text));
    FAILS("buffer context credential oid flags time", INIT(credential, &half, service, &text));
    REJECTS("name context credential oid flags time",
            ACCEPT(GSS_C_NO_CREDENTIAL, &o.context, &text));
    REJECTS("name context credential oid flags time", ACCEPT(credential, &o.context, &text));
    REJECTS("name context credential oid flags time", ACCEPT(acceptor, &o.context, &no_memory));
    REJECTS("name context credential oid flags time", ACCEPT(acceptor, &half, &text));
    FAILS("buffer name context credential oid flags time", ACCEPT(acceptor, &client, &text));
}
END_TEST

#define CONTEXT(context)                                                                       \
    gssi_inquire_context(&minor, context, &o.name, &o.target, &o.time, &o.oid, &o.flags,       \
                         &o.state, &o.answer)

START_TEST(asking_about_a_context)
{
    FAILS("context credential time", gssi_context_time(&minor, GSS_C_NO_CONTEXT, &o.time));
    FAILS("context credential time", gssi_context_time(&minor, half, &o.time));
    FAILS("context credential buffers",
          gssi_inquire_sec_context_by_oid(&minor, GSS_C_NO_CONTEXT, &session_key, &o.buffers));
    FAILS("context credential buffers",
          gssi_inquire_sec_context_by_oid(&minor, half, &session_key, &o.buffers));
    FAILS("context credential buffers",
          gssi_inquire_sec_context_by_oid(&minor, client, OTHER, &o.buffers));
    FAILS("context credential buffers",
          gssi_inquire_sec_context_by_oid(&minor, client, NULL, &o.buffers));
    FAILS("context credential", (o.context = (gss_ctx_id_t)bytes,
                                 gssi_import_sec_context(&minor, &text, &o.context)));
    FAILS("context credential", (o.context = (gss_ctx_id_t)bytes,
                                 gssi_import_sec_context(&minor, &no_memory, &o.context)));
}
END_TEST

#define ACQUIRE(name, usage, mechs)                                                            \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gssi_acquire_cred(&minor, name, 0, mechs, usage, &o.credential, &o.set, &o.time))
#define ACQUIRE_WITH(name, password, usage)                                                    \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gssi_acquire_cred_with_password(&minor, name, password, 0, GSS_C_NO_OID_SET, usage,       \
                                     &o.credential, &o.set, &o.time))
#define STORE_CRED(cred, as, mech)                                                             \
    gssi_store_cred(&minor, cred, as, mech, 1, 1, &o.set, &o.usage)

START_TEST(credentials)
{
    gss_name_t nobody = name_of_type("TESTDOM\\nobody", GSS_C_NT_USER_NAME);

    FAILS("context credential set time", ACQUIRE(nobody, GSS_C_INITIATE, GSS_C_NO_OID_SET));
    FAILS("context credential set time", ACQUIRE(alice, 7, GSS_C_NO_OID_SET));
    FAILS("context credential set time", ACQUIRE_WITH(alice, &no_memory, GSS_C_INITIATE));
    gssi_release_name(&minor, &nobody);
    setenv("KRB5_CONFIG", fixture_file("broken.conf", 0600, "[ntlmssp\n"), 1);
    FAILS("name context credential set time usage",
          gssi_inquire_cred(&minor, GSS_C_NO_CREDENTIAL, &o.name, &o.time, &o.usage, &o.set));
    FAILS("name context credential time number usage",
          gssi_inquire_cred_by_mech(&minor, GSS_C_NO_CREDENTIAL, SPNEGO, &o.name, &o.time,
                                    &o.number, &o.usage));
    FAILS("context credential", (o.credential = (gss_cred_id_t)bytes,
                                 gssi_import_cred(&minor, &text, &o.credential)));
    FAILS("context credential", (o.credential = (gss_cred_id_t)bytes,
                                 gssi_import_cred(&minor, &no_memory, &o.credential)));
    FAILS("context credential", gssi_set_cred_option(&minor, &o.credential, OTHER, &text));
    FAILS("context credential set usage",
          STORE_CRED(GSS_C_NO_CREDENTIAL, GSS_C_INITIATE, SPNEGO));
    FAILS("context credential set usage",
          gssi_store_cred_into(&minor, GSS_C_NO_CREDENTIAL, GSS_C_INITIATE, SPNEGO, 1, 1,
                               &store, &o.set, &o.usage));
    FAILS("context credential set time",
          (o.credential = (gss_cred_id_t)bytes,
           gssi_acquire_cred_from(&minor, alice, 0, NULL, 7, &store, &o.credential, &o.set,
                                  &o.time)));
    FAILS("context credential set time",
          (o.credential = (gss_cred_id_t)bytes,
           gssi_acquire_cred_impersonate_name(&minor, credential, alice, 0, NULL,
                                              GSS_C_INITIATE, &o.credential, &o.set, &o.time)));
    FAILS("context credential buffers",
          gssi_inquire_cred_by_oid(&minor, credential, OTHER, &o.buffers));
    FAILS("context credential set usage", STORE_CRED(acceptor, GSS_C_ACCEPT, SPNEGO));
}
END_TEST

START_TEST(messages)
{
    static const struct message_door door = MESSAGE_DOOR(gssi_);
    const struct message_contexts contexts = {half, client, server};

    message_outputs_assert(&door, &contexts);
    FAILS("buffer context credential",
          gssi_pseudo_random(&minor, half, GSS_C_PRF_KEY_FULL, &text, 16, &o.buffer));
    FAILS("buffer context credential",
          gssi_pseudo_random(&minor, client, 7, &text, 16, &o.buffer));
}
END_TEST

#define ATTRIBUTE(of, which)                                                                   \
    gssi_get_name_attribute(&minor, of, which, &o.state, &o.answer, &o.buffer, &o.second,      \
                            (int *)&o.number)

START_TEST(names)
{
    FAILS("name context credential",
          gssi_import_name(&minor, &text, GSS_C_NT_EXPORT_NAME, &o.name));
    FAILS("buffer context credential", gssi_display_name_ext(&minor, alice, SPNEGO, &o.buffer));
    FAILS("buffer second context credential number state answer", ATTRIBUTE(alice, &text));
    FAILS("buffer second context credential number state answer", ATTRIBUTE(alice, &no_memory));
    FAILS("buffer context credential", gssi_export_name(&minor, GSS_C_NO_NAME, &o.buffer));
    FAILS("buffer context credential", gssi_localname(&minor, service, SPNEGO, &o.buffer));
}
END_TEST

START_TEST(mechanisms)
{
    FAILS("context credential set", gssi_inquire_names_for_mech(&minor, OTHER, &o.set));
    FAILS("buffer context credential number",
          (gssi_display_status(&minor, 1, GSS_C_GSS_CODE + 7, SPNEGO, &o.number, &o.buffer)));
    FAILS("context credential", gssi_set_sec_context_option(&minor, &o.context, OTHER, &text));
    FAILS("context credential", gssspi_mech_invoke(&minor, SPNEGO, OTHER, &text));
}
END_TEST

/* The linker leads the calls of either here (--wrap). */
void __real_explicit_bzero(void *secret, size_t len);
void __wrap_explicit_bzero(void *secret, size_t len);
void __wrap___explicit_bzero_chk(void *secret, size_t len, size_t room);

void __wrap_explicit_bzero(void *secret, size_t len)
{
    wiped_take(secret, len);
    __real_explicit_bzero(secret, len);
}

void __wrap___explicit_bzero_chk(void *secret, size_t len, size_t room)
{
    ck_assert_uint_le(len, room);
    __wrap_explicit_bzero(secret, len);
}

#define PASSWORD "Wonderland 7"

static bool learn(void *arg)
{
    (void)arg;
    secrets_add_password(PASSWORD);
    return true;
}

static void acquire_by_password(void)
{
    gss_buffer_desc password = text_buffer(PASSWORD);
    struct kerberos_request request = {.name = alice,
                                       .password = &password,
                                       .lifetime = GSS_C_INDEFINITE,
                                       .usage = GSS_C_INITIATE};
    gss_cred_id_t made;
    char *reasons = NULL;
    OM_uint32 ignored;

    kerberos_acquire(&minor, &request, 60, &made, NULL, &reasons);
    gss_release_cred(&ignored, &made);
    free(reasons);
}

/* As a program asks for a credential of Kerberos alone: see credential_make_kerberos. */
static void acquire_by_option(void)
{
    static char wish[] = "\1\0\0\0\12\x2a\x86\x48\x86\xf7\x12\1\2\1\1"
                         "\0\0\0\20alice@REALM.TEST" PASSWORD;
    gss_buffer_desc value = {sizeof(wish) - 1, wish};
    gss_cred_id_t made;

    credential_make_kerberos(&minor, &value, &made);
    gssi_release_cred(&minor, &made);
}

START_TEST(each_copy_of_kerberos_password_is_wiped)
{
    if (skipped_sanitized("each_copy_of_kerberos_password_is_wiped"))
        return;
    secrets_learn(learn, NULL);
    wiped_watch(true);
    acquire_by_password();
    ck_assert_str_eq(wiped_secrets(), "1 password\n");
    wiped_forget();
    acquire_by_option();
    wiped_watch(false);
    ck_assert_str_eq(wiped_secrets(), "2 password\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_outputs");
    TCase *cases = fixture_case(suite, "calls that fail");

    tcase_add_checked_fixture(cases, begin_module, end_module);
    tcase_add_test(cases, establishing_a_context);
    tcase_add_test(cases, asking_about_a_context);
    tcase_add_test(cases, credentials);
    tcase_add_test(cases, messages);
    tcase_add_test(cases, names);
    tcase_add_test(cases, mechanisms);
    tcase_add_test(cases, each_copy_of_kerberos_password_is_wiped);
    return suite_run(suite);
}
