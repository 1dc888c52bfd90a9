#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# python3-gssapi, a program that asks GSSAPI for all that it has: both sides of
# Negotiate, with messages both ways, by NTLM and by Kerberos.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/keyring.sh"

# The distribution's, which has the distribution's modules.
python=/usr/bin/python3
pair=$(cd "$(dirname "$0")/clients" && pwd)/gssapi_pair.py

# says TEXT ARGUMENT...: of gssapi_pair.py's, this is its output or a part of it.
says() {
    local output
    output=$(GSS_MECH_CONFIG=$work/ours "$python" "$pair" HTTP@localhost "${@:2}" 2>&1)
    printf '%s\n' "$output"
    [[ $output = *"$1"* ]]
}

by_login() {
    (unset NTLM_USER_FILE && GSS_MECH_CONFIG=$work/ours logged_in 'DEMO\alice' "$1" "$python" "$pair" HTTP@localhost 2>&1) |
        grep -F "$2"
}

kerberos_tests() {
    if ! kdc_is_there; then
        skip "Kerberos" "there is no krb5kdc, kadmin.local or kinit here"
        return
    fi
    kdc_start 'addprinc -pw secret alice' 'addprinc -randkey HTTP/localhost' \
        "ktadd -k $work/keys HTTP/localhost" || exit
    export KRB5_KTNAME=FILE:$work/keys KRB5RCACHENAME=none:
    check "without a ticket it is NTLM" says 'complete, from DEMO\alice by NTLM'
    check "with Kerberos' password it is Kerberos" \
        says 'complete, from alice@HOME.TEST by Kerberos' password alice@HOME.TEST secret
    KRB5CCNAME=FILE:$work/tickets kinit alice <<<secret >/dev/null || exit
    export KRB5CCNAME=FILE:$work/tickets
    check "with a ticket it is Kerberos" says 'complete, from alice@HOME.TEST by Kerberos'
}

"$python" -c 'import gssapi' 2>/dev/null || skip_all "there is no python3-gssapi here"
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers, Python is not"
! spnego_loses_mics || skip_all "$spnego_fault"
fixture_begin
account_file accounts 'DEMO:alice:Secret 123'
account_file none 'DEMO:mallory:Secret 124'
export NTLM_USER_FILE=$work/accounts NTLM_ACCOUNT_FILE=$work/accounts
use_mechanism ours "$mechanism"

check "the default credential" says 'complete, from DEMO\alice by NTLM'
export NTLM_USER_FILE=$work/none
check "a password" says 'complete, from DEMO\alice by NTLM' password 'DEMO\alice' 'Secret 123'
check "a wrong password" says 'Unknown user or wrong password' password 'DEMO\alice' 'Secret 124'
check "an unknown user" says 'Unknown user or wrong password'
if keyring_is_there; then
    check "gss-negotiate login" by_login 'Secret 123' 'complete, from DEMO\alice by NTLM'
    check "gss-negotiate login with a wrong password" by_login 'Secret 124' 'Unknown user or wrong password'
else
    skip "gss-negotiate login" "there is no kernel keyring, no keyctl or no libkeyutils here"
fi
export NTLM_USER_FILE=$work/accounts
kerberos_tests
finish
