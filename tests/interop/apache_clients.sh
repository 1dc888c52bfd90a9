#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Clients of other makes log in to Apache: impacket with NTLM of its own, libsoup 3
# (GNOME's) with NTLM of its own and with Negotiate through GSSAPI. Some begin again
# by the same connection, where mod_auth_gssapi keeps the context that failed.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

# The distribution's, which has the distribution's modules.
python=/usr/bin/python3
clients=$(cd "$(dirname "$0")/clients" && pwd)

# client NAME ARGUMENT...: sets what apache_get sets, of another client than curl.
client() {
    local seen
    seen=$(wc -l <"$apache_log")
    code=401
    page=$("$python" "$clients/$1_http.py" "$apache_url/negotiate/" "${@:2}" 2>"$work/errors") &&
        code=200
    refusal=$(tail -n "+$((seen + 1))" "$apache_log")
    printf '%s\n' "$code" "$page" "$(<"$work/errors")" "$refusal"
}

# negotiates FILE: libsoup as who the account file says.
negotiates() {
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/$1 client soup
}

apache_fixture
export no_proxy=localhost
account_file server 'DEMO:alice:Secret 123'
account_file right 'DEMO:alice:Secret 123'
account_file wrong 'DEMO:alice:Secret 124'
apache_start ours server || exit

if "$python" -c 'import impacket' 2>/dev/null; then
    check "impacket's NTLM opens the page" \
        welcomes 'DEMO\alice' NTLM client impacket DEMO alice 'Secret 123'
    check "impacket's NTLM opens the page when it asks for signing" \
        welcomes 'DEMO\alice' NTLM client impacket DEMO alice 'Secret 123' --sign
    check "impacket's NTLM is refused with a wrong password" \
        refuses client impacket DEMO alice 'Secret 124'
    check "impacket's NTLM begins again by the same connection after a wrong password" \
        welcomes 'DEMO\alice' NTLM client impacket DEMO alice 'Secret 124' 'Secret 123'
else
    skip "impacket" "it is not installed"
fi

if "$python" -c 'import gi; gi.require_version("Soup", "3.0")' 2>/dev/null; then
    check "libsoup's Negotiate opens the page" welcomes 'DEMO\alice' Negotiate negotiates right
    check "libsoup's Negotiate is refused with a wrong password" refuses negotiates wrong
    check "libsoup's NTLM opens the page" \
        welcomes 'DEMO\alice' NTLM client soup 'DEMO\alice' 'Secret 123'
    check "libsoup's NTLM is refused with a wrong password" \
        refuses client soup 'DEMO\alice' 'Secret 124'
else
    skip "libsoup" "its Python binding is not installed"
fi
finish
