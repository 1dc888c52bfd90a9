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
cat "$shim"/include/*.h "$shim"/windows/*.h | tr '\n;' ' \n' >"$work/declarations"
sed -nE 's/.*(SEC_ENTRY|WINAPI) +([A-Za-z]+)\(.*/\2 &/p' "$work/declarations" |
    awk '/SSPI_SYMBOL/ { print "sspi_" $1; next } { print $1 }' | sort >"$work/declared"
nm -D --defined-only .libs/libsspi.so | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    sort >"$work/exported"

test "$(wc -l <"$work/declared")" -ge 80
diff -u "$work/declared" "$work/exported"
