#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What holds of NTLM, Kerberos and Negotiate with MIT's SPNEGO holds with ours: the
# tests of the GSSAPI door and of libsspi once more, with mech_spnego.so registered.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

export MECHANISM=$top_builddir/gss-spnego.conf

# Each program's output, and whether it passed, in $work: as many at once as there are
# processors.
run_programs() {
    # shellcheck disable=SC2016,SC2086 # for the inner shell; a list
    printf '%s\n' ${REGISTERED_TESTS-} |
        work=$work xargs -P "$(nproc)" -I{} sh -c '[ ! -x "./{}" ] ||
            { "./{}" >"$work/{}.out" 2>&1 && : >"$work/{}.passed"; } || :'
}

passed() {
    cat "$work/$1.out"
    [ -e "$work/$1.passed" ]
}

[ -z "${NOT_AGAIN-}" ] || skip_all "another stage has it"
fixture_begin
run_programs
for program in ${REGISTERED_TESTS-}; do
    if [ -x "./$program" ]; then
        check "$program passes with mech_spnego.so registered" passed "$program"
    else
        skip "$program passes with mech_spnego.so registered" "it was not built"
    fi
done
finish
