#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The README's table of GSSAPI functions against what the module exports.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

# readme FROM TO: the functions between two of its lines.
readme() {
    sed -n "/^$1/,/^$2/p" "$(dirname "$0")/../../README" | sed '1d;$d' |
        grep -oE '\bgss(spi)?_[a-z_]+' | LC_ALL=C sort
}

exported() {
    nm -D --defined-only "$(awk '!/^#/ { print $3; exit }' "$mechanism")" | awk '{ print $3 }' | LC_ALL=C sort
}

exports_what_works() {
    diff <(readme "MIT's mechglue" 'These are left out') <(exported)
}

command -v nm >/dev/null || skip_all "there is no nm here"
check "the module exports the functions of which the README says that they work" \
    exports_what_works
finish
