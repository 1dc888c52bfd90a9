/* SPDX-License-Identifier: MIT */
/* attribute_key_test.c - SECPKG_ATTR_KEY_INFO of NTLM, with extended session security
 * and without. */

#include "config.h"

#include "sspi_contexts.h"
#include "suite.h"

static const struct {
    enum contexts_kind kind;
    const char *signature;
    ULONG algorithm;
} rows[] = {
    {CONTEXTS_NTLM, "HMAC-MD5", 0xffffff76},
    {CONTEXTS_NEGOTIATE_NTLM, "HMAC-MD5", 0xffffff76},
    {CONTEXTS_NTLM_OLD, "RSADSI RC4-CRC32", 0xffffff7c},
};

static void has_wide(const WCHAR *wide, const char *text)
{
    for (; *text; text++)
        ck_assert_uint_eq(*wide++, (unsigned char)*text);
    ck_assert_uint_eq(*wide, 0);
}

static void check_narrow(CtxtHandle *context, int row)
{
    SecPkgContext_KeyInfoA info;

    ck_assert_int_eq(QueryContextAttributesA(context, SECPKG_ATTR_KEY_INFO, &info), SEC_E_OK);
    ck_assert_str_eq((const char *)info.sSignatureAlgorithmName, rows[row].signature);
    ck_assert_str_eq((const char *)info.sEncryptAlgorithmName, "RSADSI RC4");
    ck_assert_uint_eq(info.SignatureAlgorithm, rows[row].algorithm);
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
}

static void check_wide(CtxtHandle *context, int row)
{
    SecPkgContext_KeyInfoW info;

    ck_assert_int_eq(QueryContextAttributesW(context, SECPKG_ATTR_KEY_INFO, &info), SEC_E_OK);
    has_wide((const WCHAR *)info.sSignatureAlgorithmName, rows[row].signature);
    has_wide((const WCHAR *)info.sEncryptAlgorithmName, "RSADSI RC4");
    ck_assert_uint_eq(info.SignatureAlgorithm, rows[row].algorithm);
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
}

START_TEST(secpkg_attr_key_info_of_ntlm_names_the_signature_algorithm)
{
    struct contexts contexts = contexts_make(rows[_i].kind, CONTEXTS_SEAL);

    check_narrow(&contexts.client, _i);
    check_narrow(&contexts.server, _i);
    check_wide(&contexts.client, _i);
    check_wide(&contexts.server, _i);
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi attribute key");
    TCase *cases = tcase_create("key info");

    contexts_begin(users);
    tcase_add_loop_test(cases, secpkg_attr_key_info_of_ntlm_names_the_signature_algorithm, 0,
                        sizeof(rows) / sizeof(rows[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
