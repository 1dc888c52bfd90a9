#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# SECURITY's table has each attack of the suite, each once and no other, and names only
# settings that there are.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

security=$(dirname "$0")/../../SECURITY

# The attacks with what they are refused by.
table() { awk '/^  attack  / { on = 1; getline; next } on && NF == 0 { exit } on' "$security"; }

listed() { table | awk '{ print $1 }' | LC_ALL=C sort; }

tried() {
    local program
    for program in middle_raw middle_mit middle_spnego envelope_mit envelope_spnego elsewhere; do
        "$top_builddir/hostile_${program}_test" --list | grep -v "^#"
    done | LC_ALL=C sort -u
}

is_the_suite() { [ -n "$(tried)" ] && diff <(listed) <(tried); }

# Words with an underscore, of the settings' own kind.
names_settings() {
    local name
    for name in $(table | grep -oE '[a-z]+(_[a-z0-9]+)+' | sort -u); do
        [ "$name" = mech_spnego ] || # the module
            grep -q "\"$name\"" "$(dirname "$0")/../../mech/settings/table.h" || echo "$name"
    done | diff /dev/null -
}

[ -x "$top_builddir/hostile_elsewhere_test" ] || skip_all "the suite is not built (no check)"
check "SECURITY lists the attacks of the suite" is_the_suite
check "SECURITY's settings are there" names_settings
finish
