#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# OpenLDAP on both sides, by Cyrus SASL's GSS-SPNEGO: ldapsearch logs in to slapd
# without a layer, signed and sealed, by NTLM and by Kerberos.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/keyring.sh"

slapd_program=$(PATH=$PATH:/usr/sbin command -v slapd || true)

slapd_configuration() {
    cat <<CONF
pidfile $work/slapd.pid
sasl-host localhost
CONF
    cat "$(dirname "$0")/../../examples/slapd.conf"
}

slapd_answers() { ldapsearch -x -H "$slapd_url" -s base -b ''; }

# slapd_start VARIABLE=VALUE...: sets slapd_url and slapd_log.
slapd_start() {
    local port
    fixture_cleanups+=(slapd_stop)
    slapd_log=$work/slapd.log
    slapd_configuration >"$work/slapd.conf"
    # AppArmor lets the installed one read nothing of ours
    cp "$slapd_program" "$work/slapd"
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 12000))
        slapd_url=ldap://localhost:$port
        env GSS_MECH_CONFIG="$work/ours" NTLM_USER_FILE="$work/server" "$@" \
            "$work/slapd" -d 256 -f "$work/slapd.conf" -h "ldap://127.0.0.1:$port" \
            >"$slapd_log" 2>&1 </dev/null &
        slapd_pid=$!
        await "$slapd_pid" slapd_answers && return
        slapd_stop
    done
    cat "$slapd_log" >&2
    return 1
}

slapd_stop() {
    [ -n "${slapd_pid-}" ] || return 0
    kill "$slapd_pid" 2>/dev/null
    wait "$slapd_pid" 2>/dev/null
    slapd_pid=
    return 0
}

# search PROPERTIES: what only who has logged in may read. Sets output, and told: what
# the server's log says of it.
search() {
    local seen status=0
    seen=$(wc -l <"$slapd_log")
    output=$(GSS_MECH_CONFIG=$work/ours LDAPNOINIT=1 timeout 120 \
        ldapsearch -N -Y GSS-SPNEGO -O "$1" -H "$slapd_url" -LLL -s base -b '' \
        structuralObjectClass 2>&1) || status=$?
    told=$(tail -n "+$((seen + 1))" "$slapd_log")
    printf '%s\n' "$output" "$told"
    return $status
}

# finds SSF NAME PROPERTIES: both sides have that strength, and slapd that name.
finds() {
    search "$3" && grep -q "^SASL SSF: $1\$" <<<"$output" &&
        grep -q '^structuralObjectClass: OpenLDAProotDSE' <<<"$output" &&
        grep -qF "BIND dn=\"uid=$2,cn=gss-spnego,cn=auth\" mech=GSS-SPNEGO bind_ssf=$1 " <<<"$told"
}

# by_login PASSWORD: by gss-negotiate login, without any file.
by_login() {
    (unset NTLM_USER_FILE && GSS_MECH_CONFIG=$work/ours LDAPNOINIT=1 logged_in 'DEMO\alice' "$1" timeout 120 \
        ldapsearch -N -Y GSS-SPNEGO -O minssf=56 -H "$slapd_url" -LLL -s base -b '' structuralObjectClass 2>&1)
}
finds_by_login() { by_login 'Secret 123' | grep '^structuralObjectClass: OpenLDAProotDSE'; }
refused_by_login() { by_login 'Secret 124' | grep 'Invalid credentials'; }

# refused PROPERTIES: by the server.
refused() { ! search "$1" && grep -q 'Invalid credentials' <<<"$output"; }

# all_layers MECHANISM NAME SIGNED SEALED: what Cyrus SASL holds each layer to be worth.
all_layers() {
    check "$1, no layer" finds 0 "$2" maxssf=0
    check "$1, signed" finds "$3" "$2" minssf=1,maxssf=1
    check "$1, sealed" finds "$4" "$2" minssf=56
    check "$1, the strongest that there is" finds "$4" "$2" maxssf=256
}

kerberos_tests() {
    if ! kdc_is_there; then
        skip "Kerberos" "there is no krb5kdc, kadmin.local or kinit here"
        return
    fi
    slapd_stop
    kdc_start 'addprinc -pw secret alice' 'addprinc -randkey ldap/localhost' \
        "ktadd -k $work/keys ldap/localhost" || exit
    KRB5CCNAME=FILE:$work/tickets kinit alice <<<secret >/dev/null || exit
    slapd_start KRB5_KTNAME="$work/keys" KRB5RCACHENAME=none: || exit
    all_layers "NTLM, where the server has Kerberos" 'demo\5Calice' 1 64
    export KRB5CCNAME=FILE:$work/tickets
    # what is signed is sealed as well, as it says of itself
    all_layers "Kerberos" alice 256 256
}

[ -n "$slapd_program" ] || skip_all "there is no slapd here"
command -v ldapsearch >/dev/null || skip_all "there is no ldapsearch here"
compgen -G '/usr/lib*/*/sasl2/libgssapiv2.so' >/dev/null ||
    skip_all "Cyrus SASL has no GSSAPI here (libsasl2-modules-gssapi-mit)"
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers, slapd is not"
! spnego_loses_mics || skip_all "$spnego_fault"
fixture_begin
account_file server 'DEMO:alice:Secret 123'
account_file right 'DEMO:alice:Secret 123'
account_file wrong 'DEMO:alice:Secret 124'
use_mechanism ours "$mechanism"
slapd_start || exit

export NTLM_USER_FILE=$work/right
all_layers NTLM 'demo\5Calice' 1 64
export NTLM_USER_FILE=$work/wrong
check "NTLM, a wrong password, no layer" refused maxssf=0
check "NTLM, a wrong password, sealed" refused minssf=56
if keyring_is_there; then
    check "NTLM, by gss-negotiate login" finds_by_login
    check "NTLM, by gss-negotiate login with a wrong password" refused_by_login
else
    skip "NTLM, by gss-negotiate login" "there is no kernel keyring, no keyctl or no libkeyutils here"
fi
export NTLM_USER_FILE=$work/right
# try_slapd STATUS TEXT: gss-negotiate's own bind.
try_slapd() {
    local status=0 output
    output=$(GSS_MECH_CONFIG=$work/ours "$top_builddir/gss-negotiate" try "$slapd_url" 2>&1) || status=$?
    printf '%s\n' "$output"
    [ $status = "$1" ] && grep -qF "$2" <<<"$output"
}
check "gss-negotiate try logs in" try_slapd 0 'logged in as DEMO\alice, by NTLM'
NTLM_USER_FILE=$work/wrong check "gss-negotiate try tells a refusal" try_slapd 1 'the server refuses the login: result 49'
kerberos_tests
finish
