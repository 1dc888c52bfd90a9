#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate when the system fails: each call of its own of the system, OpenSSL, GSSAPI and
# liblmdb fails in turn (tests/lib/main_again.h, main_faults.c). Each time it does what it
# does when none fails, or says what is wrong and exits with 3; and a file is as it was, or as
# it is to be.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/../interop/keyring.sh"
! grep -q __asan_init "$top_builddir/gss-negotiate" || skip_all "a sanitizer is to be loaded first"
! keyring_is_there || in_own_session "$0"
fixture_begin
here=$(cd "$(dirname "$0")" && pwd)

# fails STATUS ARGUMENT...: whichever call fails; it exits so when none does.
fails() { again libmainfaults.so "$@"; }

text=$work/text file=$work/file database=$work/text.mdb
printf 'secret\n' >"$work/password"
printf 'Password\n' >"$work/published"
printf '878d8014606cda29677a44efa1353fc7\n' >"$work/hash"
account_file text 'EXAMPLE:alice:secret' 'EXAMPLE:bob:' 'junk' 'carol:secret:x'

# published GENERATION: verifies a published login, whose LM response is checked, too.
published() {
    local vectors=$here/../lib/ms-nlmp-4.2.txt
    fails 0 decode --verify "$(sed -n "s/^$1.challenge_message = //p" "$vectors")" \
        "$(sed -n "s/^$1.authenticate_message = //p" "$vectors")" <"$work/published"
}
has_temporaries() { compgen -G "$work/.file.*" >/dev/null; }
decodes() {
    fails 0 decode <"$here/negotiate-login.txt" &&
        fails 0 decode --verify --password-fd 3 3<"$work/password" <"$here/negotiate-login.txt" &&
        fails 1 decode nothing </dev/null
}
edits_texts() {
    cp "$text" "$work/added" && printf 'D:dora:secret\n' >>"$work/added"
    sed '/^EXAMPLE:alice:/d' "$text" >"$work/removed"
    changes "$text" "$work/added" fails 0 account add --plain-text --file "$file" 'D\dora' <"$work/password" &&
        changes "$text" "$work/removed" fails 0 account remove --file "$file" 'EXAMPLE\alice' </dev/null &&
        changes "$text" "$text" fails 1 account remove --file "$file" nobody </dev/null && ! has_temporaries
}
reads_all() {
    fails 0 account verify --file "$1" 'EXAMPLE\alice' <"$work/password" &&
        fails 0 account list --json --file "$1" </dev/null && fails 1 account lint "$1" </dev/null
}
makes_databases() { MAIN_AGAIN_BEFORE="rm -f '$database'" fails 1 account import "$text" "$database" </dev/null; }
remakes_databases() {
    fails 1 account import "$text" "$database" </dev/null &&
        says 0 right account verify --file "$database" 'EXAMPLE\alice' <"$work/password"
}
# Each time the database is whole.
edits_databases() {
    local before="'$tool' account lint '$file' | grep -q ' accounts, 1 findings' && rm '$file' && cp '$database' '$file'"
    cp "$database" "$file"
    MAIN_AGAIN_BEFORE=$before fails 0 account add --file "$file" 'D\dora' <"$work/password" &&
        says 0 right account verify --file "$file" 'D\dora' <"$work/password" &&
        MAIN_AGAIN_BEFORE=$before fails 0 account add --replace --file "$file" 'EXAMPLE\alice' <"$work/hash" &&
        MAIN_AGAIN_BEFORE=$before fails 0 account remove --file "$file" 'EXAMPLE\alice' </dev/null &&
        says 1 'no account' account verify --file "$file" 'EXAMPLE\alice' <"$work/password"
}
logs_in() {
    export NTLM_LOGIN_KEYRING=session
    fails 0 login 'EXAMPLE\alice' <"$work/password" && fails 0 login --nt-hash --target '*.corp' bob <"$work/hash" || return
    # Where there is no keyring nobody is logged in.
    MAIN_AGAIN_LESS=yes fails 0 list </dev/null && MAIN_AGAIN_LESS=yes fails 0 list --json </dev/null &&
        MAIN_AGAIN_LESS=yes MAIN_AGAIN_BEFORE="'$tool' login bob <'$work/password'" fails 0 logout bob </dev/null
}
# What it tells of a login, or of the machine, may be less, but that there is one.
tries() {
    MAIN_AGAIN_LESS=yes MAIN_AGAIN_SAYS='logged in' fails 0 try --account-file "$work/accounts" \
        --user 'EXAMPLE\alice' --password-fd 3 3<"$work/password" </dev/null &&
        MAIN_AGAIN_LESS=yes fails 1 try --account-file "$work/accounts" \
            --user 'EXAMPLE\bob' --password-fd 3 3<"$work/password" </dev/null
}
checks() {
    MAIN_AGAIN_LESS=yes MAIN_AGAIN_SAYS=' good, ' MAIN_AGAIN_STEP=${1-1} fails "$(tool check >/dev/null; echo $?)" check </dev/null
}

# The same where files end early. Who reads an account as a server does is told that it is
# not there yet.
ends_early() {
    local MAIN_AGAIN_WAY=ends
    export MAIN_AGAIN_WAY
    edits_texts && fails 0 account list --json --file "$text" </dev/null && fails 1 account lint "$text" </dev/null
}
databases_end_early() {
    local MAIN_AGAIN_WAY=ends
    export MAIN_AGAIN_WAY
    makes_databases && edits_databases && reads_all "$database"
}
# What a login reads, in the command and in its modules (the input of a password may end).
logins_end_early() {
    local MAIN_AGAIN_WAY=ends MAIN_AGAIN_MODULES=yes
    export MAIN_AGAIN_WAY MAIN_AGAIN_MODULES
    tries
}
keyrings_end_early() {
    local MAIN_AGAIN_WAY=ends
    export MAIN_AGAIN_WAY
    logs_in
}
visitors_end_early() {
    local MAIN_AGAIN_WAY=ends MAIN_AGAIN_MODULES=yes
    export MAIN_AGAIN_WAY MAIN_AGAIN_MODULES
    serves fails
}
# And where one byte comes or goes: all is well. No status is that of failures.
is_cut_short() {
    local MAIN_AGAIN_WAY=short MAIN_AGAIN_FAILS=no
    export MAIN_AGAIN_WAY MAIN_AGAIN_FAILS
    "$@"
}
# And where signals come: nobody sees it.
is_interrupted() {
    local MAIN_AGAIN_WAY=interrupted MAIN_AGAIN_FAILS=no
    export MAIN_AGAIN_WAY MAIN_AGAIN_FAILS
    "$@"
}
# Once for each call: somebody logs in again and again meanwhile. What is refused is told, too.
serves() {
    local port visitor status=0
    : >"$work/port" # of the one before
    "$tool" serve 0 >"$work/port" 2>&1 </dev/null &
    await $! grep -q listening "$work/port"
    port=$(sed -n 's|.*:\([0-9]*\)/$|\1|p' "$work/port")
    kill $! && wait $!
    while :; do
        "$tool" try --user 'EXAMPLE\alice' --password-fd 3 "http://127.0.0.1:$port/" 3<"$work/password" </dev/null
    done >/dev/null 2>&1 &
    visitor=$!
    MAIN_AGAIN_LESS=yes MAIN_AGAIN_SAYS='listening on' "$@" 0 serve --once "$port" </dev/null || status=$?
    kill $visitor && wait $visitor
    return $status
}
checks_services() {
    install -m 755 "$(command -v sleep)" "$work/ntlmfailservice" || return
    env -i PATH="$PATH" GSS_MECH_CONFIG="$GSS_MECH_CONFIG" "$work/ntlmfailservice" 300 &
    local service=$! status=0
    await $service grep -q ntlmfailservice "/proc/$service/comm"
    MAIN_AGAIN_LESS=yes MAIN_AGAIN_SAYS=' good, ' MAIN_AGAIN_STEP=${1-1} fails \
        "$(tool check --service ntlmfailservice >/dev/null; echo $?)" check --service ntlmfailservice </dev/null || status=$?
    kill $service && wait $service
    return $status
}

check "decode" decodes
check "decode: NTLMv1" published v1
check "decode: NTLMv2 with LMv2" published v2
check "account: texts are changed" edits_texts
check "account: texts are read" reads_all "$text"
check "account: texts end early" ends_early
check "account: texts are changed in pieces" is_cut_short edits_texts
check "account: texts are read in pieces" is_cut_short reads_all "$text"
check "decode: pieces" is_cut_short decodes
check "account: signals come in changes of texts" is_interrupted edits_texts
check "account: signals come where texts are read" is_interrupted reads_all "$text"
check "decode: signals come" is_interrupted decodes
if grep -q '^#define HAVE_LMDB 1' "$top_builddir/config.h"; then
    check "account: databases are made" makes_databases
    check "account: databases are made anew" remakes_databases
    check "account: databases are changed" edits_databases
    check "account: databases are read" reads_all "$database"
    check "account: databases end early" databases_end_early
    check "account: databases are changed in pieces" is_cut_short edits_databases
    check "account: databases are read in pieces" is_cut_short reads_all "$database"
else
    skip "account: databases" "there was no liblmdb when this was built"
fi
check "account hash" fails 0 account hash <"$work/password"
check "settings" fails 0 settings </dev/null
if keyring_is_there; then
    check "login, list and logout" logs_in
    check "login, list and logout: files end early" keyrings_end_early
else
    skip "login, list and logout" "there is no keyctl here (Debian: keyutils)"
fi
use_mechanism mech "$top_builddir/gss-spnego.conf"
account_file accounts 'EXAMPLE:alice:secret'
export GSS_MECH_CONFIG=$work/mech NTLM_USER_FILE=$work/accounts NTLM_LOGIN_KEYRING=off
check "try" tries
check "try: files end early" logins_end_early
check "serve" serves fails
check "serve: signals come" is_interrupted serves fails
check "serve: visitors end early" visitors_end_early
check "serve: pieces" is_cut_short serves fails
if [ -n "${COVERAGE_FLUSH-}" ]; then
    check "check" checks
    check "check of a service" checks_services 3
else
    check "check" checks 11
    check "check of a service" checks_services 41
fi
finish
