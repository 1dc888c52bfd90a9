/* SPDX-License-Identifier: MIT */
/* exhaustion_test.c - SPNEGO's door when memory ends: each allocation of its own in
 * turn fails, and each call that it makes of the mechglue. A call then fails and hands nothing
 * out, or, where only a reason was lost, does what it does; leaks are the sanitizers' to see.
 * The functions are called themselves, and their mechanism through the mechglue. */

#include "config.h"

#include "gss_exchange.h"
#include "kdc.h"
#include "mechglue_refusals.h"
#include "scratch.h"
#include "shortage.h"
#include "spnego/module.h"
#include "spnego/oids.h"

/* Runs the operation with its first, second, ... allocation failing (or what else *left
 * counts), until it has had enough of them; tells how many those were. The operation may
 * not assert anything. */
static unsigned run_out_of(unsigned *left, bool (*operation)(void))
{
    bool enough = false, done;
    unsigned n = 0;

    while (!enough) {
        ck_assert_uint_lt(++n, 2000);
        *left = n;
        done = operation();
        enough = *left > 0;
        *left = 0;
        ck_assert_msg(done || !enough, "with all its memory: %s", status_text(minor, SPNEGO));
    }
    return n;
}

static void run_out(bool (*operation)(void))
{
    ck_assert_uint_gt(run_out_of(&allocations_left, operation), 1);
}

static gss_cred_id_t client_credential, server_credential;
static gss_name_t target, alice;
static OM_uint32 asked = GSS_C_INTEG_FLAG;
static struct gss_channel_bindings_struct bindings; /* the initiator's, with a KDC */
static gss_channel_bindings_t bound;
static gss_OID
    expected; /* what a login comes to with all its memory; NULL: NTLM alone is there */

/* As the mechglue has SPNEGO's names made. */
static gss_name_t own_name(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = text_buffer(text);
    gss_name_t name;

    assert_complete(gssi_import_name(&minor, &buffer, type, &name));
    return name;
}

static void acquire(void)
{
    target = own_name("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    assert_complete(gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, GSS_C_INITIATE,
                                      &client_credential, NULL, NULL));
    assert_complete(gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, GSS_C_ACCEPT,
                                      &server_credential, NULL, NULL));
}

static void release_all(void)
{
    OM_uint32 ignored;

    gssi_release_cred(&ignored, &client_credential);
    gssi_release_cred(&ignored, &server_credential);
    gssi_release_name(&ignored, &target);
    gssi_release_name(&ignored, &alice);
}

static bool acquire_default(void)
{
    gss_cred_id_t credential;
    gss_OID_set mechs;
    OM_uint32 major, ignored;

    major = gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, GSS_C_BOTH, &credential, &mechs,
                              NULL);
    gss_release_oid_set(&ignored, &mechs);
    gssi_release_cred(&ignored, &credential);
    return major == GSS_S_COMPLETE;
}

static bool acquire_by_password(void)
{
    gss_buffer_desc password = text_buffer("Wonderland 7");
    gss_cred_id_t credential;
    OM_uint32 major, ignored, lifetime;

    major = gssi_acquire_cred_with_password(&minor, alice, &password, 0, NULL, GSS_C_INITIATE,
                                            &credential, NULL, &lifetime);
    gssi_release_cred(&ignored, &credential);
    return major == GSS_S_COMPLETE;
}

static bool acquire_by_store(void)
{
    gss_key_value_element_desc element = {"password", "secret"};
    gss_key_value_set_desc store = {1, &element};
    gss_cred_id_t credential;
    OM_uint32 major, ignored, lifetime;

    major = gssi_acquire_cred_from(&minor, alice, 0, NULL, GSS_C_INITIATE, &store, &credential,
                                   NULL, &lifetime);
    gssi_release_cred(&ignored, &credential);
    return major == GSS_S_COMPLETE;
}

/* As libsspi asks for it; NTLM is there to go on. */
static bool make_kerberos(void)
{
    static char option[] = "\0\0\0\x0b\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x02"
                           "\0\0\0\x1e\1\0\0\0\0\0\0\0\x0f"
                           "alice@HOME.TESTsecret";
    gss_buffer_desc token = {sizeof(option) - 1, option};
    gss_cred_id_t credential;
    OM_uint32 major, ignored;

    major = gssi_import_cred(&minor, &token, &credential);
    gssi_release_cred(&ignored, &credential);
    return major == GSS_S_COMPLETE;
}

static bool choose_and_copy(void)
{
    gss_OID_set_desc mechs = {1, NTLMSSP};
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    gss_cred_id_t copy = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, ignored;

    major = gssi_set_neg_mechs(&minor, client_credential, &mechs);
    if (major == GSS_S_COMPLETE)
        major = gssi_export_cred(&minor, client_credential, &token);
    if (major == GSS_S_COMPLETE)
        major = gssi_import_cred(&minor, &token, &copy);
    gss_release_buffer(&ignored, &token);
    gssi_release_cred(&ignored, &copy);
    return major == GSS_S_COMPLETE;
}

/* IAKERB's second login has its tickets, and is Kerberos'. */
static bool came_to_expected(gss_ctx_id_t server)
{
    gss_OID mech = NULL;

    return !expected || (gssi_inquire_context(&minor, server, NULL, NULL, NULL, &mech, NULL,
                                              NULL, NULL) == GSS_S_COMPLETE &&
                         mech &&
                         (gss_oid_equal(mech, expected) ||
                          (gss_oid_equal(expected, &oid_iakerb) && gss_oid_equal(mech, KRB5))));
}

/* Both sides in turn. Who fails has no context any more. */
static bool establish(gss_ctx_id_t *client, gss_ctx_id_t *server, bool hello)
{
    gss_buffer_desc to_client = GSS_C_EMPTY_BUFFER, to_server = GSS_C_EMPTY_BUFFER;
    OM_uint32 ours = GSS_S_CONTINUE_NEEDED, theirs = GSS_S_CONTINUE_NEEDED, ignored;
    gss_name_t source = GSS_C_NO_NAME;
    bool good = true;

    if (hello)
        theirs = gssi_accept_sec_context(&minor, server, server_credential, &to_server, NULL,
                                         NULL, NULL, &to_client, NULL, NULL, NULL);
    while (good && (ours == GSS_S_CONTINUE_NEEDED || theirs == GSS_S_CONTINUE_NEEDED)) {
        ours = gssi_init_sec_context(&minor, client_credential, client, target, SPNEGO, asked,
                                     0, bound, &to_client, NULL, &to_server, NULL, NULL);
        gss_release_buffer(&ignored, &to_client);
        good = !GSS_ERROR(ours);
        if (good && theirs == GSS_S_CONTINUE_NEEDED)
            theirs = gssi_accept_sec_context(&minor, server, server_credential, &to_server,
                                             NULL, &source, NULL, &to_client, NULL, NULL, NULL);
        gss_release_buffer(&ignored, &to_server);
        if (source)
            gssi_release_name(&ignored, &source);
        good = good && !GSS_ERROR(theirs);
    }
    gss_release_buffer(&ignored, &to_client);
    return good && came_to_expected(*server);
}

static bool log_in_after(bool hello)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    OM_uint32 ignored;
    bool good = establish(&client, &server, hello);

    gssi_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
    return good;
}

static bool log_in(void)
{
    return log_in_after(false);
}

static bool log_in_after_a_hello(void)
{
    return log_in_after(true);
}

static bool move_a_context(void)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major = GSS_S_FAILURE, ignored;

    if (establish(&client, &server, false))
        major = gssi_export_sec_context(&minor, &server, &token);
    if (major == GSS_S_COMPLETE)
        major = gssi_import_sec_context(&minor, &token, &server);
    gss_release_buffer(&ignored, &token);
    gssi_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
    return major == GSS_S_COMPLETE;
}

static bool one_speaks(gss_ctx_id_t from, gss_ctx_id_t to)
{
    gss_buffer_desc text = text_buffer("Secret"), token = GSS_C_EMPTY_BUFFER,
                    got = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, ignored;

    major = gssi_wrap(&minor, from, 1, GSS_C_QOP_DEFAULT, &text, NULL, &token);
    if (major == GSS_S_COMPLETE)
        major = gssi_unwrap(&minor, to, &token, &got, NULL, NULL);
    gss_release_buffer(&ignored, &token);
    gss_release_buffer(&ignored, &got);
    if (major == GSS_S_COMPLETE)
        major = gssi_get_mic(&minor, from, GSS_C_QOP_DEFAULT, &text, &token);
    if (major == GSS_S_COMPLETE)
        major = gssi_verify_mic(&minor, to, &text, &token, NULL);
    gss_release_buffer(&ignored, &token);
    return major == GSS_S_COMPLETE;
}

static bool talk(void)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    OM_uint32 ignored;
    bool good = establish(&client, &server, false) && one_speaks(client, server) &&
                one_speaks(server, client);

    gssi_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
    return good;
}

static bool export_a_name(void)
{
    gss_buffer_desc text = text_buffer("TESTDOM\\bob"), bytes = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME, copy = GSS_C_NO_NAME, back = GSS_C_NO_NAME;
    OM_uint32 major, ignored;

    major = gssi_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name);
    if (major == GSS_S_COMPLETE)
        major = gssi_duplicate_name(&minor, name, &copy);
    if (major == GSS_S_COMPLETE)
        major = gssi_export_name(&minor, copy, &bytes);
    if (major == GSS_S_COMPLETE)
        major = gssi_import_name(&minor, &bytes, GSS_C_NT_EXPORT_NAME, &back);
    gss_release_buffer(&ignored, &bytes);
    for (int i = 0; i < 3; i++) {
        gss_name_t *made = i == 0 ? &name : i == 1 ? &copy : &back;

        if (*made)
            gssi_release_name(&ignored, made);
    }
    return major == GSS_S_COMPLETE;
}

static bool name_the_client(void)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_name_t source = GSS_C_NO_NAME, target_name = GSS_C_NO_NAME, copy = GSS_C_NO_NAME;
    OM_uint32 major = GSS_S_FAILURE, ignored;

    if (establish(&client, &server, false))
        major = gssi_inquire_context(&minor, client, &source, &target_name, NULL, NULL, NULL,
                                     NULL, NULL);
    if (major == GSS_S_COMPLETE)
        major = gssi_duplicate_name(&minor, source, &copy);
    if (copy)
        gssi_release_name(&ignored, &copy);
    if (source)
        gssi_release_name(&ignored, &source);
    if (target_name)
        gssi_release_name(&ignored, &target_name);
    gssi_delete_sec_context(&ignored, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&ignored, &server, GSS_C_NO_BUFFER);
    return major == GSS_S_COMPLETE;
}

static bool name_a_credential(void)
{
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored, lifetime;
    gss_OID_set mechs = GSS_C_NO_OID_SET;
    gss_cred_usage_t usage;
    OM_uint32 major =
        gssi_inquire_cred(&minor, client_credential, &name, &lifetime, &usage, &mechs);

    gss_release_oid_set(&ignored, &mechs);
    if (name)
        gssi_release_name(&ignored, &name);
    return major == GSS_S_COMPLETE;
}

static bool add_iakerb(void)
{
    gss_buffer_desc user = {23, (char[]){"alice@HOME.TEST\0Secret"}};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL, alone = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, ignored;

    major = gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, GSS_C_INITIATE, &credential, NULL,
                              NULL);
    if (major == GSS_S_COMPLETE)
        major = gssi_set_cred_option(&minor, &credential, oid_in(&oid_add_iakerb), &user);
    if (major == GSS_S_COMPLETE)
        major = gssi_set_cred_option(&minor, &alone, oid_in(&oid_add_iakerb), &user);
    gssi_release_cred(&ignored, &credential);
    gssi_release_cred(&ignored, &alone);
    return major == GSS_S_COMPLETE;
}

static bool register_it(void)
{
    static const gss_OID_desc own = OID("\x2a\x03");
    gss_OID_set set = gss_mech_interposer((gss_OID)(uintptr_t)&own);
    OM_uint32 ignored;
    bool there = set != GSS_C_NO_OID_SET;

    gss_release_oid_set(&ignored, &set);
    return there;
}

static bool (*const operations[])(void) = {
    acquire_default, acquire_by_password,  acquire_by_store,  choose_and_copy,
    log_in,          log_in_after_a_hello, move_a_context,    export_a_name,
    register_it,     name_the_client,      name_a_credential, add_iakerb,
};

START_TEST(each_allocation_may_fail)
{
    fixture_settings(" negotiate_iakerb = true");
    acquire();
    run_out(operations[_i]);
    release_all();
}
END_TEST

START_TEST(each_call_of_the_mechglue_may_fail)
{
    fixture_settings(" negotiate_iakerb = true");
    acquire();
    asked = GSS_C_INTEG_FLAG | (_i % 2 ? GSS_C_CONF_FLAG : 0);
    run_out_of(&mechglue_calls_left, operations[_i]);
    release_all();
}
END_TEST

START_TEST(each_allocation_of_messages_may_fail)
{
    acquire();
    asked = GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;
    run_out(talk);
    release_all();
}
END_TEST

/* It would be the default one. */
START_TEST(a_credential_that_is_not_given_is_none)
{
    gss_buffer_desc user = {23, (char[]){"alice@HOME.TEST\0Secret"}}, token;
    gss_cred_id_t none = GSS_C_NO_CREDENTIAL;

    fixture_settings(" negotiate_iakerb = true");
    acquire();
    mechglue_credentials_left = 1;
    ck_assert_uint_eq(gssi_set_cred_option(&minor, &none, oid_in(&oid_add_iakerb), &user),
                      GSS_S_FAILURE);
    ck_assert_ptr_null(none);
    assert_complete(gssi_export_cred(&minor, client_credential, &token));
    mechglue_credentials_left = 1;
    ck_assert_uint_eq(gssi_import_cred(&minor, &token, &none), GSS_S_FAILURE);
    ck_assert_ptr_null(none);
    release_buffer(&token);
    release_all();
}
END_TEST

/* ---- with a KDC ---- */

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

static void begin(void)
{
    kdc_begin(realm);
}

static bool acquire_a_ticket(void)
{
    gss_buffer_desc password = text_buffer("secret");
    gss_cred_id_t credential;
    OM_uint32 major, ignored;

    major = gssi_acquire_cred_with_password(&minor, alice, &password, 0, NULL, GSS_C_INITIATE,
                                            &credential, NULL, NULL);
    gssi_release_cred(&ignored, &credential);
    return major == GSS_S_COMPLETE;
}

/* Kerberos' credential is the default one, IAKERB's is added to NTLM's. */
static void acquire_with_kdc(const gss_OID_desc *mech)
{
    gss_buffer_desc user = {22, (char[]){"alice@HOME.TEST\0secret"}};
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};

    kdc_configure_with("[ntlmssp]\n negotiate_iakerb = true\n kerberos_timeout = 60\n");
    setenv("KRB5CCNAME", scratch_path(mech == &oid_iakerb ? "none" : "tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    if (mech != &oid_iakerb)
        kdc_log_in("alice", "secret");
    acquire();
    gssi_release_name(&minor, &target);
    gssi_release_name(&minor, &alice);
    target = own_name("HTTP@server.home.test", GSS_C_NT_HOSTBASED_SERVICE);
    alice = own_name("alice@HOME.TEST", GSS_C_NT_USER_NAME);
    expected = (gss_OID)(uintptr_t)mech;
    asked = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;
    bindings.application_data = bindings.initiator_address = text_buffer("tls-unique:1");
    bound = &bindings;
    if (mech != &oid_iakerb)
        return;
    assert_complete(
        gssi_set_cred_option(&minor, &client_credential, oid_in(&oid_add_iakerb), &user));
    assert_complete(gssi_set_neg_mechs(&minor, client_credential, &mechs));
}

static const struct {
    const gss_OID_desc *mech;
    bool (*operation)(void);
} with_kdc[] = {
    {&krb5_oid, acquire_default}, {&krb5_oid, acquire_a_ticket}, {&krb5_oid, acquire_by_store},
    {&krb5_oid, make_kerberos},   {&krb5_oid, log_in},           {&krb5_oid, talk},
    {&krb5_oid, move_a_context},  {&krb5_oid, name_the_client},  {&oid_iakerb, log_in},
    {&oid_iakerb, talk},
};

START_TEST(each_allocation_with_a_kdc_may_fail)
{
    acquire_with_kdc(with_kdc[_i].mech);
    run_out(with_kdc[_i].operation);
    run_out_of(&mechglue_calls_left, with_kdc[_i].operation);
    release_all();
    expected = NULL;
    bound = NULL;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_exhaustion");
    TCase *cases = fixture_case(suite, "exhaustion"), *kdc;

    tcase_add_loop_test(cases, each_allocation_may_fail, 0,
                        sizeof(operations) / sizeof(operations[0]));
    tcase_add_loop_test(cases, each_call_of_the_mechglue_may_fail, 0,
                        sizeof(operations) / sizeof(operations[0]));
    tcase_add_test(cases, each_allocation_of_messages_may_fail);
    tcase_add_test(cases, a_credential_that_is_not_given_is_none);
    if (!kdc_is_installed())
        return suite_run(suite);
    scratch_begin();
    kdc = fixture_case(suite, "kdc");
    tcase_add_unchecked_fixture(kdc, begin, kdc_end);
    tcase_add_loop_test(kdc, each_allocation_with_a_kdc_may_fail, 0,
                        sizeof(with_kdc) / sizeof(with_kdc[0]));
    return suite_run(suite);
}
