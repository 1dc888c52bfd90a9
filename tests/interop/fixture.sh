# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# fixture.sh - what a test with real programs needs around it: a directory of
# its own, an environment without this machine's settings, mechanism and
# account files, and results in TAP. Sourced; what it makes, it takes away.

top_builddir=${top_builddir:-$PWD}
# The mechanism file under test.
# shellcheck disable=SC2034 # for who sources this
mechanism=${MECHANISM:-$top_builddir/gss-mech.conf}
# shellcheck disable=SC2034
peer_module=$(compgen -G '/usr/lib*/*/gssntlmssp/gssntlmssp.so' || true)

fixture_begin() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/gss-negotiate.XXXXXX")
    chmod 711 "$work" # the server may run as another user
    trap fixture_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    unset NTLM_USER_FILE NTLM_ACCOUNT_FILE NTLM_TRACE GSSNTLMSSP_DEBUG NTLMUSER LM_COMPAT_LEVEL \
        NETBIOS_COMPUTER_NAME NETBIOS_DOMAIN_NAME GSS_MECH_CONFIG
    : >"$work/krb5.conf"
    export KRB5_CONFIG=$work/krb5.conf KRB5CCNAME=FILE:$work/no-ccache
    export KRB5_KTNAME=FILE:$work/no-keytab KRB5_CLIENT_KTNAME=FILE:$work/no-keytab
    export LC_ALL=C.UTF-8 NTLM_LOGIN_KEYRING=off
}

# Programs that run in the background add themselves here, as functions.
fixture_cleanups=()

fixture_end() {
    local status=$? cleanup
    trap - EXIT INT TERM HUP
    for cleanup in ${fixture_cleanups[@]+"${fixture_cleanups[@]}"}; do
        "$cleanup"
    done
    if [ -n "${KEEP-}" ]; then
        printf '# %s is kept\n' "$work" >&2
    else
        rm -rf "$work"
    fi
    exit "$status"
}

# await PID COMMAND...: until the command says yes; for three minutes at most,
# and as long as the process lives.
await() {
    local pid=$1 end=$((SECONDS + 180))
    shift
    while [ $SECONDS -lt $end ] && kill -0 "$pid" 2>/dev/null; do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    return 1
}

# use_mechanism NAME FILE: copies a mechanism file to $work/NAME and its modules
# beside it, for the server's user may not be able to read the build tree.
use_mechanism() {
    local name oid module type copy count=
    : >"$work/$1"
    while read -r name oid module type; do
        copy=$work/$1${count:+-$name}.so count=1
        cp "$module" "$copy"
        chmod 755 "$copy"
        printf '%s %s %s %s\n' "$name" "$oid" "$copy" "$type" >>"$work/$1"
    done < <(grep -v '^#' "$2")
}

# account_file NAME LINE...: an account file in $work, for its owner alone.
account_file() {
    (umask 077 && printf '%s\n' "${@:2}" >"$work/$1")
}

# use_peer NAME: gss-ntlmssp's mechanism file, $work/NAME. Where ours is registered, and
# MIT's SPNEGO has the fault below, the peer has our SPNEGO as well.
use_peer() {
    printf 'gssntlmssp 1.3.6.1.4.1.311.2.2.10 %s\n' "$peer_module" >"$work/$1"
    if has_our_spnego && library_loses_mics; then
        grep '<interposer>' "$work/ours" >>"$work/$1"
    fi
}

# Whether the module can be loaded by programs that know nothing of it.
is_sanitized() { grep -q __asan_init "$(awk '!/^#/ { print $3; exit }' "$1")"; }

# Whether mech_spnego.so is under test beside the module.
has_our_spnego() { grep -q '<interposer>' "$mechanism"; }

# MIT krb5 1.21 looks for SPNEGO's mechListMIC under a wrong tag: then no NTLM login with
# integrity gets through it, by whichever mechanism. Not through ours.
# shellcheck disable=SC2034 # for who sources this
spnego_fault="this GSSAPI library's SPNEGO loses the mechListMIC (krb5 pull request 1451)"
library_loses_mics() {
    "$top_builddir/spnego_probe"
    [ $? = 10 ]
}
spnego_loses_mics() { ! has_our_spnego && library_loses_mics; }

tests=0 failures=0

# check WHAT COMMAND...: a test, named by what is true when it passes.
check() {
    local what=$1 output
    shift
    tests=$((tests + 1))
    if output=$("$@" 2>&1); then
        printf 'ok %d - %s\n' "$tests" "$what"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s\n' "$tests" "$what"
        printf '%s\n' "$output" | sed 's/^/# /'
    fi
}

# none COMMAND...: it has nothing to say.
none() {
    local output
    output=$("$@" 2>&1)
    printf '%s\n' "$output"
    [ -z "$output" ]
}

# skip WHAT WHY
skip() {
    tests=$((tests + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tests" "$1" "$2"
}

skip_all() {
    printf '1..0 # SKIP %s\n' "$*"
    exit 77 # automake's
}

finish() {
    printf '1..%d\n' "$tests"
    [ "$failures" = 0 ]
}
