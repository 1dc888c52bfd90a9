#!/bin/sh
# sspi_kdc.sh PROGRAM - runs the program with a KDC of its own, MIT's, on the
# loopback interface. $KDC names a directory with krb5.conf, and with keys for
# HTTP/server. The realm HOME.TEST has alice (password secret), carol (quiet,
# proven beforehand) and dave, whose account has ended. kdc.log is the KDC's.
set -eu
PATH=$PATH:/usr/sbin:/sbin
for tool in krb5kdc kdb5_util kadmin.local kinit; do
    command -v $tool >/dev/null || exit 77
done

KDC=$(mktemp -d "${TMPDIR:-/tmp}/kdc.XXXXXX")
kdc=
finish() {
    [ -z "$kdc" ] || kill "$kdc" 2>/dev/null || :
    rm -rf "$KDC"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
export KDC
export KRB5_CONFIG="$KDC/krb5.conf" KRB5_KDC_PROFILE="$KDC/kdc.conf" KRB5CCNAME="$KDC/probe"

configure() {
    cat >"$KRB5_CONFIG" <<END
[libdefaults]
    default_realm = HOME.TEST
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
[realms]
    HOME.TEST = {
        kdc = 127.0.0.1:$1
    }
END
    cat >"$KRB5_KDC_PROFILE" <<END
[kdcdefaults]
    kdc_listen = 127.0.0.1:$1
    kdc_tcp_listen = 127.0.0.1:$1
[realms]
    HOME.TEST = {
        database_name = $KDC/principal
        key_stash_file = $KDC/stash
        acl_file = $KDC/acl
    }
[logging]
    kdc = FILE:$KDC/kdc.log
    admin_server = FILE:$KDC/admin.log
END
}

fill() {
    kdb5_util create -s -r HOME.TEST -P master
    kadmin.local <<END
add_principal -pw secret alice
add_principal -pw quiet +requires_preauth carol
add_principal -pw gone -expire yesterday dave
add_principal -randkey HTTP/server
ktadd -k $KDC/keys HTTP/server
END
}

answers() {
    echo secret | kinit alice
}

# A port is free until somebody else takes it, so it takes a try.
start() {
    for try in 1 2 3 4 5; do
        configure $((20000 + ($$ + try * 997) % 20000))
        krb5kdc -n &
        kdc=$!
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            answers && return 0
            kill -0 "$kdc" || break
            sleep 0.2
        done
        kill "$kdc" || :
    done
    return 1
}

configure 1
if ! { fill && start; } >"$KDC/out" 2>&1; then
    cat "$KDC/out"
    exit 1
fi
"$@"
