#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The module in a domain: as initiator, ldapsearch logs in to the controller
# with it; as acceptor on a member, winbind asks the controller who may come in.
# It must see the controller go and come back.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/samba.sh
. "$(dirname "$0")/samba.sh"

users() {
    cat <<'LDIF'
dn: DC=example,DC=test
changetype: modify
replace: lockoutThreshold
lockoutThreshold: 3

dn: CN=alice,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: alice
{Secret-1}
userAccountControl: 512

dn: CN=staff,CN=Users,DC=example,DC=test
changetype: add
objectClass: group
sAMAccountName: staff
member: CN=alice,CN=Users,DC=example,DC=test

dn: CN=company,CN=Users,DC=example,DC=test
changetype: add
objectClass: group
sAMAccountName: company
groupType: -2147483640
member: CN=staff,CN=Users,DC=example,DC=test

dn: CN=jörg,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: jörg
{pässwörd-€1}
userAccountControl: 512

dn: CN=disabled,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: disabled
{Secret-1}
userAccountControl: 514

dn: CN=expired,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: expired
{Secret-1}
userAccountControl: 512
accountExpires: 130000000000000000

dn: CN=stale,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: stale
{Secret-1}
userAccountControl: 512
pwdLastSet: 0

dn: CN=nightly,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: nightly
{Secret-1}
userAccountControl: 512
logonHours:: AAAAAAAAAAAAAAAAAAAAAAAAAAAA

dn: CN=seated,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: seated
{Secret-1}
userAccountControl: 512
userWorkstations: ELSEWHERE

dn: CN=principal,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: principal
userPrincipalName: sue@example.test
{Secret-1}
userAccountControl: 512

dn: CN=locked,CN=Users,DC=example,DC=test
changetype: add
objectClass: user
sAMAccountName: locked
{Secret-1}
userAccountControl: 512
LDIF
}

# says PATTERN COMMAND...: whether the command says so, whatever its status.
says() {
    local output
    output=$("${@:2}" 2>&1)
    printf '%s\n' "$output"
    grep -qE -- "$1" <<<"$output"
}

# within SECONDS COMMAND...
within() {
    local before=$EPOCHREALTIME milliseconds status=0
    "${@:2}" || status=$?
    milliseconds=$(((${EPOCHREALTIME/./} - ${before/./}) / 1000))
    printf 'in %d ms\n' "$milliseconds"
    [ $status = 0 ] && [ $milliseconds -lt "$((1000 * $1))" ]
}

# What stands before a command, for somebody else to run it.
prefix=()

# ldap ACCOUNTS PROPERTIES PROGRAM ARGUMENT...: logs in as the account file has
# it, or with none if that is empty, with these security properties of Cyrus
# SASL's.
ldap() {
    GSS_MECH_CONFIG=$work/ours NTLM_USER_FILE=${1:+$work/$1} LDAPNOINIT=1 \
        "${prefix[@]}" timeout 120 "$3" -N -Y GSS-SPNEGO -O "$2" -H "$samba_url" "${@:4}"
}

# Who is not logged in may not read this entry.
search() { ldap "$1" "$2" ldapsearch -s base -b DC=example,DC=test objectSid; }

# searches SSF ACCOUNTS PROPERTIES: whether it is found, by a layer of that
# strength.
searches() {
    local output
    output=$(search "$2" "$3" 2>&1)
    printf '%s\n' "$output"
    grep -q "^SASL SSF: $1\$" <<<"$output" && grep -q '^objectSid:: ' <<<"$output"
}

# The first group of the session is the user himself.
knows_alice() {
    local sid groups
    sid=$(ldap alice maxssf=0 ldapsearch -LLL -b DC=example,DC=test sAMAccountName=alice objectSid |
        sed -n 's/^objectSid:: //p')
    groups=$(ldap alice maxssf=0 ldapsearch -LLL -s base -b '' tokenGroups)
    printf '%s, and %s\n' "$sid" "$groups"
    [ -n "$sid" ] && grep -qxF "tokenGroups:: $sid" <<<"$groups"
}

# The acceptor on its own, in one process.
server_start() {
    coproc SERVER { GSS_MECH_CONFIG=$work/ours KRB5_CONFIG=$work/$1 exec "$top_builddir/logons" 2>&1; }
    # check's tests are subshells, which have no coprocess
    exec 7<&"${SERVER[0]}" 8>&"${SERVER[1]}"
    # shellcheck disable=SC2153 # coproc has set it
    server_pid=$SERVER_PID
}

server_stop() {
    exec 7<&- 8>&-
    eval "exec ${SERVER[1]}>&-"
    wait "$server_pid"
}

# ask LINE: logons' answer.
ask() {
    local answer
    printf '%s\n' "$1" >&8
    IFS= read -r -t 120 answer <&7
    printf '%s\n' "$answer"
}

# lets_in NAME USER PASSWORD, keeps_out TEXT USER PASSWORD
lets_in() { says "^complete, from $1(;|\$)" ask "logon $2 $3"; }
keeps_out() { says "^refused: .*: $1" ask "logon $2 $3"; }

# The controller's services may come back one after the other.
lets_in_again() {
    winbind_forget
    lets_in 'EXAMPLE\\alice' 'EXAMPLE\alice' Secret-1
}

# talk TEXT MECHANISM OPTION...: gssloop, with this module's file for the
# initiator.
talk() {
    says "$1" "${prefix[@]}" "$gssloop" -i "GSS_MECH_CONFIG=$work/$2" \
        -i "NTLM_USER_FILE=$work/alice" -a "GSS_MECH_CONFIG=$work/ours" "${@:3}"
}

client_tests() {
    if ! compgen -G '/usr/lib*/*/sasl2/libgssapiv2.so' >/dev/null; then
        skip "ldapsearch" "Cyrus SASL has no GSSAPI here (libsasl2-modules-gssapi-mit)"
        return
    fi
    if spnego_loses_mics; then
        skip "ldapsearch" "$spnego_fault"
        return
    fi
    "$1"
}

lenient_client_tests() {
    check "ldapsearch, no layer" searches 0 alice maxssf=0
    check "the controller knows who has logged in" knows_alice
    check "ldapsearch, no layer, a wrong password" says 'Invalid credentials' search wrong maxssf=0
}

strict_client_tests() {
    check "ldapsearch, no layer, where the controller wants one" \
        says 'Strong\(er\) authentication required' search alice maxssf=0
    check "ldapsearch, signed" searches 1 alice minssf=1,maxssf=1
    check "ldapsearch, sealed" searches 64 alice minssf=56
    check "ldapsearch, signed, a wrong password" \
        says 'Invalid credentials' search wrong minssf=1,maxssf=1
    check "ldapsearch, sealed, a wrong password" says 'Invalid credentials' search wrong minssf=56
}

# peer_tests NAME MECHANISM
peer_tests() {
    local mech
    for mech in ntlm spnego; do
        if [ $mech = spnego ] && spnego_loses_mics; then
            skip "SPNEGO with $1" "$spnego_fault"
            continue
        fi
        check "$1, $mech: the domain lets in" \
            talk 'acceptor: complete, from EXAMPLE\\alice' "$2" -m $mech
        check "$1, $mech: signed with the controller's key" \
            talk 'acceptor: 4 messages protected' "$2" -m $mech -f integ,sequence
        check "$1, $mech: sealed with the controller's key" \
            talk 'initiator: 4 messages protected' "$2" -m $mech -f conf,integ
        check "$1, $mech: channel bindings that differ" \
            talk 'The channel bindings differ' "$2" -m $mech -f integ -b tls -B ssl
        check "$1, $mech: a wrong password" talk 'Unknown user or wrong password' "$2" -m $mech \
            -i "NTLM_USER_FILE=$work/wrong"
    done
}

# group_is_shown GROUP [COMMAND]
group_is_shown() {
    local answer sid
    answer=$(ask "${2-logon} EXAMPLE\\alice Secret-1")
    sid=$(sid_of "$1")
    printf '%s, looking for %s\n' "$answer" "$sid"
    [ "$(grep -oE '; group-sids [^;]*' <<<"$answer" | grep -owF -- "$sid" | wc -l)" = 1 ]
}

server_tests() {
    check "the right password" lets_in 'EXAMPLE\\alice' 'EXAMPLE\alice' Secret-1
    check "a user's name in another case, the domain by its DNS name" \
        lets_in 'EXAMPLE\\alice' 'Alice@example.test' Secret-1
    check "a user beyond ASCII" lets_in 'EXAMPLE\\jörg' 'EXAMPLE\JÖRG' 'pässwörd-€1'
    check "a user by his principal name" lets_in 'EXAMPLE\\principal' '\sue@example.test' Secret-1
    check "a wrong password" keeps_out 'Unknown user .*WRONG_PASSWORD' 'EXAMPLE\alice' Secret-2
    check "an unknown user" keeps_out 'Unknown user .*unknown user' 'EXAMPLE\nobody' Secret-1
    check "an unknown domain" keeps_out 'Unknown user .*unknown user' 'NOWHERE\alice' Secret-1
    check "a disabled account" keeps_out 'The account is disabled' 'EXAMPLE\disabled' Secret-1
    check "an expired account" keeps_out 'The account has expired' 'EXAMPLE\expired' Secret-1
    check "a password that must be changed" \
        keeps_out "The account's password has expired" 'EXAMPLE\stale' Secret-1
    check "hours in which nobody may log in" \
        keeps_out 'The domain controller refused .*INVALID_LOGON_HOURS' 'EXAMPLE\nightly' Secret-1
    check "an account that is bound to another workstation" \
        keeps_out 'The domain controller refused .*INVALID_WORKSTATION' 'EXAMPLE\seated' Secret-1
    for _ in 1 2 3; do
        ask 'logon EXAMPLE\locked Secret-2' >/dev/null
    done
    check "too many wrong passwords" keeps_out 'The account is locked out' 'EXAMPLE\locked' Secret-1
    check "the account's SID" says "; sid $(sid_of alice);" ask 'logon EXAMPLE\alice Secret-1'
    check "the primary group's SID, once" group_is_shown 'Domain Users'
    check "a further group's SID, once" group_is_shown staff
    check "a group's that this one is a member of, once" group_is_shown company
    check "the account's SID, where context and name have moved" \
        says "; sid $(sid_of alice);" ask 'moved EXAMPLE\alice Secret-1'
    check "a group's SID, where context and name have moved" group_is_shown company moved
    check "a child that was forked after a logon" \
        says '^complete, from' ask 'child EXAMPLE\alice Secret-1'
    check "many threads at once" says '^complete, from' ask 'threads EXAMPLE\alice Secret-1'
    check "with winbind's password, a child" says '^complete, from' ask 'child EXAMPLE\alice -'
    check "with winbind's password, many threads at once" \
        says '^complete, from' ask 'threads EXAMPLE\alice -'
}

# with_settings SOURCES TEST...: a server with these account_sources.
with_settings() {
    local status=0
    printf '[ntlmssp]\naccount_file = %s\naccount_sources = %s\n' "$work/local" "$1" \
        >"$work/settings"
    server_start settings
    "${@:2}" || status=$?
    server_stop
    return $status
}

# has_loaded LIBRARY: whether the server has.
has_loaded() { grep -F "$1" "/proc/$server_pid/maps"; }

lets_in_by_file_alone() {
    lets_in 'HERE\\lena' 'HERE\lena' Secret-7 && has_loaded ours.so && ! has_loaded libwbclient.so
}

lets_in_by_winbind_alone() {
    lets_in 'EXAMPLE\\alice' 'EXAMPLE\alice' Secret-1 && has_loaded libwbclient.so
}

source_tests() {
    check "file alone, beside a running winbind: libwbclient is not loaded" \
        with_settings file lets_in_by_file_alone
    check "winbind alone: libwbclient is loaded" with_settings winbind lets_in_by_winbind_alone
    check "file, then winbind: an account of the file's" \
        with_settings 'file winbind' lets_in 'HERE\\lena' 'HERE\lena' Secret-7
    check "file, then winbind: an account of the domain's" \
        with_settings 'file winbind' lets_in 'EXAMPLE\\alice' 'EXAMPLE\alice' Secret-1
    check "file, then winbind: the file's password, where both have the account" \
        with_settings 'file winbind' lets_in 'EXAMPLE\\jörg' 'EXAMPLE\jörg' Secret-8
    check "file, then winbind: not the domain's" \
        with_settings 'file winbind' keeps_out 'Unknown user' 'EXAMPLE\jörg' 'pässwörd-€1'
    check "winbind, then file: the domain's password" \
        with_settings 'winbind file' lets_in 'EXAMPLE\\jörg' 'EXAMPLE\jörg' 'pässwörd-€1'
    check "winbind, then file: an account of the file's" \
        with_settings 'winbind file' lets_in 'HERE\\lena' 'HERE\lena' Secret-7
    check "winbind alone: no account of the file's" \
        with_settings winbind keeps_out 'Unknown user' 'HERE\lena' Secret-7
}

# Who is logged in through winbind needs no file: it has his password, for
# processes with his user id.
kept_tests() {
    local mech kept=(-i NTLM_USER_FILE= -i 'NTLMUSER=EXAMPLE\alice')
    check "winbind has no password of a user who is not logged in" \
        talk 'winbind has no password of "EXAMPLE\\alice"' ours -m ntlm "${kept[@]}"
    wbinfo --ccache-save 'EXAMPLE\alice%Secret-1' >/dev/null
    for mech in ntlm spnego; do
        if [ $mech = spnego ] && spnego_loses_mics; then
            skip "SPNEGO with winbind's password" "$spnego_fault"
            continue
        fi
        check "winbind's password, $mech: the domain lets in" \
            talk 'acceptor: complete, from EXAMPLE\\alice' ours -m $mech "${kept[@]}"
        check "winbind's password, $mech: signed" \
            talk 'acceptor: 4 messages protected' ours -m $mech -f integ,sequence "${kept[@]}"
        check "winbind's password, $mech: sealed" \
            talk 'initiator: 4 messages protected' ours -m $mech -f conf,integ "${kept[@]}"
        check "winbind's password, $mech: channel bindings are not sent" \
            talk 'acceptor: complete, .* flags [^b]*$' ours -m $mech -f integ -b tls -B tls \
            "${kept[@]}"
        check "winbind's password, $mech: where they are required" \
            talk 'Channel bindings are required here' ours -m $mech -f integ \
            -b tls -B tls -a "KRB5_CONFIG=$work/bound" "${kept[@]}"
        check "winbind's password, $mech: the service is named" \
            talk 'acceptor: complete' ours -m $mech -f integ -t HTTP@www.example.test \
            -a "KRB5_CONFIG=$work/named" "${kept[@]}"
        check "winbind's password, $mech: another service is named" \
            talk 'The target name is not ours' ours -m $mech -f integ \
            -t HTTP@elsewhere.example.test -a "KRB5_CONFIG=$work/named" "${kept[@]}"
    done
    client_tests kept_client_tests
}

# as USER: how commands are run by him, with no other rights.
as() { prefix=(setpriv "--reuid=$1" --regid=65534 "--groups=${2:-65534}"); }

kept_client_tests() {
    local prefix
    as "$(wbinfo -S "$(sid_of alice)")"
    # as pam_winbind does it
    "${prefix[@]}" wbinfo --pam-logon 'EXAMPLE\alice%Secret-1' >/dev/null
    check "ldapsearch, winbind's password, by the user himself" searches 64 '' minssf=56
    export NTLMUSER='EXAMPLE\alice'
    as 64999
    check "ldapsearch, winbind's password, by somebody else" \
        says 'No credentials were supplied' search '' minssf=56
    unset NTLMUSER
}

# winbind takes logons from this group alone.
group_tests() {
    local prefix password=(-m ntlm -i NTLM_USER_FILE= -u 'EXAMPLE\alice' -p Secret-1)
    if ! getent group winbindd_priv >/dev/null; then
        skip "a server that is not root's" "there is no group winbindd_priv"
        return
    fi
    chgrp winbindd_priv "$work/web/state/winbindd_privileged"
    as nobody
    check "a server outside of winbindd_priv" \
        talk 'from root and members of the group winbindd_priv' ours "${password[@]}"
    as nobody winbindd_priv
    check "a server in winbindd_priv" talk 'acceptor: complete, from' ours "${password[@]}"
}

is_sanitized "$mechanism" && skip_all "the module is built with sanitizers, ldapsearch is not"
grep -q '^#define HAVE_WBCLIENT 1' "$top_builddir/config.h" ||
    skip_all "the module is built without winbind"
samba_enter
fixture_begin
fixture_cleanups+=(winbind_stop dc_stop)
account_file alice 'EXAMPLE:alice:Secret-1'
account_file wrong 'EXAMPLE:alice:Secret-2'
printf '[ntlmssp]\nrequire_channel_bindings = true\n' >"$work/bound"
printf '[ntlmssp]\ncheck_target_name = required\ntarget_names = www.example.test\n' >"$work/named"
account_file local 'HERE:lena:Secret-7' 'EXAMPLE:jörg:Secret-8'
use_mechanism ours "$mechanism"
# for whoever is to run it
cp "$top_builddir/gssloop" "$work/gssloop" && gssloop=$work/gssloop
samba_network || skip_all "there can be no network for a domain controller here"
if ! { dc_provision && member_configure && dc_start 'ldap server require strong auth = no' &&
    users | dc_modify && member_join && winbind_start; }; then
    samba_logs
    check "a domain, to begin with" false
    finish
    exit
fi

client_tests lenient_client_tests
peer_tests "ours" ours
if [ -n "$peer_module" ]; then
    use_peer theirs
    peer_tests "gss-ntlmssp" theirs
else
    skip "gss-ntlmssp" "it is not installed"
fi
source_tests
kept_tests
group_tests

server_start krb5.conf
server_tests
dc_stop
# winbind itself looks for another controller for up to ten seconds (4.22). What
# waits in vain ends by winbind_timeout, after 30.
check "the controller goes: an error that says so, soon" \
    within 25 keeps_out "The domain's logon service cannot be reached" 'EXAMPLE\alice' Secret-1
check "it cannot be asked in vain over and over" \
    within 25 keeps_out "The domain's logon service cannot be reached" 'EXAMPLE\alice' Secret-1
check "who has no password hears so, soon" \
    within 15 talk 'does not run as a user of the domain' ours -m ntlm -i NTLM_USER_FILE=
dc_start 'ldap server require strong auth = yes'
check "the controller is back: the same process lets in again" await $$ lets_in_again
winbind_stop
check "winbind goes: an error that says so, soon" \
    within 10 keeps_out "The domain's logon service cannot be reached" 'EXAMPLE\alice' Secret-1
winbind_start
check "winbind is back: the same process lets in again" \
    lets_in 'EXAMPLE\\alice' 'EXAMPLE\alice' Secret-1
server_stop
client_tests strict_client_tests
finish
