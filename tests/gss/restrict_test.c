/* SPDX-License-Identifier: MIT */
/* restrict_test.c - "Restrict NTLM": whither NTLM may go and whether it may
 * come in, what an audit leaves in the trace, and that Negotiate without NTLM
 * is left with Kerberos. */

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <gssapi/gssapi_krb5.h>

#include "gss_exchange.h"

#define SENDING_DENIED "restrict_sending_ntlm = deny\n"
#define RECEIVING_DENIED "restrict_receiving_ntlm = deny\n"
#define SET_DEBUG_FILE "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x04"
#define DATAGRAM_FLAG 0x10000u

static gss_OID mech_of(int i)
{
    return i ? SPNEGO : NTLMSSP;
}

/* The first call towards this target (NULL: none), whose context goes. */
static OM_uint32 send_to(gss_OID mech, gss_cred_id_t credential, const char *target,
                         gss_OID type, OM_uint32 flags)
{
    gss_name_t name = target ? name_of(target, type) : GSS_C_NO_NAME;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, major;

    major = gss_init_sec_context(&minor, credential, &context, name, mech, flags, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, &token, NULL,
                                 NULL);
    release_buffer(&token);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &name);
    return major;
}

static OM_uint32 send_to_service(const char *target)
{
    return send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, target, GSS_C_NT_HOSTBASED_SERVICE, 0);
}

static void assert_goes(const char *target)
{
    OM_uint32 major = send_to_service(target);

    ck_assert_msg(major == GSS_S_CONTINUE_NEEDED, "%s: %s", target,
                  status_text(minor, NTLMSSP));
}

static void assert_stays(const char *target)
{
    OM_uint32 major = send_to_service(target);

    ck_assert_msg(major == GSS_S_UNAUTHORIZED, "%s: %#x", target, major);
    assert_minor(NTLM_ERR_SENDING_RESTRICTED);
}

static void assert_logs_in(gss_OID mech)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = mech, .flags = GSS_C_INTEG_FLAG});
    assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    exchange_end(&exchange);
}

START_TEST(without_settings_ntlm_is_not_restricted)
{
    assert_logs_in(mech_of(_i));
    fixture_settings("restrict_sending_ntlm = allow\nrestrict_receiving_ntlm = Allow\n");
    assert_logs_in(mech_of(_i));
}
END_TEST

START_TEST(deny_keeps_ntlm_from_every_server)
{
    fixture_settings(SENDING_DENIED);
    assert_stays("HTTP@server.test");
    assert_contains(status_text(minor, NTLMSSP), "(restrict_sending_ntlm)");
    assert_contains(status_text(minor, NTLMSSP), "client_allowed_ntlm_servers names no server");
}
END_TEST

START_TEST(deny_leaves_the_servers_that_are_named)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test, PRINTER\n"
                                    "client_allowed_ntlm_servers = third.test");
    assert_goes("HTTP@files.test");
    assert_goes("cifs@FILES.Test");
    assert_goes("cifs@printer");
    assert_goes("cifs@third.test");
    assert_stays("HTTP@files.test.evil.test");
    assert_stays("HTTP@myfiles.test");
    assert_stays("HTTP@files");
    assert_stays("files.test@elsewhere.test");
    assert_stays("cifs@printer.test");
    assert_contains(status_text(minor, NTLMSSP),
                    "client_allowed_ntlm_servers does not name printer.test");
}
END_TEST

START_TEST(an_asterisk_stands_for_any_text)
{
    fixture_settings(SENDING_DENIED
                     "client_allowed_ntlm_servers = *.old.test files-* nas*.test");
    assert_goes("HTTP@a.old.test");
    assert_goes("HTTP@a.B.OLD.test");
    assert_goes("HTTP@FILES-1.elsewhere.test");
    assert_goes("HTTP@nas.test");
    assert_goes("HTTP@nas7.test");
    assert_stays("HTTP@old.test");
    assert_stays("HTTP@a.old.test.evil.test");
    assert_stays("HTTP@my-files-1");
    assert_stays("HTTP@nas.tes");
    assert_stays("HTTP@nas.tnas.tes");
    /* what it stands for does not serve both ends at once */
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = aba*bab");
    assert_stays("HTTP@abab");
    assert_goes("HTTP@ababab");
}
END_TEST

START_TEST(letters_beyond_ascii_have_no_case_either)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = b\xc3\xbc"
                                    "cher.test");
    assert_goes("HTTP@B\xc3\x9c"
                "CHER.test");
}
END_TEST

/* As programs name it: services, ports, principals, and SSPI's bare host. */
START_TEST(the_host_is_found_in_each_form_of_a_target)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test 2001:db8::7");
    assert_goes("HTTP@files.test:8080");
    assert_goes("ldap@files.test/corp.test");
    assert_goes("files.test");
    assert_goes("files.test:445");
    assert_goes("HTTP@2001:db8::7");
    assert_goes("HTTP@[2001:DB8::7]:8080");
    assert_stays("HTTP@2001:db8::8");
    assert_stays("HTTP@[2001:db8::8]");
    assert_stays("HTTP@[2001:db8::7].other.test");
    assert_status(GSS_S_CONTINUE_NEEDED,
                  send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "ldap/files.test@CORP.TEST",
                          (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, 0));
    assert_status(GSS_S_UNAUTHORIZED,
                  send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "ldap/other.test@FILES.TEST",
                          (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, 0));
}
END_TEST

/* Whatever a name was imported as, its host is that of the SPN that goes to the
 * server. */
START_TEST(the_host_is_the_one_that_the_server_is_told)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test HTTP");
    assert_goes("HTTP/files.test");
    assert_stays("HTTP/other.test");
    assert_stays("files.test/other.test");
    assert_stays("@files.test/other.test");
    assert_goes("@HTTP/files.test");
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = *.files.test");
    assert_stays("HTTP@other.test:80:.files.test");
    assert_stays("HTTP@other.test/a.files.test");
    assert_goes("HTTP@a.files.test:80");
}
END_TEST

static void assert_user_goes(const char *target, bool goes)
{
    gss_OID types[] = {GSS_C_NT_USER_NAME, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME};

    for (size_t i = 0; i < 2; i++)
        ck_assert_msg(send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, target, types[i], 0) ==
                          (goes ? GSS_S_CONTINUE_NEEDED : GSS_S_UNAUTHORIZED),
                      "%s as a name of type %zu", target, i);
}

/* As SSPI's callers name a server, who need no service; GSSAPI has no type of
 * name for it but a user's. */
START_TEST(a_host_alone_is_a_host_whatever_the_name_was_imported_as)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test nas 2001:db8::7");
    assert_user_goes("nas", true);
    assert_user_goes("FILES.test", true);
    assert_user_goes("files.test:445", true);
    assert_user_goes("2001:db8::7", true);
    assert_user_goes("HTTP/files.test", true);
    assert_user_goes("files", false);
    assert_user_goes("nas/other.test", false);
    assert_user_goes("other.test", false);
    assert_contains(status_text(minor, NTLMSSP),
                    "client_allowed_ntlm_servers does not name other.test");
}
END_TEST

/* It may run on any host. */
START_TEST(an_account_with_its_domain_is_no_host)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = bob files.test bob@* *test");
    assert_user_goes("bob@files.test", false);
    assert_user_goes("bob\\@files.test", false);
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "FILES.TEST\\bob",
                                              GSS_C_NT_USER_NAME, 0));
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "\\bob@files.test",
                                              GSS_C_NT_USER_NAME, 0));
    assert_contains(status_text(minor, NTLMSSP), "the program names no server");
}
END_TEST

/* U+017F is a letter of its own, which names another server. */
START_TEST(a_letter_that_only_looks_like_another_names_another_server)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test");
    assert_stays("HTTP@file\xc5\xbf.test");
    assert_stays("HTTP@f\xc4\xb1les.test");
}
END_TEST

START_TEST(a_target_without_a_host_is_refused)
{
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test");
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "bob@files.test",
                                              GSS_C_NT_USER_NAME, 0));
    assert_contains(status_text(minor, NTLMSSP), "the program names no server");
    assert_status(GSS_S_UNAUTHORIZED,
                  send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "", GSS_C_NT_ANONYMOUS, 0));
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = *");
    assert_status(GSS_S_CONTINUE_NEEDED,
                  send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "", GSS_C_NT_ANONYMOUS, 0));
}
END_TEST

START_TEST(anonymous_and_datagram_logins_are_no_exceptions)
{
    gss_name_t nobody = name_of("", GSS_C_NT_ANONYMOUS);
    gss_cred_id_t credential;
    OM_uint32 ignored;

    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test");
    assert_complete(acquire_from(NTLMSSP, GSS_C_INITIATE, nobody, NULL, &credential));
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, credential, "HTTP@server.test",
                                              GSS_C_NT_HOSTBASED_SERVICE, GSS_C_ANON_FLAG));
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "HTTP@server.test",
                                              GSS_C_NT_HOSTBASED_SERVICE, DATAGRAM_FLAG));
    release(credential);
    fixture_settings(SENDING_DENIED);
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, nobody, NULL, &credential));
    gss_release_name(&ignored, &nobody);
}
END_TEST

/* SPNEGO then does not even think of NTLM. */
START_TEST(without_any_server_there_is_no_credential_to_log_in_with)
{
    gss_cred_id_t credential;
    gss_cred_usage_t usage;

    fixture_settings(SENDING_DENIED);
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_SENDING_RESTRICTED);
    ck_assert(
        GSS_ERROR(acquire_from(SPNEGO, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential)));
    assert_complete(acquire_from(NTLMSSP, GSS_C_BOTH, GSS_C_NO_NAME, NULL, &credential));
    assert_complete(gss_inquire_cred(&minor, credential, NULL, NULL, &usage, NULL));
    ck_assert_int_eq(usage, GSS_C_ACCEPT);
    release(credential);
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test");
    release(credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL));
}
END_TEST

START_TEST(a_servers_credential_does_not_offer_ntlm_where_none_may_come_in)
{
    gss_cred_id_t credential;
    gss_cred_usage_t usage;

    fixture_settings(RECEIVING_DENIED);
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_ACCEPT, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_RECEIVING_RESTRICTED);
    assert_contains(status_text(minor, NTLMSSP), "(restrict_receiving_ntlm)");
    ck_assert(GSS_ERROR(acquire_from(SPNEGO, GSS_C_ACCEPT, GSS_C_NO_NAME, NULL, &credential)));
    assert_complete(acquire_from(NTLMSSP, GSS_C_BOTH, GSS_C_NO_NAME, NULL, &credential));
    assert_complete(gss_inquire_cred(&minor, credential, NULL, NULL, &usage, NULL));
    ck_assert_int_eq(usage, GSS_C_INITIATE);
    release(credential);
    fixture_settings(RECEIVING_DENIED SENDING_DENIED);
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_BOTH, GSS_C_NO_NAME, NULL, &credential));
}
END_TEST

/* Raw NTLM reaches the mechanism without a credential's being acquired. */
START_TEST(deny_lets_no_client_in)
{
    struct exchange exchange;

    fixture_settings(RECEIVING_DENIED);
    exchange_run(&exchange, &(struct request){.mech = mech_of(_i)});
    if (_i)
        ck_assert(GSS_ERROR(exchange.server.major));
    else
        assert_refused(&exchange, &exchange.server, GSS_S_UNAUTHORIZED,
                       NTLM_ERR_RECEIVING_RESTRICTED);
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
}
END_TEST

/* Through Negotiate the reason is the mechanism's, as long as it is the only
 * one that could be offered. */
START_TEST(credentials_follow_the_policy)
{
    gss_OID mech = mech_of(_i);
    gss_cred_id_t client = credential_of(mech, GSS_C_INITIATE, NULL, NULL);
    gss_cred_id_t server = credential_of(mech, GSS_C_ACCEPT, NULL, NULL);
    struct request asked = {
        .mech = mech, .client_credential = client, .server_credential = server};
    struct exchange exchange;

    fixture_settings(SENDING_DENIED);
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.client, GSS_S_UNAUTHORIZED,
                   NTLM_ERR_SENDING_RESTRICTED);
    exchange_end(&exchange);
    fixture_settings(RECEIVING_DENIED);
    exchange_run(&exchange, &asked);
    assert_refused(&exchange, &exchange.server, GSS_S_UNAUTHORIZED,
                   NTLM_ERR_RECEIVING_RESTRICTED);
    exchange_end(&exchange);
    fixture_settings(NULL);
    exchange_establish(&exchange, &asked);
    exchange_end(&exchange);
    release(client);
    release(server);
}
END_TEST

START_TEST(imported_credentials_follow_the_policy)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    gss_buffer_desc token;

    assert_complete(gss_export_cred(&minor, credential, &token));
    release(credential);
    fixture_settings(SENDING_DENIED "client_allowed_ntlm_servers = files.test");
    assert_complete(gss_import_cred(&minor, &token, &credential));
    assert_status(GSS_S_UNAUTHORIZED, send_to(NTLMSSP, credential, "HTTP@server.test",
                                              GSS_C_NT_HOSTBASED_SERVICE, 0));
    assert_status(GSS_S_CONTINUE_NEEDED, send_to(NTLMSSP, credential, "HTTP@files.test",
                                                 GSS_C_NT_HOSTBASED_SERVICE, 0));
    release_buffer(&token);
    release(credential);
}
END_TEST

/* The policy is of logins, not of what came of them. */
START_TEST(sessions_outlive_a_change_of_policy)
{
    gss_buffer_desc token;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    fixture_settings(SENDING_DENIED RECEIVING_DENIED);
    assert_complete(gss_export_sec_context(&minor, &exchange.server.context, &token));
    assert_complete(gss_import_sec_context(&minor, &token, &exchange.server.context));
    assert_talk(exchange.client.context, exchange.server.context);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_word_that_is_not_understood_lets_nothing_through)
{
    static const char *const lines[] = {
        "restrict_sending_ntlm = denied", "restrict_receiving_ntlm = 2",
        SENDING_DENIED "client_allowed_ntlm_servers = *.a.test *b*",
        SENDING_DENIED "client_allowed_ntlm_servers = HTTP/server.test"};
    gss_cred_id_t client = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);

    fixture_settings(lines[_i]);
    assert_status(GSS_S_FAILURE, send_to_service("HTTP@server.test"));
    assert_minor(NTLM_ERR_BAD_SETTING);
    assert_status(GSS_S_FAILURE,
                  send_to(NTLMSSP, client, "HTTP@server.test", GSS_C_NT_HOSTBASED_SERVICE, 0));
    assert_minor(NTLM_ERR_BAD_SETTING);
    release(client);
}
END_TEST

/* From here on; what it says until now. */
static void trace_to(const char *path)
{
    gss_OID_desc option = OID(SET_DEBUG_FILE);
    gss_buffer_desc name = path ? text_buffer(path) : bytes_buffer(NULL, 0);

    assert_complete(gssspi_mech_invoke(&minor, NTLMSSP, &option, &name));
}

static const char *traced(const char *path)
{
    static char text[65536];
    int fd = open(path, O_RDONLY);
    ssize_t len = read(fd, text, sizeof(text) - 1);

    ck_assert_int_ge(len, 0);
    text[len] = '\0';
    close(fd);
    return text;
}

START_TEST(audit_lets_go_and_come_and_says_so)
{
    const char *path = fixture_path("trace");

    fixture_settings("restrict_sending_ntlm = audit\n"
                     "client_allowed_ntlm_servers = files.test\n"
                     "restrict_receiving_ntlm = AUDIT\n");
    trace_to(path);
    assert_goes("HTTP@files.test");
    ck_assert_ptr_null(strstr(traced(path), "audit"));
    assert_status(GSS_S_CONTINUE_NEEDED, send_to(NTLMSSP, GSS_C_NO_CREDENTIAL, "bob@corp.test",
                                                 GSS_C_NT_USER_NAME, 0));
    assert_contains(traced(path), "deny would refuse NTLM to a server without a name");
    assert_logs_in(mech_of(_i));
    assert_contains(traced(path), "restrict_sending_ntlm = audit: "
                                  "deny would refuse NTLM to server.test");
    assert_contains(traced(path), "restrict_receiving_ntlm = audit: "
                                  "deny would refuse the login of TESTDOM\\alice at TESTHOST");
    trace_to(NULL);
}
END_TEST

/* SPNEGO's callers hear of no mechanism's reason. */
START_TEST(what_spnego_keeps_to_itself_is_in_the_trace)
{
    const char *path = fixture_path("trace");
    gss_cred_id_t credential;

    trace_to(path);
    fixture_settings(SENDING_DENIED);
    ck_assert(
        GSS_ERROR(acquire_from(SPNEGO, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential)));
    assert_contains(traced(path), "failure: Logging in with NTLM is forbidden here "
                                  "(restrict_sending_ntlm)");
    fixture_settings(RECEIVING_DENIED);
    ck_assert(GSS_ERROR(acquire_from(SPNEGO, GSS_C_ACCEPT, GSS_C_NO_NAME, NULL, &credential)));
    assert_contains(traced(path), "failure: Accepting logins with NTLM is forbidden here "
                                  "(restrict_receiving_ntlm)");
    trace_to(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_restrict");
    TCase *cases = fixture_case(suite, "restrict");
    tcase_add_loop_test(cases, without_settings_ntlm_is_not_restricted, 0, 2);
    tcase_add_test(cases, deny_keeps_ntlm_from_every_server);
    tcase_add_test(cases, deny_leaves_the_servers_that_are_named);
    tcase_add_test(cases, an_asterisk_stands_for_any_text);
    tcase_add_test(cases, letters_beyond_ascii_have_no_case_either);
    tcase_add_test(cases, the_host_is_found_in_each_form_of_a_target);
    tcase_add_test(cases, the_host_is_the_one_that_the_server_is_told);
    tcase_add_test(cases, a_host_alone_is_a_host_whatever_the_name_was_imported_as);
    tcase_add_test(cases, an_account_with_its_domain_is_no_host);
    tcase_add_test(cases, a_letter_that_only_looks_like_another_names_another_server);
    tcase_add_test(cases, a_target_without_a_host_is_refused);
    tcase_add_test(cases, anonymous_and_datagram_logins_are_no_exceptions);
    tcase_add_test(cases, without_any_server_there_is_no_credential_to_log_in_with);
    tcase_add_test(cases, a_servers_credential_does_not_offer_ntlm_where_none_may_come_in);
    tcase_add_loop_test(cases, deny_lets_no_client_in, 0, 2);
    tcase_add_loop_test(cases, credentials_follow_the_policy, 0, 2);
    tcase_add_test(cases, imported_credentials_follow_the_policy);
    tcase_add_test(cases, sessions_outlive_a_change_of_policy);
    tcase_add_loop_test(cases, a_word_that_is_not_understood_lets_nothing_through, 0, 4);
    tcase_add_loop_test(cases, audit_lets_go_and_come_and_says_so, 0, 2);
    tcase_add_test(cases, what_spnego_keeps_to_itself_is_in_the_trace);
    return suite_run(suite);
}
