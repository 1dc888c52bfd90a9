/* SPDX-License-Identifier: MIT */
/* caller_test.c - what a negotiation tells its caller: flags, why it failed, whose name
 * it is; and the trace. */

#include "config.h"

#include <stdio.h>

#include "spnego_exchange.h"

/* The trace stays open. */
const char suite_kept_open[] = "/trace";

START_TEST(integrity_that_only_the_negotiation_asked_for_is_not_told)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO});
    ck_assert_uint_eq(exchange.client.flags & GSS_C_INTEG_FLAG, 0);
    exchange_end(&exchange);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    ck_assert_uint_ne(exchange.client.flags & GSS_C_INTEG_FLAG, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(integrity_that_the_administrator_requires_is_told)
{
    static const char *const settings[] = {"client_require_sign = true\n",
                                           "client_require_seal = true\n"};
    static const OM_uint32 required[] = {GSS_C_INTEG_FLAG, GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG};
    struct exchange exchange;

    fixture_settings(settings[_i]);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO});
    ck_assert_uint_eq(exchange.client.flags & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG),
                      required[_i]);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(each_mechanism_says_why_it_has_no_credential)
{
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_cred_id_t credential;
    const char *text;

    unsetenv("NTLM_USER_FILE");
    ck_assert(GSS_ERROR(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &mechs, GSS_C_INITIATE,
                                         &credential, NULL, NULL)));
    text = status_text(minor, SPNEGO);
    ck_assert_msg(strncmp(text, "Kerberos: No Kerberos credentials available", 43) == 0, "%s",
                  text);
    assert_contains(text, "; NTLM: ");
}
END_TEST

START_TEST(each_mechanism_says_why_it_cannot_log_in)
{
    struct exchange exchange;
    const char *text;

    fixture_settings("restrict_sending_ntlm = deny\n client_allowed_ntlm_servers = nowhere");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO});
    text = side_text(&exchange, &exchange.client);
    ck_assert_msg(strncmp(text, "NTLM: ", 6) == 0, "%s", text);
    assert_contains(text, "restrict_sending_ntlm");
    assert_contains(text, "; Kerberos: No Kerberos credentials available");
    exchange_end(&exchange);
}
END_TEST

static OM_uint32 take(gss_ctx_id_t *context, gss_buffer_t token, gss_buffer_t out)
{
    return gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL, token, NULL, NULL, NULL,
                                  out, NULL, NULL, NULL);
}

/* The server has spoken first; it has only Kerberos. The token is released. */
static void begin_with(struct exchange *exchange, gss_buffer_desc hello)
{
    gss_buffer_desc out;

    ck_assert(GSS_ERROR(gss_init_sec_context(
        &minor, GSS_C_NO_CREDENTIAL, &exchange->client.context, exchange->target, SPNEGO,
        SIGNED, 0, NULL, &hello, NULL, &out, NULL, NULL)));
    release_buffer(&hello);
}

START_TEST(the_trace_shows_each_token_and_decision)
{
    static const char *const lines[] = {
        "SPNEGO is ours in this process",
        "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: ",
        "SPNEGO: NTLM is chosen, the initiator's first",
        "SPNEGO acceptor sends NegTokenResp negState: accept-incomplete; supportedMech: NTLM;",
        "; mechListMIC: 16 bytes",
        "SPNEGO: the peer's mechListMIC is right",
        "SPNEGO initiator receives NegTokenResp negState: accept-completed; mechListMIC: ",
        "SPNEGO acceptor sends NegTokenInit2 mechTypes: NTLM",
        "SPNEGO acceptor receives 4 bytes that are no SPNEGO token: ",
        "SPNEGO initiator receives NegTokenInit mechTypes: Kerberos (as Microsoft writes it)",
    };
    static const struct der_bytes microsofts[] = {
        {(const uint8_t *)"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02", 9}};
    gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER, junk = text_buffer("junk"), out;
    struct token hello = {.kind = TOKEN_INIT};
    uint8_t list[32];
    const char *path = fixture_file("trace", 0600, "");
    struct exchange exchange;
    char text[65536] = "";
    FILE *file;

    if (skipped_without_fork("the_trace_shows_each_token_and_decision"))
        return;
    setenv("NTLM_TRACE", path, 1);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    exchange_end(&exchange);
    exchange_begin(&exchange, &(struct request){.mech = SPNEGO, .flags = SIGNED});
    assert_status(GSS_S_CONTINUE_NEEDED, take(&exchange.server.context, &nothing, &out));
    release_buffer(&out);
    assert_status(GSS_S_DEFECTIVE_TOKEN, take(&exchange.server.context, &junk, &out));
    release_buffer(&out);
    hello.mech_types = (struct der_bytes){list, token_write_mechs(microsofts, 1, NULL)};
    token_write_mechs(microsofts, 1, list + hello.mech_types.len);
    begin_with(&exchange, written(&hello));
    exchange_end(&exchange);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
    fclose(file);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_contains(text, lines[i]);
}
END_TEST

/* Access lists have the bytes that MIT's gives. */
START_TEST(a_name_is_exported_as_by_mit)
{
    static const char exported[] = "\x04\x01\x00\x08\x06\x06\x2b\x06\x01\x05\x05\x02"
                                   "\x00\x00\x00\x0dTESTDOM\\alice";
    struct exchange exchange;
    gss_buffer_desc out;
    gss_name_t again;
    OM_uint32 ignored;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO});
    assert_complete(gss_export_name(&minor, exchange.source, &out));
    assert_bytes(out, exported, sizeof(exported) - 1);
    assert_complete(gss_import_name(&minor, &out, GSS_C_NT_EXPORT_NAME, &again));
    gss_release_name(&ignored, &again);
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_caller");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "telling");
    tcase_add_test(cases, integrity_that_only_the_negotiation_asked_for_is_not_told);
    tcase_add_loop_test(cases, integrity_that_the_administrator_requires_is_told, 0, 2);
    tcase_add_test(cases, each_mechanism_says_why_it_has_no_credential);
    tcase_add_test(cases, each_mechanism_says_why_it_cannot_log_in);
    tcase_add_test(cases, the_trace_shows_each_token_and_decision);
    tcase_add_test(cases, a_name_is_exported_as_by_mit);
    return suite_run(suite);
}
