#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What examples/ has, but for the SSPI pair, which sspi_http.sh tries: the GSSAPI client
# and server with each other, Apache's and Squid's configurations, and the login in Python.
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

# squid_start: on a free port, with the accounts of $work/server; sets squid_url.
squid_start() {
    local port dir=$work/squid
    mkdir "$dir"
    cp "$examples/squid-negotiate.py" "$work/server" "$dir"
    [ "$(id -u)" != 0 ] || chown -R proxy "$dir"
    fixture_cleanups+=(squid_stop)
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 12000))
        {
            printf '%s\n' "http_port 127.0.0.1:$port" "pid_filename $dir/pid" \
                "cache_log $dir/cache.log" "access_log stdio:$dir/access.log" "coredump_dir $dir"
            sed "s|/usr/local/bin|$dir|" "$examples/squid.conf"
        } >"$dir/squid.conf"
        GSS_MECH_CONFIG=$work/ours NTLM_ACCOUNT_FILE=$dir/server \
            "$squid" -N -f "$dir/squid.conf" >"$dir/output" 2>&1 </dev/null &
        squid_pid=$!
        squid_url=http://localhost:$port
        await "$squid_pid" grep 'Accepting HTTP Socket connections' "$dir/cache.log" && return
        squid_stop
    done
    cat "$dir/output" >&2
    return 1
}

squid_stop() {
    [ -n "${squid_pid-}" ] || return 0
    kill -KILL "$squid_pid" 2>/dev/null # else it waits half a minute for its clients
    wait "$squid_pid" 2>/dev/null
    squid_pid=
}

# through_squid LINE STATUS: what the proxy says to that user; the page is Apache's, which
# asks for no login there.
through_squid() {
    local code
    code=$(as_client "$1" curl -sS --noproxy '' --max-time 60 -o "$work/page" -w '%{http_code}' \
        -x "$squid_url" --proxy-negotiate -U : "$apache_url/")
    printf '%s\n' "$code"
    [ "$code" = "$2" ]
}

with_squid() {
    squid=$(PATH=$PATH:/usr/sbin command -v squid || true)
    if [ -z "$squid" ] || [ -z "${apache_url-}" ] || ! /usr/bin/python3 -c 'import gssapi' 2>/dev/null; then
        skip "squid.conf" "there is no Squid with Apache and python3-gssapi here"
        return
    fi
    squid_start || exit
    check "squid.conf lets the right password through, to a server that says no itself" \
        through_squid 'DEMO:alice:Secret 123' 401
    check "squid.conf stops a wrong password" through_squid 'DEMO:alice:Secret 124' 407
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
with_squid
finish
