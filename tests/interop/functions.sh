#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the modules export: names that the GSSAPI library looks for and no others, and
# whatever a program finds in gss-ntlmssp's module.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

# exported MODULE
exported() { nm -D --defined-only "$1" | awk '{ print $3 }' | LC_ALL=C sort; }

module() { sed -n "s/^$1 [^ ]* \([^ ]*\).*/\1/p" "$top_builddir/gss-spnego.conf"; }

# The names in the library that calls the modules.
looked_for() {
    ldd "$top_builddir/.libs/gssloop" "$top_builddir/gssloop" 2>/dev/null |
        awk '/libgssapi_krb5/ { print $3; exit }' | xargs strings -a | grep -xE 'gss(i|spi)?_[a-z0-9_]+' |
        LC_ALL=C sort -u
}

exports_what_is_looked_for() {
    [ -n "$(looked_for)" ] && diff /dev/null <(LC_ALL=C comm -13 <(looked_for) <(exported "$1"))
}

# It has one object identifier, and so nothing to choose by it.
exports_what_a_peer_does() {
    diff <(echo gssspi_import_name_by_mech) \
        <(LC_ALL=C comm -23 <(exported "$peer_module") <(exported "$(module ntlmssp)"))
}

command -v nm >/dev/null || skip_all "there is no nm here"
check "mech_ntlmssp.so exports nothing that is not looked for" \
    exports_what_is_looked_for "$(module ntlmssp)"
check "mech_spnego.so exports nothing that is not looked for" \
    exports_what_is_looked_for "$(module spnego)"
if [ -n "$peer_module" ]; then
    check "mech_ntlmssp.so has what gss-ntlmssp's module has" exports_what_a_peer_does
else
    skip "mech_ntlmssp.so has what gss-ntlmssp's module has" "gss-ntlmssp is not here"
fi
finish
