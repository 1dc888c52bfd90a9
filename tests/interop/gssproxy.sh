#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gssproxy, which interposes Kerberos, beside mech_spnego.so, which interposes SPNEGO, in
# either order: NTLM goes on, and Kerberos logs in with the keys that the daemon alone
# has.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"

proxy_module=$(compgen -G '/usr/lib*/*/gssproxy/proxymech.so' ||
    compgen -G '/usr/lib*/gssproxy/proxymech.so' || true)
proxy_program=$(PATH=$PATH:/usr/sbin command -v gssproxy || true)

# The daemon knows krb5 alone, and none of our modules.
proxy_start() {
    mkdir "$work/proxy.d"
    cat >"$work/proxy.conf" <<CONF
[gssproxy]
    debug_level = 1
[service/test]
    mechs = krb5
    cred_store = keytab:$work/proxy.keys
    cred_store = client_keytab:$work/proxy.client
    cred_store = ccache:FILE:$work/proxy.tickets
    cred_usage = both
    euid = $(id -u)
    socket = $work/proxy.socket
CONF
    fixture_cleanups+=(proxy_stop)
    env -u GSS_USE_PROXY GSS_MECH_CONFIG=/dev/null "$proxy_program" -i -c "$work/proxy.conf" \
        -C "$work/proxy.d" -s "$work/proxy.default" >"$work/proxy.output" 2>&1 </dev/null &
    proxy_pid=$!
    await "$proxy_pid" test -S "$work/proxy.socket" && return
    cat "$work/proxy.output" >&2
    return 1
}

proxy_stop() {
    kill "$proxy_pid" 2>/dev/null
    wait "$proxy_pid" 2>/dev/null
    return 0
}

# talks TEXT OPTION...: sealed, and the acceptor says that it is from this user.
talks() {
    local output
    output=$("$top_builddir/gssloop" -m spnego -f conf,integ -t HTTP@localhost \
        -i "GSS_MECH_CONFIG=$work/$order" -a "GSS_MECH_CONFIG=$work/$order" \
        -a "NTLM_USER_FILE=$work/accounts" "${@:2}" 2>&1)
    printf '%s\n' "$output" "$(<"$work/proxy.output")"
    grep -qF "acceptor: complete, from $1," <<<"$output" &&
        grep -q 'acceptor: 4 messages protected' <<<"$output"
}


# in_order NAME: by this mechanism file
in_order() {
    local order=$1 ntlm='DEMO\alice' kerberos=alice@HOME.TEST
    local by_ntlm=(-i "NTLM_USER_FILE=$work/accounts") tickets=(-i "KRB5CCNAME=FILE:$work/tickets")
    local keys=(-a "KRB5_KTNAME=$work/own.keys") initiator=() acceptor=() variable
    for variable in "${proxied[@]}"; do
        initiator+=(-i "$variable") acceptor+=(-a "$variable")
    done
    check "$1: NTLM, neither side asks gssproxy" talks "$ntlm" "${by_ntlm[@]}"
    check "$1: NTLM, the acceptor asks gssproxy, which has a key for Kerberos" \
        talks "$ntlm" "${by_ntlm[@]}" "${acceptor[@]}"
    check "$1: Kerberos, neither side asks gssproxy" talks "$kerberos" "${tickets[@]}" "${keys[@]}"
    check "$1: Kerberos, the acceptor's key is gssproxy's" \
        talks "$kerberos" "${tickets[@]}" "${acceptor[@]}"
    check "$1: Kerberos, the initiator's key is gssproxy's" \
        talks carol@HOME.TEST "${keys[@]}" "${initiator[@]}"
    check "$1: Kerberos, both sides' keys are gssproxy's" \
        talks carol@HOME.TEST "${initiator[@]}" "${acceptor[@]}"
    check "$1: NTLM, the daemon does not answer" talks "$ntlm" "${by_ntlm[@]}" \
        -i GSS_USE_PROXY=yes -i "GSSPROXY_SOCKET=$work/nobody" \
        -a GSS_USE_PROXY=yes -a "GSSPROXY_SOCKET=$work/nobody"
}

if [ -z "$proxy_module" ] || [ -z "$proxy_program" ]; then
    skip_all "there is no gssproxy here"
fi
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers, gssproxy is not"
kdc_is_there || skip_all "there is no krb5kdc, kadmin.local or kinit here"
fixture_begin
proxied=("GSS_USE_PROXY=yes" "GSSPROXY_SOCKET=$work/proxy.socket")
account_file accounts 'DEMO:alice:Secret 123'
use_mechanism ours "$top_builddir/gss-spnego.conf"
printf 'gssproxy 2.16.840.1.113730.3.8.15.1 %s <interposer>\n' "$proxy_module" >"$work/line"
cat "$work/ours" "$work/line" >"$work/gssproxy behind ours"
cat "$work/line" "$work/ours" >"$work/gssproxy before ours"
kdc_start 'addprinc -pw secret alice' 'addprinc -pw secret carol' 'addprinc -randkey HTTP/localhost' \
    "ktadd -k $work/proxy.keys HTTP/localhost" \
    "ktadd -norandkey -k $work/own.keys HTTP/localhost" \
    "ktadd -norandkey -k $work/proxy.client carol" || exit
KRB5CCNAME=FILE:$work/tickets kinit alice <<<secret >/dev/null || exit
export KRB5RCACHENAME=none:
proxy_start || exit

in_order "gssproxy behind ours"
in_order "gssproxy before ours"
finish
