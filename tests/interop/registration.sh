#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which line of a mechanism file counts where several name one object identifier,
# as when another NTLM module is registered beside this one.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

nowhere="other 1.3.6.1.4.1.311.2.2.10 /nonexistent/other.so"

# logs_in: with the mechanism file that it was given.
logs_in() {
    "$top_builddir/gssloop" -m ntlm -i "NTLM_USER_FILE=$work/accounts" \
        -a "NTLM_USER_FILE=$work/accounts" -i "GSS_MECH_CONFIG=$work/mech" -a "GSS_MECH_CONFIG=$work/mech"
}

fails() { ! logs_in; }

fixture_begin
account_file accounts 'DEMO:alice:Secret 123'
use_mechanism ours "$mechanism"

cat <(printf '%s\n' "$nowhere") "$work/ours" >"$work/mech"
check "the last line for an object identifier counts" logs_in
cat "$work/ours" <(printf '%s\n' "$nowhere") >"$work/mech"
check "the first line for an object identifier does not count" fails
finish
