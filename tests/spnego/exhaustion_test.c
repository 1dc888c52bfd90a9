/* SPDX-License-Identifier: MIT */
/* exhaustion_test.c - SPNEGO's door when memory ends: each allocation of its own in
 * turn fails. A call then fails and hands nothing out, or, where only a reason was
 * lost, does what it does; leaks are the sanitizers' to see. The functions are
 * called themselves, and their mechanism through the mechglue. */

#include "config.h"

#include "gss_exchange.h"
#include "shortage.h"
#include "spnego/module.h"
#include "spnego/oids.h"

/* Runs the operation with its first, second, ... allocation failing, until it has
 * had enough of them. The operation may not assert anything. */
static void run_out(bool (*operation)(void))
{
    bool enough = false, done;
    unsigned n = 0;

    while (!enough) {
        ck_assert_uint_lt(++n, 2000);
        allocations_left = n;
        done = operation();
        enough = allocations_left > 0;
        allocations_left = 0;
        ck_assert_msg(done || !enough, "with all its memory: %s", status_text(minor, SPNEGO));
    }
    ck_assert_uint_gt(n, 1);
}

static gss_cred_id_t client_credential, server_credential;
static gss_name_t target, alice;

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
        ours = gssi_init_sec_context(&minor, client_credential, client, target, SPNEGO,
                                     GSS_C_INTEG_FLAG, 0, NULL, &to_client, NULL, &to_server,
                                     NULL, NULL);
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
    return good;
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
    acquire_default,      acquire_by_password, choose_and_copy, log_in,
    log_in_after_a_hello, move_a_context,      export_a_name,   register_it,
    name_the_client,      name_a_credential,   add_iakerb,
};

START_TEST(each_allocation_may_fail)
{
    fixture_settings(" negotiate_iakerb = true");
    acquire();
    run_out(operations[_i]);
    release_all();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_exhaustion");
    TCase *cases = fixture_case(suite, "exhaustion");

    tcase_add_loop_test(cases, each_allocation_may_fail, 0,
                        sizeof(operations) / sizeof(operations[0]));
    return suite_run(suite);
}
