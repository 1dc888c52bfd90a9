#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate login, logout and list: what they say, and what the kernel's keyring has
# of it. That programs log in with it is tests/interop/login.sh's.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/../interop/keyring.sh"
in_own_session "$0"
fixture_begin
export NTLM_LOGIN_KEYRING=session

# logs_in PASSWORD ARGUMENT...
logs_in() { printf '%s\n' "$1" | tool login "${@:2}"; }
# refused PASSWORD STATUS TEXT ARGUMENT...
refused() { printf '%s\n' "$1" | says "$2" "$3" login "${@:4}"; }

lists_it() {
    logs_in Password 'EXAMPLE\alice' && says 0 'EXAMPLE\alice for *, until ' list &&
        json 0 'it["logins"] == [dict(it["logins"][0], user="alice", domain="EXAMPLE", target="*",
            expired=False)]' list --json
}
keeps_no_password() {
    local dump
    dump=$(keyring_contents)
    [ -n "$dump" ] && ! grep -qi "$(printf Password | od -An -tx1 | tr -d ' \n')" <<<"$dump" &&
        grep -q a4f49c406510bdcab6824ee7c30fd852 <<<"$dump"
}
by_hash() {
    logs_in A4F49C406510BDCAB6824EE7C30FD852 --nt-hash --target '*.corp' bob && says 0 'bob for *.CORP, until' list &&
        keyring_contents | grep -q a4f49c406510bdcab6824ee7c30fd852
}
# A limit on the size of files that lets no file have a byte. (What counts the lines that are
# run, if this is built so, writes files: there is no place for them here.)
never_on_a_disk() {
    (ulimit -f 0 && GCOV_PREFIX=/dev/null logs_in x 'D\diskless' >/dev/null 2>&1) && says 0 'D\diskless for *' list && tool logout 'D\diskless'
}
in_order() { [ "$(tool list | sed 's/,.*//')" = $'bob for *.CORP\nEXAMPLE\\alice for *' ]; }
without_a_name() {
    NTLMUSER='D\carol' logs_in x && says 0 'D\carol for *' list && logs_in x && says 0 "$(id -un) for *" list
}
until_when() {
    logs_in x --lifetime 2h 'D\timed' &&
        json 0 'any(7000 < l["expires"] - __import__("time").time() <= 7200 for l in it["logins"] if l["user"] == "timed")' list --json &&
        logs_in x --lifetime 0 'D\ever' && says 0 'D\ever for *, as long as the keyring' list &&
        json 0 '[l["expires"] for l in it["logins"] if l["user"] == "ever"] == [None]' list --json
}
expires() {
    tool logout && logs_in x --lifetime 1 'D\short' && sleep 2 && says 1 'D\short for *, expired at' list && tool logout
}
logs_out() {
    logs_in x 'D\alice' && logs_in x 'E\alice' && logs_in x --target host alice && tool logout 'E\alice' &&
        [ "$(tool list | wc -l)" = 2 ] && tool logout --target HOST && [ "$(tool list | wc -l)" = 1 ] &&
        tool logout alice && says 1 'nobody is logged in' list && says 1 'there is no such login' logout alice &&
        says 1 'there is no such login' logout --target nowhere && tool logout
}
removes_what_is_damaged() {
    local ring
    logs_in x 'D\alice' && ring=$(keyctl search @s keyring "ntlm-logins.$(id -u)") &&
        keyctl add user unknown junk "$ring" && says 3 'is damaged or unsafe' list &&
        refused x 3 'is damaged or unsafe' 'D\bob' && tool logout && says 1 'nobody is logged in' list
}
another_descriptor() { tool login --password-fd 5 'D\fd' 5<<<Password </dev/null && says 0 'D\fd for *' list; }
switched_off() { NTLM_LOGIN_KEYRING=off says 3 'logins are switched off here' "$1" && NTLM_LOGIN_KEYRING=off says 3 off logout; }
other_user() { ! setpriv --reuid 65534 --clear-groups -- "$tool" list && ! setpriv --reuid 65534 --clear-groups keyctl print "$1"; }
own_of_another_user() {
    printf x | setpriv --reuid 65534 --clear-groups -- "$tool" login 'D\nobody' && says 0 'D\fd for *' list &&
        ! tool list | grep nobody && setpriv --reuid 65534 --clear-groups -- "$tool" list | grep -F 'D\nobody'
}
# Who has neither a name of the system nor one in NTLMUSER.
nameless() {
    local tool=as_nobody_known
    refused x 2 'name a user: DOMAIN\user' && refused x 0 '' 'D\named'
}
as_nobody_known() { setpriv --reuid 54321 --regid 54321 --clear-groups -- "$real_tool" "$@"; }
real_tool=$tool
persistent() {
    NTLM_LOGIN_KEYRING=persistent logs_in x --lifetime 60 --target one.of.ours 'D\stays' &&
        NTLM_LOGIN_KEYRING=persistent keyctl session - "$tool" list | grep -F 'D\stays' && ! tool list | grep stays &&
        NTLM_LOGIN_KEYRING=persistent tool logout --target one.of.ours
}
other_keyring() {
    refused x 0 'unless login_keyring names it' --keyring persistent --lifetime 60 --target one.of.ours 'D\stays' &&
        tool logout --keyring persistent --target one.of.ours
}

check "a login is listed" lists_it
check "the NT hash is kept, and no password" keeps_no_password
check "nothing is written to a disk" never_on_a_disk
check "an NT hash, for some hosts" by_hash
check "those that are chosen first come first" in_order
check "without a name it is NTLMUSER's, or one's own" without_a_name
check "how long it lasts" until_when
check "it is told that it expired" expires
check "one is logged out, or all" logs_out
check "what is damaged is told, and removed" removes_what_is_damaged
check "a password from another descriptor" another_descriptor
check "no password" refused '' 0 '' 'D\fd'
check "a wrong hash" refused xyz 3 'The NT hash is not 32 hexadecimal digits' --nt-hash u
check "a wrong target" refused x 2 'a pattern with one *' --target 'a*b*' u
check "a wrong lifetime" refused x 2 'of a year at most' --lifetime 2y u
check "a wrong keyring" refused x 2 'session or persistent' --keyring user u
check "two names" refused x 2 '' a b
check "logins can be switched off" switched_off list
if [ "$(id -u)" = 0 ]; then
    check "another user cannot read it" other_user "$(keyring_key hash:)"
    check "another user in this session has his own" own_of_another_user
    check "a user without a name" nameless
else
    skip "another user cannot read it" "only root can become another user"
    skip "another user in this session has his own" "only root can become another user"
fi
if keyctl get_persistent @s >/dev/null 2>&1; then
    check "the persistent keyring" persistent
    check "a keyring that programs do not look into" other_keyring
else
    skip "the persistent keyring" "the kernel has none"
    skip "a keyring that programs do not look into" "the kernel has none"
fi
finish
