#!/bin/sh
# SPDX-License-Identifier: MIT
# An unmodified Windows program that uses only SSPI compiles: as C and as C++,
# wide and ANSI, with each compiler that is here, without a warning.
set -eu

shim=${srcdir:-.}/sspi-shim
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
            -I"$shim/include" -I"$shim/windows" -c -o "$work/client.o"
        tried=$((tried + 1))
    done
}
try gcc -std=c11 "$work/client.c"
try clang -std=c11 "$work/client.c"
try g++ -std=c++17 "$work/client.cc"
try clang++ -std=c++17 "$work/client.cc"

# every header in strict C90, whose tags are Windows'
cat >"$work/strict.c" <<'EOF'
#define SECURITY_WIN32
#include <windows.h>
#include <security.h>
#include <ntsecapi.h>
#include <subauth.h>
#include <issper16.h>
#include <secext.h>
#include <tchar.h>

unsigned length(const struct _SECURITY_STRING *string);
unsigned length(const struct _SECURITY_STRING *string)
{
    const SECURITY_STRING *same = string;
    const USHORT *text = same->Buffer;

    return text ? same->Length : 0;
}
EOF
try gcc -std=c89 "$work/strict.c"
try clang -std=c89 "$work/strict.c"

# the flags of sspi-wide.pc: L"" is the literal, in TEXT() too
cat >"$work/wide.c" <<'EOF'
#define UNICODE
#include <windows.h>
#include <security.h>

static WCHAR package[] = L"Negotiate";
static const wchar_t *text = TEXT("Negotiate");

const WCHAR *wide(int which)
{
    const WCHAR *name = NEGOSSP_NAME;

    return which == 0 ? package : which == 1 ? text : name;
}
EOF
cp "$work/wide.c" "$work/wide.cc"

# a call of a function that gives a number out, into an unsigned long
cat >"$work/long.c" <<'EOF'
#include <windows.h>
#include <security.h>

unsigned long attributes_of(PSecurityFunctionTableA table, PCredHandle cred, PCtxtHandle context);
unsigned long attributes_of(PSecurityFunctionTableA table, PCredHandle cred, PCtxtHandle context)
{
    unsigned long attributes;

    table->InitializeSecurityContextA(cred, NULL, NULL, 0, 0, 0, NULL, 0, context, NULL,
                                      &attributes, NULL);
    AcceptSecurityContext(cred, NULL, NULL, 0, 0, context, NULL, &attributes, NULL);
    return attributes;
}
EOF
# Every function that gives a number out, each in a file of its own: NAME ARGUMENTS,
# where N is the number's address. Those of secext.h take it in, too.
cat >"$work/numbers" <<'EOF'
EnumerateSecurityPackagesA N, 0
EnumerateSecurityPackagesW N, 0
InitializeSecurityContextA 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, N, 0
InitializeSecurityContextW 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, N, 0
AcceptSecurityContext 0, 0, 0, 0, 0, 0, 0, N, 0
VerifySignature 0, 0, 0, N
DecryptMessage 0, 0, 0, N
table->EnumerateSecurityPackagesA N, 0
table->InitializeSecurityContextA 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, N, 0
table->AcceptSecurityContext 0, 0, 0, 0, 0, 0, 0, N, 0
table->VerifySignature 0, 0, 0, N
table->DecryptMessage 0, 0, 0, N
SspiMarshalAuthIdentity 0, N, 0
SspiPrepareForCredRead 0, 0, N, 0
SspiPrepareForCredWrite 0, 0, N, 0, 0, 0, 0
SspiPrepareForCredWrite 0, 0, 0, 0, 0, 0, N
GetUserNameExA NameSamCompatible, 0, N
GetUserNameExW NameSamCompatible, 0, N
GetComputerObjectNameA NameDnsDomain, 0, N
GetComputerObjectNameW NameDnsDomain, 0, N
TranslateNameA 0, NameUnknown, NameDisplay, 0, N
TranslateNameW 0, NameUnknown, NameDisplay, 0, N
EOF
# number_program NAME ARGUMENTS TYPE
number_program() {
    printf '#include <windows.h>\n#include <security.h>\n'
    printf 'void f(PSecurityFunctionTableA table);\nvoid f(PSecurityFunctionTableA table)\n{\n'
    printf '    %s number = 0;\n\n    (void)table;\n' "$3"
    printf '    (void)%s(%s);\n}\n' "$1" "$2" | sed 's/\bN\b/\&number/'
}

# L"" with characters of four bytes, as an argument and as a constant
sed 's/u"/L"/' >"$work/literal.c" <<'EOF'
#include <windows.h>
#include <security.h>

SECURITY_STATUS find(PSecPkgInfoW *info);
SECURITY_STATUS find(PSecPkgInfoW *info)
{
    return QuerySecurityPackageInfoW(u"Negotiate", info);
}
EOF
cat >"$work/constant.c" <<'EOF'
#include <windows.h>
#include <security.h>

const WCHAR *package(void);
const WCHAR *package(void)
{
    return L"Negotiate";
}
EOF
cp "$work/constant.c" "$work/constant.cc"

# compiles and refused COMPILER ARGUMENTS...
compiles() {
    command -v "$1" >/dev/null 2>&1 || return 0
    "$@" -I"$shim/include" -I"$shim/windows" -c -o "$work/try.o"
}
because='incompatible|cannot convert|cannot initialize|no matching function'
refused() {
    command -v "$1" >/dev/null 2>&1 || return 0
    ! compiles "$@" 2>"$work/refused" && grep -qE "error: .*($because)" "$work/refused"
}
for compiler in gcc clang; do
    compiles $compiler -std=c11 -Wall -Wextra -Werror -Wno-missing-prototypes -fshort-wchar \
        "$work/wide.c"
    refused $compiler "$work/long.c"
    compiles $compiler -Wall -Wextra -Werror -DSSPI_UNSIGNED_LONG "$work/long.c"
    refused $compiler "$work/literal.c"
    refused $compiler "$work/constant.c"
    compiles $compiler -fshort-wchar "$work/constant.c"
done
for compiler in g++ clang++; do
    compiles $compiler -std=c++17 -Wall -Wextra -Werror -fshort-wchar "$work/wide.cc"
    refused $compiler "$work/constant.cc"
    compiles $compiler -fshort-wchar "$work/constant.cc"
done

while read -r name arguments; do
    for extension in c cc; do
        number_program "$name" "$arguments" "unsigned long" >"$work/number.$extension"
        number_program "$name" "$arguments" ULONG >"$work/right.$extension"
    done
    for compiler in gcc clang; do
        refused $compiler "$work/number.c"
        compiles $compiler -Wall -Werror "$work/right.c"
        case $name in
        Get* | Translate*) refused $compiler -DSSPI_UNSIGNED_LONG "$work/number.c" ;;
        *) compiles $compiler -Wall -Werror -DSSPI_UNSIGNED_LONG "$work/number.c" ;;
        esac
    done
    for compiler in g++ clang++; do
        refused $compiler "$work/number.cc"
        compiles $compiler -Wall -Werror "$work/right.cc"
    done
done <"$work/numbers"

# each header stands alone, in the oldest C and C++ too
for header in "$shim"/include/*.h "$shim"/windows/*.h; do
    printf '#include <%s>\nextern int alone;\n' "${header##*/}" >"$work/alone.c"
    cp "$work/alone.c" "$work/alone.cc"
    for language in c89:gcc:c c11:gcc:c c++98:g++:cc; do
        standard=${language%%:*}
        compiler=${language#*:}
        command -v "${compiler%:*}" >/dev/null 2>&1 || continue
        for unicode in -UUNICODE -DUNICODE; do
            "${compiler%:*}" -std="$standard" $unicode -Wall -Wextra -pedantic -Werror \
                -I"$shim/include" -I"$shim/windows" -c -o "$work/alone.o" \
                "$work/alone.${compiler#*:}"
        done
    done
done
# what stands beside SSPI stays thin
test "$(cat "$shim"/windows/* | wc -l)" -lt 900
test $tried -gt 0
