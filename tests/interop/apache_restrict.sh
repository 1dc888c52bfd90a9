#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What keeps NTLM out of a place that is meant for Kerberos alone: not
# mod_auth_gssapi's GssapiAllowedMech, for a client may send NTLM's tokens without
# SPNEGO around them; restrict_receiving_ntlm does.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

login() { apache_get krb5 --ntlm -u 'DEMO\alice:Secret 123'; }

# is_out: no login, and the server's log says which setting forbids it.
is_out() {
    login
    [ "$code" = 401 ] && grep -q 'restrict_receiving_ntlm' <<<"$refusal"
}

# within_seconds COMMAND...: settings are read again within a second or two.
within_seconds() {
    local end=$((SECONDS + 20))
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

curl --version | grep -qw NTLM || skip_all "this curl has no NTLM of its own"
apache_fixture
account_file server 'DEMO:alice:Secret 123'
apache_start ours server || exit

check "GssapiAllowedMech krb5 lets NTLM's own tokens in" \
    welcomes 'DEMO\alice' NTLM login
printf '[ntlmssp]\n    restrict_receiving_ntlm = deny\n' >"$work/krb5.conf"
check "restrict_receiving_ntlm keeps them out, without a restart" within_seconds is_out
finish
