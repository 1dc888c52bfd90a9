/* SPDX-License-Identifier: MIT */
/* functions.c - the table of the names that secur32.dll exports. */

#include "config.h"

#include "functions.h"

#include <stddef.h>
#include <string.h>

#include <secext.h>
#include <sspi.h>

#define FUNCTION(name)                                                                         \
    {                                                                                          \
#name, (function)(name)                                                                \
    }
#define BOTH(name) FUNCTION(name##A), FUNCTION(name##W)

static const struct {
    const char *name;
    function address;
} functions[] = {
    FUNCTION(AcceptSecurityContext),
    BOTH(AcquireCredentialsHandle),
    BOTH(AddCredentials),
    FUNCTION(ApplyControlToken),
    BOTH(ChangeAccountPassword),
    FUNCTION(CompleteAuthToken),
    FUNCTION(DecryptMessage),
    FUNCTION(DeleteSecurityContext),
    FUNCTION(EncryptMessage),
    BOTH(EnumerateSecurityPackages),
    FUNCTION(ExportSecurityContext),
    FUNCTION(FreeContextBuffer),
    FUNCTION(FreeCredentialsHandle),
    BOTH(GetComputerObjectName),
    BOTH(GetUserNameEx),
    FUNCTION(ImpersonateSecurityContext),
    BOTH(ImportSecurityContext),
    BOTH(InitSecurityInterface),
    BOTH(InitializeSecurityContext),
    FUNCTION(MakeSignature),
    BOTH(QueryContextAttributes),
    BOTH(QueryContextAttributesEx),
    BOTH(QueryCredentialsAttributes),
    BOTH(QueryCredentialsAttributesEx),
    FUNCTION(QuerySecurityContextToken),
    BOTH(QuerySecurityPackageInfo),
    FUNCTION(RevertSecurityContext),
    /* what EncryptMessage and DecryptMessage were called first */
    {"SealMessage", (function)(EncryptMessage)},
    BOTH(SetContextAttributes),
    BOTH(SetCredentialsAttributes),
    FUNCTION(SspiCompareAuthIdentities),
    FUNCTION(SspiCopyAuthIdentity),
    FUNCTION(SspiDecryptAuthIdentity),
    FUNCTION(SspiEncodeAuthIdentityAsStrings),
    FUNCTION(SspiEncodeStringsAsAuthIdentity),
    FUNCTION(SspiEncryptAuthIdentity),
    FUNCTION(SspiExcludePackage),
    FUNCTION(SspiFreeAuthIdentity),
    FUNCTION(SspiGetTargetHostName),
    FUNCTION(SspiIsAuthIdentityEncrypted),
    FUNCTION(SspiIsPromptingNeeded),
    FUNCTION(SspiLocalFree),
    FUNCTION(SspiMarshalAuthIdentity),
    FUNCTION(SspiPrepareForCredRead),
    FUNCTION(SspiPrepareForCredWrite),
    FUNCTION(SspiUnmarshalAuthIdentity),
    FUNCTION(SspiValidateAuthIdentity),
    FUNCTION(SspiZeroAuthIdentity),
    BOTH(TranslateName),
    {"UnsealMessage", (function)(DecryptMessage)},
    FUNCTION(VerifySignature),
};

function function_of(const char *name)
{
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].address;
    return NULL;
}
