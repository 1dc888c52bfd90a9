/* SPDX-License-Identifier: MIT */
/* spnego_test.c - MIT's SPNEGO over the module, its tokens taken apart: what
 * is offered, who says when it is over, and the mechListMIC in both
 * directions, with what it does to the streams. */

#include "config.h"

#include <stdio.h>

#include <krb5.h>

#include "gss_exchange.h"
#include "ntlm/flags.h"
#include "ntlm/hmac.h"
#include "ntlm/keys.h"
#include "ntlm/rc4.h"
#include "spnego_token.h"

#define NO_CI_FLAGS "\x2a\x85\x70\x2b\x0d\x1d"
#define SIGNATURE 16
/* where the message's type is, and the flags of an AUTHENTICATE */
#define MESSAGE_TYPE_AT 8
#define FLAGS_AT 60

static void assert_ntlm(gss_buffer_desc token, uint8_t type)
{
    ck_assert_uint_gt(token.length, 12);
    ck_assert_mem_eq(token.value, "NTLMSSP\0", 8);
    ck_assert_uint_eq(((uint8_t *)token.value)[MESSAGE_TYPE_AT], type);
}

/* The SPNEGO tokens of an exchange that went well. */
static void read_all(const struct exchange *exchange, struct spnego_token tokens[4])
{
    for (int i = 0; i < 4; i++)
        spnego_read(exchange->tokens[i], &tokens[i]);
}

START_TEST(the_first_token_offers_ntlm_with_its_token)
{
    struct exchange exchange;
    struct spnego_token token;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO});
    exchange_step(&exchange);
    spnego_read(exchange.tokens[0], &token);
    ck_assert(token.init);
    ck_assert_uint_eq(token.mech_count, 1);
    ck_assert(gss_oid_equal(&token.mechs[0], NTLMSSP));
    assert_ntlm(token.mech_token, 1);
    ck_assert_ptr_null(token.mic.value);
    exchange_end(&exchange);
}
END_TEST

START_TEST(with_integrity_both_sides_send_a_mech_list_mic)
{
    struct spnego_token tokens[4];
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    ck_assert_int_eq(exchange.steps, 5);
    read_all(&exchange, tokens);

    ck_assert(!tokens[1].init);
    ck_assert_int_eq(tokens[1].state, ACCEPT_INCOMPLETE);
    ck_assert(gss_oid_equal(&tokens[1].supported_mech, NTLMSSP));
    assert_ntlm(tokens[1].mech_token, 2);
    ck_assert_ptr_null(tokens[1].mic.value);

    ck_assert_int_eq(tokens[2].state, ACCEPT_INCOMPLETE);
    assert_ntlm(tokens[2].mech_token, 3);
    ck_assert_uint_eq(tokens[2].mic.length, SIGNATURE);

    ck_assert_int_eq(tokens[3].state, ACCEPT_COMPLETED);
    ck_assert_uint_eq(tokens[3].mech_token.length, 0);
    ck_assert_uint_eq(tokens[3].mic.length, SIGNATURE);
    ck_assert_uint_eq(exchange.tokens[4].length, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(without_integrity_there_is_no_mech_list_mic)
{
    gss_OID_desc no_ci_flags = OID(NO_CI_FLAGS);
    gss_cred_id_t credential = credential_of(SPNEGO, GSS_C_INITIATE, NULL, NULL);
    struct spnego_token tokens[4];
    struct exchange exchange;

    assert_complete(gss_set_cred_option(&minor, &credential, &no_ci_flags, GSS_C_NO_BUFFER));
    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO, .client_credential = credential});
    read_all(&exchange, tokens);
    for (int i = 0; i < 4; i++)
        ck_assert_ptr_null(tokens[i].mic.value);
    assert_ntlm(tokens[2].mech_token, 3);
    ck_assert_int_eq(tokens[3].state, ACCEPT_COMPLETED);
    exchange_end(&exchange);
    release(credential);
}
END_TEST

/* NTLMv1 has no MIC in its AUTHENTICATE, and then none is obliged. */
START_TEST(without_a_mic_in_the_answer_there_is_no_mech_list_mic)
{
    struct spnego_token tokens[4];
    struct exchange exchange;

    setenv("LM_COMPAT_LEVEL", "2", 1);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_INTEG_FLAG});
    read_all(&exchange, tokens);
    for (int i = 0; i < 4; i++)
        ck_assert_ptr_null(tokens[i].mic.value);
    ck_assert_int_eq(tokens[3].state, ACCEPT_COMPLETED);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

/* The keys of one direction, from what the exchange says of itself. */
struct direction_keys {
    uint8_t signing[16], sealing[16];
    size_t sealing_len;
};

static struct direction_keys keys_of(const struct exchange *exchange, enum ntlm_role from)
{
    gss_buffer_desc key = INQUIRE(exchange->client.context, OID_SESSION_KEY);
    struct spnego_token authenticate;
    struct direction_keys keys;
    uint32_t flags;

    spnego_read(exchange->tokens[2], &authenticate);
    memcpy(&flags, (uint8_t *)authenticate.mech_token.value + FLAGS_AT, sizeof(flags));
    ck_assert_uint_ne(flags & NTLMSSP_NEGOTIATE_KEY_EXCH, 0);
    ck_assert_uint_eq(key.length, 16);
    ck_assert_int_eq(ntlm_signing_key(key.value, from, keys.signing), NTLM_OK);
    ck_assert_int_eq(ntlm_sealing_key(flags, key.value, from, keys.sealing, &keys.sealing_len),
                     NTLM_OK);
    free(key.value);
    return keys;
}

/* A signature of sequence number 0, made first of all in its stream ([MS-NLMP]
 * 3.4.4.2), over the mech list. */
static void assert_mech_list_mic(const struct exchange *exchange, enum ntlm_role from, int step)
{
    struct direction_keys keys = keys_of(exchange, from);
    struct spnego_token offer, token;
    uint8_t expected[16], checksum[8];
    const uint8_t *mic;

    spnego_read(exchange->tokens[0], &offer);
    spnego_read(exchange->tokens[step], &token);
    mic = token.mic.value;
    ck_assert_mem_eq(mic, "\1\0\0\0", 4);
    ck_assert_mem_eq(mic + 12, "\0\0\0\0", 4);
    ck_assert_int_eq(ntlm_hmac_md5(keys.signing,
                                   (struct ntlm_bytes[]){ntlm_bytes("\0\0\0\0", 4),
                                                         ntlm_bytes(offer.mech_list.value,
                                                                    offer.mech_list.length)},
                                   2, expected),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_rc4k(ntlm_bytes(keys.sealing, keys.sealing_len), mic + 4, checksum,
                               sizeof(checksum)),
                     NTLM_OK);
    ck_assert_mem_eq(checksum, expected, sizeof(checksum));
}

START_TEST(a_mech_list_mic_is_the_signature_of_the_mech_list)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    assert_mech_list_mic(&exchange, NTLM_CLIENT, 2);
    assert_mech_list_mic(&exchange, NTLM_SERVER, 3);
    exchange_end(&exchange);
}
END_TEST

/* The first wrapped message has this sequence number, and was encrypted at the
 * very start of its stream. */
static void assert_first_message(const struct exchange *exchange, enum ntlm_role from,
                                 uint8_t number)
{
    const bool client = from == NTLM_CLIENT;
    struct direction_keys keys = keys_of(exchange, from);
    gss_buffer_desc text = text_buffer("Begin at the beginning"), token, out;
    uint8_t plain[64], *bytes;

    assert_complete(gss_wrap(&minor,
                             client ? exchange->client.context : exchange->server.context, 1,
                             GSS_C_QOP_DEFAULT, &text, NULL, &token));
    bytes = token.value;
    ck_assert_uint_eq(token.length, SIGNATURE + text.length);
    ck_assert_uint_eq(bytes[12], number);
    ck_assert_mem_eq(bytes + 13, "\0\0\0", 3);
    ck_assert_int_eq(ntlm_rc4k(ntlm_bytes(keys.sealing, keys.sealing_len), bytes + SIGNATURE,
                               plain, text.length),
                     NTLM_OK);
    ck_assert_mem_eq(plain, text.value, text.length);
    assert_complete(gss_unwrap(&minor,
                               client ? exchange->server.context : exchange->client.context,
                               &token, &out, NULL, NULL));
    assert_bytes(out, text.value, text.length);
    release_buffer(&token);
    release_buffer(&out);
}

START_TEST(after_it_the_streams_begin_anew_and_the_numbers_go_on)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    assert_first_message(&exchange, NTLM_CLIENT, 1);
    assert_first_message(&exchange, NTLM_SERVER, 1);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_mech_list_mic_that_was_altered_is_refused_by_the_acceptor)
{
    struct spnego_token token;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    for (int i = 0; i < 3; i++)
        exchange_step(&exchange);
    spnego_read(exchange.tokens[2], &token);
    ((uint8_t *)token.mic.value)[4 + _i] ^= 1;
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    spnego_read(exchange.tokens[3], &token);
    ck_assert_int_eq(token.state, REJECT);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_mech_list_mic_that_was_altered_is_refused_by_the_initiator)
{
    struct spnego_token token;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    for (int i = 0; i < 4; i++)
        exchange_step(&exchange);
    spnego_read(exchange.tokens[3], &token);
    ((uint8_t *)token.mic.value)[4 + _i] ^= 1;
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_mech_list_mic_that_was_taken_out_is_missed)
{
    struct spnego_token token;
    struct exchange exchange;
    uint8_t *mic_field;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    for (int i = 0; i < 4; i++)
        exchange_step(&exchange);
    /* From the acceptor's last token, which then says no more than that all is
     * well: a1 LL 30 LL ... a3 12 04 10 MIC. */
    spnego_read(exchange.tokens[3], &token);
    mic_field = (uint8_t *)token.mic.value - 4;
    ck_assert_uint_eq(*mic_field, 0xa3);
    exchange.tokens[3].length = (size_t)(mic_field - (uint8_t *)exchange.tokens[3].value);
    ((uint8_t *)exchange.tokens[3].value)[1] -= 20;
    ((uint8_t *)exchange.tokens[3].value)[3] -= 20;
    spnego_read(exchange.tokens[3], &token);
    ck_assert_ptr_null(token.mic.value);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

/* Who is in between takes Kerberos out of the offer, or puts something in. */
START_TEST(a_mech_list_that_was_altered_is_refused)
{
    const gss_OID_desc other = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f");
    const gss_OID_desc mechs[] = {ntlmssp_oid, other};
    struct spnego_token token;
    gss_buffer_desc altered;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    exchange_step(&exchange);
    spnego_read(exchange.tokens[0], &token);
    altered = spnego_init_token(mechs, 2, token.mech_token);
    release_buffer(&exchange.tokens[0]);
    exchange.tokens[0] = altered;
    exchange_step(&exchange);
    ck_assert_uint_eq(exchange.server.major, GSS_S_CONTINUE_NEEDED);
    exchange_step(&exchange);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
}
END_TEST

/* A keytab, so that Kerberos has an acceptor's credential. */
static void make_keytab(void)
{
    const char *path = fixture_path("keytab");
    char name[128];
    krb5_keytab_entry entry = {.vno = 1};
    krb5_keytab keytab;
    krb5_context krb5;

    ck_assert_int_eq(krb5_init_context(&krb5), 0);
    snprintf(name, sizeof(name), "FILE:%s", path);
    ck_assert_int_eq(krb5_kt_resolve(krb5, name, &keytab), 0);
    ck_assert_int_eq(krb5_parse_name(krb5, "HTTP/server.test@NOWHERE.TEST", &entry.principal),
                     0);
    ck_assert_int_eq(krb5_c_make_random_key(krb5, ENCTYPE_AES256_CTS_HMAC_SHA1_96, &entry.key),
                     0);
    ck_assert_int_eq(krb5_kt_add_entry(krb5, keytab, &entry), 0);
    krb5_free_keytab_entry_contents(krb5, &entry);
    krb5_kt_close(krb5, keytab);
    krb5_free_context(krb5);
    setenv("KRB5_KTNAME", name, 1);
}

/* Whether SPNEGO's default acceptor offers NTLM: it says so when asked with an
 * empty token ([MS-SPNG] 3.2.5.2). */
static bool is_offered(void)
{
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER, output = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    struct spnego_token token;
    bool found = false;

    assert_status(GSS_S_CONTINUE_NEEDED,
                  gss_accept_sec_context(&minor, &context, GSS_C_NO_CREDENTIAL, &nothing,
                                         GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output, NULL,
                                         NULL, NULL));
    spnego_read(output, &token);
    for (size_t i = 0; i < token.mech_count; i++)
        found = found || gss_oid_equal(&token.mechs[i], NTLMSSP);
    release_buffer(&output);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    return found;
}

START_TEST(an_acceptor_offers_ntlm_where_there_are_accounts_only)
{
    make_keytab();
    ck_assert(is_offered());
    unsetenv("NTLM_USER_FILE");
    ck_assert(!is_offered());
}
END_TEST

START_TEST(with_no_credential_at_all_spnego_offers_nothing)
{
    gss_cred_id_t credential;
    struct exchange exchange;

    unsetenv("NTLM_USER_FILE");
    ck_assert(
        GSS_ERROR(acquire_from(SPNEGO, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential)));
    ck_assert(GSS_ERROR(acquire_from(SPNEGO, GSS_C_ACCEPT, GSS_C_NO_NAME, NULL, &credential)));
    exchange_run(&exchange, &(struct request){.mech = SPNEGO});
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_refusal_is_told_with_a_reject)
{
    gss_cred_id_t wrong = credential_by_password(SPNEGO, "TESTDOM\\alice", "wrong");
    struct spnego_token token;
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .client_credential = wrong});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
    spnego_read(exchange.tokens[3], &token);
    ck_assert_int_eq(token.state, REJECT);
    ck_assert_uint_eq(token.mech_token.length, 0);
    exchange_end(&exchange);
    release(wrong);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_spnego");
    TCase *cases = fixture_case(suite, "tokens");
    tcase_add_test(cases, the_first_token_offers_ntlm_with_its_token);
    tcase_add_test(cases, an_acceptor_offers_ntlm_where_there_are_accounts_only);
    tcase_add_test(cases, with_no_credential_at_all_spnego_offers_nothing);
    tcase_add_test(cases, a_refusal_is_told_with_a_reject);
    cases = fixture_case(suite, "mech_list_mic");
    tcase_add_test(cases, with_integrity_both_sides_send_a_mech_list_mic);
    tcase_add_test(cases, without_integrity_there_is_no_mech_list_mic);
    tcase_add_test(cases, without_a_mic_in_the_answer_there_is_no_mech_list_mic);
    tcase_add_test(cases, a_mech_list_mic_is_the_signature_of_the_mech_list);
    tcase_add_test(cases, after_it_the_streams_begin_anew_and_the_numbers_go_on);
    cases = fixture_case(suite, "tampering");
    tcase_add_loop_test(cases, a_mech_list_mic_that_was_altered_is_refused_by_the_acceptor, 0,
                        12);
    tcase_add_loop_test(cases, a_mech_list_mic_that_was_altered_is_refused_by_the_initiator, 0,
                        12);
    tcase_add_test(cases, a_mech_list_mic_that_was_taken_out_is_missed);
    tcase_add_test(cases, a_mech_list_that_was_altered_is_refused);
    return suite_run(suite);
}
