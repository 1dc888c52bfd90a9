#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Success is tested in one spelling for each kind of status (CONTRIBUTING):
# "if (error)" for ours, "major == GSS_S_COMPLETE" or GSS_ERROR(major) for GSSAPI's,
# "status == SEC_E_OK" for SSPI's.
set -u
here=$(dirname "$0")
# shellcheck source=tests/interop/fixture.sh
. "$here/../interop/fixture.sh"
cd "$here/../.." || exit

sources() { find "$@" -name '*.[ch]' 2>/dev/null | LC_ALL=C sort; }

errors_compared_with_ok() {
    # shellcheck disable=SC2046 # no file has a space in its name
    grep -nE '[!=]= NTLM_OK|NTLM_OK [!=]=' $(sources mech tool tests) /dev/null
}

# "if (major)", "!status" and the like.
statuses_that_are_not_compared() {
    # shellcheck disable=SC2046 # no file has a space in its name
    grep -nE '(if \(|while \(|return |! ?|&& |\|\| )(major|status)(\)( [&|{]|$)| && | \|\| | \?)' \
        $(sources mech/gss mech/spnego sspi-shim) /dev/null
}

# Calls of GSSAPI whose result is a condition by itself.
calls_that_are_not_compared() {
    # shellcheck disable=SC2046 # no file has a space in its name
    awk '
        function judge(text, at, depth, c) {
            while (match(text, /(if \(|while \(|&& |\|\| |! ?)gss_[a-z_]+\(/)) {
                call = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                depth = 1
                for (at = 1; at <= length(text) && depth > 0; at++) {
                    c = substr(text, at, 1)
                    depth += (c == "(") - (c == ")")
                }
                if (call !~ /gss_oid_equal/ && substr(text, at) !~ /^ *[!=]= /)
                    print FILENAME ": " call "...)"
            }
        }
        FNR == 1 { statement = "" }
        { line = $0; sub(/^ +/, " ", line); statement = statement line }
        /[;{}]$/ { judge(statement); statement = "" }' $(sources mech/gss mech/spnego sspi-shim) /dev/null
}

check "an enum ntlm_error is tested as a truth value" none errors_compared_with_ok
check "a major status and a SECURITY_STATUS are compared" none statuses_that_are_not_compared
check "what a function of GSSAPI returns is compared" none calls_that_are_not_compared
finish
