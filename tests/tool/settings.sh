#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate settings: values, where they come from, and mistakes.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
unset NTLM_LOGIN_KEYRING

conf() { printf '[ntlmssp]\n%s\n' "$*" >"$work/krb5.conf"; }

has_every_setting() {
    local name
    sed -n 's/^    X([A-Z]*, [a-z_0-9]*, "\([a-z_0-9]*\)".*/\1/p' \
        "$(dirname "$0")/../../mech/settings/table.h" >"$work/names"
    [ "$(wc -l <"$work/names")" -gt 20 ] || return
    while read -r name; do
        says 0 "$name = " settings || return
    done <"$work/names"
}

changed_ones_alone() {
    conf 'require_sign = true'
    [ "$(tool settings --changed | wc -l)" = 1 ]
}

included_file() {
    mkdir -p "$work/d" && printf '# ours\n[ntlmssp]\n lm_compat_level = 4\n' >"$work/d/ntlm.conf"
    printf 'includedir %s/d\n' "$work" >"$work/krb5.conf"
    says 0 "lm_compat_level = 4  (from $work/d/ntlm.conf, line 3)" settings lm_compat_level
}

both_faults() {
    conf $'lm_compat_level = 9\nrequire_sign = perhaps'
    says 1 'lm_compat_level = 9 in [ntlmssp] of krb5.conf: must be a number from 0 to 5' settings &&
        says 1 'require_sign = perhaps in [ntlmssp] of krb5.conf: must be true or false' settings
}

check "every setting is there" has_every_setting
check "a default" says 0 'lm_compat_level = 5  (default)' settings
conf 'lm_compat_level = 3'
check "a value of krb5.conf, and its line" \
    says 0 "lm_compat_level = 3  (from $work/krb5.conf, line 2)" settings lm_compat_level
LM_COMPAT_LEVEL=2 check "a variable is stronger" \
    says 0 'lm_compat_level = 2  (from LM_COMPAT_LEVEL in the environment)' settings
NTLM_TRACE=/tmp/x check "what is a variable only" says 0 'NTLM_TRACE = /tmp/x' settings NTLM_TRACE
check "a file that is included" included_file
check "--changed" changed_ones_alone
check "each wrong value is told, not only the first" both_faults
LM_COMPAT_LEVEL=five check "a wrong variable" \
    says 1 'LM_COMPAT_LEVEL=five in the environment: must be a number' settings
conf 'require_sing = true'
check "a misspelled name" says 1 'did you mean require_sign?' settings
conf 'require_sign = true'
check "an unknown setting is asked for" says 2 'there is no setting nonesuch' settings nonesuch
check "--json" json 0 'any(s["name"] == "require_sign" and s["value"] == "true" and
    s["origin"] == "krb5.conf" and s["default"] == "false" for s in it["settings"])' settings --json
conf 'lm_compat_level = 9'
check "--json with a mistake" json 1 'it["settings"][0]["fault"].startswith("lm_compat_level = 9")' \
    settings --json lm_compat_level
conf 'lm_compat_level = 5'
printf '\xff' >"$work/bytes"
NTLM_TRACE=$(cat "$work/bytes") check "bytes that are no UTF-8 in JSON" \
    json 0 'it["settings"][0]["value"] == "\ufffd"' settings --json NTLM_TRACE
rm "$work/krb5.conf" && mkdir "$work/krb5.conf"
check "a krb5.conf that cannot be read" says 1 "$work/krb5.conf: Is a directory" settings
finish
