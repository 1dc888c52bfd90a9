#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What examples/ has, but for the SSPI pair, which sspi_http.sh tries: the GSSAPI client
# and server with each other, Apache's configuration, and the login in Python.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
examples=$(cd "$(dirname "$0")/../../examples" && pwd)

# server_start: on a free port; sets server_port.
server_start() {
    GSS_MECH_CONFIG=$work/ours NTLM_ACCOUNT_FILE=$work/server \
        "$top_builddir/examples/gssapi-server" >"$work/server.log" 2>&1 </dev/null &
    server_pid=$!
    fixture_cleanups+=(server_stop)
    await "$server_pid" grep '^listening on ' "$work/server.log" || return
    server_port=$(sed -n 's/^listening on //p' "$work/server.log")
}

server_stop() {
    kill "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null
}

# as_client LINE COMMAND...: as the user of this account line.
as_client() {
    account_file client "$1"
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/client timeout 60 "${@:2}" 2>&1
}

client() { as_client "$1" "$top_builddir/examples/gssapi-client" localhost "$server_port" "$2"; }

answers() {
    [ "$(client 'DEMO:alice:Secret 123' 'A message')" = 'A message' ] &&
        grep -qxF 'DEMO\alice logged in' "$work/server.log"
}

is_refused() {
    local output
    output=$(client 'DEMO:alice:Secret 124' 'A message') && return 1
    printf '%s\n' "$output"
    grep 'Unknown user or wrong password' "$work/server.log"
}

python_login() { as_client "$1" /usr/bin/python3 "$examples/login.py" "$apache_url/negotiate/"; }

python_shows() {
    [[ "$(python_login 'DEMO:alice:Secret 123')" = 'Welcome, DEMO\alice.'* ]]
}

python_is_refused() { ! python_login 'DEMO:alice:Secret 124'; }

apache_login() {
    account_file client "$1"
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/client apache_get private --negotiate -u :
}

with_apache() {
    if ! apache_is_there || is_sanitized "$mechanism"; then
        skip "apache.conf and login.py" "there is no Apache with mod_auth_gssapi for it"
        return
    fi
    apache_include=$examples/apache.conf
    apache_start ours server || exit
    apache_login 'DEMO:alice:Secret 123'
    check "apache.conf lets the right password in" [ "$code" = 200 ]
    check "apache.conf refuses a wrong one" refuses apache_login 'DEMO:alice:Secret 124'
    with_python
}

with_python() {
    if ! /usr/bin/python3 -c 'import gssapi' 2>/dev/null; then
        skip "login.py shows the page" "there is no python3-gssapi here"
    elif spnego_loses_mics; then
        skip "login.py shows the page" "$spnego_fault"
    else
        check "login.py shows the page" python_shows
        check "login.py with a wrong password is refused" python_is_refused
    fi
}

fixture_begin
use_mechanism ours "$mechanism"
account_file server 'DEMO:alice:Secret 123'
server_start || { cat "$work/server.log" >&2; exit 1; }
if spnego_loses_mics; then
    skip "gssapi-client gets its message back" "$spnego_fault"
else
    check "gssapi-client gets its message back from gssapi-server" answers
fi
check "gssapi-client with a wrong password is refused" is_refused
with_apache
finish
