/* SPDX-License-Identifier: MIT */
/* interface.c - the tables of all functions, for programs that load the library
 * at run time and ask for these two alone. */

#include "config.h"

#include <sspi.h>

/* In the order of Windows' tables, and with its version: that does not say how many
 * members there are. Callers may write to them, as there. */
PSecurityFunctionTableW SEC_ENTRY InitSecurityInterfaceW(void)
{
    static SecurityFunctionTableW table = {
        .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
        .EnumerateSecurityPackagesW = EnumerateSecurityPackagesW,
        .QueryCredentialsAttributesW = QueryCredentialsAttributesW,
        .AcquireCredentialsHandleW = AcquireCredentialsHandleW,
        .FreeCredentialsHandle = FreeCredentialsHandle,
        .InitializeSecurityContextW = InitializeSecurityContextW,
        .AcceptSecurityContext = AcceptSecurityContext,
        .CompleteAuthToken = CompleteAuthToken,
        .DeleteSecurityContext = DeleteSecurityContext,
        .ApplyControlToken = ApplyControlToken,
        .QueryContextAttributesW = QueryContextAttributesW,
        .ImpersonateSecurityContext = ImpersonateSecurityContext,
        .RevertSecurityContext = RevertSecurityContext,
        .MakeSignature = MakeSignature,
        .VerifySignature = VerifySignature,
        .FreeContextBuffer = FreeContextBuffer,
        .QuerySecurityPackageInfoW = QuerySecurityPackageInfoW,
        .Reserved3 = (void *)EncryptMessage, /* old callers' SealMessage */
        .Reserved4 = (void *)DecryptMessage, /* and UnsealMessage */
        .ExportSecurityContext = ExportSecurityContext,
        .ImportSecurityContextW = ImportSecurityContextW,
        .AddCredentialsW = AddCredentialsW,
        .QuerySecurityContextToken = QuerySecurityContextToken,
        .EncryptMessage = EncryptMessage,
        .DecryptMessage = DecryptMessage,
        .SetContextAttributesW = SetContextAttributesW,
        .SetCredentialsAttributesW = SetCredentialsAttributesW,
        .ChangeAccountPasswordW = ChangeAccountPasswordW,
        .QueryContextAttributesExW = QueryContextAttributesExW,
        .QueryCredentialsAttributesExW = QueryCredentialsAttributesExW,
    };

    return &table;
}

PSecurityFunctionTableA SEC_ENTRY InitSecurityInterfaceA(void)
{
    static SecurityFunctionTableA table = {
        .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION,
        .EnumerateSecurityPackagesA = EnumerateSecurityPackagesA,
        .QueryCredentialsAttributesA = QueryCredentialsAttributesA,
        .AcquireCredentialsHandleA = AcquireCredentialsHandleA,
        .FreeCredentialsHandle = FreeCredentialsHandle,
        .InitializeSecurityContextA = InitializeSecurityContextA,
        .AcceptSecurityContext = AcceptSecurityContext,
        .CompleteAuthToken = CompleteAuthToken,
        .DeleteSecurityContext = DeleteSecurityContext,
        .ApplyControlToken = ApplyControlToken,
        .QueryContextAttributesA = QueryContextAttributesA,
        .ImpersonateSecurityContext = ImpersonateSecurityContext,
        .RevertSecurityContext = RevertSecurityContext,
        .MakeSignature = MakeSignature,
        .VerifySignature = VerifySignature,
        .FreeContextBuffer = FreeContextBuffer,
        .QuerySecurityPackageInfoA = QuerySecurityPackageInfoA,
        .Reserved3 = (void *)EncryptMessage, /* old callers' SealMessage */
        .Reserved4 = (void *)DecryptMessage, /* and UnsealMessage */
        .ExportSecurityContext = ExportSecurityContext,
        .ImportSecurityContextA = ImportSecurityContextA,
        .AddCredentialsA = AddCredentialsA,
        .QuerySecurityContextToken = QuerySecurityContextToken,
        .EncryptMessage = EncryptMessage,
        .DecryptMessage = DecryptMessage,
        .SetContextAttributesA = SetContextAttributesA,
        .SetCredentialsAttributesA = SetCredentialsAttributesA,
        .ChangeAccountPasswordA = ChangeAccountPasswordA,
        .QueryContextAttributesExA = QueryContextAttributesExA,
        .QueryCredentialsAttributesExA = QueryCredentialsAttributesExA,
    };

    return &table;
}
