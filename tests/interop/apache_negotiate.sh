#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The distribution's curl logs in to the distribution's Apache with Negotiate:
# the module is the initiator in curl and the acceptor in the server.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

# curl as the user of this account line, at this place.
login_at() {
    account_file client "$2"
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/client NTLM_TRACE=$work/client.trace \
        apache_get "$1" --negotiate -u :
}

login() { login_at negotiate "$1"; }

shows() {
    login_at negotiate/attribute "$2"
    [ "$code" = 200 ] && [ "$page" = "$1" ]
}

# traced FILE: the exchanges, and none of the secrets above.
traced() {
    grep -q 'CHALLENGE, ' "$1" && grep -q 'UserName "alice"' "$1" &&
        ! grep -iE 'secret 123|pässwörd|8846f7ea' "$1"
}

apache_fixture
account_file server 'DEMO:alice:Secret 123:4' 'ÅNGSTRÖM:jörg:pässwörd€' \
    'bob:1001:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:8846F7EAEE8FB117AD06BDD830B7586C:[U          ]:LCT-00000000:'
apache_start ours server || exit

check "the right password opens the page" \
    welcomes 'DEMO\alice' Negotiate login 'DEMO:alice:Secret 123:4'
check "a wrong password is refused, and the server's log says so" \
    refuses login 'DEMO:alice:Secret 123:5'
check "an unknown user is refused, and the server's log says so" \
    refuses login 'DEMO:mallory:Secret 123:4'
check "an unknown domain is refused" \
    refuses login 'OTHER:alice:Secret 123:4'
check "user, domain and password may be beyond ASCII" \
    welcomes 'ÅNGSTRÖM\jörg' Negotiate login 'ÅNGSTRÖM:jörg:pässwörd€'
check "the user's name may come in another case" \
    welcomes 'DEMO\alice' Negotiate login 'DEMO:ALICE:Secret 123:4'
check "the user's name may come in another case, beyond ASCII too" \
    welcomes 'ÅNGSTRÖM\jörg' Negotiate login 'ÅNGSTRÖM:JÖRG:pässwörd€'
check "the password's case counts" \
    refuses login 'DEMO:alice:SECRET 123:4'
check "an account may be known by its NT hash alone" \
    welcomes 'bob' Negotiate login 'EXAMPLE:bob:password'
check "a name's attribute is there for pages" shows HTTP/localhost 'DEMO:alice:Secret 123:4'
check "curl's trace shows the exchanges and no secret" traced "$work/client.trace"
check "Apache's trace shows the exchanges and no secret" traced "$work/apache/trace"
finish
