#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The examples: a server and a client written for Windows' SSPI, with each other,
# the server with curl, the client with Apache.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

client=$top_builddir/examples/sspi-client
right=(-u 'DEMO\alice' -p 'Secret 123')
wrong=(-u 'DEMO\alice' -p 'Secret 124')

# Our server, on a free port; sets server_url.
server_start() {
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/server \
        "$top_builddir/examples/sspi-server" >"$work/server.log" 2>&1 </dev/null &
    server_pid=$!
    fixture_cleanups+=(server_stop)
    if await "$server_pid" grep '^listening on ' "$work/server.log"; then
        server_url=$(sed -n 's/^listening on //p' "$work/server.log")
    else
        cat "$work/server.log" >&2
        return 1
    fi
}

server_stop() {
    kill "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null
}

# shows TEXT COMMAND...: it succeeds, and this is its whole output.
shows() {
    local output
    output=$("${@:2}" 2>"$work/errors") || {
        cat "$work/errors"
        return 1
    }
    printf '%s\n' "$output"
    [ "$output" = "$1" ]
}

# is_refused COMMAND...: it fails, shows nothing and says why
is_refused() {
    local output
    ! output=$("$@" 2>&1) && printf '%s\n' "$output" && [ "$output" = "sspi-client: the server refuses us" ]
}

curl_gets() { curl -sS --noproxy '*' -4 --max-time 120 "$@"; }

# One connection, one login: the second page needs none.
two_pages() {
    shows $'Welcome, DEMO\\alice. You came by NTLM.\nWelcome, DEMO\\alice. You came by NTLM.' \
        curl_gets --negotiate -u : "$server_url" "$server_url" &&
        [ "$(grep -c 'logged in' "$work/server.log")" = $(($1 + 1)) ]
}

! spnego_loses_mics || skip_all "$spnego_fault"
fixture_begin
export NETBIOS_DOMAIN_NAME=DEMO GSS_MECH_CONFIG=$work/ours
account_file server 'DEMO:alice:Secret 123' 'ÅNGSTRÖM:jörg:pässwörd€'
account_file client 'DEMO:alice:Secret 123'
use_mechanism ours "$mechanism"
server_start || exit 1

check "our client logs in to our server" \
    shows 'Welcome, DEMO\alice. You came by NTLM.' "$client" "${right[@]}" "$server_url"
check "as whom the account file has" \
    env NTLM_USER_FILE="$work/client" "$client" "$server_url"
check "with a name and a password beyond ASCII" \
    shows 'Welcome, ÅNGSTRÖM\jörg. You came by NTLM.' \
    "$client" -u 'ÅNGSTRÖM\jörg' -p 'pässwörd€' "$server_url"
check "and sends an encrypted message" \
    shows 'DEMO\alice said: Grüße, and goodbye' \
    "$client" "${right[@]}" -m 'Grüße, and goodbye' "$server_url"
check "our server refuses a wrong password" is_refused "$client" "${wrong[@]}" "$server_url"

if ! is_sanitized "$mechanism" && command -v curl >/dev/null; then
    export NTLM_USER_FILE=$work/client
    check "curl logs in to our server, once for two pages" \
        two_pages "$(grep -c 'logged in' "$work/server.log")"
    unset NTLM_USER_FILE
else
    skip "curl logs in to our server" "there is no curl, or the module is sanitized"
fi

if ! is_sanitized "$mechanism" && apache_is_there && apache_start ours server; then
    check "our client logs in to Apache" \
        shows 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' \
        "$client" "${right[@]}" "$apache_url/negotiate/"
    check "Apache refuses a wrong password" \
        is_refused "$client" "${wrong[@]}" "$apache_url/negotiate/"
else
    skip "our client logs in to Apache" "there is none, or the module is sanitized"
fi
finish
