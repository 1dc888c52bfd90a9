#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# IAKERB: a client that has no way to its KDC, and may not use NTLM, logs in by Kerberos
# through the server, which can reach one. The client is in a network of its own, where
# there is the server and nobody else; the KDC is on the server's loopback.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"

server=server.home.test
clients=$(cd "$(dirname "$0")/clients" && pwd)

# iakerb_enter: runs this script again, in a network of its own.
iakerb_enter() {
    local program
    [ -z "${IAKERB_NAMESPACE-}" ] || return 0
    [ "$(id -u)" = 0 ] || skip_all "only root can have networks of its own"
    PATH=$PATH:/usr/sbin:/sbin
    for program in ip unshare nsenter; do
        command -v "$program" >/dev/null || skip_all "there is no $program here"
    done
    unshare -n ip link add name veth0 type veth peer name veth1 2>/dev/null ||
        skip_all "there are no networks of one's own here"
    export IAKERB_NAMESPACE=1 PATH
    exec unshare -nmp --fork --kill-child --mount-proc bash "$0"
}

# The client's network hangs on a process that sleeps.
iakerb_network() {
    ip link set lo up || return
    unshare -n sleep 3600 </dev/null >/dev/null 2>&1 &
    client_net=$!
    await "$client_net" client_net_is_there &&
        ip link add name to_client type veth peer name to_server netns "$client_net" &&
        ip addr add 192.0.2.1/24 dev to_client && ip link set to_client up &&
        in_client_net ip link set lo up &&
        in_client_net ip addr add 192.0.2.2/24 dev to_server &&
        in_client_net ip link set to_server up &&
        printf '127.0.0.1 localhost\n192.0.2.1 %s\n' "$server" >"$work/hosts" &&
        mount --bind "$work/hosts" /etc/hosts
}

client_net_is_there() {
    [ "$(readlink /proc/self/ns/net)" != "$(readlink "/proc/$client_net/ns/net")" ]
}

in_client_net() { nsenter -n -t "$client_net" "$@"; }

# get CONFIGURATION COMMAND...: a page, by this command in the client's network. Sets
# page, status, and refusal: what the server's log says since.
get() {
    local seen
    seen=$(wc -l <"$apache_log")
    : >"$work/trace"
    status=0
    page=$(in_client_net env KRB5_CONFIG="$work/$1" GSS_MECH_CONFIG="$work/ours" \
        NTLM_TRACE="$work/trace" NTLM_USER_FILE="$work/accounts" "${@:2}" 2>&1) || status=$?
    refusal=$(tail -n "+$((seen + 1))" "$apache_log")
    printf '%s\n' "$page" "$refusal" "$(cat "$work/trace")"
}

# curls CONFIGURATION KEYTAB [TICKETS]: with this client keytab, and no tickets.
curls() {
    get "$1" env KRB5_CLIENT_KTNAME="FILE:$work/$2" KRB5CCNAME="FILE:$work/${3-tickets-$tests}" \
        curl -sS --noproxy '*' --max-time 120 --negotiate -u : "$apache_url/negotiate/"
}

# python CONFIGURATION USER PASSWORD: a program that has a password.
python() {
    get "$1" /usr/bin/python3 "$clients/password_http.py" "$apache_url/negotiate/" "$2" "$3"
}

# keytab FILE USER PASSWORD: what a password is worth to Kerberos, made without a KDC.
keytab() {
    printf 'addent -password -p %s -k 1 -e aes256-cts\n%s\nwkt %s\n' "$2@HOME.TEST" "$3" \
        "$work/$1" | ktutil >/dev/null
}

# by MECHANISM NAME COMMAND...
by() {
    "${@:3}"
    [ "$page" = "Welcome, $2. You came by Negotiate/$1." ]
}

refused() {
    "$@"
    [[ $page = *"401 Unauthorized"* ]]
}

hears_why() {
    "$@"
    [ "$status" = 1 ] && grep -q 'IAKERB: .*; Kerberos: Cannot contact any KDC' <<<"$page" &&
        ! grep 'already exists' "$work/trace"
}

no_ticket() {
    ! in_client_net env KRB5_CONFIG="$work/client.conf" \
        kinit -k -t "$work/right.keytab" -c "$work/none" alice
}

iakerb_enter
apache_fixture
has_our_spnego || use_mechanism ours "$top_builddir/gss-spnego.conf"
kdc_is_there || skip_all "there is no krb5kdc, kadmin.local or kinit here"
iakerb_network || skip_all "there can be no network for a client here"
kdc_start 'addprinc -pw secret alice' "addprinc -randkey HTTP/$server" \
    "ktadd -k $work/keys HTTP/$server" || exit
# for programs without a way to give one
keytab right.keytab alice secret && keytab wrong.keytab alice guess || exit
kdc_client server.conf '[ntlmssp]' 'negotiate_iakerb = true' \
    'restrict_receiving_ntlm = deny'
kdc_client client.conf '[ntlmssp]' 'negotiate_iakerb = true' 'restrict_sending_ntlm = deny'
kdc_client not.conf '[ntlmssp]' 'restrict_sending_ntlm = deny'
account_file accounts 'DEMO:alice:Secret 123'
chown "$(apache_user)" "$work/keys"
apache_address=192.0.2.1
apache_start ours accounts KRB5_KTNAME="$work/keys" KRB5RCACHENAME=none: \
    KRB5_CONFIG="$work/server.conf" || exit
apache_url=http://$server:${apache_url##*:}

check "the client has no way to the KDC" no_ticket
check "curl logs in by Kerberos, through the server" \
    by iakerb alice@HOME.TEST curls client.conf right.keytab tickets
check "its tickets serve the next login" \
    by krb5 alice@HOME.TEST curls client.conf right.keytab tickets
check "curl is refused with a wrong password's key" refused curls client.conf wrong.keytab
check "without the client's setting there is no login" refused curls not.conf right.keytab
if /usr/bin/python3 -c 'import gssapi' 2>/dev/null; then
    check "a program with a password logs in by Kerberos, through the server" \
        by iakerb alice@HOME.TEST python client.conf alice@HOME.TEST secret
    check "a program with a wrong password hears of IAKERB's reason and of Kerberos'" \
        hears_why python client.conf alice@HOME.TEST guess
else
    skip "a program with a password" "there is no python3-gssapi here"
fi
finish
