/* SPDX-License-Identifier: MIT */
/* wide_test.c - a program with L"" literals, compiled with -fshort-wchar: its
 * strings reach the library as they are. And one whose strings have four bytes a
 * character is told so. */

#define UNICODE
#define _UNICODE

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <security.h>
#include <tchar.h>
#include <windows.h>

#include "scratch.h"
#include "sspi_fixture.h"
#include "suite.h"
#include "trace.h"

/* The trace stays open. */
const char suite_kept_open[] = "/trace";

_Static_assert(sizeof(wchar_t) == 2 && sizeof(L"Negotiate") == sizeof(NEGOSSP_NAME_W),
               "this is to be compiled with -fshort-wchar");

static WCHAR negotiate[] = L"Negotiate", package[] = NTLMSP_NAME_W;

START_TEST(a_literal_names_a_package)
{
    PSecPkgInfo info;

    ck_assert_int_eq(QuerySecurityPackageInfo(negotiate, &info), SEC_E_OK);
    ck_assert_int_eq(wcscmp(info->Name, NEGOSSP_NAME), 0);
    ck_assert_int_eq(_tcscmp(info->Name, TEXT("Negotiate")), 0);
    ck_assert_uint_eq(wcslen(info->Name), 9);
    FreeContextBuffer(info);
}
END_TEST

START_TEST(a_literal_is_a_name_and_a_password)
{
    WCHAR *user = _wcsdup(L"alice"), *password = _tcsdup(_T("Sesam 1"));
    SEC_WINNT_AUTH_IDENTITY identity = {
        .User = (USHORT *)user,
        .UserLength = (ULONG)wcslen(user),
        .Password = (USHORT *)password,
        .PasswordLength = (ULONG)_tcslen(password),
        .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE,
    };
    SecPkgCredentials_Names names;
    CredHandle credential;

    ck_assert_int_eq(AcquireCredentialsHandle(NULL, package, SECPKG_CRED_OUTBOUND, NULL,
                                              &identity, NULL, NULL, &credential, NULL),
                     SEC_E_OK);
    ck_assert_int_eq(QueryCredentialsAttributes(&credential, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_OK);
    ck_assert_int_eq(wcscmp(wcsrchr(names.sUserName, L'\\')
                                ? wcsrchr(names.sUserName, L'\\') + 1
                                : names.sUserName,
                            L"alice"),
                     0);
    FreeContextBuffer(names.sUserName);
    FreeCredentialsHandle(&credential);
    free(user);
    free(password);
}
END_TEST

START_TEST(wide_strings_are_compared_and_copied)
{
    wchar_t text[8] = L"*******";

    ck_assert_ptr_eq(wcschr(text, L'x'), NULL);
    ck_assert_ptr_eq(wcschr(text, 0), text + 7);
    ck_assert_ptr_eq(wcsrchr(text, L'*'), text + 6);
    wcscpy(text, L"abc");
    ck_assert_uint_eq(wcslen(text), 3);
    ck_assert_ptr_eq(wcschr(text, L'b'), text + 1);
    ck_assert_uint_eq(text[4], L'*');
    wcsncpy(text, L"z", 3);
    ck_assert_uint_eq(text[2], 0);
    ck_assert_int_lt(wcscmp(L"abc", L"abd"), 0);
    ck_assert_int_gt(wcscmp(L"abc", L"ab"), 0);
    ck_assert_int_eq(wcsncmp(L"abc", L"abd", 2), 0);
}
END_TEST

/* What a program without -fshort-wchar has in L"NTLM". */
static const uint32_t ntlm[] = {'N', 'T', 'L', 'M', 0};
static const uint32_t target[] = {'H', 'T', 'T', 'P', '/', 'h', 0};

static const char *traced(void)
{
    return scratch_read("trace");
}

START_TEST(four_byte_characters_of_a_package_are_noticed)
{
    PSecPkgInfo info;
    CredHandle credential;

    setenv("NTLM_TRACE", scratch_path("trace"), 1);
    ck_assert_int_eq(QuerySecurityPackageInfo((LPWSTR)(void *)(uintptr_t)ntlm, &info),
                     SEC_E_SECPKG_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(traced(), "the name of a package has one character only"));
    ck_assert_ptr_nonnull(strstr(traced(), "-fshort-wchar"));
    ck_assert_int_eq(AcquireCredentialsHandle(NULL, (LPWSTR)(void *)(uintptr_t)ntlm,
                                              SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                              &credential, NULL),
                     SEC_E_SECPKG_NOT_FOUND);
}
END_TEST

/* Asks for a package in four-byte characters, of which the trace tells. */
static void tell_trace(void)
{
    PSecPkgInfo info;

    ck_assert_int_eq(QuerySecurityPackageInfo((LPWSTR)(void *)(uintptr_t)ntlm, &info),
                     SEC_E_SECPKG_NOT_FOUND);
}

/* How the setting calls standard output and standard error. */
static const struct {
    const char *variable, *value;
    int fd;
} streams[] = {
    {"NTLM_TRACE", "-", STDERR_FILENO},           {"NTLM_TRACE", "stderr", STDERR_FILENO},
    {"NTLM_TRACE", "/dev/stderr", STDERR_FILENO}, {"NTLM_TRACE", "/dev/stdout", STDOUT_FILENO},
    {"GSSNTLMSSP_DEBUG", "-", STDERR_FILENO},
};

START_TEST(the_trace_goes_to_a_stream)
{
    int file = open(scratch_path("stream"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    int saved = dup(streams[_i].fd);

    ck_assert_int_ge(file, 0);
    ck_assert_int_ge(saved, 0);
    fflush(NULL);
    ck_assert_int_ge(dup2(file, streams[_i].fd), 0);
    setenv("NTLM_TRACE", "", 1);
    setenv(streams[_i].variable, streams[_i].value, 1);
    tell_trace();
    ck_assert_int_ge(dup2(saved, streams[_i].fd), 0);
    unsetenv(streams[_i].variable);
    close(saved);
    close(file);
    ck_assert_ptr_nonnull(strstr(scratch_read("stream"), "has one character only"));
}
END_TEST

/* Which somebody else may have put there: a link, a second name, a directory, another's. */
START_TEST(the_trace_goes_to_no_file_of_others)
{
    scratch_write("trace", "");
    ck_assert_int_eq(link(scratch_path("trace"), scratch_path("second")), 0);
    setenv("NTLM_TRACE", scratch_path("second"), 1); /* which nothing keeps open */
    tell_trace();
    ck_assert_str_eq(traced(), "");
    ck_assert_int_eq(unlink(scratch_path("second")), 0);
    ck_assert_int_eq(symlink("trace", scratch_path("symbolic")), 0);
    setenv("NTLM_TRACE", scratch_path("symbolic"), 1);
    tell_trace();
    ck_assert_str_eq(traced(), "");
    setenv("NTLM_TRACE", "/dev/null", 1);
    tell_trace();
    setenv("NTLM_TRACE", "", 1);
    setenv("GSSNTLMSSP_DEBUG", "", 1);
    tell_trace();
    unsetenv("GSSNTLMSSP_DEBUG");
    setenv("NTLM_TRACE", scratch_path("trace"), 1);
    if (geteuid() == 0) {
        ck_assert_int_eq(chown(scratch_path("trace"), 54321, 0), 0);
        tell_trace();
        ck_assert_str_eq(traced(), "");
        ck_assert_int_eq(chown(scratch_path("trace"), 0, 0), 0);
    }
    tell_trace();
    ck_assert_ptr_nonnull(strstr(traced(), "has one character only"));
}
END_TEST

START_TEST(the_trace_goes_to_a_pipe)
{
    char line[512] = "", text[600];
    int reader;

    ck_assert_int_eq(mkfifo(scratch_path("pipe"), 0600), 0);
    setenv("NTLM_TRACE", scratch_path("pipe"), 1);
    tell_trace(); /* to nobody who reads */
    reader = open(scratch_path("pipe"), O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(reader, 0);
    tell_trace();
    ck_assert_int_gt(read(reader, line, sizeof(line) - 1), 0);
    ck_assert_ptr_nonnull(strstr(line, "has one character only"));
    memset(text, 'x', sizeof(text) - 1); /* whole lines, or none */
    text[sizeof(text) - 1] = '\0';
    trace_line(text);
    ck_assert_int_le(read(reader, line, sizeof(line)), 0);
    close(reader);
}
END_TEST

START_TEST(four_byte_characters_of_a_target_are_noticed)
{
    SecBuffer token = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &token};
    CredHandle credential;
    CtxtHandle context;
    ULONG attributes;

    setenv("NTLM_TRACE", scratch_path("trace"), 1);
    fixture_accounts("HOME:alice:Sesam 1\n");
    ck_assert_int_eq(AcquireCredentialsHandle(NULL, package, SECPKG_CRED_OUTBOUND, NULL, NULL,
                                              NULL, NULL, &credential, NULL),
                     SEC_E_OK);
    ck_assert_int_eq(InitializeSecurityContext(&credential, NULL,
                                               (LPWSTR)(void *)(uintptr_t)target,
                                               ISC_REQ_ALLOCATE_MEMORY, 0, SECURITY_NATIVE_DREP,
                                               NULL, 0, &context, &output, &attributes, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_nonnull(strstr(traced(), "the name of a target has one character only"));
    FreeCredentialsHandle(&credential);
}
END_TEST

START_TEST(four_byte_characters_of_an_identity_are_noticed)
{
    SEC_WINNT_AUTH_IDENTITY identity = {.User = (USHORT *)(uintptr_t)ntlm,
                                        .UserLength = 4,
                                        .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    CredHandle credential;

    setenv("NTLM_TRACE", scratch_path("trace"), 1);
    ck_assert_int_lt(AcquireCredentialsHandle(NULL, package, SECPKG_CRED_OUTBOUND, NULL,
                                              &identity, NULL, NULL, &credential, NULL),
                     0);
    ck_assert_ptr_nonnull(strstr(traced(), "a string has a NUL within its length"));
}
END_TEST

static LPWSTR four_bytes(const uint32_t *text)
{
    return (LPWSTR)(void *)(uintptr_t)text;
}

/* Each takes a name of some kind. */
static SECURITY_STATUS import_context(LPWSTR name)
{
    CtxtHandle context;
    SecBuffer token = {0, SECBUFFER_TOKEN, NULL};

    return ImportSecurityContext(name, &token, NULL, &context);
}

static SECURITY_STATUS acquire_of_package(LPWSTR name)
{
    CredHandle credential;

    return AcquireCredentialsHandle(NULL, name, SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                    &credential, NULL);
}

static SECURITY_STATUS acquire_of_principal(LPWSTR name)
{
    CredHandle credential;

    return AcquireCredentialsHandle(name, package, SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                    &credential, NULL);
}

/* Of this package and principal, to a credential for the other direction. */
static SECURITY_STATUS add(LPWSTR principal, LPWSTR name)
{
    CredHandle credential;
    SECURITY_STATUS status;

    ck_assert_int_eq(AcquireCredentialsHandle(NULL, package, SECPKG_CRED_INBOUND, NULL, NULL,
                                              NULL, NULL, &credential, NULL),
                     SEC_E_OK);
    status = AddCredentials(&credential, principal, name, SECPKG_CRED_OUTBOUND, NULL, NULL,
                            NULL, NULL);
    FreeCredentialsHandle(&credential);
    return status;
}

static SECURITY_STATUS add_of_package(LPWSTR name)
{
    return add(NULL, name);
}

static SECURITY_STATUS add_of_principal(LPWSTR name)
{
    return add(name, package);
}

static SECURITY_STATUS exclude(LPWSTR name)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;

    return SspiExcludePackage(NULL, name, &made);
}

static SECURITY_STATUS encode(LPWSTR name)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;

    return SspiEncodeStringsAsAuthIdentity(name, name, name, &made);
}

static SECURITY_STATUS host_of(LPWSTR name)
{
    PWSTR host;

    return SspiGetTargetHostName(name, &host);
}

static SECURITY_STATUS cred_read(LPWSTR name)
{
    SEC_WINNT_AUTH_IDENTITY identity = {
        .User = (USHORT *)negotiate, .UserLength = 9, .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    ULONG type;
    PCWSTR found;

    return SspiPrepareForCredRead(&identity, name, &type, &found);
}

static SECURITY_STATUS load(LPWSTR name)
{
    return LoadLibrary(name) ? SEC_E_OK : (SECURITY_STATUS)GetLastError();
}

static SECURITY_STATUS module(LPWSTR name)
{
    return GetModuleHandle(name) ? SEC_E_OK : (SECURITY_STATUS)GetLastError();
}

static SECURITY_STATUS translate(LPWSTR name)
{
    WCHAR text[64];
    ULONG size = 64;

    return TranslateName(name, NameSamCompatible, NameDisplay, text, &size)
               ? SEC_E_OK
               : (SECURITY_STATUS)GetLastError();
}

static const struct {
    SECURITY_STATUS (*function)(LPWSTR);
    SECURITY_STATUS status; /* a principal is missed when it is used */
    const char *what;
} takers[] = {
    {import_context, SEC_E_SECPKG_NOT_FOUND, "package"},
    {acquire_of_package, SEC_E_SECPKG_NOT_FOUND, "package"},
    {acquire_of_principal, SEC_E_OK, "principal"},
    {add_of_package, SEC_E_SECPKG_NOT_FOUND, "package"},
    {add_of_principal, SEC_E_OK, "principal"},
    {exclude, SEC_E_INVALID_PARAMETER, "package"},
    {encode, SEC_E_INVALID_PARAMETER, "user"},
    {host_of, SEC_E_INVALID_PARAMETER, "target"},
    {cred_read, SEC_E_INVALID_PARAMETER, "target"},
    {load, ERROR_MOD_NOT_FOUND, "library"},
    {module, ERROR_MOD_NOT_FOUND, "library"},
    {translate, ERROR_NONE_MAPPED, "account"},
};

START_TEST(each_function_notices_four_byte_characters)
{
    char expected[64];
    SECURITY_STATUS status;

    setenv("NTLM_TRACE", scratch_path("trace"), 1);
    status = takers[_i].function(four_bytes(ntlm));
    ck_assert_int_eq(status, takers[_i].status);
    snprintf(expected, sizeof(expected), "of a%s %s has one character only",
             strchr("a", takers[_i].what[0]) ? "n" : "", takers[_i].what);
    ck_assert_msg(strstr(traced(), expected) != NULL, "%s", traced());
    ck_assert_ptr_nonnull(strstr(traced(), "-fshort-wchar"));
}
END_TEST

/* Such names there are. */
START_TEST(a_user_may_have_one_character)
{
    WCHAR user[] = L"a", password[] = L"Sesam 1";
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;

    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(user, NULL, password, &made), SEC_E_OK);
    SspiFreeAuthIdentity(made);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi wide");
    TCase *cases = fixture_case("wide");

    tcase_add_test(cases, a_literal_names_a_package);
    tcase_add_test(cases, a_literal_is_a_name_and_a_password);
    tcase_add_test(cases, wide_strings_are_compared_and_copied);
    tcase_add_test(cases, four_byte_characters_of_a_package_are_noticed);
    tcase_add_loop_test(cases, the_trace_goes_to_a_stream, 0,
                        sizeof(streams) / sizeof(streams[0]));
    tcase_add_test(cases, the_trace_goes_to_no_file_of_others);
    tcase_add_test(cases, the_trace_goes_to_a_pipe);
    tcase_add_test(cases, four_byte_characters_of_a_target_are_noticed);
    tcase_add_test(cases, four_byte_characters_of_an_identity_are_noticed);
    tcase_add_loop_test(cases, each_function_notices_four_byte_characters, 0,
                        sizeof(takers) / sizeof(takers[0]));
    tcase_add_test(cases, a_user_may_have_one_character);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
