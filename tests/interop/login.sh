#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Single sign-on: after gss-negotiate login the distribution's curl logs in to Apache
# without a file or a password, by the login that is for the host, until it ends.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/keyring.sh"
in_own_session "$0"

# logs_in PASSWORD ARGUMENT...
logs_in() { printf '%s\n' "$1" | "$top_builddir/gss-negotiate" login "${@:2}"; }
logs_out() { "$top_builddir/gss-negotiate" logout "$@"; }

get() {
    : >"$work/trace"
    GSS_MECH_CONFIG=$work/ours NTLM_TRACE=$work/trace apache_get negotiate --negotiate -u :
}
# At the same server by its other name.
get_by_address() {
    local url=$apache_url
    apache_url=${url/localhost/127.0.0.1}
    get
    apache_url=$url
}

# nobody COMMAND...: its apache_get logs in as nobody, and this is in the trace.
nobody() {
    "${@:2}"
    [ "$code" = 401 ] && ! grep 'initiator sends' "$work/trace" &&
        if [ -n "$1" ]; then grep "$1" "$work/trace"; fi
}

in_another_session() {
    ! GSS_MECH_CONFIG=$work/ours keyctl session - curl -sSf --noproxy '*' --negotiate -u : "$apache_url/negotiate/"
}
switched_off() { NTLM_LOGIN_KEYRING=off nobody '' get; }
by_target() {
    logs_out && logs_in 'Secret 123' --target localhost 'DEMO\alice' &&
        logs_in 'password' --target '127.*' bob && welcomes 'DEMO\alice' Negotiate get &&
        welcomes bob Negotiate get_by_address
}
by_target_alone() { logs_out bob && nobody 'no login is for 127.0.0.1' get_by_address; }
keeps_secrets() { ! grep -iE 'secret 123|58a478135a93ac3bf058a5ea0e8fdb71' "$work/trace" "$work/apache/trace"; }
as_another_user() {
    : >"$work/trace" && chmod 666 "$work/trace"
    ! GSS_MECH_CONFIG=$work/ours NTLM_TRACE=$work/trace setpriv --reuid 65534 --clear-groups \
        curl -sSf --noproxy '*' --negotiate -u : "$apache_url/negotiate/" && ! grep 'initiator sends' "$work/trace"
}
mended() {
    logs_in 'Secret 123' 'DEMO\alice' && welcomes 'DEMO\alice' Negotiate get
}
file_first() {
    account_file client 'DEMO:alice:Secret 124'
    NTLM_USER_FILE=$work/client refuses get
}
ends_with_its_time() {
    logs_in 'Secret 123' --lifetime 1 'DEMO\alice' && sleep 2 &&
        nobody 'The login has expired: log in again (gss-negotiate login)' get
}

apache_fixture
export NTLM_LOGIN_KEYRING=session
account_file server 'DEMO:alice:Secret 123' ':bob:password'
apache_start ours server || exit

check "without a login there is nobody" nobody '' get
logs_in 'Secret 123' 'DEMO\alice' || exit
check "after a login curl logs in" welcomes 'DEMO\alice' Negotiate get
check "no secret is in a trace" keeps_secrets
check "another session is not logged in" in_another_session
check "the environment switches it off" switched_off
if [ "$(id -u)" = 0 ]; then
    check "another user in the same session is not logged in" as_another_user
else
    skip "another user in the same session is not logged in" "only root can become another user"
fi
check "a file that the user names comes first" file_first
check "each host has its login" by_target
check "a host without a login has nobody" by_target_alone
logs_out
check "after logout there is nobody" nobody '' get
logs_in 'Secret 124' 'DEMO\alice'
check "a wrong password is refused" refuses get
check "logging in again mends that" mended
check "with its time the login ends, and the trace says what to do" ends_with_its_time
finish
