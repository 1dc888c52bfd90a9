# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# world.sh - the accounts and mechanism files that the benchmark's programs work
# with, in the directory of fixture.sh. Sourced, after it.

bench_world() {
    local nt_hash=5bbbee3537d433847ccc38c8710412cb # of "Secret 123"
    fixture_begin
    export NETBIOS_DOMAIN_NAME=DEMO WLOG_LEVEL=OFF
    # Who account.h says, in our format and in WinPR's.
    account_file one 'DEMO:alice:Secret 123'
    account_file one.sam "alice:DEMO::$nt_hash:::"
    export NTLM_USER_FILE=$work/one BENCH_SAM=$work/one.sam
    use_mechanism ours "$mechanism"
    use_mechanism negotiate "$top_builddir/gss-spnego.conf"
    printf 'gssntlmssp 1.3.6.1.4.1.311.2.2.10 %s\n' "$peer_module" >"$work/theirs"
    export GSS_MECH_CONFIG=$work/ours
    # For many logins, some of them refused: the system's log is left alone.
    printf '[ntlmssp]\n audit_logons = off\n' >"$work/load.conf"
}

# The same account after a million others.
bench_million() {
    awk -v many="$work/million" -v hash=00112233445566778899aabbccddeeff '
        BEGIN {
            for (i = 0; i < 1000000; i++) {
                printf "DEMO:user%07d:secret%07d\n", i, i >many
                printf "user%07d:DEMO::%s:::\n", i, hash >(many ".sam")
            }
        }'
    cat "$work/one" >>"$work/million"
    cat "$work/one.sam" >>"$work/million.sam"
    chmod 600 "$work"/million*
}

# Tickets for Kerberos, and the key of who takes them, for what runs with the variables in
# `tickets`. The KDC is not asked any more.
bench_kerberos() {
    # shellcheck disable=SC2034 # for who sources this
    tickets=(KRB5_CONFIG="$work/kerberos.conf" KRB5CCNAME="FILE:$work/tickets"
        KRB5_KTNAME="FILE:$work/keytab")
    local -x KRB5CCNAME=FILE:$work/tickets
    local status
    kdc_start 'addprinc -pw secret alice' 'addprinc -randkey HTTP/localhost' \
        "ktadd -k $work/keytab HTTP/localhost" &&
        kinit alice <<<secret >/dev/null && kvno HTTP/localhost >/dev/null
    status=$?
    kdc_stop
    mv "$work/krb5.conf" "$work/kerberos.conf"
    : >"$work/krb5.conf"
    return $status
}
