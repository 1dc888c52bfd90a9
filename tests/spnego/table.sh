#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The table of functions in mech_spnego(8) and the module: each function that the module
# exports has its row, and each row of the first list is such a function. Those of the
# second list the module does not have.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

page=$(dirname "$0")/../../man/mech_spnego.8
module=$top_builddir/.libs/mech_spnego.so
command -v nm >/dev/null || skip_all "there is no nm here"
[ -e "$module" ] || skip_all "the module was not built"

# rows N: the functions in the list of that number in the section FUNCTIONS.
rows() {
    awk -v wanted="$1" '
        /^\.Sh / { inside = $0 == ".Sh FUNCTIONS" }
        inside && /^\.Bl/ { list++ }
        inside && list == wanted && /^\.It/ {
            for (i = 2; i < NF; i++)
                if ($i == "Fn")
                    print $(i + 1)
        }' "$page" | sort
}

# gssi_X stands for gss_X. What the compiler's runtime adds is nobody's function.
exported() {
    nm -D --defined-only "$module" | awk '$2 == "T" { sub(/^gssi_/, "gss_", $3); print $3 }' |
        grep '^gss' | sort
}

# are_the_same: both lists of functions, and there are some.
are_the_same() {
    [ -n "$(exported)" ] && diff <(rows 1) <(exported)
}

share_none() {
    local both
    both=$(comm -12 <(rows 2) <(exported))
    echo "$both"
    [ -n "$(rows 2)" ] && [ -z "$both" ]
}

are_functions() {
    local name library
    library=$(ldd "$module" | awk '/libgssapi_krb5/ { print $3 }')
    [ -e "$library" ] || return
    for name in $(rows 1) $(rows 2); do
        [ "$name" = gss_mech_interposer ] ||
            nm -D --defined-only "$library" | grep -qE " $name(@|$)" || {
            echo "$name is no function of $library"
            return 1
        }
    done
}

check "each function that the module exports has its row, and each row its function" are_the_same
check "no function that is said to be the mechglue's is the module's" share_none
check "each row's function is one of GSSAPI's" are_functions
finish
