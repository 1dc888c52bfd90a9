#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate account with databases. What a server makes of them is tests/userfile's.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
file=$work/accounts.mdb
grep -q '^#define HAVE_LMDB 1' "$top_builddir/config.h" || skip_all "there was no liblmdb when this was built"

with() { printf '%s\n' "$1" | says "$2" "$3" account "${@:4}"; }
adds() { printf '%s\n' "$1" | tool account add --file "$file" "${@:2}" >/dev/null 2>&1; }
verifies() { with "$1" 0 right verify --file "$file" "$2"; }
refuses() { with "$1" 1 "$3" verify --file "$file" "$2"; }
# fresh LINE...: a database of these lines.
fresh() {
    rm -f "$file" "$work/text"
    (umask 077 && printf '%s\n' "$@" >"$work/text")
    tool account import "$work/text" "$file" >/dev/null
}
has_leftovers() { compgen -G "$work/.accounts.mdb*" >/dev/null || compgen -G "$file?*" >/dev/null; }

imports() {
    fresh 'EXAMPLE:alice:secret' ':bob:b' && verifies secret 'example\ALICE' && verifies b 'ANY\bob' &&
        refuses Secret 'EXAMPLE\alice' wrong && refuses secret 'EXAMPLE\carol' 'has no account' &&
        [ "$(stat -c %a "$file")" = 600 ] && ! grep -qa secret "$file" && ! has_leftovers
}
imports_again() {
    fresh 'A:a:1' && chmod 640 "$file" && printf 'A:a:2\nB:b:3\n' >"$work/text" &&
        says 0 ': 2 accounts' account import "$work/text" "$file" && verifies 2 'A\a' && verifies 3 'B\b' &&
        [ "$(stat -c %a "$file")" = 640 ]
}
names_what_it_skips() {
    printf 'A:a:1\nbad\na:A:2\n%s:b:1\n' "$(printf 'x%.0s' {1..600})" >"$work/text"
    rm -f "$file"
    says 1 'line 2 is left out: it has no colon' account import "$work/text" "$file" &&
        says 1 'line 3 is left out: a line before it has the same account' account import "$work/text" "$file" &&
        says 1 'line 4 is left out: its names are too long' account import "$work/text" "$file" &&
        says 1 '3 lines of' account import "$work/text" "$file" && verifies 1 'A\a'
}
keeps_texts() {
    fresh 'A:a:1' && printf 'B:b:1\n' >"$work/other" &&
        says 2 'is a text, and stays' account import "$work/text" "$work/other" && [ "$(cat "$work/other")" = B:b:1 ] &&
        says 2 'is a database already' account import "$file" "$work/new" && [ ! -e "$work/new" ]
}
empty_text() { : >"$work/text"; rm -f "$file"; says 0 ': 0 accounts' account import "$work/text" "$file" && adds a 'A\a' && verifies a 'A\a'; }
changes() {
    fresh 'A:a:1' && adds b 'B\b' && verifies b 'B\b' && with x 1 '--replace gives it another' add --file "$file" 'b\B' &&
        verifies b 'B\b' && adds c --replace 'b\B' && verifies c 'B\b' && tool account remove --file "$file" 'B\B' &&
        refuses c 'B\b' 'has no account' && says 1 'has no account B\b' account remove --file "$file" 'B\b' && verifies 1 'A\a' &&
        ! has_leftovers
}
by_hash() { fresh 'A:a:1' && adds 878d8014606cda29677a44efa1353fc7 --nt-hash b && verifies secret b; }
plain_text() { fresh 'A:a:1' && with x 2 'a database keeps no passwords' add --plain-text --file "$file" b && refuses x b 'no account'; }
lists() {
    fresh 'B:b:hidden' 'A:a:' "u:1:$(printf 'X%.0s' {1..32}):878d8014606cda29677a44efa1353fc7:[UD         ]:LCT-0:" &&
        [ "$(tool account list --file "$file")" = $'A\\a  NT hash, empty\nB\\b  NT hash\nu  NT hash, disabled' ]
}
lists_json() {
    fresh 'A:a:1' && json 0 'it["accounts"] == [{"domain": "A", "user": "a", "secret": "NT hash", "empty_password": False,
        "disabled": False, "locked": False}]' account list --json --file "$file"
}
lints() { fresh 'A:a:1' && says 0 ': 1 accounts, 0 findings' account lint "$file"; }
lints_empty() { fresh 'A:a:' && says 1 'A\a: its password is empty' account lint "$file"; }
lints_damage() {
    fresh 'A:a:1' 'B:b:2' && cp "$file" "$work/whole" || return
    for offset in 16 4112 $(($(grep -abo 'A.a' "$file" | head -n 1 | cut -d: -f1) - 30)); do
        cp "$work/whole" "$file"
        printf '\x5a\xa5' | dd of="$file" bs=1 seek="$offset" conv=notrunc status=none
        says 1 'is damaged' account lint "$file" || return
    done
}
damaged_is_left() {
    fresh 'A:a:1' && truncate -s 9000 "$file" && cp "$file" "$work/before" &&
        with x 3 'is damaged: it is cut off' add --file "$file" 'B\b' && cmp "$file" "$work/before" &&
        says 3 'is damaged' account list --file "$file" && says 3 'is damaged' account remove --file "$file" 'A\a' &&
        cmp "$file" "$work/before" && tool account import "$work/text" "$file" >/dev/null && verifies 1 'A\a'
}
foreign() {
    head -c 20000 /dev/zero >"$file"
    with x 3 'is damaged' add --file "$file" 'B\b' && says 1 'is damaged' account lint "$file"
}
at_once() {
    local i
    fresh 'A:a:1'
    for i in $(seq 20); do adds "secret$i" "EXAMPLE\\user$i" & done
    wait
    [ "$(tool account list --file "$file" | grep -c '^EXAMPLE')" = 20 ] && verifies secret7 'EXAMPLE\user7' &&
        says 0 ': 21 accounts, 0 findings' account lint "$file"
}
killed() {
    local i pid lines
    mapfile -t lines < <(for i in $(seq 1000); do echo "A:user$i:password"; done)
    fresh "${lines[@]}"
    for i in $(seq 25); do
        printf 'x\n' | "$tool" account add --file "$file" "B\\new$i" >/dev/null 2>&1 &
        pid=$!
        sleep "0.00$((i % 10))"
        kill -KILL $pid 2>/dev/null
        wait $pid
        tool account lint "$file" >/dev/null || return
    done 2>/dev/null
    verifies password 'A\user1000'
}
through_link() { fresh 'A:a:1' && ln -sf accounts.mdb "$work/link" && printf 'b\n' | tool account add --file "$work/link" 'B\b' && verifies b 'B\b'; }
unwritable() {
    fresh 'A:a:1' && mkdir -p "$work/fixed" && mv "$file" "$work/fixed/db" && chown 65534 "$work/fixed" "$work/fixed/db" && chmod 400 "$work/fixed/db"
    printf 'x\n' | setpriv --reuid=65534 --clear-groups "$work/tool" account add --file "$work/fixed/db" 'B\b' 2>&1 |
        grep -q 'was left as it was: Permission denied'
}
checked() { fresh 'A:a:1' && NTLM_ACCOUNT_FILE=$file tool check | grep -q "$file has 1 accounts"; }

check "a database is made of a text" imports
check "and made again, with its permissions" imports_again
check "what is left out is named" names_what_it_skips
check "a text is not overwritten, a database not taken for a text" keeps_texts
check "a database of nobody" empty_text
check "accounts are added, replaced and removed" changes
too_long() { fresh 'A:a:1' && with x 2 'the names are too long for a database' add --file "$file" "$(printf 'x%.0s' {1..600})" && verifies 1 'A\a'; }
one_of_three() {
    fresh 'A:u:1' 'B:u:2' 'C:u:3' && verifies 1 u && tool account remove --file "$file" 'A\u' && refuses 1 'A\u' 'has no account' &&
        verifies 2 'B\u' && verifies 3 'C\u' && verifies 2 u && tool account remove --file "$file" 'C\u' && verifies 2 u &&
        tool account remove --file "$file" 'B\u' && refuses 2 u 'has no account'
}
removes_too_long() { fresh 'A:a:1' && says 1 'has no account' account remove --file "$file" "$(printf 'x%.0s' {1..600})"; }
check "names that are too long" too_long
check "a user of three domains" one_of_three
check "names that are too long have no account" removes_too_long
check "an NT hash" by_hash
check "--plain-text is refused" plain_text
check "the list" lists
check "the list in JSON" lists_json
check "lint: nothing to find" lints
check "lint: an empty password" lints_empty
check "lint: damage" lints_damage
check "a damaged database is left as it is, and can be made again" damaged_is_left
check "a file of zeros" foreign
check "changes at the same time are all made" at_once
check "a change that is killed is made or not" killed
check "a symbolic link" through_link
check "gss-negotiate check counts the accounts" checked
if [ "$(id -u)" = 0 ]; then
    install -m 755 "$tool" "$work/tool" && chmod 755 "$work"
    check "a database that may not be written" unwritable
else
    skip "a database that may not be written" "this is not root"
fi
finish
