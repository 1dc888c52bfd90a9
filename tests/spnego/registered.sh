#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What holds of NTLM, Kerberos and Negotiate with MIT's SPNEGO holds with ours: the
# tests of the GSSAPI door and of libsspi once more, with mech_spnego.so registered.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

export MECHANISM=$top_builddir/gss-spnego.conf

for program in ${REGISTERED_TESTS-}; do
    if [ -x "./$program" ]; then
        check "$program passes with mech_spnego.so registered" "./$program"
    else
        skip "$program passes with mech_spnego.so registered" "it was not built"
    fi
done
finish
