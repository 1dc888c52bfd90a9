#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libsspi between processes: over this module, over gss-ntlmssp's where that is
# installed (which has no gss_wrap_iov), and against FreeRDP's WinPR, an SSPI of
# another make, where that is. Each pair logs in and sends encrypted messages
# both ways.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

ours=$top_builddir/sspipeer
# What leaks in other makes is not ours to find.
leaky=ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
winpr="$leaky $top_builddir/sspipeer_winpr"

# exchange CLIENT SERVER PACKAGE: two ends of two pipes. Each may be a command
# with variables before it. Sets client_status, server_status and output.
exchange() {
    local client=$1 server=$2
    rm -f "$work/to_client" "$work/to_server"
    mkfifo "$work/to_client" "$work/to_server"
    # shellcheck disable=SC2086 # commands
    env $server server "$3" "$work/sam" <"$work/to_server" >"$work/to_client" \
        2>"$work/server.log" &
    server_status=0 client_status=0
    # shellcheck disable=SC2086
    env $client client "$3" DEMO alice 'Secret 123' >"$work/to_server" <"$work/to_client" \
        2>"$work/client.log" || client_status=$?
    wait $! || server_status=$?
    cat "$work/client.log" "$work/server.log"
    printf 'client: exit status %d\nserver: exit status %d\n' "$client_status" "$server_status"
}

messages_arrive() {
    exchange "$@"
    [ "$client_status" = 0 ] && [ "$server_status" = 0 ] &&
        grep -q '^client: 6 messages encrypted' "$work/client.log" &&
        grep -q '^server: 6 messages encrypted' "$work/server.log"
}

# The server says who came, where its SSPI can tell.
alice_comes() {
    messages_arrive "$@" && grep -qE '^server: complete, from (DEMO\\)?alice' "$work/server.log"
}

# refused STATUS COMMAND...: by the server, with this status
refused() {
    exchange "${@:2}"
    [ "$server_status" = 10 ] && grep -q "^server: .*: $1\$" "$work/server.log"
}

# over MECHANISM ACCOUNTS: our peer with this mechanism and account file
over() {
    [ "$1" = ours ] || printf '%s ' "$leaky"
    printf 'GSS_MECH_CONFIG=%s NTLM_USER_FILE=%s %s' "$work/$1" "$work/$2" "$ours"
}

fixture_begin
export NETBIOS_DOMAIN_NAME=DEMO WLOG_LEVEL=OFF
account_file server 'DEMO:alice:Secret 123'
account_file wrong 'DEMO:alice:Secret 124'
account_file none 'DEMO:mallory:Secret 123'
use_mechanism ours "$mechanism"

packages=(NTLM Negotiate)
if spnego_loses_mics; then
    packages=(NTLM)
    skip "Negotiate" "$spnego_fault"
fi

for package in "${packages[@]}"; do
    check "$package: messages arrive" \
        alice_comes "$(over ours none)" "$(over ours server)" "$package"
    check "$package: a wrong password is SEC_E_LOGON_DENIED" \
        refused 0x8009030c "$(over ours none)" "$(over ours wrong)" "$package"
done

if [ -n "$peer_module" ]; then
    use_peer theirs
    for package in "${packages[@]}"; do
        check "$package: a client over gss-ntlmssp" \
            alice_comes "$(over theirs none)" "$(over ours server)" "$package"
        check "$package: a server over gss-ntlmssp" \
            alice_comes "$(over ours none)" "$(over theirs server)" "$package"
    done
else
    skip "over gss-ntlmssp, both ways" "it is not installed"
fi

if [ -x "$top_builddir/sspipeer_winpr" ]; then
    # user, domain, LM hash, NT hash: alice's is that of "Secret 123"
    printf 'alice:DEMO::5bbbee3537d433847ccc38c8710412cb:::\n' >"$work/sam"
    check "NTLM: WinPR's client" alice_comes "$winpr" "$(over ours server)" NTLM
    check "NTLM: WinPR's server" messages_arrive "$(over ours none)" "$winpr" NTLM
    # It has no Kerberos to negotiate about, and sends NTLM's tokens as they are.
    check "Negotiate: WinPR's client" alice_comes "$winpr" "$(over ours server)" Negotiate
    check "NTLM: WinPR's client with a wrong password is SEC_E_LOGON_DENIED" \
        refused 0x8009030c "$winpr" "$(over ours wrong)" NTLM
    printf 'alice:DEMO::00000000000000000000000000000000:::\n' >"$work/sam"
    check "NTLM: WinPR's server refuses our client's wrong password" \
        refused 0x8009030f "$(over ours none)" "$winpr" NTLM
else
    skip "WinPR, both ways" "libwinpr2's headers are not installed"
fi
finish
