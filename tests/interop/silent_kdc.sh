#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A KDC that is silent: curl logs in to Apache by NTLM within kerberos_timeout and a
# second, and the next time at once. Nobody answers on the KDC's port, by UDP or by TCP.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"

timeout_set=5

# silence_start: in the place of the KDC that was there.
silence_start() {
    # shellcheck disable=SC2016 # Perl's
    perl -MIO::Socket::INET -e '
        my %at = (LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], ReuseAddr => 1);
        my $udp = IO::Socket::INET->new(%at, Proto => "udp") or die "udp: $@";
        my $tcp = IO::Socket::INET->new(%at, Proto => "tcp", Listen => 50) or die "tcp: $@";
        $| = 1;
        print "silent\n";
        sleep 3600' "$kdc_port" >"$work/silence.output" 2>&1 </dev/null &
    silence_pid=$!
    fixture_cleanups+=(silence_stop)
    await "$silence_pid" grep silent "$work/silence.output"
}

silence_stop() {
    kill "$silence_pid" 2>/dev/null
    wait "$silence_pid" 2>/dev/null
    return 0
}

# log_in_twice: one curl, as two servers, for it keeps a connection that has logged in.
# Sets answer: the page and the seconds that it took, for each.
log_in_twice() {
    local port=${apache_url##*:}
    : >"$work/trace"
    answer=$(KRB5_CONFIG=$work/silent.conf KRB5CCNAME=FILE:$work/tickets \
        GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/accounts NTLM_TRACE=$work/trace \
        curl -sS --noproxy '*' --max-time 120 --negotiate -u : -w '%{time_total}\n' \
        --resolve "www.home.test:$port:127.0.0.1" --resolve "ftp.home.test:$port:127.0.0.1" \
        "http://www.home.test:$port/negotiate/" "http://ftp.home.test:$port/negotiate/")
}

is_in_twice() {
    printf '%s\n' "$answer" "$(<"$work/trace")"
    [ "$(grep -cxF 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' <<<"$answer")" = 2 ]
}

# within SECONDS LINE: the time on this line of the answer
within() {
    local seconds
    seconds=$(sed -n "$2p" <<<"$answer")
    printf '%s\n' "$answer"
    [[ $seconds =~ ^[0-9]+\.[0-9]+$ ]] && [ "${seconds%.*}" -lt "$1" ]
}

apache_fixture
has_our_spnego || use_mechanism ours "$top_builddir/gss-spnego.conf"
kdc_is_there || skip_all "there is no krb5kdc, kadmin.local or kinit here"
command -v perl >/dev/null || skip_all "there is no perl here"
kdc_start 'addprinc -pw secret alice' || exit
kdc_client silent.conf '[ntlmssp]' "kerberos_timeout = $timeout_set"
account_file accounts 'DEMO:alice:Secret 123'
KRB5CCNAME=FILE:$work/tickets kinit alice <<<secret >/dev/null || exit
kdc_stop
silence_start || exit
apache_start ours accounts || exit

log_in_twice
check "both logins are there, by NTLM" is_in_twice
# libkrb5 alone asks a silent KDC for 18 seconds and more.
check "the first before libkrb5 gives up" within 15 2
check "the next does not wait" within "$timeout_set" 4
check "the trace says why" grep -F 'SPNEGO leaves Kerberos out: its KDC did not answer in time' \
    "$work/trace"
finish
