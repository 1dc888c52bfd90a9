/* SPDX-License-Identifier: MIT */
/* answers_test.c - what libsspi makes of mechanisms that answer otherwise than those of
 * the tests do: with nothing, with too much, with less than they said. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context_buffer.h"
#include "gss_answers.h"
#include "handle.h"
#include "package.h"
#include "sspi_contexts.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static struct contexts contexts;
static char told[512]; /* what a call told; "" when it failed */

/* ---- what is called ---- */

static SECURITY_STATUS ask_key_info(void)
{
    SecPkgContext_KeyInfoA info;
    SECURITY_STATUS status =
        QueryContextAttributesA(&contexts.client, SECPKG_ATTR_KEY_INFO, &info);

    if (status != SEC_E_OK)
        return status;
    snprintf(told, sizeof(told), "%s, %s, %u", (char *)info.sEncryptAlgorithmName,
             (char *)info.sSignatureAlgorithmName, (unsigned)info.KeySize);
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
    return status;
}

static SECURITY_STATUS ask_session_key(void)
{
    SecPkgContext_SessionKey key;
    SECURITY_STATUS status =
        QueryContextAttributesA(&contexts.client, SECPKG_ATTR_SESSION_KEY, &key);

    if (status != SEC_E_OK)
        return status;
    snprintf(told, sizeof(told), "%u", (unsigned)key.SessionKeyLength);
    FreeContextBuffer(key.SessionKey);
    return status;
}

static SECURITY_STATUS ask_native_names(void)
{
    SecPkgContext_NativeNamesA names;
    SECURITY_STATUS status =
        QueryContextAttributesA(&contexts.server, SECPKG_ATTR_NATIVE_NAMES, &names);

    if (status != SEC_E_OK)
        return status;
    snprintf(told, sizeof(told), "%s, %s", names.sClientName, names.sServerName);
    FreeContextBuffer(names.sClientName);
    FreeContextBuffer(names.sServerName);
    return status;
}

static SECURITY_STATUS ask_target(void)
{
    SecPkgContext_ClientSpecifiedTarget target;
    SECURITY_STATUS status =
        QueryContextAttributesA(&contexts.server, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target);
    size_t i = 0;

    if (status != SEC_E_OK)
        return status;
    while ((told[i] = (char)target.sTargetName[i]))
        i++;
    FreeContextBuffer(target.sTargetName);
    return status;
}

static SECURITY_STATUS export_and_import(void)
{
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};
    SECURITY_STATUS status = ExportSecurityContext(&contexts.client, 0, &packed, NULL);
    CtxtHandle moved;

    if (status != SEC_E_OK)
        return status;
    status = ImportSecurityContextA((char[]){"NTLM"}, &packed, NULL, &moved);
    FreeContextBuffer(packed.pvBuffer);
    if (status == SEC_E_OK)
        ck_assert_int_eq(DeleteSecurityContext(&moved), SEC_E_OK);
    return status;
}

static BYTE token[128];
static char data[16];
static SecBuffer buffers[3];
static SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};

static void write_message(void)
{
    strcpy(data, "some text");
    buffers[0] = (SecBuffer){sizeof(token), SECBUFFER_TOKEN, token};
    buffers[1] = (SecBuffer){9, SECBUFFER_DATA, data};
    buffers[2] = (SecBuffer){0, SECBUFFER_EMPTY, NULL};
}

static SECURITY_STATUS sign_and_verify(void)
{
    SECURITY_STATUS status;

    write_message();
    status = MakeSignature(&contexts.client, 0, &message, 0);
    if (status == SEC_E_OK)
        status = VerifySignature(&contexts.server, &message, 0, NULL);
    snprintf(told, sizeof(told), "%s", status == SEC_E_OK ? data : "");
    return status;
}

static SECURITY_STATUS seal_and_open(void)
{
    SECURITY_STATUS status;

    write_message();
    status = EncryptMessage(&contexts.client, 0, &message, 0);
    if (status == SEC_E_OK)
        status = DecryptMessage(&contexts.server, &message, 0, NULL);
    snprintf(told, sizeof(told), "%s", status == SEC_E_OK ? data : "");
    return status;
}

/* ---- what is answered ---- */

static void no_set(void *const words[])
{
    OM_uint32 minor;

    gss_release_buffer_set(&minor, words[3]);
}

static gss_buffer_set_t set_of(void *const words[])
{
    return *(gss_buffer_set_t *)words[3];
}

static void empty_set(void *const words[])
{
    gss_buffer_set_t set = set_of(words);
    OM_uint32 minor;

    for (size_t i = 0; i < set->count; i++)
        gss_release_buffer(&minor, &set->elements[i]);
    set->count = 0;
}

static void one_element(void *const words[])
{
    OM_uint32 minor;

    gss_release_buffer(&minor, &set_of(words)->elements[1]);
    set_of(words)->count = 1;
}

static void two_elements(void *const words[])
{
    gss_buffer_desc more = {1, (char[]){"x"}};
    OM_uint32 minor;

    ck_assert_uint_eq(gss_add_buffer_set_member(&minor, &more, words[3]), GSS_S_COMPLETE);
}

static void no_identifier(void *const words[])
{
    gss_answers_put(&set_of(words)->elements[1], "", 0);
}

static void short_element(void *const words[])
{
    gss_answers_put(&set_of(words)->elements[0], "\x38", 1);
}

#define ENCTYPE(number)                                                                        \
    static void enctype_##number(void *const words[])                                          \
    {                                                                                          \
        static const unsigned char identifier[] = {0x2a, number};                              \
                                                                                               \
        gss_answers_put(&set_of(words)->elements[1], identifier, 2);                           \
    }
ENCTYPE(16)
ENCTYPE(17)
ENCTYPE(19)
ENCTYPE(20)
ENCTYPE(25)
ENCTYPE(26)
ENCTYPE(99)

#define STRENGTH(number)                                                                       \
    static void strength_##number(void *const words[])                                         \
    {                                                                                          \
        static const unsigned char bytes[] = {0, 0, 0, number};                                \
                                                                                               \
        gss_answers_put(&set_of(words)->elements[0], bytes, 4);                                \
    }
STRENGTH(40)
STRENGTH(56)
STRENGTH(64)

static void no_names(void *const words[])
{
    OM_uint32 minor;

    if (words[2])
        gss_release_name(&minor, words[2]);
    if (words[3])
        gss_release_name(&minor, words[3]);
}

static void text_with_nuls(void *const words[])
{
    gss_answers_put(words[2], "alice\0\0", 7);
}

static void only_nuls(void *const words[])
{
    gss_answers_put(words[2], "\0\0", 2);
}

static void no_text(void *const words[])
{
    gss_answers_put(words[2], "", 0);
}

static void without_realm(void *const words[])
{
    gss_answers_put(words[2], "aes/host", 8);
}

static void without_service(void *const words[])
{
    gss_answers_put(words[2], "host@TEST", 9);
}

static void not_open(void *const words[])
{
    *(int *)words[8] = 0;
}

static void of_kerberos(void *const words[])
{
    *(gss_OID *)words[5] = (gss_OID)(uintptr_t)package_of(PACKAGE_KERBEROS)->mech;
}

static void long_signature(void *const words[])
{
    static const char bytes[sizeof(token) + 1];

    gss_answers_put(words[4], bytes, sizeof(bytes));
}

static void nothing_wrapped(void *const words[])
{
    gss_answers_put(words[6], "short", 5);
}

static void long_wrapped(void *const words[])
{
    static const char bytes[sizeof(token) + 10];

    gss_answers_put(words[6], bytes, sizeof(bytes));
}

static void long_text(void *const words[])
{
    static const char bytes[64];

    gss_answers_put(words[3], bytes, sizeof(bytes));
}

/* ---- rows ---- */

#define ON(name, n, change)                                                                    \
    {                                                                                          \
        {                                                                                      \
            .function = #name, .nth = n, .alter = change                                       \
        }                                                                                      \
    }
#define FAILS(name, n, major_status)                                                           \
    {                                                                                          \
        {                                                                                      \
            .function = #name, .nth = n, .major = major_status                                 \
        }                                                                                      \
    }
#define LACKING(name, then, change)                                                            \
    {                                                                                          \
        {.function = #name, .nth = 1, .major = GSS_S_UNAVAILABLE},                             \
        {                                                                                      \
            .function = #then, .nth = 1, .alter = change                                       \
        }                                                                                      \
    }

struct row {
    const char *name;
    enum contexts_kind kind;
    SECURITY_STATUS (*call)(void);
    struct gss_answer answers[GSS_ANSWERS];
    SECURITY_STATUS status;
    const char *told; /* "" when it fails */
};

static void run(const struct row *row)
{
    SECURITY_STATUS status;
    bool given;

    contexts = contexts_make(row->kind, CONTEXTS_SEAL);
    told[0] = '\0';
    gss_answers_arm(row->answers);
    status = row->call();
    given = gss_answers_disarm();
    ck_assert_msg(given, "%s: it was not asked", row->name);
    ck_assert_msg(status == row->status, "%s: %08x", row->name, (unsigned)status);
    ck_assert_msg(strcmp(told, row->told) == 0, "%s: %s", row->name, told);
    contexts_end(&contexts);
    ck_assert_uint_eq(context_buffer_count(), 0);
    ck_assert_uint_eq(handle_count(), 0);
}

/* NTLM's flags are asked for first, then its strength. */
static const struct row key_rows[] = {
    {"no flags", CONTEXTS_NTLM, ask_key_info, ON(gss_inquire_sec_context_by_oid, 1, no_set),
     SEC_E_OK, "RSADSI RC4, HMAC-MD5, 128"},
    {"flags, no element", CONTEXTS_NTLM, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, empty_set), SEC_E_OK, "RSADSI RC4, HMAC-MD5, 128"},
    {"flags, two elements", CONTEXTS_NTLM_OLD, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, two_elements), SEC_E_OK,
     "RSADSI RC4, HMAC-MD5, 128"},
    {"flags, one byte", CONTEXTS_NTLM_OLD, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, short_element), SEC_E_OK,
     "RSADSI RC4, HMAC-MD5, 128"},
    {"no strength", CONTEXTS_NTLM, ask_key_info, ON(gss_inquire_sec_context_by_oid, 2, no_set),
     SEC_E_OK, "RSADSI RC4, HMAC-MD5, 128"},
    {"strength, one byte", CONTEXTS_NTLM, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 2, short_element), SEC_E_OK,
     "RSADSI RC4, HMAC-MD5, 128"},
    {"strength, 40", CONTEXTS_NTLM, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 2, strength_40), SEC_E_OK, "RSADSI RC4, HMAC-MD5, 40"},
    {"strength, 56", CONTEXTS_NTLM_OLD, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 2, strength_56), SEC_E_OK,
     "RSADSI RC4, RSADSI RC4-CRC32, 56"},
    {"strength, 64", CONTEXTS_NTLM, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 2, strength_64), SEC_E_OK, "RSADSI RC4, HMAC-MD5, 128"},
    {"enctype 16", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_16), SEC_E_OK,
     "Kerberos DES3-CBC-HMAC-SHA1-KD, HMAC-SHA1-DES3-KD, 256"},
    {"enctype 17", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_17), SEC_E_OK,
     "Kerberos AES128-CTS-HMAC-SHA1-96, HMAC-SHA1-96, 256"},
    {"enctype 19", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_19), SEC_E_OK,
     "Kerberos AES128-CTS-HMAC-SHA256-128, HMAC-SHA256-128, 256"},
    {"enctype 20", CONTEXTS_NEGOTIATE_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_20), SEC_E_OK,
     "Kerberos AES256-CTS-HMAC-SHA384-192, HMAC-SHA384-192, 256"},
    {"enctype 25", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_25), SEC_E_OK,
     "Kerberos CAMELLIA128-CTS-CMAC, CMAC-CAMELLIA128, 256"},
    {"enctype 26", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_26), SEC_E_OK,
     "Kerberos CAMELLIA256-CTS-CMAC, CMAC-CAMELLIA256, 256"},
    {"enctype 99", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, enctype_99), SEC_E_UNSUPPORTED_FUNCTION, ""},
    {"no enctype", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, one_element), SEC_E_UNSUPPORTED_FUNCTION, ""},
    {"enctype of no bytes", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, no_identifier), SEC_E_UNSUPPORTED_FUNCTION, ""},
    {"no key for its bits", CONTEXTS_KERBEROS, ask_key_info,
     ON(gss_inquire_sec_context_by_oid, 1, no_set), SEC_E_UNSUPPORTED_FUNCTION, ""},
    {"no key", CONTEXTS_KERBEROS, ask_session_key,
     ON(gss_inquire_sec_context_by_oid, 1, empty_set), SEC_E_UNSUPPORTED_FUNCTION, ""},
};

START_TEST(what_a_mechanism_tells_of_its_key)
{
    run(&key_rows[_i]);
}
END_TEST

static const struct row name_rows[] = {
    {"no names", CONTEXTS_KERBEROS, ask_native_names, ON(gss_inquire_context, 1, no_names),
     SEC_E_OK, ", "},
    {"NULs at its end", CONTEXTS_KERBEROS, ask_native_names,
     ON(gss_display_name, 1, text_with_nuls), SEC_E_OK, "alice, aes/localhost@TEST"},
    {"nothing but NULs", CONTEXTS_KERBEROS, ask_native_names,
     ON(gss_display_name, 1, only_nuls), SEC_E_OK, ", aes/localhost@TEST"},
    {"no text", CONTEXTS_KERBEROS, ask_native_names, ON(gss_display_name, 2, no_text), SEC_E_OK,
     "alice@TEST, "},
    {"no target", CONTEXTS_KERBEROS, ask_target, ON(gss_inquire_context, 1, no_names),
     SEC_E_TARGET_UNKNOWN, ""},
    {"a target of no text", CONTEXTS_KERBEROS, ask_target, ON(gss_display_name, 1, no_text),
     SEC_E_TARGET_UNKNOWN, ""},
    {"a target without a realm", CONTEXTS_KERBEROS, ask_target,
     ON(gss_display_name, 1, without_realm), SEC_E_OK, "aes/host"},
    {"a target without a service", CONTEXTS_KERBEROS, ask_target,
     ON(gss_display_name, 1, without_service), SEC_E_OK, "host@TEST"},
};

START_TEST(what_a_mechanism_tells_of_names)
{
    run(&name_rows[_i]);
}
END_TEST

static const struct row message_rows[] = {
    {"no gss_get_mic_iov", CONTEXTS_KERBEROS, sign_and_verify,
     FAILS(gss_get_mic_iov_length, 1, GSS_S_UNAVAILABLE), SEC_E_OK, "some text"},
    {"no gss_verify_mic_iov", CONTEXTS_KERBEROS, sign_and_verify,
     FAILS(gss_verify_mic_iov, 1, GSS_S_UNAVAILABLE), SEC_E_OK, "some text"},
    {"no gss_wrap_iov", CONTEXTS_NTLM, seal_and_open,
     FAILS(gss_wrap_iov_length, 1, GSS_S_UNAVAILABLE), SEC_E_OK, "some text"},
    {"no gss_unwrap_iov", CONTEXTS_NTLM, seal_and_open,
     FAILS(gss_unwrap_iov, 1, GSS_S_UNAVAILABLE), SEC_E_OK, "some text"},
    {"a signature that is longer than its place", CONTEXTS_NTLM, sign_and_verify,
     LACKING(gss_get_mic_iov_length, gss_get_mic, long_signature), SEC_E_BUFFER_TOO_SMALL, ""},
    {"a message that is shorter than its text", CONTEXTS_NTLM, seal_and_open,
     LACKING(gss_wrap_iov_length, gss_wrap, nothing_wrapped), SEC_E_INTERNAL_ERROR, ""},
    {"a message that is longer than it said", CONTEXTS_NTLM, seal_and_open,
     LACKING(gss_wrap_iov_length, gss_wrap, long_wrapped), SEC_E_BUFFER_TOO_SMALL, ""},
    {"a text that is longer than its message", CONTEXTS_NTLM, seal_and_open,
     LACKING(gss_unwrap_iov, gss_unwrap, long_text), SEC_E_INVALID_TOKEN, ""},
};

START_TEST(what_a_mechanism_makes_of_a_message)
{
    run(&message_rows[_i]);
}
END_TEST

static const struct row export_rows[] = {
    {"a failure without a reason", CONTEXTS_NTLM, export_and_import,
     FAILS(gss_export_sec_context, 1, GSS_S_FAILURE), SEC_E_INSUFFICIENT_MEMORY, ""},
    {"what it exported is not its own", CONTEXTS_NTLM, export_and_import,
     FAILS(gss_import_sec_context, 1, GSS_S_DEFECTIVE_TOKEN), SEC_E_INVALID_TOKEN, ""},
    {"a context that is not complete", CONTEXTS_NTLM, export_and_import,
     ON(gss_inquire_context, 1, not_open), SEC_E_INVALID_TOKEN, ""},
    {"a context of another mechanism", CONTEXTS_NTLM, export_and_import,
     ON(gss_inquire_context, 1, of_kerberos), SEC_E_INVALID_TOKEN, ""},
    {"no context", CONTEXTS_NTLM, export_and_import,
     FAILS(gss_inquire_context, 1, GSS_S_NO_CONTEXT), SEC_E_INVALID_HANDLE, ""},
};

START_TEST(what_a_mechanism_makes_of_a_context_that_moves)
{
    run(&export_rows[_i]);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi answers");
    TCase *cases = tcase_create("answers");

    contexts_begin(users);
    tcase_add_loop_test(cases, what_a_mechanism_tells_of_its_key, 0, COUNT(key_rows));
    tcase_add_loop_test(cases, what_a_mechanism_tells_of_names, 0, COUNT(name_rows));
    tcase_add_loop_test(cases, what_a_mechanism_makes_of_a_message, 0, COUNT(message_rows));
    tcase_add_loop_test(cases, what_a_mechanism_makes_of_a_context_that_moves, 0,
                        COUNT(export_rows));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
