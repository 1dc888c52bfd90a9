#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The benchmark's programs: each case is done a few times, and what arrives is
# what was sent. How long that takes nobody asks. And the table knows what is
# needed.
set -u
here=$(dirname "$0")
# shellcheck source=SCRIPTDIR/../interop/fixture.sh
. "$here/../interop/fixture.sh"
# shellcheck source=SCRIPTDIR/world.sh
. "$here/world.sh"
# shellcheck source=SCRIPTDIR/../interop/kdc.sh
. "$here/../interop/kdc.sh"
# shellcheck source=SCRIPTDIR/../interop/apache.sh
. "$here/../interop/apache.sh"
# shellcheck source=SCRIPTDIR/web.sh
. "$here/web.sh"

# table LINE...: what was measured, and its table.
table() {
    printf '%s\n' "$@" >"$work/measured"
    awk -f "$here/table.awk" "$here/requirements" "$work/measured"
}

falls_short() { ! table "$@"; }

# web AWK-CONDITION: some logins at Apache, and whether that is so for what they have come
# to (lost, wrong, broken: web.c).
web() {
    web_clients 0.1 1 | awk '/^all/ { lost = $5; wrong = $6; broken = $7; found = 1 }
        END { exit !(found && '"$1"') }'
}

messages=({wrap,place,mic}{64,1k,16k,1m})
contexts=(contexts heap)

bench_world
if spnego_loses_mics; then
    skip "SPNEGO" "$spnego_fault"
else
    contexts+=(spnego heap-spnego)
fi
for program in gss_bench sspi_bench; do
    for case in "${contexts[@]}" "${messages[@]}"; do
        check "$program: $case" "$top_builddir/$program" -n 3 "$case"
    done
    check "$program: two threads" "$top_builddir/$program" -t 2 -s 0.001 wrap64
done
for case in spnego heap-spnego; do
    check "gss_bench in mech_spnego.so: $case" \
        env GSS_MECH_CONFIG="$work/negotiate" "$top_builddir/gss_bench" -n 3 "$case"
done
if ! kdc_is_there; then
    skip "Kerberos" "there is no krb5kdc, kadmin.local or kinit here"
elif check "there is a ticket" bench_kerberos; then
    for case in kerberos heap-kerberos; do
        check "gss_bench: $case" env "${tickets[@]}" GSS_MECH_CONFIG="$work/negotiate" \
            "$top_builddir/gss_bench" -n 3 "$case"
    done
fi
check "gss_bench: initiator" "$top_builddir/gss_bench" -n 3 initiator
for case in contexts initiator acceptor "${messages[@]}"; do
    check "floor_bench: $case" "$top_builddir/floor_bench" -n 3 "$case"
done
check "stores_bench: a text is written" "$top_builddir/stores_bench" "$work/many" write 50
check "stores_bench: a text, read by two processes" "$top_builddir/stores_bench" "$work/many" text 50 2 0 0.01
check "stores_bench: a text that changes" "$top_builddir/stores_bench" "$work/many" changes 50 2
if grep -q '^#define HAVE_LMDB 1' "$top_builddir/config.h"; then
    check "stores_bench: a database is made" "$top_builddir/gss-negotiate" account import "$work/many" "$work/database"
    check "stores_bench: a database that changes" "$top_builddir/stores_bench" "$work/database" database 50 2 10 0.05
else
    skip "stores_bench with a database" "there was no liblmdb when this was built"
fi
if ! apache_is_there; then
    skip "web_bench" "there is no Apache with mod_auth_gssapi here"
elif is_sanitized "$mechanism"; then
    skip "web_bench" "the module is built with sanitizers, Apache is not"
else
    fixture_cleanups+=(web_stop)
    web_connections=4
    web_server ntlm NTLM ours turns || exit
    check "web_bench: no login is lost while accounts change" web '!lost && !wrong && !broken'
    web_stop
    account_file stale 'DEMO:user00:another one'
    web_server negotiate Negotiate negotiate rename stale || exit
    web_servers=("${web_servers[-1]}.elsewhere")
    check "web_bench: a server that has other accounts is found out" \
        web 'lost && wrong && !broken'
fi
check "what cannot be done is told apart" \
    sh -c "$top_builddir/floor_bench -n 1 spnego; test \$? = 77"
check "a table in which all is as needed" \
    table 'mic64 ours 600' 'mic64 gss-ntlmssp 99' 'heap ours 6144'
check "a ratio that is below what is needed" \
    falls_short 'mic64 ours 500' 'mic64 gss-ntlmssp 99' 'heap ours 6144'
check "a cost that is above what is needed" \
    falls_short 'heap ours 6145' 'mic64 ours 600' 'mic64 gss-ntlmssp 99'
check "a cost that is as much as another's" \
    table 'heap-spnego-ours ours 10' 'heap-spnego ours 10'
check "a cost that is above what another's allows" \
    falls_short 'spnego-ours.above ours 76' 'spnego.above ours 100'
finish
