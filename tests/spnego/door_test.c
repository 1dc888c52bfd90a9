/* SPDX-License-Identifier: MIT */
/* door_test.c - the module's functions beside negotiations, as the mechglue calls them:
 * what credentials and names answer, texts of statuses, options, and what NTLM has not.
 * The functions are called themselves, their mechanism through the mechglue. */

#include "config.h"

#include "gss_exchange.h"
#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

static gss_OID_desc unknown = {6, (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x01"};

static gss_name_t own_name(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = text_buffer(text);
    gss_name_t name;

    assert_complete(gssi_import_name(&minor, &buffer, type, &name));
    return name;
}

static void assert_own_name(gss_name_t name, const char *text)
{
    gss_buffer_desc shown;

    assert_complete(gssi_display_name(&minor, name, &shown, NULL));
    assert_bytes(shown, text, strlen(text));
    release_buffer(&shown);
}

static void let_go(gss_name_t *name)
{
    assert_complete(gssi_release_name(&minor, name));
    ck_assert_ptr_null(*name);
}

static gss_cred_id_t acquire(gss_cred_usage_t usage)
{
    gss_cred_id_t credential;

    assert_complete(
        gssi_acquire_cred(&minor, GSS_C_NO_NAME, 0, NULL, usage, &credential, NULL, NULL));
    return credential;
}

START_TEST(a_credential_says_whose_it_is)
{
    gss_cred_id_t credential = _i ? acquire(GSS_C_INITIATE) : GSS_C_NO_CREDENTIAL;
    OM_uint32 lifetime = 0, initiator = 0, acceptor = 0;
    gss_cred_usage_t usage = -1;
    gss_OID_set mechs;
    gss_name_t name;

    assert_complete(gssi_inquire_cred(&minor, credential, &name, &lifetime, &usage, &mechs));
    assert_own_name(name, "TESTDOM\\alice");
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    ck_assert_int_eq(usage, _i ? GSS_C_INITIATE : GSS_C_BOTH);
    ck_assert_uint_eq(mechs->count, 1);
    ck_assert(gss_oid_equal(&mechs->elements[0], NTLMSSP));
    gss_release_oid_set(&minor, &mechs);
    let_go(&name);

    assert_complete(gssi_inquire_cred_by_mech(&minor, credential, SPNEGO, &name, &initiator,
                                              &acceptor, &usage));
    assert_own_name(name, "TESTDOM\\alice");
    ck_assert_uint_eq(initiator, GSS_C_INDEFINITE);
    let_go(&name);
    assert_complete(gssi_inquire_cred(&minor, credential, NULL, NULL, NULL, NULL));
    gssi_release_cred(&minor, &credential);
}
END_TEST

START_TEST(what_no_mechanism_answers_is_not_answered)
{
    gss_cred_id_t credential = acquire(GSS_C_INITIATE);
    gss_buffer_set_t data = GSS_C_NO_BUFFER_SET;

    ck_assert_uint_ne(gssi_inquire_cred_by_oid(&minor, credential, &unknown, &data),
                      GSS_S_COMPLETE);
    ck_assert_ptr_null(data);
    gssi_release_cred(&minor, &credential);
}
END_TEST

START_TEST(nobody_acts_for_another_by_ntlm)
{
    gss_cred_id_t credential = _i ? acquire(GSS_C_INITIATE) : GSS_C_NO_CREDENTIAL, made;
    gss_name_t bob = own_name("TESTDOM\\bob", GSS_C_NT_USER_NAME);
    gss_OID_set mechs;

    ck_assert(GSS_ERROR(gssi_acquire_cred_impersonate_name(
        &minor, credential, bob, 0, NULL, GSS_C_INITIATE, &made, &mechs, NULL)));
    ck_assert_ptr_null(made);
    ck_assert_ptr_null(mechs);
    gssi_release_cred(&minor, &credential);
    let_go(&bob);
}
END_TEST

START_TEST(names_are_compared_by_their_mechanism)
{
    gss_name_t alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_name_t same = own_name("testdom\\ALICE", GSS_C_NT_USER_NAME);
    gss_name_t bob = own_name("TESTDOM\\bob", GSS_C_NT_USER_NAME);
    int equal = -1;

    assert_complete(gssi_compare_name(&minor, alice, alice, &equal));
    ck_assert_int_eq(equal, 1);
    assert_complete(gssi_compare_name(&minor, alice, bob, &equal));
    ck_assert_int_eq(equal, 0);
    assert_complete(gssi_compare_name(&minor, alice, same, &equal));
    let_go(&alice);
    let_go(&same);
    let_go(&bob);
}
END_TEST

START_TEST(a_name_is_shown_in_its_type)
{
    gss_name_t alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    gss_buffer_set_t attributes = GSS_C_NO_BUFFER_SET;
    int is_mech_name = -1;

    assert_own_name(alice, "TESTDOM\\alice");
    gssi_display_name_ext(&minor, alice, GSS_C_NT_USER_NAME, &shown);
    ck_assert(shown.length == 0 || memcmp(shown.value, "TESTDOM\\alice", shown.length) == 0);
    release_buffer(&shown);
    gssi_inquire_name(&minor, alice, &is_mech_name, NULL, &attributes);
    gss_release_buffer_set(&minor, &attributes);
    let_go(&alice);
}
END_TEST

/* What nobody can set, delete or map. */
START_TEST(a_name_keeps_its_attributes)
{
    gss_name_t alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_buffer_desc attribute = text_buffer("urn:test"), value = text_buffer("value");
    gss_any_t any = NULL;

    ck_assert(GSS_ERROR(gssi_set_name_attribute(&minor, alice, 1, &attribute, &value)));
    ck_assert(GSS_ERROR(gssi_delete_name_attribute(&minor, alice, &attribute)));
    ck_assert(GSS_ERROR(gssi_map_name_to_any(&minor, alice, 0, &attribute, &any)));
    ck_assert_ptr_null(any);
    ck_assert(GSS_ERROR(gssi_release_any_name_mapping(&minor, alice, &attribute, &any)));
    let_go(&alice);
}
END_TEST

START_TEST(nobody_becomes_an_account_that_is_not_his)
{
    gss_name_t alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_buffer_desc root = text_buffer("root");

    ck_assert_uint_ne(gssi_authorize_localname(&minor, alice, &root, GSS_C_NT_USER_NAME),
                      GSS_S_COMPLETE);
    ck_assert_uint_ne(gssi_authorize_localname(&minor, alice, &root, &unknown), GSS_S_COMPLETE);
    let_go(&alice);
}
END_TEST

START_TEST(name_types_and_attributes_are_spnegos)
{
    gss_OID_set set, known;
    int there;

    assert_complete(gssi_inquire_names_for_mech(&minor, SPNEGO, &set));
    assert_complete(gss_test_oid_set_member(&minor, GSS_C_NT_HOSTBASED_SERVICE, set, &there));
    ck_assert_int_eq(there, 1);
    ck_assert_uint_eq(set->count, 4);
    gss_release_oid_set(&minor, &set);
    assert_complete(gssi_inquire_names_for_mech(&minor, GSS_C_NO_OID, &set));
    gss_release_oid_set(&minor, &set);
    ck_assert_uint_eq(gssi_inquire_names_for_mech(&minor, NTLMSSP, &set), GSS_S_BAD_MECH);

    assert_complete(gssi_inquire_attrs_for_mech(&minor, SPNEGO, &set, &known));
    ck_assert_ptr_null(known);
    assert_complete(
        gss_test_oid_set_member(&minor, (gss_OID)(uintptr_t)GSS_C_MA_MECH_NEGO, set, &there));
    ck_assert_int_eq(there, 1);
    gss_release_oid_set(&minor, &set);
    assert_complete(gssi_inquire_attrs_for_mech(&minor, SPNEGO, NULL, NULL));
}
END_TEST

/* _i: SPNEGO's own number, from its first. */
START_TEST(each_status_has_a_text_of_its_own)
{
    static const OM_uint32 first = SPNEGO_ERR_NO_MEMORY;
    gss_buffer_desc text, other;
    OM_uint32 more = 1;

    assert_complete(gssi_display_status(&minor, first + (OM_uint32)_i, GSS_C_MECH_CODE, SPNEGO,
                                        &more, &text));
    ck_assert_uint_eq(more, 0);
    ck_assert_uint_gt(text.length, 10);
    for (OM_uint32 value = first; value < first + (OM_uint32)_i; value++) {
        assert_complete(
            gssi_display_status(&minor, value, GSS_C_MECH_CODE, SPNEGO, &more, &other));
        ck_assert(other.length != text.length ||
                  memcmp(other.value, text.value, text.length) != 0);
        release_buffer(&other);
    }
    release_buffer(&text);
}
END_TEST

/* Zero, a number of nobody's, and a major status. */
START_TEST(statuses_of_others_have_texts_as_well)
{
    gss_buffer_desc text;
    OM_uint32 more = 0;

    assert_complete(gssi_display_status(&minor, 0, GSS_C_MECH_CODE, SPNEGO, &more, &text));
    ck_assert_uint_gt(text.length, 0);
    release_buffer(&text);
    assert_status(GSS_S_BAD_STATUS, gssi_display_status(&minor, SPNEGO_ERR_END, GSS_C_MECH_CODE,
                                                        SPNEGO, &more, &text));
    ck_assert_uint_eq(text.length, 0);
    assert_complete(
        gssi_display_status(&minor, GSS_S_BAD_NAME, GSS_C_GSS_CODE, SPNEGO, &more, &text));
    ck_assert_uint_gt(text.length, 0);
    release_buffer(&text);
}
END_TEST

/* _i: the acceptor's own, which waits for a mechanism. */
START_TEST(a_context_that_is_not_there_has_no_options)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc value = text_buffer("x"), nothing = GSS_C_EMPTY_BUFFER, hello;
    gss_buffer_set_t data = GSS_C_NO_BUFFER_SET;

    if (_i) {
        ck_assert_uint_eq(gssi_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL,
                                                  &nothing, NULL, NULL, NULL, &hello, NULL,
                                                  NULL, NULL),
                          GSS_S_CONTINUE_NEEDED);
        release_buffer(&hello);
    }

    ck_assert_uint_eq(gssi_set_sec_context_option(&minor, &context, &unknown, &value),
                      GSS_S_UNAVAILABLE);
    ck_assert_uint_eq(gssi_inquire_sec_context_by_oid(&minor, context, &unknown, &data),
                      GSS_S_UNAVAILABLE);
    ck_assert(_i || !context);
    ck_assert_ptr_null(data);
    gssi_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}
END_TEST

/* A login, with the module's functions on both sides. */
static void log_in(gss_ctx_id_t *client, gss_ctx_id_t *server)
{
    gss_cred_id_t ours = acquire(GSS_C_INITIATE), theirs = acquire(GSS_C_ACCEPT);
    gss_name_t target = own_name("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, answer = GSS_C_EMPTY_BUFFER;
    OM_uint32 major = GSS_S_CONTINUE_NEEDED, accepted = GSS_S_CONTINUE_NEEDED;

    while (major == GSS_S_CONTINUE_NEEDED || accepted == GSS_S_CONTINUE_NEEDED) {
        major = gssi_init_sec_context(&minor, ours, client, target, SPNEGO,
                                      GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG, 0, NULL, &answer,
                                      NULL, &token, NULL, NULL);
        release_buffer(&answer);
        ck_assert(!GSS_ERROR(major));
        if (accepted == GSS_S_CONTINUE_NEEDED)
            accepted = gssi_accept_sec_context(&minor, server, theirs, &token, NULL, NULL, NULL,
                                               &answer, NULL, NULL, NULL);
        release_buffer(&token);
        ck_assert(!GSS_ERROR(accepted));
    }
    gssi_release_cred(&minor, &ours);
    gssi_release_cred(&minor, &theirs);
    let_go(&target);
}

START_TEST(an_established_context_passes_questions_on)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    gss_buffer_desc in = text_buffer("seed"), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 lifetime = 0;

    log_in(&client, &server);
    assert_complete(gssi_context_time(&minor, client, &lifetime));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    ck_assert(GSS_ERROR(gssi_pseudo_random(&minor, client, GSS_C_PRF_KEY_FULL, &in, 16, &out)));
    ck_assert_uint_eq(out.length, 0);
    ck_assert(GSS_ERROR(gssi_process_context_token(&minor, server, &in)));
    ck_assert(GSS_ERROR(gssi_set_sec_context_option(&minor, &client, &unknown, &in)));
    ck_assert_ptr_nonnull(client);
    gssi_delete_sec_context(&minor, &client, GSS_C_NO_BUFFER);
    gssi_delete_sec_context(&minor, &server, GSS_C_NO_BUFFER);
}
END_TEST

/* Each function on it, one after the other. */
static void assert_no_message(gss_ctx_id_t context)
{
    gss_buffer_desc in = text_buffer("text"), out = GSS_C_EMPTY_BUFFER;
    gss_iov_buffer_desc iov = {.type = GSS_IOV_BUFFER_TYPE_DATA, .buffer = in};
    OM_uint32 size = 0, minors[16] = {0};
    int state = 0;
    const OM_uint32 majors[16] = {
        gssi_get_mic(&minors[0], context, 0, &in, &out),
        gssi_verify_mic(&minors[1], context, &in, &in, NULL),
        gssi_wrap(&minors[2], context, 1, 0, &in, &state, &out),
        gssi_unwrap(&minors[3], context, &in, &out, &state, NULL),
        gssi_wrap_size_limit(&minors[4], context, 1, 0, 100, &size),
        gssi_wrap_aead(&minors[5], context, 1, 0, &in, &in, &state, &out),
        gssi_unwrap_aead(&minors[6], context, &in, &in, &out, &state, NULL),
        gssi_wrap_iov(&minors[7], context, 1, 0, &state, &iov, 1),
        gssi_wrap_iov_length(&minors[8], context, 1, 0, &state, &iov, 1),
        gssi_unwrap_iov(&minors[9], context, &state, NULL, &iov, 1),
        gssi_get_mic_iov(&minors[10], context, 0, &iov, 1),
        gssi_get_mic_iov_length(&minors[11], context, 0, &iov, 1),
        gssi_verify_mic_iov(&minors[12], context, NULL, &iov, 1),
        gssi_pseudo_random(&minors[13], context, GSS_C_PRF_KEY_FULL, &in, 16, &out),
        gssi_context_time(&minors[14], context, &size),
        gssi_process_context_token(&minors[15], context, &in),
    };

    for (int i = 0; i < 16; i++)
        ck_assert_msg(majors[i] == GSS_S_NO_CONTEXT && minors[i] == SPNEGO_ERR_NOT_COMPLETE,
                      "function %d: %#x, %#x", i, majors[i], minors[i]);
    ck_assert_ptr_null(out.value);
}

START_TEST(a_context_that_has_only_begun_protects_no_message)
{
    gss_cred_id_t ours = acquire(GSS_C_INITIATE);
    gss_name_t target = own_name("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;

    assert_no_message(context);
    ck_assert_uint_eq(gssi_init_sec_context(&minor, ours, &context, target, SPNEGO,
                                            GSS_C_CONF_FLAG, 0, NULL, NULL, NULL, &token, NULL,
                                            NULL),
                      GSS_S_CONTINUE_NEEDED);
    assert_no_message(context);
    release_buffer(&token);
    gssi_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    gssi_release_cred(&minor, &ours);
    let_go(&target);
}
END_TEST

/* As it was exported by somebody who had none: the mechglue makes no name of it. */
START_TEST(a_name_without_text_answers_nothing)
{
    static const char exported[] = "\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02\0\0\0";
    gss_buffer_desc bytes = {sizeof(exported), (void *)(uintptr_t)exported};
    gss_buffer_desc in = text_buffer("alice"), none = text_buffer(""), out = GSS_C_EMPTY_BUFFER;
    gss_name_t alice = own_name("TESTDOM\\alice", GSS_C_NT_USER_NAME), name;
    gss_OID type = GSS_C_NT_USER_NAME;
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    int flag = 0, more = -1;
    gss_any_t any = NULL;

    assert_complete(gssi_import_name(&minor, &bytes, GSS_C_NT_EXPORT_NAME, &name));
    const OM_uint32 majors[] = {
        gssi_display_name(&minor, name, &out, NULL),
        gssi_display_name_ext(&minor, name, type, &out),
        gssi_inquire_name(&minor, name, &flag, NULL, &set),
        gssi_get_name_attribute(&minor, name, &in, &flag, &flag, &out, NULL, &more),
        gssi_set_name_attribute(&minor, name, 1, &in, &in),
        gssi_delete_name_attribute(&minor, name, &in),
        gssi_export_name_composite(&minor, name, &out),
        gssi_map_name_to_any(&minor, name, 1, &in, &any),
        gssi_release_any_name_mapping(&minor, name, &in, &any),
        gssi_localname(&minor, name, SPNEGO, &out),
        gssi_export_name(&minor, name, &out),
        gssi_authorize_localname(&minor, name, &in, type),
        gssi_authorize_localname(&minor, alice, &none, type),
        gssi_compare_name(&minor, name, alice, &flag),
        gssi_compare_name(&minor, alice, name, &flag),
    };
    for (size_t i = 0; i < sizeof(majors) / sizeof(majors[0]); i++)
        ck_assert_msg(GSS_ROUTINE_ERROR(majors[i]) == GSS_S_BAD_NAME, "function %zu: %#x", i,
                      majors[i]);
    ck_assert_ptr_null(out.value);
    let_go(&name);
    let_go(&alice);
}
END_TEST

/* SPNEGO's header, and a length that is cut off, too small, too large. */
static const struct {
    const char *bytes;
    size_t len;
} wrong_exports[] = {
    {"\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02", 12},
    {"\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02\0\0\0", 15},
    {"\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02\0\0\0\1ab", 18},
    {"\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02\1\0\0\2ab", 18},
};

START_TEST(an_exported_name_has_the_length_that_it_says)
{
    gss_buffer_desc bytes = {wrong_exports[_i].len, (void *)(uintptr_t)wrong_exports[_i].bytes};
    gss_name_t name = GSS_C_NO_NAME;

    ck_assert_uint_eq(gssi_import_name(&minor, &bytes, GSS_C_NT_EXPORT_NAME, &name),
                      GSS_S_BAD_NAME);
    ck_assert_uint_eq(minor, SPNEGO_ERR_BAD_NAME);
    ck_assert_ptr_null(name);
}
END_TEST

/* Another mechanism's bytes are the mechglue's to take or to refuse, at once. */
START_TEST(what_another_mechanism_exported_is_read_at_once)
{
    gss_OID types[] = {GSS_C_NT_EXPORT_NAME, (gss_OID)(uintptr_t)GSS_C_NT_COMPOSITE_EXPORT};
    gss_buffer_desc bytes = text_buffer("\x04\x01 no name of anybody's");
    gss_name_t name = GSS_C_NO_NAME;

    ck_assert(GSS_ERROR(gssi_import_name(&minor, &bytes, types[_i], &name)));
    ck_assert_ptr_null(name);
    bytes.length = 4;
    ck_assert(GSS_ERROR(gssi_import_name(&minor, &bytes, types[_i], &name)));
    ck_assert_ptr_null(name);
}
END_TEST

START_TEST(an_option_of_nobodys_makes_no_credential)
{
    gss_cred_id_t credential = _i ? acquire(GSS_C_INITIATE) : GSS_C_NO_CREDENTIAL;
    gss_cred_id_t before = credential;
    gss_buffer_desc value = text_buffer("x");

    ck_assert(GSS_ERROR(gssi_set_cred_option(&minor, &credential, &unknown, &value)));
    ck_assert_ptr_eq(credential, before);
    gssi_release_cred(&minor, &credential);
}
END_TEST

/* A program's mistake: a token has a length and no address. _i: as acceptor. */
START_TEST(a_token_that_is_nowhere_is_none)
{
    gss_buffer_desc nowhere = {5, NULL}, out = GSS_C_EMPTY_BUFFER;
    gss_name_t target = own_name("HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;

    if (_i == 0)
        gssi_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, target, SPNEGO, 0, 0,
                              GSS_C_NO_CHANNEL_BINDINGS, &nowhere, NULL, &out, NULL, NULL);
    else
        gssi_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &nowhere,
                                GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &out, NULL, NULL, NULL);
    ck_assert_uint_eq(minor, SPNEGO_ERR_BAD_TOKEN);
    ck_assert_ptr_null(context);
    release_buffer(&out);
    let_go(&target);
}
END_TEST

START_TEST(iakerb_takes_no_password_that_is_nowhere)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_buffer_desc nowhere = {5, NULL};

    fixture_settings("negotiate_iakerb = true\n");
    ck_assert(GSS_ERROR(
        gssi_set_cred_option(&minor, &credential, oid_in(&oid_add_iakerb), &nowhere)));
    ck_assert_ptr_null(credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_door");
    TCase *cases = fixture_case(suite, "door");

    tcase_add_loop_test(cases, a_credential_says_whose_it_is, 0, 2);
    tcase_add_test(cases, what_no_mechanism_answers_is_not_answered);
    tcase_add_loop_test(cases, nobody_acts_for_another_by_ntlm, 0, 2);
    tcase_add_test(cases, names_are_compared_by_their_mechanism);
    tcase_add_test(cases, a_name_is_shown_in_its_type);
    tcase_add_test(cases, a_name_keeps_its_attributes);
    tcase_add_test(cases, nobody_becomes_an_account_that_is_not_his);
    tcase_add_test(cases, name_types_and_attributes_are_spnegos);
    tcase_add_loop_test(cases, each_status_has_a_text_of_its_own, 0,
                        SPNEGO_ERR_END - SPNEGO_ERR_NO_MEMORY);
    tcase_add_test(cases, statuses_of_others_have_texts_as_well);
    tcase_add_loop_test(cases, a_context_that_is_not_there_has_no_options, 0, 2);
    tcase_add_test(cases, an_established_context_passes_questions_on);
    tcase_add_loop_test(cases, an_option_of_nobodys_makes_no_credential, 0, 2);
    tcase_add_test(cases, a_context_that_has_only_begun_protects_no_message);
    tcase_add_test(cases, a_name_without_text_answers_nothing);
    tcase_add_loop_test(cases, an_exported_name_has_the_length_that_it_says, 0,
                        sizeof(wrong_exports) / sizeof(wrong_exports[0]));
    tcase_add_loop_test(cases, what_another_mechanism_exported_is_read_at_once, 0, 2);
    tcase_add_loop_test(cases, a_token_that_is_nowhere_is_none, 0, 2);
    tcase_add_test(cases, iakerb_takes_no_password_that_is_nowhere);
    return suite_run(suite);
}
