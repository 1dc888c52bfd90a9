#!/bin/sh
# SPDX-License-Identifier: MIT
# Every function that the headers declare is in libsspi.so, and nothing else.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# "SEC_ENTRY Name(" is a function; a pointer's type has a star there.
cat "${srcdir:-.}"/sspi-shim/include/*.h | tr '\n' ' ' |
    grep -oE 'SEC_ENTRY +[A-Za-z]+\(' | sed 's/.* \(.*\)(/\1/' | sort >"$work/declared"
nm -D --defined-only .libs/libsspi.so | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    sort >"$work/exported"

test "$(wc -l <"$work/declared")" -ge 50
diff -u "$work/declared" "$work/exported"
