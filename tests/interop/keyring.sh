# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# keyring.sh - a session keyring of a script's own, for logins. Sourced, behind
# fixture.sh.

: "${top_builddir:?}"

# in_own_session SCRIPT: goes on with the script in a session keyring of its own, or skips
# it where that cannot be had.
in_own_session() {
    if [ -n "${KEYRING_SESSION-}" ]; then
        printf x | NTLM_LOGIN_KEYRING=session "$top_builddir/gss-negotiate" login probe 2>&1 |
            grep -q 'without libkeyutils' && skip_all "it was built without libkeyutils"
        NTLM_LOGIN_KEYRING=session "$top_builddir/gss-negotiate" logout
        return
    fi
    command -v keyctl >/dev/null || skip_all "there is no keyctl here (Debian: keyutils)"
    keyctl show @s >/dev/null 2>&1 || skip_all "the kernel refuses its keyrings here"
    KEYRING_SESSION=own exec keyctl session - bash "$1"
}

# keyring_keys: the numbers of the keys in this user's keyring of logins.
keyring_keys() { keyctl rlist "$(keyctl search @s keyring "ntlm-logins.$(id -u)")" | tr ' ' '\n' | grep .; }

# keyring_key PREFIX: of the first whose description begins so.
keyring_key() {
    local key
    for key in $(keyring_keys); do
        keyctl rdescribe "$key" 2>/dev/null | grep -q ";$1" && echo "$key" && return
    done
}

# keyring_contents: what is in them, in hexadecimal digits.
keyring_contents() {
    local key
    for key in $(keyring_keys); do
        keyctl pipe "$key" 2>/dev/null | od -An -v -tx1 | tr -d ' \n'
        echo
    done
}
