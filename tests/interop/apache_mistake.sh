#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A server whose administrator made a mistake: its log says which one, for raw NTLM
# and for Negotiate, and not that there is no Kerberos keytab.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"

ntlm() { apache_get negotiate --ntlm -u 'DEMO\alice:Secret 123'; }
# The client does not share the mistake.
negotiate() {
    KRB5_CONFIG=/dev/null GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/client \
        apache_get negotiate --negotiate -u :
}

# told TEXT COMMAND...: no login, and the server's log has this text
told() {
    "${@:2}"
    [ "$code" = 401 ] && grep -qF "$1" <<<"$refusal"
}

# both NAME TEXT: by either way
both() {
    check "$1, raw NTLM" told "$2" ntlm
    check "$1, Negotiate" told "$2" negotiate
}

curl --version | grep -qw NTLM || skip_all "this curl has no NTLM of its own"
apache_fixture
account_file server 'DEMO:alice:Secret 123'
account_file client 'DEMO:alice:Secret 123'
apache_start ours server || exit

chmod 666 "$work/apache/accounts"
both "an account file that others may write" 'has unsafe ownership or permissions'
mv "$work/apache/accounts" "$work/apache/elsewhere"
both "an account file that is not there" 'The account file cannot be read'
mv "$work/apache/elsewhere" "$work/apache/accounts"
chmod 600 "$work/apache/accounts"
printf '[ntlmssp]\n    require_sgin = true\n' >"$work/krb5.conf"
sleep 2
both "a setting that is misspelled" 'require_sgin'
rm "$work/krb5.conf"
sleep 2
check "all is well again" welcomes 'DEMO\alice' NTLM ntlm
finish
