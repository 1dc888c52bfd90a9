/* SPDX-License-Identifier: MIT */
/* status_minor_test.c - every minor status that NTLM and our SPNEGO have is in the
 * status table, or is one that SSPI has no better word for than an internal error. */

#include "config.h"

#include "ntlm/error.h"
#include "package_query.h"
#include "spnego/status.h"
#include "status.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static const OM_uint32 ntlm_minors[] = {
#define MINOR(symbol, number, text) NTLM_ERR_##symbol,
    NTLM_ERRORS(MINOR)
#undef MINOR
};

/* Those that come with another major status than GSS_S_FAILURE. */
static const struct {
    OM_uint32 minor, major;
} majors[] = {
    {NTLM_ERR_UNKNOWN_OPTION, GSS_S_UNAVAILABLE},
    {NTLM_ERR_NOT_DATAGRAM, GSS_S_UNAVAILABLE},
    {NTLM_ERR_NO_ATTRIBUTE, GSS_S_UNAVAILABLE},
    {NTLM_ERR_EXPORT_TOO_LATE, GSS_S_UNAVAILABLE},
    {NTLM_ERR_NO_KEYRING, GSS_S_UNAVAILABLE},
    {NTLM_ERR_LOGIN_EXPIRED, GSS_S_CREDENTIALS_EXPIRED},
    {NTLM_ERR_LOGIN_EXISTS, GSS_S_DUPLICATE_ELEMENT},
    {NTLM_ERR_BAD_LOGIN, GSS_S_DEFECTIVE_CREDENTIAL},
    {NTLM_ERR_NOT_NTLM, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_WRONG_MESSAGE, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_TRUNCATED, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_TOO_LARGE, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_NAME_TOO_LONG, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_FIELD_OUTSIDE, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_BAD_TEXT, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_BAD_AV_PAIRS, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_BAD_RESPONSE, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_NO_CHARSET, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_MESSAGE_TRUNCATED, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_BAD_EXPORT, GSS_S_DEFECTIVE_TOKEN},
    {NTLM_ERR_DEAD_CONTEXT, GSS_S_NO_CONTEXT},
    {NTLM_ERR_NOT_COMPLETE, GSS_S_NO_CONTEXT},
    {NTLM_ERR_CHALLENGE_ALTERED, GSS_S_BAD_SIG},
    {NTLM_ERR_BAD_SIGNATURE, GSS_S_BAD_SIG},
    {NTLM_ERR_BAD_QOP, GSS_S_BAD_QOP},
    {NTLM_ERR_NO_SUCH_LINE, GSS_S_NO_CRED},
    {NTLM_ERR_FILE_UNREADABLE, GSS_S_NO_CRED},
    {NTLM_ERR_NOT_INITIATOR, GSS_S_NO_CRED},
    {NTLM_ERR_NOT_ACCEPTOR, GSS_S_NO_CRED},
    {NTLM_ERR_FILE_INSECURE, GSS_S_DEFECTIVE_CREDENTIAL},
    {NTLM_ERR_BAD_NT_HASH, GSS_S_DEFECTIVE_CREDENTIAL},
    {NTLM_ERR_BAD_PASSWORD_TEXT, GSS_S_DEFECTIVE_CREDENTIAL},
    {NTLM_ERR_BAD_NAME, GSS_S_BAD_NAME},
    {NTLM_ERR_BAD_NAME_TYPE, GSS_S_BAD_NAMETYPE},
    {SPNEGO_ERR_NONE_IN_COMMON, GSS_S_BAD_MECH},
    {SPNEGO_ERR_BAD_TOKEN, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_UNEXPECTED_TOKEN, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_NO_TOKEN, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_BAD_CHOICE, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_BAD_STATE, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_MIC_MISSING, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_MIC_WRONG, GSS_S_BAD_SIG},
    {SPNEGO_ERR_MIC_UNEXPECTED, GSS_S_DEFECTIVE_TOKEN},
    {SPNEGO_ERR_NOT_COMPLETE, GSS_S_NO_CONTEXT},
    {SPNEGO_ERR_BAD_NAME, GSS_S_BAD_NAME},
};

/* What this process or its administrator does wrong, and SPNEGO's where the reason is a
 * mechanism's. */
static const OM_uint32 internal[] = {
    NTLM_ERR_CRYPTO,         NTLM_ERR_NO_LEGACY_PROVIDER, NTLM_ERR_RANDOM,
    NTLM_ERR_BAD_ARGUMENT,   NTLM_ERR_BAD_SETTING,        NTLM_ERR_BAD_IOV,
    SPNEGO_ERR_NO_MECHANISM, SPNEGO_ERR_MECHANISM,        SPNEGO_ERR_BAD_SETTING,
};

static OM_uint32 major_of(OM_uint32 minor)
{
    for (int i = 0; i < COUNT(majors); i++)
        if (majors[i].minor == minor)
            return majors[i].major;
    return GSS_S_FAILURE;
}

static bool is_internal(OM_uint32 minor)
{
    for (int i = 0; i < COUNT(internal); i++)
        if (internal[i] == minor)
            return true;
    return false;
}

static void assert_known(OM_uint32 minor, gss_const_OID mech)
{
    SECURITY_STATUS status = status_of(major_of(minor), minor, mech);

    ck_assert_msg((status == SEC_E_INTERNAL_ERROR) == is_internal(minor), "minor %#x is %#x",
                  minor, (unsigned)status);
}

static void call_gssapi(void)
{
    ck_assert(package_check(package_of(PACKAGE_KERBEROS)) == SEC_E_OK);
}

START_TEST(no_minor_of_ntlm_is_unmapped)
{
    assert_known(ntlm_minors[_i], package_of(PACKAGE_NTLM)->mech);
    assert_known(ntlm_minors[_i], package_of(PACKAGE_NEGOTIATE)->mech);
}
END_TEST

START_TEST(no_minor_of_spnego_is_unmapped)
{
    assert_known((OM_uint32)SPNEGO_ERR_NO_MEMORY + (OM_uint32)_i,
                 package_of(PACKAGE_NEGOTIATE)->mech);
}
END_TEST

START_TEST(no_minor_is_no_reason)
{
    ck_assert(status_is(0, package_of(PACKAGE_NTLM)->mech, 0));
    ck_assert(!status_is(0, package_of(PACKAGE_NTLM)->mech, NTLM_ERR_OUT_OF_MEMORY));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi_status_minor");
    TCase *cases = tcase_create("minor statuses");

    tcase_add_checked_fixture(cases, call_gssapi, NULL);
    tcase_add_loop_test(cases, no_minor_of_ntlm_is_unmapped, 0, COUNT(ntlm_minors));
    tcase_add_loop_test(cases, no_minor_of_spnego_is_unmapped, 0,
                        SPNEGO_ERR_END - SPNEGO_ERR_NO_MEMORY);
    tcase_add_test(cases, no_minor_is_no_reason);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
