/* SPDX-License-Identifier: MIT */
/* layout_test.c - the sizes and offsets of SSPI's structures are those of
 * 64-bit Windows, where addresses have 64 bits. They are checked while this
 * compiles; what runs is a count of the function table's members and a use of
 * each header. (With 32 bits no program of Windows' could share them: i386
 * aligns 64-bit numbers otherwise there.) */

#include "config.h"

#include <stdint.h>

#define SECURITY_WIN32
#include <issper16.h>
#include <ntsecapi.h>
#include <security.h>
#include <subauth.h>
#include <windows.h>

#include "suite.h"

#define WITH_32_BITS (UINTPTR_MAX == UINT32_MAX)
#define SIZE(type, size) _Static_assert(WITH_32_BITS || sizeof(type) == (size), #type)
#define AT(type, member, offset)                                                               \
    _Static_assert(WITH_32_BITS || offsetof(type, member) == (offset), #type "." #member)

SIZE(BOOL, 4);
SIZE(BOOLEAN, 1);
SIZE(USHORT, 2);
SIZE(ULONG, 4);
SIZE(LONG, 4);
SIZE(DWORD, 4);
SIZE(LONGLONG, 8);
SIZE(ULONG_PTR, 8);
SIZE(WCHAR, 2);
SIZE(HRESULT, 4);
SIZE(SECURITY_STATUS, 4);
SIZE(LARGE_INTEGER, 8);
AT(LARGE_INTEGER, HighPart, 4);
AT(LARGE_INTEGER, u.HighPart, 4);
SIZE(FILETIME, 8);
SIZE(LUID, 8);
SIZE(GUID, 16);
SIZE(UNICODE_STRING, 16);
AT(UNICODE_STRING, Buffer, 8);

SIZE(SecHandle, 16);
AT(SecHandle, dwUpper, 8);
SIZE(TimeStamp, 8);
SIZE(SecBuffer, 16);
AT(SecBuffer, BufferType, 4);
AT(SecBuffer, pvBuffer, 8);
SIZE(SecBufferDesc, 16);
AT(SecBufferDesc, cBuffers, 4);
AT(SecBufferDesc, pBuffers, 8);
SIZE(SEC_NEGOTIATION_INFO, 24);
AT(SEC_NEGOTIATION_INFO, Name, 8);
SIZE(SEC_CHANNEL_BINDINGS, 32);
AT(SEC_CHANNEL_BINDINGS, dwAcceptorAddrType, 12);
AT(SEC_CHANNEL_BINDINGS, cbApplicationDataLength, 24);
SIZE(SEC_CHANNEL_BINDINGS_EX, 48);
AT(SEC_CHANNEL_BINDINGS_EX, dwInitiatorAddrType, 16);
SIZE(SEC_CHANNEL_BINDINGS_RESULT, 4);
SIZE(SEC_FLAGS, 8);
SIZE(SECURITY_PACKAGE_OPTIONS, 24);
AT(SECURITY_PACKAGE_OPTIONS, Signature, 16);

#define PACKAGE_INFO(type)                                                                     \
    SIZE(type, 32);                                                                            \
    AT(type, wVersion, 4);                                                                     \
    AT(type, wRPCID, 6);                                                                       \
    AT(type, cbMaxToken, 8);                                                                   \
    AT(type, Name, 16);                                                                        \
    AT(type, Comment, 24)
PACKAGE_INFO(SecPkgInfoA);
PACKAGE_INFO(SecPkgInfoW);

#define IDENTITY(type)                                                                         \
    SIZE(type, 48);                                                                            \
    AT(type, UserLength, 8);                                                                   \
    AT(type, Domain, 16);                                                                      \
    AT(type, DomainLength, 24);                                                                \
    AT(type, Password, 32);                                                                    \
    AT(type, PasswordLength, 40);                                                              \
    AT(type, Flags, 44)
IDENTITY(SEC_WINNT_AUTH_IDENTITY_A);
IDENTITY(SEC_WINNT_AUTH_IDENTITY_W);

#define IDENTITY_EX(type)                                                                      \
    SIZE(type, 72);                                                                            \
    AT(type, Length, 4);                                                                       \
    AT(type, User, 8);                                                                         \
    AT(type, UserLength, 16);                                                                  \
    AT(type, Domain, 24);                                                                      \
    AT(type, DomainLength, 32);                                                                \
    AT(type, Password, 40);                                                                    \
    AT(type, PasswordLength, 48);                                                              \
    AT(type, Flags, 52);                                                                       \
    AT(type, PackageList, 56);                                                                 \
    AT(type, PackageListLength, 64)
IDENTITY_EX(SEC_WINNT_AUTH_IDENTITY_EXA);
IDENTITY_EX(SEC_WINNT_AUTH_IDENTITY_EXW);

SIZE(SEC_WINNT_AUTH_IDENTITY_EX2, 48);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, cbHeaderLength, 4);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, cbStructureLength, 8);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, UserOffset, 12);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, UserLength, 16);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, DomainOffset, 20);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, DomainLength, 24);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackedCredentialsOffset, 28);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackedCredentialsLength, 32);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, Flags, 36);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackageListOffset, 40);
AT(SEC_WINNT_AUTH_IDENTITY_EX2, PackageListLength, 44);
SIZE(SEC_WINNT_AUTH_IDENTITY_INFO, 72);
SIZE(SEC_WINNT_AUTH_BYTE_VECTOR, 8);
AT(SEC_WINNT_AUTH_BYTE_VECTOR, ByteArrayLength, 4);
SIZE(SEC_WINNT_AUTH_SHORT_VECTOR, 8);
SIZE(SEC_WINNT_AUTH_DATA, 24);
AT(SEC_WINNT_AUTH_DATA, CredData, 16);
SIZE(SEC_WINNT_AUTH_PACKED_CREDENTIALS, 28);
AT(SEC_WINNT_AUTH_PACKED_CREDENTIALS, AuthData, 4);
SIZE(SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX, 24);
AT(SEC_WINNT_AUTH_PACKED_CREDENTIALS_EX, PackedCredentials, 8);
SIZE(SEC_WINNT_AUTH_DATA_PASSWORD, 8);

SIZE(SecPkgCredentials_NamesW, 8);
SIZE(SecPkgCredentials_SSIProviderW, 24);
AT(SecPkgCredentials_SSIProviderW, ProviderInfo, 16);

SIZE(SecPkgContext_Sizes, 16);
AT(SecPkgContext_Sizes, cbMaxSignature, 4);
AT(SecPkgContext_Sizes, cbBlockSize, 8);
AT(SecPkgContext_Sizes, cbSecurityTrailer, 12);
SIZE(SecPkgContext_StreamSizes, 20);
AT(SecPkgContext_StreamSizes, cBuffers, 12);
SIZE(SecPkgContext_NamesW, 8);
SIZE(SecPkgContext_Lifespan, 16);
SIZE(SecPkgContext_DceInfo, 16);
AT(SecPkgContext_DceInfo, pPac, 8);
SIZE(SecPkgContext_KeyInfoA, 32);
SIZE(SecPkgContext_KeyInfoW, 32);
AT(SecPkgContext_KeyInfoW, KeySize, 16);
AT(SecPkgContext_KeyInfoW, EncryptAlgorithm, 24);
SIZE(SecPkgContext_AuthorityW, 8);
SIZE(SecPkgContext_ProtoInfoW, 16);
SIZE(SecPkgContext_PasswordExpiry, 8);
SIZE(SecPkgContext_LogoffTime, 8);
SIZE(SecPkgContext_SessionKey, 16);
AT(SecPkgContext_SessionKey, SessionKey, 8);
SIZE(SecPkgContext_PackageInfoW, 8);
SIZE(SecPkgContext_UserFlags, 4);
SIZE(SecPkgContext_Flags, 4);
SIZE(SecPkgContext_NegotiationInfoA, 16);
SIZE(SecPkgContext_NegotiationInfoW, 16);
AT(SecPkgContext_NegotiationInfoW, NegotiationState, 8);
SIZE(SecPkgContext_NativeNamesW, 16);
AT(SecPkgContext_NativeNamesW, sServerName, 8);
SIZE(SecPkgContext_CredentialNameW, 16);
AT(SecPkgContext_CredentialNameW, sCredentialName, 8);
SIZE(SecPkgContext_AccessToken, 8);
SIZE(SecPkgContext_TargetInformation, 16);
AT(SecPkgContext_TargetInformation, MarshalledTargetInfo, 8);
SIZE(SecPkgContext_AuthzID, 16);
SIZE(SecPkgContext_Target, 16);
SIZE(SecPkgContext_ClientSpecifiedTarget, 8);
SIZE(SecPkgContext_Bindings, 16);
AT(SecPkgContext_Bindings, Bindings, 8);
SIZE(SecPkgContext_LastClientTokenStatus, 4);
SIZE(SecPkgContext_CredInfo, 8);
SIZE(SecPkgContext_NegoKeys, 32);
AT(SecPkgContext_NegoKeys, KeyLength, 4);
AT(SecPkgContext_NegoKeys, KeyValue, 8);
AT(SecPkgContext_NegoKeys, VerifyKeyType, 16);
AT(SecPkgContext_NegoKeys, VerifyKeyLength, 20);
AT(SecPkgContext_NegoKeys, VerifyKeyValue, 24);
SIZE(SecPkgContext_NegoPackageInfo, 4);
SIZE(SecPkgContext_NegoStatus, 4);
SIZE(SecPkgContext_SubjectAttributes, 8);

/* A member's offset is its place: dwVersion fills the first. */
#define TABLE(type, suffix)                                                                    \
    SIZE(type, 32 * 8);                                                                        \
    AT(type, dwVersion, 0);                                                                    \
    AT(type, EnumerateSecurityPackages##suffix, 1 * 8);                                        \
    AT(type, QueryCredentialsAttributes##suffix, 2 * 8);                                       \
    AT(type, AcquireCredentialsHandle##suffix, 3 * 8);                                         \
    AT(type, FreeCredentialsHandle, 4 * 8);                                                    \
    AT(type, Reserved2, 5 * 8);                                                                \
    AT(type, InitializeSecurityContext##suffix, 6 * 8);                                        \
    AT(type, AcceptSecurityContext, 7 * 8);                                                    \
    AT(type, CompleteAuthToken, 8 * 8);                                                        \
    AT(type, DeleteSecurityContext, 9 * 8);                                                    \
    AT(type, ApplyControlToken, 10 * 8);                                                       \
    AT(type, QueryContextAttributes##suffix, 11 * 8);                                          \
    AT(type, ImpersonateSecurityContext, 12 * 8);                                              \
    AT(type, RevertSecurityContext, 13 * 8);                                                   \
    AT(type, MakeSignature, 14 * 8);                                                           \
    AT(type, VerifySignature, 15 * 8);                                                         \
    AT(type, FreeContextBuffer, 16 * 8);                                                       \
    AT(type, QuerySecurityPackageInfo##suffix, 17 * 8);                                        \
    AT(type, Reserved3, 18 * 8);                                                               \
    AT(type, Reserved4, 19 * 8);                                                               \
    AT(type, ExportSecurityContext, 20 * 8);                                                   \
    AT(type, ImportSecurityContext##suffix, 21 * 8);                                           \
    AT(type, AddCredentials##suffix, 22 * 8);                                                  \
    AT(type, Reserved8, 23 * 8);                                                               \
    AT(type, QuerySecurityContextToken, 24 * 8);                                               \
    AT(type, EncryptMessage, 25 * 8);                                                          \
    AT(type, DecryptMessage, 26 * 8);                                                          \
    AT(type, SetContextAttributes##suffix, 27 * 8);                                            \
    AT(type, SetCredentialsAttributes##suffix, 28 * 8);                                        \
    AT(type, ChangeAccountPassword##suffix, 29 * 8);                                           \
    AT(type, QueryContextAttributesEx##suffix, 30 * 8);                                        \
    AT(type, QueryCredentialsAttributesEx##suffix, 31 * 8)
TABLE(SecurityFunctionTableA, A);
TABLE(SecurityFunctionTableW, W);

START_TEST(the_two_halves_of_a_time_are_one_number)
{
    TimeStamp stamp;

    stamp.QuadPart = INT64_C(0x0123456789abcdef);
    ck_assert_uint_eq(stamp.LowPart, 0x89abcdef);
    ck_assert_int_eq(stamp.u.HighPart, 0x01234567);
}
END_TEST

START_TEST(an_invalidated_handle_is_not_valid)
{
    SecHandle handle = {0, 0};

    ck_assert(SecIsValidHandle(&handle));
    SecInvalidateHandle(&handle);
    ck_assert(!SecIsValidHandle(&handle));
}
END_TEST

START_TEST(errors_are_negative_and_information_is_not)
{
    ck_assert(FAILED(SEC_E_NO_CREDENTIALS));
    ck_assert_uint_eq((ULONG)SEC_E_NO_CREDENTIALS, 0x8009030e);
    ck_assert(SUCCEEDED(SEC_I_CONTINUE_NEEDED));
    ck_assert_int_eq(SEC_I_CONTINUE_NEEDED, 0x90312);
    ck_assert(SUCCEEDED(SEC_E_OK));
}
END_TEST

START_TEST(secure_zero_memory_zeroes_exactly_that_memory)
{
    char memory[] = "secrets";

    SecureZeroMemory(memory + 1, 5);
    ck_assert_mem_eq(memory, "s\0\0\0\0\0s", 8);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi layout");
    TCase *cases = tcase_create("layout");
    tcase_add_test(cases, the_two_halves_of_a_time_are_one_number);
    tcase_add_test(cases, an_invalidated_handle_is_not_valid);
    tcase_add_test(cases, errors_are_negative_and_information_is_not);
    tcase_add_test(cases, secure_zero_memory_zeroes_exactly_that_memory);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
