# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# mingw.sh - our headers against mingw-w64's: what both have is equal, constants and
# structures, with 64 and with 32 bits; and what of SSPI's own only theirs have is
# known. Sourced by run. Both are compiled with the machine's compiler, theirs as
# for Cygwin, where a long is as long as here.

mingw=${MINGW_INCLUDE:-/usr/share/mingw-w64/include}
mingw_flags=(-nostdinc -isystem "$(gcc -print-file-name=include)" -isystem "$mingw"
    -D_WIN32 -D__MINGW32__ -U__linux__ -U__unix__ -D__cdecl= -D__stdcall= -D__fastcall=
    '-D__int64=long long' -D__int32=int -D__int16=short -D__int8=char '-D__declspec(x)=' -D_WIN32_WINNT=0x0A00
    -D_SEC_WINNT_AUTH_TYPES)

# What SSPI's callers include, each way.
mingw_program() {
    printf '#define SECURITY_WIN32\n'
    printf '#include <%s>\n' windows.h security.h ntsecapi.h rpc.h "$@"
}

# in_ours and in_mingws BITS COMMAND-LINE...: the compiler with these headers. Of a
# 32-bit C library our headers only need that it is there.
in_ours() {
    local stubs=$objects/mingw-stubs
    mkdir -p "$stubs/gnu"
    : >"$stubs/gnu/stubs-32.h"
    gcc "-m$1" -w -fshort-wchar -I"$here/../../sspi-shim/include" \
        -I"$here/../../sspi-shim/windows" -idirafter "$stubs" \
        -idirafter "/usr/include/$(gcc -print-multiarch)" "${@:2}"
}
in_mingws() {
    local machine=(-D_X86_)
    [ "$1" = 32 ] || machine=(-D_AMD64_ -D_WIN64 -D__MINGW64__)
    gcc "-m$1" -w -fshort-wchar "${mingw_flags[@]}" "${machine[@]}" "${@:2}"
}

# macros IN BITS: the names of object-like macros, sorted.
macros() {
    mingw_program | "$1" "$2" -E -dM -xc - |
        sed -nE 's/^#define ([A-Za-z][A-Za-z0-9_]*) .+/\1/p' |
        grep -vx 'FD_SETSIZE\|RAND_MAX' | LC_ALL=C sort -u # the C library's
}

# Those whose expansion is a number in both.
numbers() {
    local side
    for side in in_ours in_mingws; do
        { mingw_program && sed 's/.*/"&" &/' "$objects/macros"; } | "$side" "$1" -E -P -xc - |
            sed -nE 's/^"([A-Za-z0-9_]+)" (.*)/\1 \2/p' |
            sed -E 's/\((HRESULT|SECURITY_STATUS|ULONG_PTR|ULONG|DWORD|WORD)\)//g' |
            grep -E '^[A-Za-z0-9_]+ [-() 0-9a-fA-FxXuUlL|+<~]*[0-9][-() 0-9a-fA-FxXuUlL|+<~]*$' |
            cut -d' ' -f1 | LC_ALL=C sort -u >"$objects/numbers.$side"
    done
    LC_ALL=C comm -12 "$objects/numbers.in_ours" "$objects/numbers.in_mingws"
}

# Structures that our headers of SSPI and its identities define: "TYPE MEMBER", and
# "TYPE" for each whole.
structures() {
    awk '/^typedef (struct|union) _?[A-Za-z0-9_]+ \{/ { members = ""; inside = 1; next }
        inside && /^\} *[A-Za-z0-9_]+/ {
            name = $2
            gsub(/[,;]/, "", name)
            print name
            count = split(members, each, " ")
            for (i = 1; i <= count; i++)
                print name, each[i]
            inside = 0
        }
        inside && /^    [^ \/].*;/ {
            member = $0
            sub(/;.*/, "", member)
            sub(/\[.*/, "", member)
            sub(/.*[ *]/, "", member)
            members = members " " member
        }' "$here"/../../sspi-shim/include/{sspi*,rpcdce}.h | grep -v '^SECURITY_FUNCTION\|^_' |
        while read -r type member; do
            grep -qE "\b$type\b" "$mingw"/{sspi,rpcdce}.h && printf '%s %s\n' "$type" "$member"
        done
}

# values IN BITS: "NAME VALUE", by way of the compiler's assembler text.
values() {
    {
        mingw_program stddef.h
        printf 'void values(void) {\n'
        sed 's/.*/__asm__("=@& %c0" :: "i"((int)(&)));/' "$objects/numbers"
        awk '{ what = NF == 1 ? "sizeof(" $1 ")" : "offsetof(" $1 ", " $2 ")"
            print "__asm__(\"=@" $1 "." $2 " %c0\" :: \"i\"((int)(" what ")));" }' \
            "$objects/structures"
        printf '}\n'
    } | "$1" "$2" -S -o - -xc - | sed -n 's/^[[:space:]]*=@//p'
}

mingw_agrees() {
    macros in_ours "$1" >"$objects/macros.ours" && macros in_mingws "$1" >"$objects/macros.mingw"
    LC_ALL=C comm -12 "$objects/macros.ours" "$objects/macros.mingw" >"$objects/macros"
    numbers "$1" >"$objects/numbers"
    structures >"$objects/structures"
    values in_ours "$1" >"$objects/values.ours" || return
    values in_mingws "$1" >"$objects/values.mingw" || return
    printf '%d constants, %d structures and members\n' "$(wc -l <"$objects/numbers")" \
        "$(wc -l <"$objects/structures")"
    [ "$(wc -l <"$objects/numbers")" -gt 350 ] && [ "$(wc -l <"$objects/structures")" -gt 150 ] &&
        diff "$objects/values.ours" "$objects/values.mingw"
}

# What is only in theirs: macros and functions of sspi.h, security.h and secext.h.
mingw_more() {
    local header
    for header in sspi security secext; do
        grep -oE '(#define|SEC_ENTRY|WINAPI) +[A-Za-z][A-Za-z0-9_]+' "$mingw/$header.h"
    done | awk '{ print $2 }' | grep -v '_FN$\|_FN_[AW]$\|^SEC_ENTRY$\|^WINAPI$' |
        LC_ALL=C sort -u | while read -r name; do
        grep -qwh "$name" "$here"/../../sspi-shim/{include,windows}/*.h || printf '%s\n' "$name"
    done
}

# The manual's list of these, whose names may end in a star.
manual_knows() {
    local name item items unknown=0
    mapfile -t items < <(sed -n '/^\.Sh NOT THERE/,/^\.Sh [^N]/s/^\.Dv //p' \
        "$here/../../man/sspi.3" | tr -d ", ")
    for name in $(mingw_more); do
        for item in "${items[@]}"; do
            # shellcheck disable=SC2053 # a pattern
            [[ $name = $item ]] && continue 2
        done
        printf '%s\n' "$name"
        unknown=$((unknown + 1))
    done
    [ ${#items[@]} -gt 10 ] && [ $unknown = 0 ]
}

program_mingw() {
    if [ ! -f "$mingw/sspi.h" ]; then
        skip "mingw-w64's headers" "there is no mingw-w64-common here"
        return
    fi
    check "constants and structures are mingw-w64's, with 64 bits" mingw_agrees 64
    check "constants and structures are mingw-w64's, with 32 bits" mingw_agrees 32
    check "the manual lists what only mingw-w64's headers have" manual_knows
}
