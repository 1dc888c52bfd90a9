#!/bin/sh
# SPDX-License-Identifier: MIT
# Every function that the headers declare is in libsspi.so, and nothing else. Those
# that other libraries have, too, carry a prefix there.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "SEC_ENTRY Name(" and "WINAPI Name(" are functions; a pointer's type has a star
# there. What is followed by SSPI_SYMBOL() has another symbol.
shim=${srcdir:-.}/sspi-shim
symbols_of() {
    cat "$@" | tr '\n;' ' \n' | sed -nE 's/.*(SEC_ENTRY|WINAPI) +([A-Za-z]+)\(.*/\2 &/p' |
        awk '/SSPI_SYMBOL/ { print "sspi_" $1; next } { print $1 }' | sort
}
symbols_of "$shim"/include/*.h "$shim"/windows/*.h >"$work/declared"
nm -D --defined-only .libs/libsspi.so | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    sort >"$work/exported"

# None of what is beside SSPI may be in another library's way.
symbols_of "$shim"/windows/*.h >"$work/beside"
test "$(grep -c '^sspi_' "$work/beside")" -ge 20
if grep -v '^sspi_' "$work/beside"; then exit 1; fi

test "$(wc -l <"$work/declared")" -ge 80
diff -u "$work/declared" "$work/exported"
