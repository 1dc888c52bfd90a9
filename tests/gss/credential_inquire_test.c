/* SPDX-License-Identifier: MIT */
/* credential_inquire_test.c - what credentials say of themselves, what can be
 * set on them, and how they join others and move to another process. */

#include "config.h"

#include "gss_exchange.h"

#define NO_CI_FLAGS "\x2a\x85\x70\x2b\x0d\x1d"
#define SET_NEG_FLAGS "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x05"
#define UNKNOWN "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x63"

static OM_uint32 set_option(gss_cred_id_t *credential, const char *oid, size_t oid_len,
                            const void *value, size_t len)
{
    gss_OID_desc object = {(OM_uint32)oid_len, (void *)(uintptr_t)oid};
    gss_buffer_desc buffer = bytes_buffer(value, len);

    return gss_set_cred_option(&minor, credential, &object, len ? &buffer : GSS_C_NO_BUFFER);
}
#define SET_OPTION(credential, oid, value, len)                                                \
    set_option(credential, oid, sizeof(oid) - 1, value, len)

START_TEST(an_initiator_says_who_it_is)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, "zoë", NULL);
    gss_OID_set mechs;
    gss_cred_usage_t usage;
    OM_uint32 lifetime;
    gss_name_t name;

    assert_complete(gss_inquire_cred(&minor, credential, &name, &lifetime, &usage, &mechs));
    assert_name(name, "TESTDOM\\Zoë", GSS_C_NT_USER_NAME);
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    ck_assert_int_eq(usage, GSS_C_INITIATE);
    ck_assert_uint_eq(mechs->count, 1);
    ck_assert(gss_oid_equal(&mechs->elements[0], NTLMSSP));
    gss_release_oid_set(&minor, &mechs);
    gss_release_name(&minor, &name);
    release(credential);
}
END_TEST

START_TEST(an_acceptor_has_a_name_in_any_case)
{
    gss_name_t service = service_of("HTTP@server.test"), name;
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    gss_cred_usage_t usage;

    assert_complete(gss_inquire_cred(&minor, credential, &name, NULL, &usage, NULL));
    ck_assert_ptr_nonnull(name);
    ck_assert_int_eq(usage, GSS_C_ACCEPT);
    gss_release_name(&minor, &name);
    release(credential);

    assert_complete(acquire_from(NTLMSSP, GSS_C_ACCEPT, service, NULL, &credential));
    assert_complete(gss_inquire_cred(&minor, credential, &name, NULL, NULL, NULL));
    assert_name(name, "HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &service);
    release(credential);
}
END_TEST

START_TEST(acquiring_says_which_mechanisms_and_how_long)
{
    gss_OID_set_desc wanted = {1, NTLMSSP};
    gss_OID_set mechs;
    gss_cred_id_t credential;
    OM_uint32 lifetime;

    assert_complete(gss_acquire_cred(&minor, GSS_C_NO_NAME, 300, &wanted, GSS_C_BOTH,
                                     &credential, &mechs, &lifetime));
    ck_assert_uint_eq(lifetime, GSS_C_INDEFINITE);
    ck_assert_uint_eq(mechs->count, 1);
    ck_assert(gss_oid_equal(&mechs->elements[0], NTLMSSP));
    gss_release_oid_set(&minor, &mechs);
    release(credential);
}
END_TEST

START_TEST(a_credential_is_inquired_by_its_mechanism)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    OM_uint32 initiator_lifetime, acceptor_lifetime;
    gss_cred_usage_t usage;
    gss_name_t name;

    assert_complete(gss_inquire_cred_by_mech(&minor, credential, NTLMSSP, &name,
                                             &initiator_lifetime, &acceptor_lifetime, &usage));
    assert_name(name, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    ck_assert_uint_eq(initiator_lifetime, GSS_C_INDEFINITE);
    ck_assert_uint_eq(acceptor_lifetime, 0);
    ck_assert_int_eq(usage, GSS_C_INITIATE);
    gss_release_name(&minor, &name);
    release(credential);

    credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    assert_complete(gss_inquire_cred_by_mech(&minor, credential, NTLMSSP, NULL,
                                             &initiator_lifetime, &acceptor_lifetime, &usage));
    ck_assert_uint_eq(initiator_lifetime, 0);
    ck_assert_uint_eq(acceptor_lifetime, GSS_C_INDEFINITE);
    release(credential);
}
END_TEST

START_TEST(the_default_credential_can_be_inquired)
{
    gss_cred_usage_t usage;
    gss_name_t name;

    assert_complete(gss_inquire_cred_by_mech(&minor, GSS_C_NO_CREDENTIAL, NTLMSSP, &name, NULL,
                                             NULL, &usage));
    assert_name(name, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    ck_assert_int_eq(usage, GSS_C_BOTH);
    gss_release_name(&minor, &name);
    unsetenv("NTLM_USER_FILE");
    assert_status(GSS_S_NO_CRED, gss_inquire_cred_by_mech(&minor, GSS_C_NO_CREDENTIAL, NTLMSSP,
                                                          &name, NULL, NULL, &usage));
    ck_assert_ptr_null(name);
}
END_TEST

START_TEST(inquiries_by_oid_and_options_that_are_not_known_are_unavailable)
{
    gss_OID_desc unknown = OID(UNKNOWN);
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_BOTH, NULL, NULL);
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;

    assert_status(GSS_S_UNAVAILABLE,
                  gss_inquire_cred_by_oid(&minor, credential, &unknown, &set));
    ck_assert_ptr_null(set);
    assert_status(GSS_S_UNAVAILABLE, SET_OPTION(&credential, UNKNOWN, "x", 1));
    release(credential);
}
END_TEST

/* The flags that a raw exchange returns to its initiator. */
static OM_uint32 flags_with(gss_cred_id_t credential, OM_uint32 flags)
{
    struct exchange exchange;
    OM_uint32 given;

    exchange_establish(&exchange,
                       &(struct request){.flags = flags, .client_credential = credential});
    given = exchange.client.flags;
    ck_assert_uint_eq(given & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG),
                      exchange.server.flags & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG));
    exchange_end(&exchange);
    return given &
           (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG);
}

START_TEST(no_ci_flags_keeps_detection_from_asking_for_integrity)
{
    const OM_uint32 detection = GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);

    ck_assert_uint_eq(flags_with(credential, detection), detection | GSS_C_INTEG_FLAG);
    assert_complete(SET_OPTION(&credential, NO_CI_FLAGS, "", 0));
    ck_assert_uint_eq(flags_with(credential, detection), 0);
    ck_assert_uint_eq(flags_with(credential, detection | GSS_C_INTEG_FLAG),
                      detection | GSS_C_INTEG_FLAG);
    ck_assert_uint_eq(flags_with(credential, GSS_C_CONF_FLAG),
                      GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG);
    release(credential);
}
END_TEST

START_TEST(no_ci_flags_takes_integrity_out_of_spnego)
{
    gss_cred_id_t credential = credential_of(SPNEGO, GSS_C_INITIATE, NULL, NULL);
    struct exchange exchange;

    assert_complete(SET_OPTION(&credential, NO_CI_FLAGS, "", 0));
    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO, .client_credential = credential});
    ck_assert_uint_eq(exchange.client.flags & GSS_C_INTEG_FLAG, 0);
    ck_assert_uint_eq(exchange.server.flags & GSS_C_INTEG_FLAG, 0);
    exchange_end(&exchange);
    release(credential);
}
END_TEST

/* NegotiateFlags in the NEGOTIATE of this credential. */
static uint32_t negotiate_flags(gss_cred_id_t credential)
{
    struct exchange exchange;
    uint32_t flags;

    exchange_begin(&exchange, &(struct request){.client_credential = credential});
    exchange_step(&exchange);
    ck_assert_uint_ge(exchange.tokens[0].length, 16);
    memcpy(&flags, (char *)exchange.tokens[0].value + 12, sizeof(flags));
    exchange_end(&exchange);
    return flags;
}

START_TEST(default_negotiate_flags_can_be_set)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    const uint32_t unicode = 0x00000001, ntlm = 0x00000200, ess = 0x00080000,
                   version = 0x02000000;
    uint32_t flags = unicode | ntlm | ess;

    assert_complete(SET_OPTION(&credential, SET_NEG_FLAGS, &flags, sizeof(flags)));
    ck_assert_uint_eq(negotiate_flags(credential), flags | version);
    release(credential);
}
END_TEST

START_TEST(default_negotiate_flags_are_four_bytes)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    uint32_t before = negotiate_flags(credential);

    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                  SET_OPTION(&credential, SET_NEG_FLAGS, "abc", 3));
    assert_minor(NTLM_ERR_BAD_ARGUMENT);
    ck_assert_uint_eq(negotiate_flags(credential), before);
    release(credential);
}
END_TEST

START_TEST(a_credential_is_added_once)
{
    gss_name_t name = user_of("TESTDOM\\bob");
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL, other = GSS_C_NO_CREDENTIAL;
    OM_uint32 initiator_lifetime;

    fixture_settings("allow_empty_passwords = true"); /* bob's is empty */
    assert_complete(gss_add_cred(&minor, GSS_C_NO_CREDENTIAL, name, NTLMSSP, GSS_C_INITIATE,
                                 300, 0, &credential, NULL, &initiator_lifetime, NULL));
    ck_assert_uint_eq(initiator_lifetime, GSS_C_INDEFINITE);
    assert_status(GSS_S_DUPLICATE_ELEMENT,
                  gss_add_cred(&minor, credential, name, NTLMSSP, GSS_C_INITIATE, 300, 0, NULL,
                               NULL, NULL, NULL));
    /* SPNEGO's joins a copy of ours. */
    assert_complete(gss_add_cred(&minor, credential, name, SPNEGO, GSS_C_INITIATE, 300, 0,
                                 &other, NULL, NULL, NULL));
    release(credential);
    ck_assert_uint_eq(flags_with(other, GSS_C_INTEG_FLAG), GSS_C_INTEG_FLAG);
    release(other);
    gss_release_name(&minor, &name);
}
END_TEST

/* The same credential by way of an exported token. */
static gss_cred_id_t moved(gss_cred_id_t credential)
{
    gss_buffer_desc token;
    gss_cred_id_t arrived;

    assert_complete(gss_export_cred(&minor, credential, &token));
    release(credential);
    assert_complete(gss_import_cred(&minor, &token, &arrived));
    release_buffer(&token);
    return arrived;
}

START_TEST(an_exported_initiator_logs_in_elsewhere)
{
    gss_OID mechs[] = {NTLMSSP, SPNEGO};

    for (size_t i = 0; i < 2; i++) {
        gss_cred_id_t credential =
            moved(credential_by_password(mechs[i], "TESTDOM\\Zoë", "Pässwörd €𝄞"));
        struct exchange exchange;

        exchange_establish(&exchange, &(struct request){.mech = mechs[i],
                                                        .flags = GSS_C_INTEG_FLAG,
                                                        .client_credential = credential});
        assert_name(exchange.source, "TESTDOM\\Zoë", GSS_C_NT_USER_NAME);
        exchange_end(&exchange);
        release(credential);
    }
}
END_TEST

START_TEST(an_exported_acceptor_accepts_elsewhere_by_its_own_file)
{
    const char *file = fixture_file("others", 0600, "TESTDOM:alice:another\n");
    gss_cred_id_t server =
        moved(credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE("ntlmssp_keyfile", file)));
    gss_cred_id_t client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "another");
    struct exchange exchange;

    exchange_establish(
        &exchange, &(struct request){.client_credential = client, .server_credential = server});
    exchange_end(&exchange);
    release(client);
    release(server);
}
END_TEST

START_TEST(an_exported_credential_keeps_its_options)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_BOTH, NULL, NULL);
    uint32_t flags = 0x00080201;
    gss_cred_usage_t usage;

    assert_complete(SET_OPTION(&credential, NO_CI_FLAGS, "", 0));
    assert_complete(SET_OPTION(&credential, SET_NEG_FLAGS, &flags, sizeof(flags)));
    credential = moved(credential);
    assert_complete(gss_inquire_cred(&minor, credential, NULL, NULL, &usage, NULL));
    ck_assert_int_eq(usage, GSS_C_BOTH);
    ck_assert_uint_eq(negotiate_flags(credential), flags | 0x02000000);
    ck_assert_uint_eq(flags_with(credential, GSS_C_REPLAY_FLAG), 0);
    release(credential);
}
END_TEST

START_TEST(an_exported_nobody_is_nobody_still)
{
    gss_name_t nobody = name_of("", GSS_C_NT_ANONYMOUS);
    gss_cred_id_t credential;
    struct exchange exchange;

    fixture_settings("allow_anonymous = true");
    assert_complete(acquire_from(NTLMSSP, GSS_C_INITIATE, nobody, NULL, &credential));
    credential = moved(credential);
    exchange_establish(&exchange, &(struct request){.client_credential = credential});
    assert_name(exchange.source, "<anonymous>", GSS_C_NT_ANONYMOUS);
    exchange_end(&exchange);
    release(credential);
    gss_release_name(&minor, &nobody);
}
END_TEST

/* So it can tell a reflection: see refusal_test.c. */
START_TEST(an_exported_acceptor_knows_its_name_still)
{
    gss_name_t service = service_of("HTTP@other.test"), name;
    gss_cred_id_t credential;
    struct exchange exchange;

    assert_complete(acquire_from(NTLMSSP, GSS_C_ACCEPT, service, NULL, &credential));
    credential = moved(credential);
    assert_complete(gss_inquire_cred(&minor, credential, &name, NULL, NULL, NULL));
    assert_name(name, "HTTP@other.test", GSS_C_NT_HOSTBASED_SERVICE);
    exchange_run(&exchange, &(struct request){.server_credential = credential});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_REFLECTION);
    exchange_end(&exchange);
    release(credential);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &service);
}
END_TEST

/* The mechglue's header, our kind, then usage, flags and four booleans. */
#define USAGE_AT 22
#define BOOLEANS_AT 30

static void assert_no_import(gss_buffer_desc token)
{
    gss_cred_id_t arrived;

    assert_status(GSS_S_DEFECTIVE_TOKEN, gss_import_cred(&minor, &token, &arrived));
    assert_minor(NTLM_ERR_BAD_EXPORT);
}

START_TEST(a_credential_token_must_make_sense)
{
    const gss_cred_usage_t usages[] = {GSS_C_BOTH, GSS_C_INITIATE};

    for (int k = 0; k < 2; k++) {
        gss_cred_id_t credential = credential_of(NTLMSSP, usages[k], NULL, NULL);
        gss_buffer_desc token;
        uint8_t *bytes;

        assert_complete(gss_export_cred(&minor, credential, &token));
        release(credential);
        bytes = token.value;
        ck_assert_int_eq(bytes[USAGE_AT], usages[k]);
        for (uint8_t usage = 3; usage != 0; usage++) {
            bytes[USAGE_AT] = usage;
            assert_no_import(token);
        }
        /* An acceptor would have a name. */
        bytes[USAGE_AT] = GSS_C_ACCEPT;
        if (usages[k] == GSS_C_INITIATE)
            assert_no_import(token);
        bytes[USAGE_AT] = (uint8_t)usages[k];
        for (int i = 0; i < 3; i++) {
            bytes[BOOLEANS_AT + i] ^= 2;
            assert_no_import(token);
            bytes[BOOLEANS_AT + i] ^= 2;
        }
        assert_complete(gss_import_cred(&minor, &token, &credential));
        release(credential);
        release_buffer(&token);
    }
}
END_TEST

START_TEST(a_damaged_credential_token_never_crashes)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_BOTH, NULL, NULL), arrived;
    gss_buffer_desc token;

    assert_complete(gss_export_cred(&minor, credential, &token));
    release(credential);
    for (size_t len = 0; len < token.length; len++) {
        gss_buffer_desc cut = bytes_buffer(token.value, len);

        ck_assert(GSS_ERROR(gss_import_cred(&minor, &cut, &arrived)));
    }
    for (size_t i = 0; i < token.length; i++) {
        uint8_t *byte = (uint8_t *)token.value + i;

        *byte ^= 0xff;
        if (gss_import_cred(&minor, &token, &arrived) == GSS_S_COMPLETE)
            release(arrived);
        *byte ^= 0xff;
    }
    assert_complete(gss_import_cred(&minor, &token, &arrived));
    release(arrived);
    release_buffer(&token);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_credential_inquire");
    TCase *cases = fixture_case(suite, "inquire");
    tcase_add_test(cases, an_initiator_says_who_it_is);
    tcase_add_test(cases, an_acceptor_has_a_name_in_any_case);
    tcase_add_test(cases, acquiring_says_which_mechanisms_and_how_long);
    tcase_add_test(cases, a_credential_is_inquired_by_its_mechanism);
    tcase_add_test(cases, the_default_credential_can_be_inquired);
    cases = fixture_case(suite, "options");
    tcase_add_test(cases, inquiries_by_oid_and_options_that_are_not_known_are_unavailable);
    tcase_add_test(cases, no_ci_flags_keeps_detection_from_asking_for_integrity);
    tcase_add_test(cases, no_ci_flags_takes_integrity_out_of_spnego);
    tcase_add_test(cases, default_negotiate_flags_can_be_set);
    tcase_add_test(cases, default_negotiate_flags_are_four_bytes);
    cases = fixture_case(suite, "move");
    tcase_add_test(cases, a_credential_is_added_once);
    tcase_add_test(cases, an_exported_initiator_logs_in_elsewhere);
    tcase_add_test(cases, an_exported_acceptor_accepts_elsewhere_by_its_own_file);
    tcase_add_test(cases, an_exported_credential_keeps_its_options);
    tcase_add_test(cases, an_exported_nobody_is_nobody_still);
    tcase_add_test(cases, an_exported_acceptor_knows_its_name_still);
    tcase_add_test(cases, a_credential_token_must_make_sense);
    tcase_add_test(cases, a_damaged_credential_token_never_crashes);
    return suite_run(suite);
}
