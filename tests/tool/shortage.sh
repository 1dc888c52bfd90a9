#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate when memory ends: each of its allocations fails in turn
# (tests/lib/main_again.h, main_shortage.c). Each time it does what it does with enough memory, or says
# what is wrong and exits with 3; and a file is as it was, or as it is to be.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/../interop/keyring.sh"
! grep -q __asan_init "$top_builddir/gss-negotiate" || skip_all "a sanitizer has malloc"
! keyring_is_there || in_own_session "$0"
fixture_begin
here=$(cd "$(dirname "$0")" && pwd)

# runs_out STATUS ARGUMENT...: whichever allocation fails; with enough of them it exits so.
runs_out() { again libmainshortage.so "$@"; }

text=$work/text file=$work/file database=$work/text.mdb
printf 'secret\n' >"$work/password"
printf '878d8014606cda29677a44efa1353fc7\n' >"$work/hash"
account_file text 'EXAMPLE:alice:secret' 'EXAMPLE:bob:' 'junk' 'example:ALICE:other' \
    'carol:0:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:878d8014606cda29677a44efa1353fc7:[UD         ]:LCT-0:'

decodes() {
    od -Ax -tx1z "$here/ntlm-login.txt" >"$work/dump" || return
    runs_out 0 decode <"$here/negotiate-login.txt" && runs_out 0 decode --json <"$here/ntlm-login.txt" &&
        runs_out 0 decode --verify --password-fd 3 3<"$work/password" <"$here/negotiate-login.txt" &&
        runs_out 0 decode <"$work/dump" && runs_out 1 decode nothing </dev/null
}
edits_texts() {
    cp "$text" "$work/added" && printf 'D:dora:secret\n' >>"$work/added"
    sed 's/^EXAMPLE:bob:$/EXAMPLE:bob:secret/' "$text" >"$work/replaced"
    sed '/^carol:/d' "$text" >"$work/removed"
    changes "$text" "$work/added" runs_out 0 account add --plain-text --file "$file" 'D\dora' <"$work/password" &&
        changes "$text" "$work/replaced" runs_out 0 account add --replace --plain-text --file "$file" 'EXAMPLE\bob' <"$work/password" &&
        changes "$text" "$work/removed" runs_out 0 account remove --file "$file" carol </dev/null &&
        changes "$text" "$text" runs_out 1 account add --nt-hash --file "$file" carol <"$work/hash" &&
        changes "$text" "$text" runs_out 1 account remove --file "$file" nobody </dev/null
}
new_text() {
    printf 'D:dora:secret\n' >"$work/alone"
    MAIN_AGAIN_BEFORE="rm -f '$file'" runs_out 0 account add --plain-text --file "$file" 'D\dora' <"$work/password" && cmp "$file" "$work/alone"
}
# reads_all FILE LINT-STATUS: what only reads.
reads_all() {
    runs_out 0 account verify --file "$1" 'EXAMPLE\alice' <"$work/password" &&
        runs_out 1 account verify --file "$1" 'EXAMPLE\nobody' <"$work/password" &&
        runs_out 0 account list --file "$1" </dev/null && runs_out 0 account list --json --file "$1" </dev/null &&
        runs_out "$2" account lint "$1" </dev/null && runs_out "$2" account lint --json "$1" </dev/null
}
reads_texts() { reads_all "$text" 1; }
makes_databases() { MAIN_AGAIN_BEFORE="rm -f '$database'" runs_out 1 account import "$text" "$database" </dev/null; }
edits_databases() {
    local change="rm -f '$file'; cp '$database' '$file'"
    MAIN_AGAIN_BEFORE=$change runs_out 0 account add --file "$file" 'D\dora' <"$work/password" &&
        says 0 right account verify --file "$file" 'D\dora' <"$work/password" &&
        MAIN_AGAIN_BEFORE=$change runs_out 0 account add --replace --file "$file" 'EXAMPLE\bob' <"$work/password" &&
        says 0 right account verify --file "$file" 'EXAMPLE\bob' <"$work/password" &&
        MAIN_AGAIN_BEFORE=$change runs_out 0 account remove --file "$file" 'EXAMPLE\alice' </dev/null &&
        says 1 'no account' account verify --file "$file" 'EXAMPLE\alice' <"$work/password"
}
reads_databases() { reads_all "$database" 1; }
hashes() { runs_out 0 account hash <"$work/password"; }
tells_settings() {
    runs_out 0 settings </dev/null && runs_out 0 settings --json </dev/null && runs_out 0 settings lm_compat_level </dev/null
}
logs_in() {
    export NTLM_LOGIN_KEYRING=session
    runs_out 0 login 'EXAMPLE\alice' <"$work/password" && runs_out 0 login --nt-hash --target '*.corp' bob <"$work/hash" &&
        runs_out 0 list </dev/null && runs_out 0 list --json </dev/null &&
        MAIN_AGAIN_BEFORE="'$tool' login bob <'$work/password'" runs_out 0 logout bob </dev/null
}
# What it tells of a login, or of the machine, may be less.
tries() {
    runs_out 0 try --account-file "$work/accounts" --user 'EXAMPLE\alice' --password-fd 3 3<"$work/password" </dev/null &&
        runs_out 0 try --account-file "$work/accounts" </dev/null && runs_out 0 try --json --account-file "$work/accounts" </dev/null &&
        runs_out 1 try --account-file "$work/accounts" --user 'EXAMPLE\bob' --password-fd 3 3<"$work/password" </dev/null
}
checks() { MAIN_AGAIN_STEP=5 runs_out "$(tool check >/dev/null; echo $?)" check </dev/null; }

helps() { runs_out 0 account add --help </dev/null && runs_out 2 account add --nonsense x </dev/null && runs_out 2 nonsense </dev/null; }

check "decode" decodes
check "account: texts are changed" edits_texts
check "account: a new text" new_text
check "account: texts are read" reads_texts
if grep -q '^#define HAVE_LMDB 1' "$top_builddir/config.h"; then
    check "account: databases are made" makes_databases
    check "account: databases are changed" edits_databases
    check "account: databases are read" reads_databases
else
    skip "account: databases" "there was no liblmdb when this was built"
fi
check "account hash" hashes
check "settings" tells_settings
if keyring_is_there; then
    check "login, list and logout" logs_in
else
    skip "login, list and logout" "there is no keyctl here (Debian: keyutils)"
fi
check "help and mistakes" helps
account_file accounts 'EXAMPLE:alice:secret'
# By their own names the modules are good: what memory is too short for is not bad, nor good.
export GSS_MECH_CONFIG=$top_builddir/gss-spnego.conf NTLM_USER_FILE=$work/accounts MAIN_AGAIN_LESS=yes
if [ -n "${COVERAGE_FLUSH-}" ]; then
    check "try" tries
    check "check" checks
else
    skip "try and check" "they take a minute; ./run coverage runs them"
fi
finish
