#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where MIT's SPNEGO loses mechListMICs, the user is told: what to do is in configure's
# summary, in README and in the trace of a login that fails for that; and it helps.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"

advice='mech_spnego\.so is registered|register mech_spnego\.so|gss-spnego\.conf\.example'

# log_in MECHANISM: signed, in the trace of the same name
log_in() {
    NTLM_TRACE=$work/$1.trace "$top_builddir/gssloop" -m spnego -f integ \
        -i "GSS_MECH_CONFIG=$work/$1" -a "GSS_MECH_CONFIG=$work/$1" \
        -i "NTLM_USER_FILE=$work/accounts" -a "NTLM_USER_FILE=$work/accounts"
}

fails() {
    local output
    ! output=$(log_in mit 2>&1)
    printf '%s\n' "$output"
    grep -q 'Invalid token was supplied' <<<"$output"
}

says() { grep -qE "$advice" "$1"; }

spnego_loses_mics || skip_all "the SPNEGO here finds mechListMICs, or is ours"
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers"
fixture_begin
account_file accounts 'DEMO:alice:Secret 123'
use_mechanism mit "$top_builddir/gss-mech.conf"
use_mechanism ours "$top_builddir/gss-spnego.conf"

check "a signed login fails with MIT's SPNEGO" fails
check "its trace says what helps" says "$work/mit.trace"
check "a signed login succeeds with mech_spnego.so registered" log_in ours
check "configure's summary says so" says "$top_builddir/config.log"
check "README says so" says "$(dirname "$0")/../../README"
finish
