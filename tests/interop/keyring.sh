# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# keyring.sh - a session keyring of a script's own, for logins. Sourced, behind
# fixture.sh.

: "${top_builddir:?}"

# in_own_session SCRIPT: goes on with the script in a session keyring of its own, or skips
# it where that cannot be had.
in_own_session() {
    [ -z "${KEYRING_SESSION-}" ] || return 0
    keyring_is_there || skip_all "there is no keyctl here (Debian: keyutils), the kernel refuses its \
keyrings, or libkeyutils was left out"
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

keyring_is_there() {
    command -v keyctl >/dev/null && keyctl show @s >/dev/null 2>&1 &&
        ldd "$top_builddir/.libs/gss-negotiate" "$top_builddir/gss-negotiate" 2>/dev/null | grep -q libkeyutils
}

# logged_in USER PASSWORD COMMAND...: the command, in a session of its own in which this
# user is logged in.
logged_in() {
    # shellcheck disable=SC2016 # for the inner shell
    printf '%s\n' "$2" | NTLM_LOGIN_KEYRING=session keyctl session - sh -c '"$1" login "$2" &&
        shift 2 && exec "$@" </dev/null' sh "$top_builddir/gss-negotiate" "$1" "${@:3}"
}
