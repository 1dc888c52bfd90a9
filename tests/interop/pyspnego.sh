#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pyspnego, with a SPNEGO and an NTLM of its own (Ansible and others log in to Windows
# with it), against ours in both directions: logins, and messages both ways.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

# The distribution's, which has the distribution's modules.
python=/usr/bin/python3
pair=$(cd "$(dirname "$0")/clients" && pwd)/pyspnego_pair.py

# says TEXT ARGUMENT...: of pyspnego_pair.py's, this is its output or a part of it.
says() {
    local output
    output=$(GSS_MECH_CONFIG=$work/ours "$python" "$pair" "${@:2}" 2>&1)
    printf '%s\n' "$output"
    [[ $output = *"$1"* ]]
}

"$python" -c 'import gssapi, spnego' 2>/dev/null ||
    skip_all "there is no pyspnego and python3-gssapi here"
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers, Python is not"
fixture_begin
account_file accounts 'DEMO:alice:Secret 123'
export NTLM_USER_FILE=$work/accounts
use_mechanism ours "$mechanism"

protocols=(ntlm negotiate)
if spnego_loses_mics; then
    protocols=(ntlm)
    skip "negotiate" "$spnego_fault"
fi
for protocol in "${protocols[@]}"; do
    for side in client server; do
        check "pyspnego is the $side, $protocol: the right password" \
            says 'complete, from DEMO\alice' "$side" "$protocol" 'DEMO\alice' 'Secret 123'
    done
    check "pyspnego is the client, $protocol: a wrong password" \
        says 'Unknown user or wrong password' client "$protocol" 'DEMO\alice' 'Secret 124'
    check "pyspnego is the server, $protocol: a wrong password" \
        says 'Invalid NTLM response' server "$protocol" 'DEMO\alice' 'Secret 124'
done
finish
