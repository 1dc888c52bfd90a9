#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The module against itself and, in both directions, against gss-ntlmssp where
# that is installed: each side in a process of its own, with and without
# SPNEGO, with no protection, signing, and sealing.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

# loop STATUS TEXT ARGUMENT...: gssloop exits so, and says TEXT.
loop() {
    local output status=0
    # shellcheck disable=SC2086 # it may be a command with arguments
    output=$(${GSSLOOP:-$top_builddir/gssloop} "${@:3}" 2>&1) || status=$?
    printf 'exit status %d\n%s\n' "$status" "$output"
    [ "$status" = "$1" ] && grep -qE -- "$2" <<<"$output"
}

# pair INITIATOR ACCEPTOR: the variables of both sides.
pair() {
    sides=(-i "GSS_MECH_CONFIG=$work/$1" -i "NTLM_USER_FILE=$work/right"
        -a "GSS_MECH_CONFIG=$work/$2" -a "NTLM_USER_FILE=$work/server")
}

complete() { loop 0 '^acceptor: complete, from DEMO\\alice' "${sides[@]}" "$@"; }
protected() { loop 0 '^acceptor: 4 messages protected' "${sides[@]}" "$@"; }
refused() { loop 10 '^acceptor: gss_accept_sec_context failed' "${sides[@]}" "$@"; }

# matrix PAIR: what every pair must do.
matrix() {
    local mech
    for mech in "${mechs[@]}"; do
        check "$1, $mech: a login" complete -m "$mech"
        check "$1, $mech: signing" protected -m "$mech" -f integ
        check "$1, $mech: sealing" protected -m "$mech" -f conf,integ
        check "$1, $mech: in sequence" protected -m "$mech" -f integ,sequence,replay
        check "$1, $mech: a wrong password" refused -m "$mech" -i "NTLM_USER_FILE=$work/wrong"
        check "$1, $mech: an unknown user" refused -m "$mech" -i "NTLM_USER_FILE=$work/unknown"
        check "$1, $mech: channel bindings alike" complete -m "$mech" -f integ -b tls -B tls
        check "$1, $mech: channel bindings that differ" refused -m "$mech" -f integ -b tls -B ssl
        check "$1, $mech: channel bindings on the acceptor's side alone" \
            complete -m "$mech" -f integ -B tls
        check "$1, $mech: channel bindings on the initiator's side alone" \
            complete -m "$mech" -f integ -b tls
        check "$1, $mech: a password from the program" \
            complete -m "$mech" -u 'DEMO\alice' -p 'Secret 123' -i "NTLM_USER_FILE=$work/none"
    done
}

fixture_begin
account_file server 'DEMO:alice:Secret 123' 'ÅNGSTRÖM:jörg:pässwörd€'
account_file right 'DEMO:alice:Secret 123'
account_file wrong 'DEMO:alice:Secret 124'
account_file unknown 'DEMO:mallory:Secret 123'
account_file beyond 'ÅNGSTRÖM:jörg:pässwörd€'
use_mechanism ours "$mechanism"
if [ -n "$peer_module" ]; then
    use_peer theirs
fi

mechs=(ntlm spnego)
if spnego_loses_mics; then
    mechs=(ntlm)
    skip "SPNEGO" "$spnego_fault"
fi

pair ours ours
matrix "ours with ours"
last=(-m "${mechs[-1]}")
check "ours with ours: a user beyond ASCII" \
    loop 0 '^acceptor: complete, from ÅNGSTRÖM\\jörg' \
    "${sides[@]}" "${last[@]}" -i "NTLM_USER_FILE=$work/beyond"
for mech in "${mechs[@]}"; do
    check "ours with ours, $mech: the initiator's inquiry" \
        loop 0 '^initiator: inquired: source DEMO\\alice, target HTTP@localhost, lifetime indefinite' \
        "${sides[@]}" -m "$mech" -q
    check "ours with ours, $mech: the acceptor's inquiry" \
        loop 0 '^acceptor: inquired: source DEMO\\alice, target .*, lifetime indefinite' \
        "${sides[@]}" -m "$mech" -q
done
check "ours with ours: an anonymous login is refused" refused "${last[@]}" -f anon
check "ours with ours: no account file" \
    loop 10 '^acceptor: gss_acquire_cred failed' "${sides[@]}" "${last[@]}" -a NTLM_USER_FILE=

if [ -n "${GSSLOOP-}" ]; then
    : # whoever wraps gssloop looks at what is ours
elif [ -n "$peer_module" ]; then
    export ASAN_OPTIONS=detect_leaks=0 # it has some of its own
    pair ours theirs
    matrix "ours with gss-ntlmssp"
    pair theirs ours
    matrix "gss-ntlmssp with ours"
else
    skip "gss-ntlmssp, both ways" "it is not installed"
fi
finish
