#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Unmodified programs with mech_spnego.so registered: curl, Apache and mod_auth_gssapi,
# python3-gssapi, slapd, SSPI's examples, Samba's domain controller with ldapsearch. The
# tests of tests/interop once more; where MIT's SPNEGO is at fault, they run here all the
# same.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

here=$(cd "$(dirname "$0")/../interop" && pwd)
export MECHANISM=$top_builddir/gss-spnego.conf

[ -z "${NOT_AGAIN-}" ] || skip_all "another stage has it"

# What a script skipped is skipped here, by the same name.
tell_skips() {
    local line
    while read -r line; do
        line=${line#ok * - }
        skip "$script.sh: ${line%% # SKIP *}" "${line#* # SKIP }"
    done < <(grep '^ok .* # SKIP ' <<<"$said")
}

ended_well() {
    printf '%s\n' "$said"
    [ "$status" = 0 ]
}

for script in apache_basic apache_clients apache_kerberos apache_mistake apache_negotiate \
    apache_restrict domain examples peers pyspnego python_gssapi slapd sspi sspi_http; do
    status=0
    said=$(bash "$here/$script.sh" 2>&1) || status=$?
    if [ $status = 77 ]; then
        skip "$script.sh" "${said#*# SKIP }"
    else
        check "$script.sh passes with mech_spnego.so registered" ended_well
        tell_skips
    fi
done
finish
