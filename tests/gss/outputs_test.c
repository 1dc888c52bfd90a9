/* SPDX-License-Identifier: MIT */
/* outputs_test.c - what calls that fail leave in their output parameters: nothing. A
 * program that releases what it was given, or looks at it, after a failure meets no
 * uninitialized memory, and nothing of an earlier call. Calls with a NULL pointer are among
 * the failures; the mechglue catches most of these before us, so the module's functions are
 * called themselves. And what calls leave on the stack. */

#include "config.h"

#include "gss/module.h"
#include "gss/oids.h"
#include "gss_message_outputs.h"
#include "gss_outputs.h"
#include "module_login.h"
#include "ntlm/error.h"
#include "scratch.h"
#include "suite.h"

#define OTHER oid_out(&oid_nt_user_name) /* no mechanism of ours, no option, no attribute */

static gss_ctx_id_t half;
static gss_cred_id_t credential, acceptor;
static char bytes[] = "no token at all";
static gss_buffer_desc text = {sizeof(bytes) - 1, bytes};
static gss_buffer_desc no_memory = {5, NULL}; /* a length, and nothing there */

static gss_cred_id_t acquire(gss_cred_usage_t usage)
{
    gss_cred_id_t made;

    ck_assert_uint_eq(gss_acquire_cred(&minor, usage == GSS_C_ACCEPT ? service : alice, 0,
                                       GSS_C_NO_OID_SET, usage, &made, NULL, NULL),
                      GSS_S_COMPLETE);
    return made;
}

static void begin(void)
{
    gss_buffer_desc token;

    setenv("NTLM_USER_FILE", scratch_write("accounts", "TESTDOM:alice:Wonderland 7\n"), 1);
    setenv("KRB5_CONFIG", scratch_write("krb5.conf", "[ntlmssp]\n audit_logons = off\n"), 1);
    alice = name_of("TESTDOM\\alice", &oid_nt_user_name);
    service = name_of("HTTP@server.test", &oid_nt_hostbased_service);
    credential = acquire(GSS_C_INITIATE);
    acceptor = acquire(GSS_C_ACCEPT);
    log_in();
    ck_assert_uint_eq(init(&half, GSS_C_NO_BUFFER, &token), GSS_S_CONTINUE_NEEDED);
    release_buffer(&token);
}

static void end(void)
{
    gss_release_name(&minor, &alice);
    gss_release_name(&minor, &service);
    gss_release_cred(&minor, &credential);
    gss_release_cred(&minor, &acceptor);
    gss_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &server, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &half, GSS_C_NO_BUFFER);
}

#define INIT(cred, handle, target, in)                                                         \
    gss_init_sec_context(&minor, cred, handle, target, NTLMSSP, GSS_C_CONF_FLAG, 0,            \
                         GSS_C_NO_CHANNEL_BINDINGS, in, &o.oid, &o.buffer, &o.flags, &o.time)
#define ACCEPT(cred, handle, in)                                                               \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gss_accept_sec_context(&minor, handle, cred, in, GSS_C_NO_CHANNEL_BINDINGS, &o.name,      \
                            &o.oid, &o.buffer, &o.flags, &o.time, &o.credential))

START_TEST(establishing_a_context)
{
    FAILS("buffer context credential oid flags time",
          INIT(acceptor, &o.context, service, GSS_C_NO_BUFFER));
    FAILS("buffer context credential oid flags time",
          INIT(credential, &o.context, service, &no_memory));
    FAILS("buffer context credential oid flags time",
          INIT(credential, NULL, service, GSS_C_NO_BUFFER));
    FAILS("buffer context credential oid flags time", INIT(credential, &half, service, &text));
    FAILS("buffer context credential oid flags time", INIT(credential, &half, service, &text));
    FAILS("buffer name context credential oid flags time",
          ACCEPT(GSS_C_NO_CREDENTIAL, &o.context, &text));
    FAILS("buffer name context credential oid flags time",
          ACCEPT(credential, &o.context, &text));
    FAILS("buffer name context credential oid flags time",
          ACCEPT(acceptor, &o.context, &no_memory));
    FAILS("buffer name context credential oid flags time", ACCEPT(acceptor, &o.context, NULL));
    FAILS("buffer name context credential oid flags time", ACCEPT(acceptor, NULL, &text));
    FAILS("buffer name context credential oid flags time", ACCEPT(acceptor, &half, &text));
    FAILS("buffer name context credential oid flags time", ACCEPT(acceptor, &client, &text));
}
END_TEST

#define CONTEXT(context)                                                                       \
    gss_inquire_context(&minor, context, &o.name, &o.target, &o.time, &o.oid, &o.flags,        \
                        &o.state, &o.answer)

START_TEST(asking_about_a_context)
{
    FAILS("name target context credential oid flags time state answer",
          CONTEXT(GSS_C_NO_CONTEXT));
    FAILS("context credential time", gss_context_time(&minor, GSS_C_NO_CONTEXT, &o.time));
    FAILS("context credential time", gss_context_time(&minor, half, &o.time));
    FAILS("context credential buffers",
          gss_inquire_sec_context_by_oid(&minor, GSS_C_NO_CONTEXT,
                                         oid_out(&oid_sspi_session_key), &o.buffers));
    FAILS("context credential buffers",
          gss_inquire_sec_context_by_oid(&minor, half, oid_out(&oid_sspi_session_key),
                                         &o.buffers));
    FAILS("context credential buffers",
          gss_inquire_sec_context_by_oid(&minor, client, OTHER, &o.buffers));
    FAILS("context credential buffers",
          gss_inquire_sec_context_by_oid(&minor, client, NULL, &o.buffers));
    FAILS("buffer context credential", gss_export_sec_context(&minor, &o.context, &o.buffer));
    FAILS("buffer context credential", gss_export_sec_context(&minor, NULL, &o.buffer));
    FAILS("context credential",
          (o.context = (gss_ctx_id_t)bytes, gss_import_sec_context(&minor, &text, &o.context)));
    FAILS("context credential", (o.context = (gss_ctx_id_t)bytes,
                                 gss_import_sec_context(&minor, &no_memory, &o.context)));
    FAILS("context credential",
          (o.context = (gss_ctx_id_t)bytes, gss_import_sec_context(&minor, NULL, &o.context)));
}
END_TEST

#define ACQUIRE(name, usage, mechs)                                                            \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gss_acquire_cred(&minor, name, 0, mechs, usage, &o.credential, &o.set, &o.time))
#define ACQUIRE_WITH(name, password, usage)                                                    \
    (o.credential = (gss_cred_id_t)bytes,                                                      \
     gssspi_acquire_cred_with_password(&minor, name, password, 0, GSS_C_NO_OID_SET, usage,     \
                                       &o.credential, &o.set, &o.time))
#define STORE(cred, as, mech) gss_store_cred(&minor, cred, as, mech, 1, 1, &o.set, &o.usage)

START_TEST(credentials)
{
    gss_name_t nobody = name_of("TESTDOM\\nobody", &oid_nt_user_name);

    FAILS("context credential set time", ACQUIRE(nobody, GSS_C_INITIATE, GSS_C_NO_OID_SET));
    FAILS("context credential set time", ACQUIRE(alice, 7, GSS_C_NO_OID_SET));
    FAILS("context credential set time", ACQUIRE_WITH(alice, &no_memory, GSS_C_INITIATE));
    FAILS("context credential set time", ACQUIRE_WITH(alice, NULL, GSS_C_INITIATE));
    gss_release_name(&minor, &nobody);
    setenv("KRB5_CONFIG", scratch_write("broken.conf", "[ntlmssp\n"), 1);
    FAILS("name context credential set time usage",
          gss_inquire_cred(&minor, GSS_C_NO_CREDENTIAL, &o.name, &o.time, &o.usage, &o.set));
    FAILS("name context credential time number usage",
          gss_inquire_cred_by_mech(&minor, GSS_C_NO_CREDENTIAL, NTLMSSP, &o.name, &o.time,
                                   &o.number, &o.usage));
    FAILS("buffer context credential", gss_export_cred(&minor, GSS_C_NO_CREDENTIAL, &o.buffer));
    FAILS("context credential",
          (o.credential = (gss_cred_id_t)bytes, gss_import_cred(&minor, &text, &o.credential)));
    FAILS("context credential", (o.credential = (gss_cred_id_t)bytes,
                                 gss_import_cred(&minor, &no_memory, &o.credential)));
    FAILS("context credential",
          (o.credential = (gss_cred_id_t)bytes, gss_import_cred(&minor, NULL, &o.credential)));
    FAILS("context credential", gssspi_set_cred_option(&minor, &o.credential, OTHER, &text));
    FAILS("context credential set usage", STORE(GSS_C_NO_CREDENTIAL, GSS_C_INITIATE, NTLMSSP));
    FAILS("context credential set usage", STORE(acceptor, GSS_C_ACCEPT, NTLMSSP));
}
END_TEST

START_TEST(messages)
{
    static const struct message_door door = MESSAGE_DOOR(gss_);
    const struct message_contexts contexts = {half, client, server};

    message_outputs_assert(&door, &contexts);
}
END_TEST

#define ATTRIBUTE(of, which)                                                                   \
    gss_get_name_attribute(&minor, of, which, &o.state, &o.answer, &o.buffer, &o.second,       \
                           (int *)&o.number)

START_TEST(names)
{
    FAILS("name context credential", gss_import_name(&minor, NULL, NULL, &o.name));
    FAILS("name context credential", gss_import_name(&minor, &no_memory, NULL, &o.name));
    FAILS("name context credential", gss_import_name(&minor, &text, NTLMSSP, &o.name));
    FAILS("name context credential",
          gss_import_name(&minor, &text, oid_out(&oid_nt_export_name), &o.name));
    FAILS("name context credential", gss_duplicate_name(&minor, GSS_C_NO_NAME, &o.name));
    FAILS("context credential answer",
          gss_compare_name(&minor, GSS_C_NO_NAME, alice, &o.answer));
    FAILS("context credential answer",
          gss_compare_name(&minor, alice, GSS_C_NO_NAME, &o.answer));
    FAILS("buffer context credential oid",
          gss_display_name(&minor, GSS_C_NO_NAME, &o.buffer, &o.oid));
    FAILS("buffer context credential",
          gss_display_name_ext(&minor, GSS_C_NO_NAME, NULL, &o.buffer));
    FAILS("buffer context credential", gss_display_name_ext(&minor, alice, NTLMSSP, &o.buffer));
    FAILS("buffer context credential", gss_export_name(&minor, GSS_C_NO_NAME, &o.buffer));
    FAILS("buffer context credential",
          gss_export_name_composite(&minor, GSS_C_NO_NAME, &o.buffer));
    FAILS("context credential oid buffers state",
          gss_inquire_name(&minor, GSS_C_NO_NAME, &o.state, &o.oid, &o.buffers));
    FAILS("buffer second context credential number state answer",
          ATTRIBUTE(GSS_C_NO_NAME, &text));
    FAILS("buffer second context credential number state answer", ATTRIBUTE(alice, &text));
    FAILS("buffer second context credential number state answer", ATTRIBUTE(alice, &no_memory));
    FAILS("buffer context credential",
          gss_localname(&minor, GSS_C_NO_NAME, NTLMSSP, &o.buffer));
    FAILS("buffer context credential", gss_localname(&minor, service, NTLMSSP, &o.buffer));
}
END_TEST

START_TEST(mechanisms)
{
    FAILS("context credential set", gss_inquire_names_for_mech(&minor, OTHER, &o.set));
    FAILS("context credential set other_set",
          gss_inquire_attrs_for_mech(&minor, OTHER, &o.set, &o.other_set));
    FAILS("buffer second third context credential",
          gss_inquire_saslname_for_mech(&minor, OTHER, &o.buffer, &o.second, &o.third));
    FAILS("context credential oid", gss_inquire_mech_for_saslname(&minor, &text, &o.oid));
    FAILS("context credential oid", gss_inquire_mech_for_saslname(&minor, &no_memory, &o.oid));
    FAILS("context credential oid", gss_inquire_mech_for_saslname(&minor, NULL, &o.oid));
    FAILS("buffer context credential number",
          (gss_display_status(&minor, 1, GSS_C_GSS_CODE + 7, NTLMSSP, &o.number, &o.buffer)));
    FAILS("buffer context credential",
          gss_display_status(&minor, 1, GSS_C_MECH_CODE, NTLMSSP, NULL, &o.buffer));
    FAILS("context credential", gss_set_sec_context_option(&minor, &o.context, OTHER, &text));
    FAILS("context credential", gssspi_mech_invoke(&minor, NTLMSSP, OTHER, &text));
}
END_TEST

static unsigned stacks_wiped;

void __real_ntlm_cleanse_stack(void);
void __wrap_ntlm_cleanse_stack(void);
void __wrap_ntlm_cleanse_stack(void)
{
    stacks_wiped++;
    __real_ntlm_cleanse_stack();
}

#define WIPES(times, call)                                                                     \
    do {                                                                                       \
        stacks_wiped = 0;                                                                      \
        ck_assert(!GSS_ERROR(call));                                                           \
        ck_assert_msg(stacks_wiped == (times), "%s: %u", #call, stacks_wiped);                 \
    } while (0)

/* Whether a compiler leaves a key in a register's place there, and where, is its own affair:
 * each call that has used one wipes what is below it, and so does a session where it first
 * protects a message. */
START_TEST(the_stack_below_a_call_that_had_keys_is_wiped)
{
    gss_ctx_id_t from = GSS_C_NO_CONTEXT, to = GSS_C_NO_CONTEXT;
    gss_buffer_desc token, answer, second;
    gss_cred_id_t moved;

    WIPES(1, gss_acquire_cred(&minor, alice, 0, GSS_C_NO_OID_SET, GSS_C_INITIATE, &moved, NULL,
                              NULL));
    gss_release_cred(&minor, &moved);
    WIPES(1, gss_export_cred(&minor, credential, &token));
    WIPES(1, gss_import_cred(&minor, &token, &moved));
    gss_release_cred(&minor, &moved);
    release_buffer(&token);
    WIPES(1, init(&from, GSS_C_NO_BUFFER, &token));
    WIPES(1, accept_token(&to, &token, &answer));
    WIPES(1, init(&from, &answer, &second));
    release_buffer(&token);
    release_buffer(&answer);
    WIPES(1, accept_token(&to, &second, &answer));
    release_buffer(&second);
    WIPES(1, gss_get_mic(&minor, from, 0, &text, &token));
    release_buffer(&token);
    WIPES(1, gss_export_sec_context(&minor, &from, &token));
    WIPES(2, gss_import_sec_context(&minor, &token, &from));
    release_buffer(&token);
    gss_delete_sec_context(&minor, &from, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &to, GSS_C_NO_BUFFER);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_outputs");
    TCase *cases = tcase_create("calls that fail");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, establishing_a_context);
    tcase_add_test(cases, asking_about_a_context);
    tcase_add_test(cases, credentials);
    tcase_add_test(cases, messages);
    tcase_add_test(cases, names);
    tcase_add_test(cases, mechanisms);
    tcase_add_test(cases, the_stack_below_a_call_that_had_keys_is_wiped);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
