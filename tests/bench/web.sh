# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# web.sh - logins at real Apaches with mod_auth_gssapi, one for each row of the table, all
# with the same clients; README says what is measured. Sourced after fixture.sh, apache.sh
# and world.sh; web_bench does the work, web.awk makes the table.

web_pids=() web_servers=()

web_stop() {
    local pid
    for pid in ${web_pids[@]+"${web_pids[@]}"}; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    web_pids=()
}

# What all servers have beside apache.sh's configuration: two processes from the beginning to
# the end, each with threads for all connections (where there are none left, Apache closes
# connections that wait for their next request); a page for users, which tells the name, and
# one for anybody.
web_configuration() {
    cat <<CONF
ServerLimit 2
StartServers 2
ThreadsPerChild 256
ThreadLimit 256
MaxRequestWorkers 512
MinSpareThreads 1
MaxSpareThreads 512
MaxConnectionsPerChild 0
KeepAliveTimeout 120
LogLevel notice
LoadModule headers_module $apache_modules/mod_headers.so
<Directory $1/pages/login>
    SetOutputFilter NONE
    AuthType GSSAPI
    AuthName "gss-negotiate"
    GssapiConnectionBound On
    GssapiAllowedMech ntlmssp
    Require valid-user
    Header always set X-User "expr=%{REMOTE_USER}"
</Directory>
<Directory $1/pages/open>
    SetOutputFilter NONE
    AuthType None
    Require all granted
</Directory>
CONF
}

# web_database FILE: its accounts as a database, for the same owner.
web_database() {
    "$top_builddir/gss-negotiate" account import "$1" "$1.new" >>"$work/log" &&
        chown --reference="$1" "$1.new" && mv "$1.new" "$1"
}

# web_server NAME SCHEME MECHANISM CHANGE [ACCOUNTS]: CHANGE as web.c has it; ACCOUNTS is
# what it begins with.
web_server() {
    local apache_directory=$work/web.$1 apache_include=$work/web.$1.conf place
    for place in login open; do
        mkdir -p "$apache_directory/pages/$place"
        echo 'Welcome.' >"$apache_directory/pages/$place/index.html"
    done
    web_configuration "$apache_directory" >"$apache_include"
    apache_start "$3" "${5-one}" NTLM_USER_FILE="$apache_directory/accounts" NTLM_TRACE= \
        KRB5_CONFIG="$work/load.conf" 2>>"$work/log" || return
    web_pids+=("$apache_pid")
    [ "$4" != database ] || web_database "$apache_directory/accounts" || return
    web_servers+=("$1,$2,${apache_url##*:},$apache_pid,$4,$apache_directory/accounts")
    apache_pid=
}

# Every server that can be had here; what cannot is named.
web_start() {
    web_server open open ours never && web_server ntlm.ours NTLM ours turns || return
    if [ -z "$peer_module" ]; then
        web_skip "gss-ntlmssp" "it is not installed"
    else
        web_server ntlm.gss-ntlmssp NTLM theirs rename || return
    fi
    if grep -q '^#define HAVE_LMDB 1' "$top_builddir/config.h"; then
        web_server ntlm.ours-database NTLM ours database || return
    else
        web_skip "a database of accounts" "there was no liblmdb when this was built"
    fi
    if library_loses_mics; then
        web_skip "the library's own SPNEGO" "it loses the mechListMIC (krb5 pull request 1451)"
    else
        web_server negotiate.ours Negotiate ours turns || return
        [ -z "$peer_module" ] || web_server negotiate.gss-ntlmssp Negotiate theirs rename || return
    fi
    web_server negotiate.ours-spnego Negotiate negotiate turns
}

web_skip() { printf 'skipped: %s: %s\n' "$1" "$2"; }

# web_clients SECONDS ROUNDS
web_clients() {
    GSS_MECH_CONFIG=$work/negotiate KRB5_CONFIG=$work/load.conf \
        "$top_builddir/web_bench" "$top_builddir/gss-negotiate" "$web_connections" "$@" \
        "${web_servers[@]}"
}

# measure_web SECONDS ROUNDS: each server for so long in every round.
measure_web() {
    local status=0
    printf '\nlogins at Apache with mod_auth_gssapi, %d connections at once\n' "$web_connections"
    if ! apache_is_there; then
        web_skip "all" "there is no Apache with mod_auth_gssapi here"
        return
    fi
    fixture_cleanups+=(web_stop)
    web_start || return
    web_clients "$@" >"$work/web" || status=1
    awk -f tests/bench/web.awk "$work/web" || status=1
    web_stop
    return $status
}
