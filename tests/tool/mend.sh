#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate check in setups that are broken as administrators break them: it names the
# cause, and the command that it gives, carried out as it stands, mends it. What cannot be
# done to this machine (systemctl, apt, timedatectl) is done by stand-ins.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/../interop/keyring.sh"
fixture_begin
module=$work/mech_ntlmssp.so spnego=$work/mech_spnego.so # where every user can read them
install -m 755 "$(awk '{ print $3 }' "$top_builddir/gss-mech.conf")" "$module"
install -m 755 "$(awk '/interposer/ { print $3 }' "$top_builddir/gss-spnego.conf")" "$spnego"
oid=1.3.6.1.4.1.311.2.2.10
export GSS_MECH_CONFIG=$work/mech EDITOR=$work/bin/editor
group=$(id -gn nobody) # of who cannot read

# What every breakage begins with.
whole() {
    printf 'ntlmssp %s %s\n' $oid "$module" >"$work/mech"
    printf '[ntlmssp]\n' >"$work/krb5.conf"
    rm -rf "$work/dir"
    mkdir -m 755 "$work/dir"
    (umask 022 && printf 'EXAMPLE:alice:secret\n' >"$work/dir/accounts")
    chmod 644 "$work/mech" "$work/krb5.conf"
    chmod 640 "$work/dir/accounts"
}
stand_ins() {
    mkdir "$work/bin"
    ln -s "$tool" "$work/bin/gss-negotiate"
    # Who opens a file at a line takes the wrong line out.
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\nexec sed -i "${1#+}d" "$2"\n' >"$work/bin/editor"
    for command in systemctl service timedatectl adduser apt; do
        printf '#!/bin/sh\necho "%s $*" >>%s/called\n' "$command" "$work" >"$work/bin/$command"
    done
    chmod +x "$work/bin/"*
    chmod 755 "$work/bin"
}

# mend_of VERDICT TEXT [ARGUMENT...]: what check says mends this. All that it says is read: a
# signal must not end it.
mend_of() {
    tool check "${@:3}" | tee -a "$work/all" | tee "$work/said" | awk -v verdict="$1" -v text="$2" '
        found && !told && /^          mend: / { sub(/^          mend: /, ""); print; told = 1 }
        { found = $1 == verdict && index($0, text) }'
}
# mends COMMAND TEXT [ARGUMENT...]: check finds that bad, and gives this command, which mends it.
mends() {
    local mend
    mend=$(mend_of bad "${@:2}")
    [ "$mend" = "$1" ] || { cat "$work/said"; printf 'not "%s" but "%s"\n' "$1" "$mend"; return 1; }
    (
        eval "PATH=$work/bin:\$PATH; $mend" <<<secret || exit
        ! tool check "${@:3}" | grep -F -- "$2"
    )
}
# everything_is_mendable: in all that check has said here, no command is missing.
everything_is_mendable() {
    awk '/^          mend: / { open = ""; next }
        open { print open; bad = 1; open = "" }
        /^  (bad|unknown) / { open = $0 }
        END { exit bad }' "$work/all"
}
# tells VERDICT COMMAND TEXT [ARGUMENT...]: it gives this command.
tells() {
    local mend
    mend=$(mend_of "$1" "${@:3}")
    [ "$mend" = "$2" ] || { cat "$work/said"; printf 'not "%s" but "%s"\n' "$2" "$mend"; return 1; }
}

accounts=$work/dir/accounts
on_accounts() { NTLM_ACCOUNT_FILE=$accounts mends "$@"; }
loose_file() { whole && chmod 666 "$accounts" && on_accounts "chmod go-w $accounts" 'can be written by others'; }
loose_directory() { whole && chmod 777 "$work/dir" && on_accounts "chmod go-w $work/dir" "$work/dir can be written by"; }
foreign_file() { whole && chown 65533 "$accounts" && on_accounts "chown root $accounts" 'belongs to user 65533'; }
unreadable_file() {
    whole && chown root:root "$accounts" && on_accounts "chgrp $group $accounts && chmod 640 $accounts" 'Permission denied' --as nobody
}
unreadable_directory() {
    whole && chgrp "$group" "$accounts" && chmod 700 "$work/dir" &&
        on_accounts "chgrp $group $work/dir && chmod g+x $work/dir" 'Permission denied' --as nobody
}
no_file() { whole && rm "$accounts" && on_accounts "gss-negotiate account add --file $accounts 'DOMAIN\\USER'" 'No such file'; }
blank_in_name() {
    whole && mv "$accounts" "$work/dir/it's here" && chmod 666 "$work/dir/it's here" &&
        NTLM_ACCOUNT_FILE="$work/dir/it's here" mends "chmod go-w '$work/dir/it'\\''s here'" 'can be written by'
}
directory_as_file() { whole && NTLM_ACCOUNT_FILE=$work/dir tells bad "ls -ld $work/dir" 'is not a regular file'; }
bad_lines() { whole && echo 'B;b;b' >>"$accounts" && NTLM_ACCOUNT_FILE=$accounts tells bad "gss-negotiate account lint $accounts" 'lines that servers skip'; }
empty_own_file() {
    whole && : >"$accounts" && NTLM_USER_FILE=$accounts mends "gss-negotiate account add --file $accounts 'DOMAIN\\USER'" 'has no account'
}

misspelt() { whole && echo 'require_sing = true' >>"$work/krb5.conf" && mends "\${EDITOR:-vi} +2 $work/krb5.conf" 'did you mean require_sign?'; }
wrong_section() { whole && printf '[ntlmsp]\n' >"$work/krb5.conf" && mends "\${EDITOR:-vi} +1 $work/krb5.conf" 'did you mean [ntlmssp]?'; }
wrong_value() { whole && echo 'require_sign = yeah' >>"$work/krb5.conf" && mends "\${EDITOR:-vi} +2 $work/krb5.conf" 'must be true or false'; }
wrong_variable() { whole && LM_COMPAT_LEVEL=9 mends 'unset LM_COMPAT_LEVEL' 'must be a number from 0 to 5'; }
unreadable_settings() { whole && chmod 600 "$work/krb5.conf" && mends "chmod a+r $work/krb5.conf" 'Permission denied' --as nobody; }
unwritable_trace() {
    whole && touch "$work/dir/trace" && chmod 600 "$work/dir/trace" &&
        NTLM_TRACE=$work/dir/trace mends "chown nobody $work/dir/trace" 'the trace cannot be written' --as nobody
}

no_line() { whole && : >"$work/mech" && mends "echo 'ntlmssp $oid mech_ntlmssp.so' >>$work/mech" 'no line registers NTLM'; }
another_behind() {
    whole && echo "gssntlmssp_v1 $oid $work/gssntlmssp.so" >>"$work/mech" &&
        mends "sed -i '2s/^/#/' $work/mech" "NTLM is another package's" && tool check | grep -F "NTLM is $module"
}
another_alone() {
    echo "gssntlmssp_v1 $oid $work/gssntlmssp.so" >"$work/mech" &&
        mends "sed -i '1s/^/#/' $work/mech; echo 'ntlmssp $oid mech_ntlmssp.so' >>$work/mech" "NTLM is another package's"
}
no_module() { whole && echo "other 1.2.3.4 $work/none.so" >>"$work/mech" && mends "sed -i '2s/^/#/' $work/mech" 'No such file or directory'; }
no_own_module() {
    echo "ntlmssp $oid $work/none/mech_ntlmssp.so" >"$work/mech" &&
        tells bad 'apt install --reinstall gss-negotiate-mechs' 'No such file or directory'
}
unreadable_module() {
    whole && cp "$module" "$work/dir/mech_ntlmssp.so" && chmod 700 "$work/dir/mech_ntlmssp.so" &&
        echo "ntlmssp $oid $work/dir/mech_ntlmssp.so" >"$work/mech" &&
        mends "chmod a+rx $work/dir/mech_ntlmssp.so" 'Permission denied' --as nobody
}
wrong_oid() { whole && echo "ntlmssp NTLM $module" >"$work/mech" && mends "sed -i '1c ntlmssp $oid $module' $work/mech" 'is no object identifier' && tool check | grep -F "NTLM is $module"; }
wrong_kind() {
    whole && echo "spnego 1.3.6.1.4.1.32473.4178 $spnego <Interposer>" >>"$work/mech" &&
        mends "sed -i '2c spnego 1.3.6.1.4.1.32473.4178 $spnego <interposer>' $work/mech" 'the library does not know <Interposer>' &&
        tool check | grep -F "SPNEGO is $spnego"
}
twice() {
    whole && for _ in 1 2; do echo "spnego 1.3.6.1.4.1.32473.4178 $spnego <interposer>"; done >>"$work/mech" &&
        mends "sed -i '3s/^/#/' $work/mech" 'line 3 has no effect'
}
unreadable_line() { whole && chmod 600 "$work/mech" && mends "chmod a+r $work/mech" 'Permission denied' --as nobody; }
loses_mics() {
    whole && tells bad "echo 'spnego 1.3.6.1.4.1.32473.4178 mech_spnego.so <interposer>' >>$work/mech" 'loses its peers'
}
another_file() { whole && tells unknown 'unset GSS_MECH_CONFIG' 'hides all of /etc/gss'; }

no_legacy() { whole && OPENSSL_MODULES=$work mends 'unset OPENSSL_MODULES' 'which NTLM needs for MD4'; }
fips_conf() {
    printf 'openssl_conf = i\n[i]\nalg_section = a\n[a]\ndefault_properties = fips=yes\n' >"$work/openssl.cnf"
    chmod 644 "$work/openssl.cnf"
}
fips_mode() {
    whole && fips_conf && OPENSSL_CONF=$work/openssl.cnf mends \
        "printf '[ntlmssp]\\nallow_in_fips_mode = true\\n' >>$work/krb5.conf" 'is in FIPS mode, so NTLM is off'
}
fips_mode_by_setting() {
    whole && fips_conf && echo 'allow_in_fips_mode = false' >>"$work/krb5.conf" &&
        OPENSSL_CONF=$work/openssl.cnf tells bad "\${EDITOR:-vi} +2 $work/krb5.conf" 'is in FIPS mode, so NTLM is off'
}
# off ROLE: NTLM is off in it, by these settings.
off() { tells unknown "gss-negotiate settings restrict_$1_ntlm allow_in_fips_mode" 'NTLM is off: '; }
restricted() {
    whole && echo 'restrict_sending_ntlm = deny' >>"$work/krb5.conf" && off sending &&
        whole && echo 'restrict_receiving_ntlm = deny' >>"$work/krb5.conf" && off receiving
}
no_record() {
    whole && echo 'audit_logons = off' >>"$work/krb5.conf" &&
        tells unknown "\${EDITOR:-vi} +2 $work/krb5.conf" 'not recorded, by audit_logons = off' &&
        "$EDITOR" +2 "$work/krb5.conf" && ! tool check | grep -F 'audit_logons = off'
}
no_log() {
    local mend='apt install rsyslog && service rsyslog start'
    [ ! -d /run/systemd/system ] || mend='systemctl start systemd-journald.socket'
    whole && { tool check | grep '^  good    logins to servers are recorded' || tells unknown "$mend" 'there is no system log here'; }
}
winbind_down() { whole && echo 'account_sources = winbind' >>"$work/krb5.conf" && tells bad 'systemctl start winbind' 'account_sources names winbind'; }
winbind_installed() { whole && tells unknown 'systemctl start winbind' 'winbind is installed and does not run'; }
clock() {
    # Where something keeps the clock right there is nothing to mend.
    whole && { tool check | grep '^  good    the clock is synchronized' || tells unknown 'timedatectl set-ntp true' 'the clock says'; }
}
no_login() { whole && tells unknown "gss-negotiate login 'DOMAIN\\USER'" 'NTLM has nothing to log in with'; }
no_accounts() { whole && tells unknown "printf '[ntlmssp]\\naccount_file = /etc/ntlm-accounts\\n' >>$work/krb5.conf" 'no account file is named'; }
damaged_login() {
    whole && export NTLM_LOGIN_KEYRING=session && echo secret | tool login alice &&
        keyctl add user junk junk "$(keyctl search @s keyring "ntlm-logins.$(id -u)")" >/dev/null &&
        mends 'gss-negotiate logout' 'NTLM cannot log in'
}
expired_login() {
    whole && export NTLM_LOGIN_KEYRING=session && tool logout && echo secret | tool login --lifetime 1 alice &&
        until tool list | grep -q 'expired at'; do sleep 0.1; done && tells bad 'gss-negotiate login' 'NTLM cannot log in' && tool logout
}

# A service whose configuration was changed, and that was not restarted.
service() {
    [ -x "$work/ntlmmendservice" ] || install -m 755 "$(command -v sleep)" "$work/ntlmmendservice"
    env -i PATH="$PATH" KRB5_CONFIG="$work/krb5.conf" GSS_MECH_CONFIG="$work/mech" "$@" "$work/ntlmmendservice" 300 &
    service=$!
    await $service grep -q ntlmmendservice "/proc/$service/comm"
}
stop_service() {
    [ -z "${service-}" ] || { kill "$service"; wait "$service"; } 2>/dev/null
    service=
    rm -rf /etc/ntlmmendservice
}
fixture_cleanups+=(stop_service)
not_restarted() {
    local mend='systemctl daemon-reload; systemctl restart ntlmmendservice'
    [ -d /run/systemd/system ] || mend='service ntlmmendservice restart'
    whole && service || return
    mkdir -p /etc/ntlmmendservice
    printf '# for logins\nexport NTLM_ACCOUNT_FILE=%s\n' "$accounts" >/etc/ntlmmendservice/envvars
    tells bad "$mend" "sets NTLM_ACCOUNT_FILE=$accounts, and its process has none" --service ntlmmendservice ||
        { stop_service; return 1; }
    kill "$service"
    wait "$service"
    service NTLM_ACCOUNT_FILE="$accounts" && ! tool check --service ntlmmendservice | grep restart
    local status=$?
    stop_service
    return $status
}

# Names that no command is made of.
long_name() {
    whole && NTLM_ACCOUNT_FILE=$work/$(printf 'x/%.0s' {1..600}) tells bad "gss-negotiate account add --file FILE 'DOMAIN\\USER'" 'The account file cannot be read'
}
quoted_module() {
    whole && echo "spnego 1.3.6.1.4.1.32473.4178 $work/it's/mech_spnego.so <Interposer>" >>"$work/mech" &&
        tells bad "sed -i '2s/^/#/' $work/mech" 'the library does not know <Interposer>'
}
# The first of the files that KRB5_CONFIG names is added to.
other_settings() {
    whole && KRB5_CONFIG=::$work/krb5.conf:$work/more tells unknown \
        "printf '[ntlmssp]\\naccount_file = /etc/ntlm-accounts\\n' >>$work/krb5.conf" 'no account file is named' &&
        KRB5_CONFIG=: tells unknown "printf '[ntlmssp]\\naccount_file = /etc/ntlm-accounts\\n' >>/etc/krb5.conf" 'no account file is named'
}

stand_ins
check "a name of more than a thousand bytes" long_name
check "a module with a quote in its name" quoted_module
check "several files of settings" other_settings
check "an account file that others can write" loose_file
check "a directory of it that others can write" loose_directory
check "no account file" no_file
check "a name with a blank and a quote" blank_in_name
check "a directory for an account file" directory_as_file
check "lines that servers skip" bad_lines
check "an own account file without an account" empty_own_file
check "a misspelled setting" misspelt
check "a misspelled section" wrong_section
check "a wrong value" wrong_value
check "a wrong value in the environment" wrong_variable
check "NTLM is not registered" no_line
check "another package is registered behind it" another_behind
check "another package alone is registered" another_alone
check "another module that is not there" no_module
check "our module is not there" no_own_module
check "a wrong object identifier" wrong_oid
check "a misspelled <interposer>" wrong_kind
check "mech_spnego.so is registered twice" twice
check "another mechanism file" another_file
"$top_builddir/spnego_probe"
if [ $? = 10 ]; then check "MIT's SPNEGO loses mechListMICs" loses_mics; else skip "MIT's SPNEGO loses mechListMICs" "this one does not"; fi
check "no legacy provider" no_legacy
check "FIPS mode" fips_mode
check "FIPS mode, and a setting that keeps NTLM off in it" fips_mode_by_setting
check "NTLM is off by restrictions" restricted
check "logins are not recorded" no_record
check "there is no log for them" no_log
check "winbind is named, and is down" winbind_down
if [ -x /usr/sbin/winbindd ] && [ ! -e /run/samba/winbindd/pipe ]; then check "winbind is down" winbind_installed; else skip "winbind is down" "it is not installed here, or runs"; fi
check "nothing keeps the clock" clock
check "nobody is logged in" no_login
check "no accounts" no_accounts
if keyring_is_there; then
    check "a damaged login" eval 'KEYRING=1 damaged_login'
    check "a login whose time is over" expired_login
else
    skip "a damaged login, and one whose time is over" "there is no keyring here"
fi
export NTLM_LOGIN_KEYRING=off
if [ "$(id -u)" = 0 ]; then
    check "an account file that the server's user cannot read" unreadable_file
    check "a directory that he cannot pass" unreadable_directory
    check "an account file that is another user's" foreign_file
    check "settings that he cannot read" unreadable_settings
    check "a trace that he cannot write" unwritable_trace
    check "a mechanism file that he cannot read" unreadable_line
    check "a module that he cannot read" unreadable_module
    check "a service that was not restarted" not_restarted
else
    skip "what another user cannot read" "this is not root"
fi
check "each finding has its command" everything_is_mendable
finish
