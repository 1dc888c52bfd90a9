# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# kdc.sh - MIT's KDC for the realm HOME.TEST on a free port of loopback, its
# files in the fixture's directory. Sourced after fixture.sh.

# shellcheck disable=SC2034 # for who sources this
kdc_is_there() {
    local tool
    PATH=$PATH:/usr/sbin:/sbin
    for tool in krb5kdc kdb5_util kadmin.local kinit; do
        command -v "$tool" >/dev/null || return
    done
}

# kdc_client FILE LINE...: a krb5.conf that knows this KDC, in $work.
kdc_client() {
    cat >"$work/$1" <<CONF
[libdefaults]
    default_realm = HOME.TEST
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
[realms]
    HOME.TEST = {
        kdc = 127.0.0.1:$kdc_port
    }
CONF
    printf '%s\n' "${@:2}" >>"$work/$1"
    chmod 644 "$work/$1" # the server may run as another user
}

kdc_profile() {
    cat >"$work/kdc.conf" <<CONF
[kdcdefaults]
    kdc_listen = 127.0.0.1:$kdc_port
    kdc_tcp_listen = 127.0.0.1:$kdc_port
[realms]
    HOME.TEST = {
        database_name = $work/principals
        key_stash_file = $work/stash
        acl_file = /dev/null
        supported_enctypes = aes256-cts:normal
    }
[logging]
    kdc = FILE:$work/kdc.log
    admin_server = FILE:$work/kadmin.log
CONF
    export KRB5_KDC_PROFILE=$work/kdc.conf
}

# kdc_start COMMAND...: makes the realm by these commands of kadmin.local's, and
# starts its KDC. krb5.conf is everyone's, from here on.
kdc_start() {
    fixture_cleanups+=(kdc_stop)
    kdc_port=1
    : >"$work/kdc.log"
    kdc_client krb5.conf
    kdc_profile
    {
        kdb5_util create -s -r HOME.TEST -P master &&
            printf '%s\n' "$@" | kadmin.local
    } >"$work/kdc.output" 2>&1 || { cat "$work/kdc.output" >&2; return 1; }
    for _ in {1..10}; do
        kdc_port=$((20000 + RANDOM % 12000))
        kdc_client krb5.conf
        kdc_profile
        krb5kdc -n >"$work/kdc.output" 2>&1 </dev/null &
        kdc_pid=$!
        # It says so after it has bound its ports.
        await "$kdc_pid" grep 'commencing operation' "$work/kdc.log" && return
        kdc_stop
    done
    cat "$work/kdc.output" "$work/kdc.log" >&2
    return 1
}

kdc_stop() {
    [ -n "${kdc_pid-}" ] || return 0
    kill "$kdc_pid" 2>/dev/null
    wait "$kdc_pid" 2>/dev/null
    kdc_pid=
    : >"$work/kdc.log"
    return 0
}
