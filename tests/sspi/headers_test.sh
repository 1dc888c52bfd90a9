#!/bin/sh
# SPDX-License-Identifier: MIT
# An unmodified Windows program that uses only SSPI compiles: as C and as C++,
# wide and ANSI, with each compiler that is here, without a warning.
set -eu

include=${srcdir:-.}/sspi-shim/include
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/client.c" <<'EOF'
#define SECURITY_WIN32
#include <windows.h>
#include <security.h>
#include <stdio.h>

static PSecurityFunctionTable table;

static SECURITY_STATUS first_leg(LPTSTR target, PCredHandle cred, PCtxtHandle context)
{
    TimeStamp expiry;
    ULONG attributes;
    BYTE token[256];
    SecBuffer out = {sizeof(token), SECBUFFER_TOKEN, token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    SEC_WINNT_AUTH_IDENTITY identity;
    SECURITY_STATUS status;

    ZeroMemory(&identity, sizeof(identity));
    identity.Flags = sizeof(TCHAR) == 2 ? SEC_WINNT_AUTH_IDENTITY_UNICODE
                                        : SEC_WINNT_AUTH_IDENTITY_ANSI;
    status = table->AcquireCredentialsHandle(NULL, (LPTSTR)NEGOSSP_NAME, SECPKG_CRED_OUTBOUND,
                                             NULL, &identity, NULL, NULL, cred, &expiry);
    if (FAILED(status))
        return status;
    return table->InitializeSecurityContext(cred, NULL, target, ISC_REQ_CONFIDENTIALITY, 0,
                                            SECURITY_NATIVE_DREP, NULL, 0, context, &output,
                                            &attributes, &expiry);
}

int main(void)
{
    INIT_SECURITY_INTERFACE init = InitSecurityInterface;
    ACQUIRE_CREDENTIALS_HANDLE_FN acquire = AcquireCredentialsHandle;
    const TCHAR *text = TEXT("host/server");
    PSecPkgInfo infos = NULL;
    CredHandle cred;
    CtxtHandle context;
    ULONG count;

    SecInvalidateHandle(&context);
    table = init();
    if (acquire == NULL || EnumerateSecurityPackages(&count, &infos) != SEC_E_OK)
        return 1;
    FreeContextBuffer(infos);
    switch (first_leg((LPTSTR)text, &cred, &context)) {
    case SEC_E_OK:
    case SEC_I_CONTINUE_NEEDED:
        return 0;
    case SEC_E_NO_CREDENTIALS:
        printf("no credentials\n");
        return 2;
    default:
        return 3;
    }
}
EOF
cp "$work/client.c" "$work/client.cc"

tried=0
try() {
    compiler=$1
    shift
    command -v "$compiler" >/dev/null 2>&1 || return 0
    for unicode in -UUNICODE -DUNICODE; do
        "$compiler" "$@" $unicode -Wall -Wextra -pedantic -Werror -Wno-cast-qual \
            -I"$include" -c -o "$work/client.o"
        tried=$((tried + 1))
    done
}
try gcc -std=c11 "$work/client.c"
try clang -std=c11 "$work/client.c"
try g++ -std=c++17 "$work/client.cc"
try clang++ -std=c++17 "$work/client.cc"

# each header stands alone
for header in "$include"/*.h; do
    printf '#include <%s>\n' "${header##*/}" >"$work/alone.c"
    "${CC:-cc}" -std=c11 -Wall -Wextra -pedantic -Werror -I"$include" \
        -c -o "$work/alone.o" "$work/alone.c"
done
test $tried -gt 0
