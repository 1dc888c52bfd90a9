/* SPDX-License-Identifier: MIT */
/* credential_answers_test.c - credentials that GSSAPI says it has given, and has not. MIT's
 * mechglue answers so when memory ends. A credential that is none would be the default one,
 * of another user. */

#include "config.h"

#include "gss_answers.h"
#include "handle.h"
#include "sspi_contexts.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static char target[] = "HTTP/localhost";

static void no_credential(void *const words[])
{
    OM_uint32 minor;

    gss_release_cred(&minor, words[5]); /* gss_acquire_cred's */
}

static void no_credential_from(void *const words[])
{
    OM_uint32 minor;

    gss_release_cred(&minor, words[6]);
}

static void no_import(void *const words[])
{
    OM_uint32 minor;

    gss_release_cred(&minor, words[2]);
}

static void no_mechs(void *const words[])
{
    OM_uint32 minor;

    gss_release_oid_set(&minor, words[6]);
}

static SECURITY_STATUS acquire(const char *package, ULONG use, bool named,
                               CredHandle *credential)
{
    static UCHAR user[] = "alice", domain[] = "DOMAIN", password[] = "Secret 123";
    SEC_WINNT_AUTH_IDENTITY_A alice = {user,
                                       sizeof(user) - 1,
                                       domain,
                                       sizeof(domain) - 1,
                                       password,
                                       sizeof(password) - 1,
                                       SEC_WINNT_AUTH_IDENTITY_ANSI};

    return AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package, use, NULL,
                                     named ? &alice : NULL, NULL, NULL, credential, NULL);
}

static const struct {
    const char *package;
    ULONG use;
    struct gss_answer answer;
} rows[] = {
    {"NTLM",
     SECPKG_CRED_OUTBOUND,
     {"gss_acquire_cred_from", 1, GSS_S_COMPLETE, 0, no_credential_from}},
    {"Kerberos",
     SECPKG_CRED_OUTBOUND,
     {"gss_acquire_cred_from", 1, GSS_S_COMPLETE, 0, no_credential_from}},
    {"Negotiate",
     SECPKG_CRED_OUTBOUND,
     {"gss_acquire_cred_from", 1, GSS_S_COMPLETE, 0, no_credential_from}},
    {"NTLM", SECPKG_CRED_INBOUND, {"gss_acquire_cred", 1, GSS_S_COMPLETE, 0, no_credential}},
    {"NTLM", SECPKG_CRED_INBOUND, {"gss_acquire_cred", 1, GSS_S_COMPLETE, 0, no_mechs}},
    {"Kerberos", SECPKG_CRED_INBOUND, {"gss_acquire_cred", 1, GSS_S_COMPLETE, 0, no_mechs}},
    {"Negotiate", SECPKG_CRED_INBOUND, {"gss_acquire_cred", 1, GSS_S_COMPLETE, 0, no_mechs}},
};

START_TEST(a_credential_that_is_not_given_is_none)
{
    struct gss_answer answers[GSS_ANSWERS] = {rows[_i].answer};
    struct contexts contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL); /* and accounts */
    CredHandle credential;

    contexts_end(&contexts);
    gss_answers_arm(answers);
    ck_assert_int_eq(acquire(rows[_i].package, rows[_i].use, false, &credential),
                     SEC_E_INSUFFICIENT_MEMORY);
    ck_assert(gss_answers_disarm());
    ck_assert_int_eq(acquire(rows[_i].package, rows[_i].use, false, &credential), SEC_E_OK);
    ck_assert_int_eq(FreeCredentialsHandle(&credential), SEC_E_OK);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

/* The parts of Negotiate's credential are copied, and the second time also imported as an
 * option of our SPNEGO's. */
START_TEST(a_copy_that_is_not_given_is_none)
{
    struct gss_answer answers[GSS_ANSWERS] = {
        {"gss_import_cred", 1, GSS_S_COMPLETE, 0, no_import}};
    struct contexts contexts;
    unsigned refused = 0;

    if (_i && skipped_without_fork("a_copy_that_is_not_given_is_none"))
        return; /* a process has one SPNEGO */
    if (_i)
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    contexts_end(&contexts);
    for (; answers[0].nth <= 4; answers[0].nth++) {
        CredHandle credential;
        SECURITY_STATUS status;

        gss_answers_arm(answers);
        status = acquire("Negotiate", SECPKG_CRED_OUTBOUND, true, &credential);
        refused += gss_answers_disarm() && status == SEC_E_INSUFFICIENT_MEMORY;
        if (status == SEC_E_OK)
            FreeCredentialsHandle(&credential);
        ck_assert_uint_eq(handle_count(), 0);
    }
    ck_assert_uint_gt(refused, 0);
}
END_TEST

START_TEST(a_null_session_is_not_of_the_default_credential)
{
    static const struct gss_answer answers[GSS_ANSWERS] = {
        {"gss_acquire_cred", 1, GSS_S_COMPLETE, 0, no_credential}};
    struct contexts contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    BYTE token[1024];
    SecBuffer out = {sizeof(token), SECBUFFER_TOKEN, token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    CredHandle credential;
    CtxtHandle context;

    contexts_end(&contexts);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND, false, &credential), SEC_E_OK);
    gss_answers_arm(answers);
    ck_assert_int_eq(InitializeSecurityContextA(&credential, NULL, target, ISC_REQ_NULL_SESSION,
                                                0, 0, NULL, 0, &context, &output, NULL, NULL),
                     SEC_E_INSUFFICIENT_MEMORY);
    ck_assert(gss_answers_disarm());
    ck_assert_int_eq(FreeCredentialsHandle(&credential), SEC_E_OK);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi credentials that are not given");
    TCase *cases = tcase_create("credentials");

    contexts_begin(users);
    tcase_add_loop_test(cases, a_credential_that_is_not_given_is_none, 0, COUNT(rows));
    tcase_add_loop_test(cases, a_copy_that_is_not_given_is_none, 0, 2);
    tcase_add_test(cases, a_null_session_is_not_of_the_default_credential);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
