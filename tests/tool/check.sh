#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate check: each thing that can be wrong is found, with what mends it.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
module=$work/mech_ntlmssp.so spnego=$work/mech_spnego.so # where every user can read them
install -m 755 "$(awk '{ print $3 }' "$top_builddir/gss-mech.conf")" "$module"
install -m 755 "$(awk '/interposer/ { print $3 }' "$top_builddir/gss-spnego.conf")" "$spnego"
printf 'ntlmssp 1.3.6.1.4.1.311.2.2.10 %s\n' "$module" >"$work/mech"
{ cat "$work/mech"; printf 'spnego 1.3.6.1.4.1.32473.4178 %s <interposer>\n' "$spnego"; } >"$work/both"
chmod 644 "$work/mech" "$work/both" "$work/krb5.conf"
oid=1.3.6.1.4.1.311.2.2.10
account_file accounts 'EXAMPLE:alice:secret'
account_file own 'EXAMPLE:alice:secret'
export GSS_MECH_CONFIG=$work/mech
# What check exits with where nothing but MIT's SPNEGO may be wrong.
clean=0
"$top_builddir/spnego_probe"
[ $? != 10 ] || clean=1

# finds STATUS TEXT [ARGUMENT...]
finds() { says "$1" "$2" check "${@:3}"; }
# lines LINE...: the mechanism file.
lines() { printf '%s\n' "$@" >"$work/lines"; }
# with_lines STATUS TEXT LINE...
with_lines() { lines "${@:3}"; GSS_MECH_CONFIG=$work/lines finds "$1" "$2"; }
conf() { printf '[ntlmssp]\n%b\n' "$*" >"$work/krb5.conf"; }
# with_conf STATUS TEXT SETTING
with_conf() { conf "$3"; finds "$1" "$2"; local status=$?; : >"$work/krb5.conf"; return $status; }
with_accounts() { account_file bad "${@:3}"; NTLM_ACCOUNT_FILE=$work/bad finds "$1" "$2"; }

writable_file() { account_file loose 'A:a:1' && chmod 666 "$work/loose" && NTLM_ACCOUNT_FILE=$work/loose finds 1 'chmod go-w it'; }
writable_directory() {
    mkdir -p "$work/loose.d" && chmod 777 "$work/loose.d" && account_file loose.d/accounts 'A:a:1' &&
        NTLM_ACCOUNT_FILE=$work/loose.d/accounts finds 1 "$work/loose.d can be written by"
}
crashing_module() {
    printf '__attribute__((constructor)) static void crash(void) { *(volatile int *)0 = 1; }\n' |
        cc -shared -fPIC -x c -o "$work/crash.so" - || return
    with_lines 1 "$work/crash.so crashes (" "ntlmssp $oid $module" "crash 1.2.3.4 $work/crash.so"
}
ending_module() {
    printf '#include <stdlib.h>\n__attribute__((constructor)) static void end(void) { exit(0); }\n' |
        cc -shared -fPIC -x c -o "$work/end.so" - || return
    with_lines 1 "$work/end.so ends the program" "end 1.2.3.4 $work/end.so"
}
hanging_module() {
    printf '#include <unistd.h>\n__attribute__((constructor)) static void hang(void) { for (;;) pause(); }\n' |
        cc -shared -fPIC -x c -o "$work/hang.so" - || return
    with_lines 1 "$work/hang.so hangs" "hang 1.2.3.4 $work/hang.so"
}
no_module() {
    printf 'int nothing;\n' | cc -shared -fPIC -x c -o "$work/nothing.so" - || return
    with_lines 1 'is no module for GSSAPI: it has no gss_init_sec_context' "nothing 1.2.3.4 $work/nothing.so"
}
# Its functions would be in a table that the library is given.
module_with_a_table() {
    printf 'void *gss_mech_initialize(void) { return 0; }\n' | cc -shared -fPIC -x c -o "$work/table.so" - || return
    with_lines $clean "$work/table.so loads" "ntlmssp $oid $module" "table 1.2.3.4 $work/table.so"
}
# other_interposer NUMBER: of so many mechanisms, which are not SPNEGO.
other_interposer() {
    printf '#include <gssapi/gssapi.h>
gss_OID_set gss_mech_interposer(gss_OID module) {
    static gss_OID_desc other = {3, "\\x2a\\x03\\x04"};
    gss_OID_set set = GSS_C_NO_OID_SET;
    OM_uint32 minor;
    if (%d)
        gss_create_empty_oid_set(&minor, &set), gss_add_oid_set_member(&minor, &other, &set);
    return set;
}\n' "$1" |
        cc -shared -fPIC -x c -o "$work/other.so" - || return
    with_lines $clean "SPNEGO is MIT Kerberos' own" "ntlmssp $oid $module" "other 1.2.3.4 $work/other.so <interposer>"
}
fault_is_known() {
    local expected='finds its peers'
    "$top_builddir/spnego_probe"
    [ $? != 10 ] || expected='loses its peers'
    tool check | grep -q "SPNEGO $expected" || { tool check; return 1; }
}
stands_in() {
    "$top_builddir/spnego_probe"
    [ $? = 10 ] || return 0
    GSS_MECH_CONFIG=$work/both finds 0 'stands in for it'
}
# Those of other tests that run meanwhile go, too.
needs_nothing() { await $$ has_no_probes; }
has_no_probes() { ! compgen -G '/tmp/gss-negotiate-check.*'; }

# A service: a program of its own name, with its own user and environment.
service() {
    [ -x "$work/ntlmtestservice" ] || install -m 755 "$(command -v sleep)" "$work/ntlmtestservice"
    # shellcheck disable=SC2086 # a list
    env -i PATH="$PATH" "$@" ${as_user-} "$work/ntlmtestservice" 300 &
    service=$! services+=($!)
    await $service grep -q ntlmtestservice "/proc/$service/comm"
}
services=()
stop_service() {
    [ ${#services[@]} = 0 ] || { kill "${services[@]}"; wait "${services[@]}"; } 2>/dev/null
    services=()
}
fixture_cleanups+=(stop_service)
running_service() {
    service NTLM_ACCOUNT_FILE="$work/none" GSS_MECH_CONFIG="$work/mech" KRB5_CONFIG="$work/krb5.conf"
    says 1 "NTLM_ACCOUNT_FILE=$work/none" check --service ntlmtestservice &&
        says 1 "$work/none: No such file" check --service ntlmtestservice
    local status=$?
    stop_service
    return $status
}
units=/usr/local/lib/systemd/system
unit=$units/ntlmtestservice.service
remove_unit() {
    rm -rf "$unit" "$unit.d"
    [ ! -d $units ] || rmdir --ignore-fail-on-non-empty $units "${units%/*}"
}
fixture_cleanups+=(remove_unit)
unit_of_service() {
    mkdir -p "$unit.d" || return
    printf '[Service]\nUser=root\nEnvironment="NTLM_ACCOUNT_FILE=%s" OTHER=1\nEnvironmentFile=-%s\n' "$work/none" "$work/environment" >"$unit"
    printf 'GSS_MECH_CONFIG=%s\n# x\nKRB5_CONFIG="%s"\n' "$work/mech" "$work/krb5.conf" >"$work/environment"
    says 1 'ntlmtestservice does not run; this is what its unit says' check --service ntlmtestservice &&
        says 1 "$work/none: No such file" check --service ntlmtestservice || return
    printf '[Service]\nEnvironment=NTLM_ACCOUNT_FILE=%s\n' "$work/accounts" >"$unit.d/accounts.conf"
    says $clean "NTLM_ACCOUNT_FILE=$work/accounts" check --service ntlmtestservice || return
    service NTLM_ACCOUNT_FILE="$work/own" GSS_MECH_CONFIG="$work/mech" KRB5_CONFIG="$work/krb5.conf"
    says 1 "its configuration sets NTLM_ACCOUNT_FILE=$work/accounts, and its process has $work/own" check --service ntlmtestservice &&
        says 1 'restart' check --service ntlmtestservice
    local status=$?
    stop_service
    remove_unit
    return $status
}
service_user() {
    account_file shared 'A:a:1' && chmod 640 "$work/shared" && chgrp 65534 "$work/shared"
    local as_user="setpriv --reuid=65534 --regid=65534 --clear-groups"
    service NTLM_ACCOUNT_FILE="$work/accounts" GSS_MECH_CONFIG="$work/mech" KRB5_CONFIG="$work/krb5.conf"
    says 1 'for user nobody' check --service ntlmtestservice &&
        says 1 "$work/accounts: Permission denied" check --service ntlmtestservice
    local status=$?
    stop_service
    return $status
}

# Where only the processes of a command see what is mounted.
can_be_apart() { command -v python3 >/dev/null && unshare -m mount -t tmpfs none /run 2>/dev/null; }
# with_sockets LOG STATUS TEXT [ARGUMENT...]: a /run with winbind's socket, whose server hangs up, and
# with the journal's or, in /dev, syslog's.
sockets='
import os, socket, subprocess, sys, threading
def bind(path, kind):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    bound = socket.socket(socket.AF_UNIX, kind)
    bound.bind(path)
    return bound
def hang_up(server):
    while True:
        server.accept()[0].close()
if sys.argv[1] == "journal":
    log = bind("/run/systemd/journal/socket", socket.SOCK_DGRAM)
    os.mkdir("/run/systemd/system")
else:
    log = bind("/dev/log", socket.SOCK_DGRAM)
winbind = bind("/run/samba/winbindd/pipe", socket.SOCK_STREAM)
winbind.listen()
threading.Thread(target=hang_up, args=(winbind,), daemon=True).start()
sys.exit(subprocess.call(sys.argv[2:]))'
with_sockets() {
    local log=$1 tool=apart
    finds "${@:2}"
}
# shellcheck disable=SC2016 # for the shell that it runs
apart() {
    unshare -m sh -c 'mount -t tmpfs none /run || exit
        if [ "$2" = syslog ]; then
            mkdir /run/dev || exit
            for node in null zero random urandom; do
                : >/run/dev/$node && mount --bind /dev/$node /run/dev/$node || exit
            done
            mount --rbind /run/dev /dev || exit
        fi
        exec python3 -c "$@"' - "$sockets" "$log" "$real_tool" "$@"
}
# answering LOG STATUS TEXT [ARGUMENT...]: with a winbind that answers.
answering() { LD_LIBRARY_PATH=$work/lib with_sockets "$@"; }
# without_provider STATUS TEXT: there is no legacy provider.
without_provider() {
    local tool=providerless
    finds "$@"
}
# shellcheck disable=SC2016
providerless() {
    unshare -m sh -c 'mount -t tmpfs none "$0" && exec "$@"' "$(openssl version -m | sed 's/.*"\(.*\)"/\1/')" "$real_tool" "$@"
}
started_by() {
    mkdir -p "$units" && printf '[Service]\nEnvironment=KRB5_CONFIG=%s\n' "$work/krb5.conf" >"$unit"
    with_sockets "$1" 1 "mend: $2" --service ntlmtestservice
    local status=$?
    remove_unit
    return $status
}
real_tool=$tool
# registered STATUS TEXT FILE LINE...: in a file of this name in /etc/gss/mech.d.
# shellcheck disable=SC2016
registered() {
    rm -rf "$work/gss"
    mkdir -p "$work/gss/mech.d" && printf '%s\n' "${@:4}" >"$work/gss/mech.d/$3"
    tool=registered_tool finds "$1" "$2"
}
# shellcheck disable=SC2016 # for the shell that it runs
registered_tool() {
    unshare -m sh -c 'mount --bind "$0" /etc/gss && exec env -u GSS_MECH_CONFIG "$@"' "$work/gss" "$real_tool" "$@"
}
unreadable_service() {
    service
    setpriv --reuid=65534 --clear-groups "$work/tool" check --service ntlmtestservice >"$work/said" 2>&1
    local status=$?
    stop_service
    cat "$work/said"
    [ $status = 3 ] && grep -q 'the environment of ntlmtestservice .* cannot be read: Permission denied; run this as root' "$work/said"
}
only_root() {
    local tool=as_nobody
    says 3 'this process cannot become root: Operation not permitted; run it as root' check --as root
}
as_nobody() { setpriv --reuid=65534 --clear-groups "$work/tool" "$@"; }
service_without_variables() {
    service && says 0 '' check --service ntlmtestservice | grep -F 'no variable of its environment is about logins'
    local status=$?
    stop_service
    return $status
}
# root's process and those that it has given to another user, as web servers have.
service_with_workers() {
    local master as_user=
    service GSS_MECH_CONFIG="$work/mech" && master=$service || return
    as_user="setpriv --reuid=65534 --regid=65534 --clear-groups"
    service && service && says $clean "ntlmtestservice runs as process $master, for user nobody" check --service ntlmtestservice
    local status=$?
    stop_service
    return $status
}
# Numbers begin anew at some limit.
last_number=/proc/sys/kernel/ns_last_pid
service_with_a_worker_of_a_lower_number() {
    local master as_user=
    echo 20000 >$last_number && service GSS_MECH_CONFIG="$work/mech" && master=$service || return
    as_user="setpriv --reuid=65534 --regid=65534 --clear-groups"
    sleep 0.05 # the kernel tells when a process began in hundredths of a second
    echo 10000 >$last_number && service && [ "$service" -lt "$master" ] &&
        says $clean "ntlmtestservice runs as process $master, for user nobody" check --service ntlmtestservice
    local status=$?
    stop_service
    return $status
}
user_without_a_name() {
    local as_user="setpriv --reuid=54321 --regid=54321 --clear-groups"
    service GSS_MECH_CONFIG="$work/mech" && says $clean 'its user 54321 has no name here' check --service ntlmtestservice
    local status=$?
    stop_service
    return $status
}
unit_without_user() {
    mkdir -p "$units" || return
    printf 'x\n[Service]\nEnvironmentFile=\nEnvironmentFile=%s\nUser=\nEnvironment=LOST=1\nEnvironment=\nEnvironmentX=1\nEnvironment=%s %s\n' \
        "$work/nothere" "'NTLM_ACCOUNT_FILE=$work/no\\ne'" "\"GSS_MECH_CONFIG=$work/mech\"" >"$unit"
    says 1 "NTLM_ACCOUNT_FILE=$work/none" check --service ntlmtestservice
    local status=$?
    remove_unit
    return $status
}

check "NTLM's module, and its line" finds $clean "NTLM is $module, by $work/mech, line 1"
check "each module loads" finds $clean "$module loads"
check "the legacy provider" finds $clean 'OpenSSL has MD4 and DES'
check "no FIPS mode" finds $clean 'neither OpenSSL nor the kernel is in FIPS mode'
printf 'openssl_conf = i\n[i]\nalg_section = a\n[a]\ndefault_properties = fips=yes\n' >"$work/openssl.cnf"
OPENSSL_CONF=$work/openssl.cnf check "NTLM is off in FIPS mode" finds 1 'OpenSSL is in FIPS mode, so NTLM is off'
OPENSSL_CONF=$work/openssl.cnf check "NTLM is let be used in FIPS mode" with_conf $clean \
    'OpenSSL is in FIPS mode, and allow_in_fips_mode lets NTLM be used' 'allow_in_fips_mode = true'
printf 'not [ a configuration' >"$work/openssl.cnf"
OPENSSL_CONF=$work/openssl.cnf check "NTLM is off where nobody knows" finds 1 'cannot be found out whether OpenSSL is in FIPS mode'
OPENSSL_CONF=$work/openssl.cnf check "NTLM is let be used where nobody knows" with_conf $clean \
    'cannot be found out, and allow_in_fips_mode lets NTLM be used' 'allow_in_fips_mode = true'
check "whether logins are recorded" finds $clean 'Record of logons'
check "the settings" finds $clean 'the settings can be read'
check "the clock" finds $clean 'the clock'
NTLM_ACCOUNT_FILE=$work/accounts check "its directories and its lines" finds $clean "$work/accounts has 1 accounts"
NTLM_USER_FILE=$work/own check "who would log in" finds $clean 'NTLM would log in as EXAMPLE\alice'
check "nobody would log in" finds $clean 'NTLM has nothing to log in with: There is no user name'
check "what mends that" finds $clean "gss-negotiate login 'DOMAIN\\USER'"
check "Kerberos without a ticket" finds $clean 'Kerberos has nothing to log in with'
check "winbind" finds $clean 'winbind'
check "whether MIT's SPNEGO loses mechListMICs" fault_is_known
check "mech_spnego.so stands in for such a one" stands_in
check "the probe leaves nothing behind" needs_nothing

check "no line for NTLM" with_lines 1 'no line registers NTLM' '# nothing'
check "what mends that, too" with_lines 1 "echo 'ntlmssp $oid mech_ntlmssp.so' >>$work/lines" '# nothing'
check "the last of two lines counts" with_lines 1 "line 1 ($work/old.so) is overruled" "old $oid $work/old.so" "ntlmssp $oid $module"
check "another package's module" with_lines 1 "NTLM is another package's: $work/old.so, by $work/lines, line 2" \
    "ntlmssp $oid $module" "old $oid $work/old.so"
check "a module that is not there" with_lines 1 'No such file or directory' "ntlmssp $oid $work/nothere.so"
check "what is reinstalled" with_lines 1 'apt install --reinstall gss-negotiate-mechs' \
    "ntlmssp $oid $module" "spnego 1.3.6.1.4.1.32473.4178 $work/nothere/mech_spnego.so <interposer>"
check "a mechanism that is called <interposer>" with_lines 1 'it has no gss_mech_interposer' \
    "ntlmssp $oid $module" "other 1.2.3.4 $module <interposer>"
check "a file that is no module" with_lines 1 'cannot be loaded' "ntlmssp $oid $work/krb5.conf"
check "a line without a module" with_lines 1 'line 2: "1.2" is no object identifier, or has no module' "ntlmssp $oid $module" 'x 1.2'
check "what is no object identifier" with_lines 1 '"abc" is no object identifier' "ntlmssp $oid $module" "x abc $module"
check "SPNEGO is MIT's" finds $clean "SPNEGO is MIT Kerberos' own"
GSS_MECH_CONFIG=$work/both check "SPNEGO is ours" finds 0 "SPNEGO is $spnego, by $work/both, line 2"
check "a misspelled <interposer>" with_lines 1 'the library does not know <Interposer>' \
    "ntlmssp $oid $module" "spnego 1.3.6.1.4.1.32473.4178 $spnego <Interposer>"
check "a misspelled <interposer> has no effect" with_lines 1 'line 2 has no effect' \
    "ntlmssp $oid $module" "spnego 1.3.6.1.4.1.32473.4178 $spnego <Interposer>"
check "the first interposer counts" with_lines 1 "SPNEGO is $spnego, by $work/lines, line 2: of several, the first" \
    "ntlmssp $oid $module" "spnego 1.3.6.1.4.1.32473.4178 $spnego <interposer>" "again 1.3.6.1.4.1.32473.4179 $spnego <interposer>"
check "GSS_MECH_CONFIG hides /etc/gss" finds $clean 'hides all of /etc/gss'
if command -v cc >/dev/null; then
    if grep -q __asan_init "$tool"; then
        skip "a module that crashes" "the sanitizer makes an end of it"
    else
        check "a module that crashes" crashing_module
    fi
    check "a module that calls exit" ending_module
    check "a module that hangs" hanging_module
    check "a library that is no module" no_module
    check "a module with a table of functions" module_with_a_table
    check "an interposer of another mechanism" other_interposer 1
    check "an interposer of no mechanism" other_interposer 0
else
    skip "modules that crash" "there is no compiler here"
fi

check "a wrong setting" with_conf 1 'lm_compat_level = 9 in [ntlmssp] of krb5.conf: must be a number' 'lm_compat_level = 9'
check "a misspelled setting" with_conf 1 'did you mean require_sign?' 'require_sing = true'
NTLM_ACCOUNT_FILE=$work/none check "no account file where one is named" finds 1 "$work/none: No such file"
check "an account file with bad lines" with_accounts 1 'lines that servers skip' 'A:a:1' 'B;b;1'
check "what mends them" with_accounts 1 "gss-negotiate account lint $work/bad" 'A:a:1' 'B;b;1'
check "an account file with doubtful lines" with_accounts $clean 'findings are doubtful' 'A:a:1 '
check "an account file that others can write" writable_file
check "a directory that others can write" writable_directory
OPENSSL_MODULES=$work check "without the legacy provider" finds 1 'legacy provider'
check "winbind is named and does not run" with_conf 1 'account_sources names winbind' 'account_sources = winbind'
check "--json" json $clean "it['bad'] == $clean and it['good'] > 5 and len(it['findings']) == it['good'] + it['bad'] + it['unknown']" check --json
NTLM_ACCOUNT_FILE=$work/none check "--json with a mistake" json 1 \
    "it['bad'] == len([f for f in it['findings'] if f['verdict'] == 'bad']) == $clean + 1" check --json
ln -sf loop "$work/loop"
GSS_MECH_CONFIG=$work/loop check "a mechanism file that cannot be read" finds 1 "$work/loop: Too many levels of symbolic links"
mapfile -t many < <(for i in {1..257}; do echo "x$i 1.2.3.$i $work/nothere.so"; done)
check "more lines than are read" with_lines 1 'there are more than 256 lines' "${many[@]}"
check "a module without a path" with_lines 1 '/gss/nothere.so' "ntlmssp $oid nothere.so"
check "more behind a module" with_lines 1 "the library does not know <kind>" "ntlmssp $oid $module more <kind> <other>"
check "a line of the name alone" with_lines 1 'is no object identifier, or has no module' 'x'
LM_COMPAT_LEVEL=x check "a wrong setting in the environment" finds 1 'unset LM_COMPAT_LEVEL'
NTLM_USER_FILE=$work/none check "no file of one's own account" finds 1 "$work/none"
NTLM_USER_FILE=$work/own NTLMUSER='X\y' check "no line for who would log in" finds 1 "gss-negotiate account add --file $work/own"
NTLM_TRACE=- check "a trace to standard error" finds $clean 'the settings can be read'
NTLM_TRACE=$work/trace check "a trace to a new file" finds $clean 'the settings can be read'
check "no such user" says 2 'there is no user "nonesuch"' check --as nonesuch
check "--json with no such user" json 2 "it['findings'] == [] and it['good'] == 0" check --json --as nonesuch
check "no such service" says 3 'neither a process nor a unit called "nonesuch"' check --service nonesuch
for name in ../x '' . -x "$(printf 'x%.0s' {1..100})"; do
    check "what is no service's name: \"${name:0:5}\"" says 2 'is no name of a service' check "--service=$name"
done
check "a running service" running_service
if [ "$(id -u)" = 0 ]; then
    NTLM_ACCOUNT_FILE=$work/accounts check "as another user" finds 1 "$work/accounts: Permission denied" --as nobody
    : >"$work/trace" && chmod 600 "$work/trace"
    NTLM_TRACE=$work/trace check "a trace that another user cannot write" finds 1 'the trace cannot be written' --as nobody
    chmod 600 "$module"
    check "a module that another user cannot read" finds 1 "chmod a+rx $module" --as nobody
    chmod 755 "$module"
    check "a service's unit" unit_of_service
    check "a service's user" service_user
    install -m 755 "$tool" "$work/tool" # where nobody can run it
    check "a service whose environment may not be read" unreadable_service
    check "who is not root cannot check as another user" only_root
    check "a service without variables" service_without_variables
    check "a service's user without a name" user_without_a_name
    check "a service and its workers" service_with_workers
    if { : >>$last_number; } 2>/dev/null; then
        check "a worker of a lower number" service_with_a_worker_of_a_lower_number
    else
        skip "a worker of a lower number" "the next process's number cannot be set here"
    fi
    check "a unit without a user, with quotes" unit_without_user
else
    skip "as another user" "this is not root"
fi
if can_be_apart; then
    check "the journal" with_sockets journal $clean 'logins to servers are recorded in the journal (audit_logons = all)'
    check "syslog" with_sockets syslog $clean 'recorded by syslog, as mech_ntlmssp in its facility auth (audit_logons = all)'
    check "winbind that does not answer" with_sockets journal $clean 'winbind does not answer'
    conf 'account_sources = winbind'
    check "winbind that is named, and does not answer" with_sockets journal 1 'wbinfo -p; wbinfo -t'
    conf 'audit_logons = failures'
    check "failures alone in the journal" with_sockets journal $clean 'recorded in the journal (audit_logons = failures)'
    : >"$work/krb5.conf"
    if [ -e "$top_builddir/.libs/libwbclient.so.0" ]; then
        install -D -m 755 "$top_builddir/.libs/libwbclient.so.0" "$work/lib/libwbclient.so.0"
        check "winbind that answers" answering journal $clean 'winbind says: BOX, a member of EXAMPLE (example.test)'
        if [ -d /var/lib/samba/winbindd_privileged ]; then
            check "who may not ask it" answering journal $clean 'mend: adduser nobody winbindd_priv' --as nobody
        else
            skip "who may not ask it" "there is no /var/lib/samba/winbindd_privileged here"
        fi
    else
        skip "winbind that answers" "there is no libwbclient of the tests here"
    fi
    check "how a service is started with systemd" started_by journal 'systemctl daemon-reload; systemctl start ntlmtestservice'
    check "how a service is started without it" started_by syslog 'service ntlmtestservice start'
    if command -v openssl >/dev/null; then
        check "the legacy provider is not installed" without_provider 1 'mend: apt install openssl-provider-legacy'
        OPENSSL_CONF=$work/none check "an openssl.cnf of one's own may be to blame" without_provider 1 'mend: unset OPENSSL_CONF'
    else
        skip "the legacy provider is not installed" "there is no openssl here"
    fi
    if [ -d /etc/gss ]; then
        check "a file of /etc/gss/mech.d" registered $clean "NTLM is $module, by /etc/gss/mech.d/x.conf, line 1" x.conf "ntlmssp $oid $module"
        check "what mends that there is none" registered 1 "echo 'ntlmssp $oid mech_ntlmssp.so' >/etc/gss/mech.d/ntlmssp.conf" x.conf '# nothing'
        check "another package, behind ours" registered 1 "sed -i '1s/^/#/' /etc/gss/mech.d/x.conf" x.conf "other $oid $work/none.so"
        check "another package, before ours" registered 1 "mend: echo 'ntlmssp $oid mech_ntlmssp.so' >/etc/gss/mech.d/ntlmssp.conf" \
            a.conf "other $oid $work/none.so"
    fi
else
    skip "what is in /run and /etc/gss" "nothing can be mounted here, or there is no python3"
fi
finish
