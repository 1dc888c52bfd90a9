#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The distribution's curl and Apache with Negotiate, where both have Kerberos,
# of a real KDC, and NTLM: which of them it is, and that it is NTLM only where
# Kerberos is not to be had and NTLM is allowed.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
# shellcheck source=tests/interop/kdc.sh
. "$(dirname "$0")/kdc.sh"

# login TICKETS HOST [VARIABLE=VALUE...]: curl, with this file's tickets, as alice.
login() {
    apache_url=http://$2:${apache_url##*:}
    : >"$work/trace"
    KRB5CCNAME=FILE:$work/$1 GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=$work/accounts \
        NTLM_TRACE=$work/trace with "${@:3}" -- apache_get negotiate --negotiate -u :
}

# with VARIABLE=VALUE... -- COMMAND...: the command with these exported.
with() {
    local -x KRB5_CONFIG=$KRB5_CONFIG
    while [ "$1" != -- ]; do
        export "${1?}"
        shift
    done
    "${@:2}"
}

# by MECHANISM NAME COMMAND...: whether the page is opened to him, by that.
by() {
    "${@:3}"
    [ "$code" = 200 ] && [ "$page" = "Welcome, $2. You came by Negotiate/$1." ]
}

# forbidden COMMAND...: whether curl was let nowhere by its own settings.
forbidden() {
    "$@"
    [ "$code" = 401 ] && grep -q 'forbidden here (restrict_sending_ntlm)' "$work/trace" &&
        ! grep -q 'initiator sends' "$work/trace"
}

apache_fixture
kdc_is_there || skip_all "there is no krb5kdc, kadmin.local or kinit here"
kdc_start 'addprinc -pw secret alice' 'addprinc -randkey HTTP/localhost' \
    "ktadd -k $work/keys HTTP/localhost" || exit
kdc_client denied.conf '[ntlmssp]' 'restrict_sending_ntlm = deny'
kdc_client nas.conf '[ntlmssp]' 'restrict_sending_ntlm = deny' \
    'client_allowed_ntlm_servers = nas 127.0.0.*'
account_file accounts 'DEMO:alice:Secret 123:4'
[ "$(id -u)" != 0 ] || chown "$(apache_user)" "$work/keys"
KRB5CCNAME=FILE:$work/tickets kinit alice <<<secret >/dev/null || exit
apache_start ours accounts KRB5_KTNAME="$work/keys" KRB5RCACHENAME=none: || exit

check "with a ticket it is Kerberos" \
    by krb5 alice@HOME.TEST login tickets localhost
check "without tickets it is NTLM" \
    by NTLM 'DEMO\alice' login no-tickets localhost
check "with a server that the KDC does not know it is NTLM" \
    by NTLM 'DEMO\alice' login tickets 127.0.0.1
check "where NTLM may not go it is Kerberos" \
    by krb5 alice@HOME.TEST login tickets localhost KRB5_CONFIG="$work/denied.conf"
check "where NTLM may not go it is nothing without tickets" \
    forbidden login no-tickets localhost KRB5_CONFIG="$work/denied.conf"
check "where NTLM may go to other servers alone it is nothing without tickets" \
    forbidden login no-tickets localhost KRB5_CONFIG="$work/nas.conf"
check "where NTLM may go to this server it is NTLM without tickets" \
    by NTLM 'DEMO\alice' login no-tickets 127.0.0.1 KRB5_CONFIG="$work/nas.conf"
KRB5CCNAME=FILE:$work/fresh kinit alice <<<secret >/dev/null || exit
kdc_stop
check "with the KDC stopped it is NTLM" \
    by NTLM 'DEMO\alice' login fresh localhost
check "with the KDC stopped it is Kerberos when the server's ticket is there" \
    by krb5 alice@HOME.TEST login tickets localhost
finish
