#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# curl's own NTLM, with its short headers and without SPNEGO, against the
# module as the acceptor in Apache.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

login() { apache_get negotiate --ntlm -u "$1"; }

curl --version | grep -qw NTLM || skip_all "this curl has no NTLM of its own"
apache_fixture
account_file server 'DEMO:alice:Secret 123'
apache_start ours server || exit

check "the right password opens the page" \
    welcomes 'DEMO\alice' NTLM login 'DEMO\alice:Secret 123'
check "a wrong password is refused, and the server's log says so" \
    refuses login 'DEMO\alice:Secret 124'
check "an unknown user is refused, and the server's log says so" \
    refuses login 'DEMO\mallory:Secret 123'
check "the user's name may come in another case" \
    welcomes 'DEMO\alice' NTLM login 'DEMO\ALICE:Secret 123'
check "a user without a domain is found" \
    welcomes 'DEMO\alice' NTLM login 'alice:Secret 123'
finish
