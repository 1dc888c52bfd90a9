#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A Basic login through mod_auth_gssapi, which runs both sides of an exchange
# in the server's own process: the module is initiator and acceptor at once.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

login() { apache_get basic --basic -u "$1"; }

apache_fixture
account_file server 'DEMO:alice:Secret 123' 'ÅNGSTRÖM:jörg:pässwörd€'
apache_start ours server || exit

check "the right password opens the page" \
    welcomes 'DEMO\alice' Basic login 'DEMO\alice:Secret 123'
check "a wrong password is refused" refuses login 'DEMO\alice:Secret 124'
check "an unknown user is refused" refuses login 'DEMO\mallory:Secret 123'
check "user, domain and password may be beyond ASCII" \
    welcomes 'ÅNGSTRÖM\jörg' Basic login 'ÅNGSTRÖM\jörg:pässwörd€'
check "a user without a domain is found" \
    welcomes 'DEMO\alice' Basic login 'alice:Secret 123'
check "the right password opens the page after all that" \
    welcomes 'DEMO\alice' Basic login 'DEMO\alice:Secret 123'
finish
