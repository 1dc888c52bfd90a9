#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate account: the editor of account files. Nothing may be lost, whatever happens.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
file=$work/accounts

# with PASSWORD STATUS TEXT ARGUMENT...: the command, given this password, says so.
with() { printf '%s\n' "$1" | says "$2" "$3" account "${@:4}"; }
quietly_with() { printf '%s\n' "$1" | tool account "${@:2}" >/dev/null 2>&1; }
adds() { quietly_with "$1" add --file "$file" "${@:2}"; }
verifies() { with "$1" 0 right verify --file "$file" "$2"; }
refuses() { with "$1" 1 "$3" verify --file "$file" "$2"; }

# fresh LINE...: a file with these lines.
fresh() { rm -f "$file"; (umask 077 && [ $# = 0 ] || printf '%s\n' "$@" >"$file"); }
adds_here() { printf 'x\n' | tool account add --file "${file##*/}" 'A\a'; }
locked_is_told() {
    fresh "u:1:$(printf 'X%.0s' {1..32}):878d8014606cda29677a44efa1353fc7:[UL         ]:LCT-0:"
    with secret 1 'right, but the account is locked' verify --file "$file" u
}
has_temporaries() { compgen -G "$work/.accounts.*" >/dev/null; }

adds_and_verifies() {
    fresh && adds secret 'EXAMPLE\alice' && verifies secret 'EXAMPLE\alice' && verifies secret 'example\ALICE' &&
        refuses Secret 'EXAMPLE\alice' wrong && refuses secret 'OTHER\alice' 'has no account' && ! grep -q secret "$file"
}
new_file_is_private() { fresh && adds secret alice && [ "$(stat -c %a "$file")" = 600 ]; }
any_domain() { fresh && adds secret bob && verifies secret 'ANY\bob' && grep -q '^bob:0:X*:[0-9A-F]\{32\}:\[U ' "$file"; }
not_twice() {
    fresh && adds secret 'EXAMPLE\alice' && cp "$file" "$work/before" &&
        with other 1 'in line 1; --replace' add --file "$file" 'example\Alice' && cmp "$file" "$work/before"
}
replaces() {
    fresh '# ours' 'EXAMPLE:alice:old' 'EXAMPLE:bob:b' 'example:ALICE:older' && adds new --replace 'EXAMPLE\alice' &&
        verifies new 'EXAMPLE\alice' && [ "$(wc -l <"$file")" = 3 ] && [ "$(sed -n 1p "$file")" = '# ours' ] &&
        sed -n 2p "$file" | grep -q '^EXAMPLE\\alice:0:' && [ "$(sed -n 3p "$file")" = 'EXAMPLE:bob:b' ]
}
plain_text() { fresh && adds 'pass:word' --plain-text 'EXAMPLE\alice' && [ "$(cat "$file")" = 'EXAMPLE:alice:pass:word' ]; }
by_hash() {
    local hash
    hash=$(printf 'secret\n' | tool account hash) && [ "$hash" = 878d8014606cda29677a44efa1353fc7 ] &&
        fresh && adds "$hash" --nt-hash alice && verifies secret alice && with "$hash" 0 right verify --nt-hash --file "$file" alice
}
keeps_bytes() {
    fresh
    printf '\xef\xbb\xbf# comment \t\nA:a:a\r\n\xff\xfe junk\n\n  \nB;b;b\nC:c:' >"$file"
    cp "$file" "$work/before"
    adds new 'D\d' && cmp -n "$(stat -c %s "$work/before")" "$file" "$work/before" &&
        [ "$(tail -n 2 "$file" | head -c 5)" = C:c: ] && tool account remove --file "$file" 'D\d' &&
        cmp "$file" <(cat "$work/before"; echo)
}
dos_lines() { fresh && printf 'A:a:a\r\nB:b:b\r\n' >"$file" && adds c --plain-text 'C\c' && [ "$(tail -n 1 "$file")" = $'C:c:c\r' ]; }
keeps_permissions() {
    fresh 'A:a:a' && chmod 640 "$file" && adds b 'B\b' && [ "$(stat -c %a "$file")" = 640 ]
}
keeps_owner() { fresh 'A:a:a' && chown 0:12 "$file" && chmod 640 "$file" && adds b 'B\b' && [ "$(stat -c %u:%g:%a "$file")" = 0:12:640 ]; }
keeps_access_list() {
    fresh 'A:a:a' && setfacl -m u:33:r "$file" && adds b 'B\b' && getfacl -nc "$file" 2>/dev/null | grep -q '^user:33:r'
}
through_link() {
    fresh 'A:a:a' && ln -sf accounts "$work/link" && quietly_with b add --file "$work/link" 'B\b' &&
        [ -L "$work/link" ] && verifies b 'B\b'
}
hard_link() {
    fresh 'A:a:a' && ln -f "$file" "$work/second" && with b 3 'hard links' add --file "$file" 'B\b' && [ "$(cat "$file")" = A:a:a ]
    rm -f "$work/second"
}
removes() {
    fresh '# x' 'A:a:1' 'B:b:2' 'a:A:3' && tool account remove --file "$file" 'A\a' &&
        [ "$(cat "$file")" = $'# x\nB:b:2' ]
}
removes_exactly() { fresh 'A:a:1' ':a:2' && tool account remove --file "$file" a && [ "$(cat "$file")" = A:a:1 ]; }
nobody_to_remove() { fresh 'A:a:1' && says 1 'has no account A\b' account remove --file "$file" 'A\b'; }
lists() {
    local none
    none=$(printf 'X%.0s' {1..32})
    fresh 'A:a:hidden' "u:1:$none:878d8014606cda29677a44efa1353fc7:[UD         ]:LCT-0:" 'bad' \
        "l:2:$none:878d8014606cda29677a44efa1353fc7:[UL         ]:LCT-0:" "n:3:$none:$none:[U          ]:LCT-0:" &&
        tool account list --file "$file" >"$work/list" && grep -qF 'A\a  password' "$work/list" &&
        grep -qF 'u  NT hash, disabled' "$work/list" && grep -qF 'l  NT hash, locked' "$work/list" &&
        grep -qx 'n  no password' "$work/list" && [ "$(wc -l <"$work/list")" = 4 ] && ! grep -qiE 'hidden|878d' "$work/list" &&
        refuses secret n wrong
}
from_settings() {
    fresh 'A:a:1' && printf '[ntlmssp]\naccount_file = %s\n' "$file" >"$work/krb5.conf"
    says 0 'A\a' account list && NTLM_ACCOUNT_FILE=$work/none says 3 "$work/none: No such file" account list
    local status=$?
    : >"$work/krb5.conf"
    return $status
}
names() {
    local name
    fresh 'A:a:1'
    for name in '#comment' $'\xef\xbb\xbfmark' 'EXA:MPLE\a' 'DOM\us:er' 'DOM\ blank' $'DOM\\new\nline' $'DOM\\\xff'; do
        with secret 2 'cannot hold this name' add --file "$file" "$name" || return
    done
    with secret 3 'names no user' add --file "$file" DOM\\ && [ "$(cat "$file")" = A:a:1 ]
}
unicode() { fresh && adds 'pässwörd' 'EXÄMPLE\zoë' && verifies 'pässwörd' 'exämple\ZOË'; }
bad_password() { fresh 'A:a:1' && with $'\xff' 3 'not valid UTF-8' add --file "$file" b && [ "$(cat "$file")" = A:a:1 ]; }
no_password() { fresh 'A:a:1' && says 3 'no password was given' account add --file "$file" b </dev/null && [ "$(cat "$file")" = A:a:1 ]; }
empty_password() { fresh && with '' 0 'nobody can log in with it' add --file "$file" b && refuses '' b 'allow_empty_passwords'; }
allowed_empty_password() {
    printf '[ntlmssp]\nallow_empty_passwords = true\n' >"$work/krb5.conf"
    empty_password
    refuses x b wrong && with '' 0 right verify --file "$file" b
    local status=$?
    : >"$work/krb5.conf"
    return $status
}
disabled() {
    fresh "u:1:$(printf 'X%.0s' {1..32}):878d8014606cda29677a44efa1353fc7:[UD         ]:LCT-0:"
    refuses secret u 'the account is disabled'
}

# A file system that has no room for the new content.
full_disk() {
    mkdir -p "$work/full" && mount -t tmpfs -o size=64k none "$work/full" || return
    (umask 077; printf 'A:a:1\n' >"$work/full/accounts"; head -c 60000 /dev/zero >"$work/full/filler" 2>/dev/null)
    local status=0
    with secret 3 'was left as it was' add --file "$work/full/accounts" 'B\b' &&
        [ "$(cat "$work/full/accounts")" = A:a:1 ] && ! compgen -G "$work/full/.accounts*" >/dev/null || status=1
    umount "$work/full"
    return $status
}
can_mount() { mkdir -p "$work/try" && mount -t tmpfs none "$work/try" 2>/dev/null && umount "$work/try"; }
file_size_limit() {
    fresh && for i in $(seq 2000); do printf 'A:user%d:password\n' "$i"; done >"$file"
    cp "$file" "$work/before"
    (ulimit -f 8 && printf 'x\n' | says 3 'was left as it was' account add --file "$file" 'B\b') &&
        cmp "$file" "$work/before" && ! has_temporaries
}
unwritable_directory() {
    mkdir -p "$work/fixed" && (umask 077 && printf 'A:a:1\n' >"$work/fixed/accounts") && chown -R 65534 "$work/fixed" && chmod 500 "$work/fixed"
    printf 'x\n' | setpriv --reuid=65534 --clear-groups "$work/tool" account add --file "$work/fixed/accounts" 'B\b' 2>&1 |
        grep -q 'was left as it was: no file can be made in its directory: Permission denied' && [ "$(cat "$work/fixed/accounts")" = A:a:1 ]
}
foreign_owner() {
    mkdir -p "$work/open" && chmod 777 "$work/open" && (umask 0 && printf 'A:a:1\n' >"$work/open/accounts") && chmod 644 "$work/open/accounts"
    printf 'x\n' | setpriv --reuid=65534 --clear-groups "$work/tool" account add --file "$work/open/accounts" 'B\b' 2>&1 |
        grep -q 'its owner and permissions cannot be kept' && [ "$(cat "$work/open/accounts")" = A:a:1 ] && ! compgen -G "$work/open/.acc*"
}
at_once() {
    local i
    fresh
    for i in $(seq 20); do adds "secret$i" "EXAMPLE\\user$i" & done
    wait
    [ "$(tool account list --file "$file" | grep -c '^EXAMPLE')" = 20 ] && verifies secret7 'EXAMPLE\user7' && ! has_temporaries
}
# killed SIGNAL: in the middle of a rewrite, many times; no account is ever lost.
killed() {
    local i pid
    fresh && for i in $(seq 3000); do printf 'A:user%d:password\n' "$i"; done >"$file"
    for i in $(seq 25); do
        printf 'x\n' | "$tool" account add --file "$file" "B\\new$i" >/dev/null 2>&1 &
        pid=$!
        sleep "0.00$((i % 10))"
        kill -"$1" $pid 2>/dev/null
        wait $pid
        [ "$(grep -c '^A:user' "$file")" = 3000 ] && [ -z "$(tail -c 1 "$file")" ] || return
    done 2>/dev/null
}
signalled() { killed TERM && ! has_temporaries; }
killed_at_once() {
    local left
    killed KILL || return
    left=$(compgen -G "$work/.accounts.*")
    [ "$(wc -l <<<"$left")" -le 1 ] || { printf 'left: %s\n' "$left"; return 1; }
    touch "$work/.accounts.01234567.new" "$work/.accounts.new" "$work/.accounts.0123456x.new" "$work/.other.01234567.new"
    adds y 'B\last' && [ "$(cd "$work" && echo .accounts.* .other.*)" = '.accounts.0123456x.new .accounts.new .other.01234567.new' ] &&
        verifies y 'B\last' && rm "$work"/.accounts.* "$work"/.other.*
}
others_hold_the_lock() {
    fresh 'A:a:1'
    flock "$file" sleep 1 &
    sleep 0.2
    adds b 'B\b' && wait && verifies b 'B\b'
}
seen_by_servers() { fresh && adds secret 'EXAMPLE\alice' && NTLM_USER_FILE=$file says 0 "NTLM_USER_FILE = $file" settings; }

# lint: LINE (as printf has it), what is said.
lints() {
    fresh && printf '%b\n' "$1" >"$file" && says 1 "$2" account lint "$file"
}
lint_good() {
    fresh '# x' '' 'A:a:1' && says 0 ': 1 accounts, 0 findings' account lint "$file" &&
        says 0 ': 1 accounts, 0 findings' account lint --file "$file" &&
        NTLM_ACCOUNT_FILE=$file says 0 ': 1 accounts, 0 findings' account lint
}
unsafe_file() { fresh 'A:a:1' && chmod 666 "$file" && says 1 'chmod go-w' account lint "$file"; }
many_lines() {
    fresh && for i in $(seq 50000); do printf 'A:user%d:password\n' "$((i % 49999))"; done >"$file"
    says 1 'line 50000: doubtful: no server reads it: line 1 has the same account' account lint "$file"
}

check "an account is added, and its password is right" adds_and_verifies
check "a new file is for its owner alone" new_file_is_private
check "a user without a domain is good for any" any_domain
check "an account that is there is not added again" not_twice
check "--replace changes it where it stands" replaces
check "--plain-text" plain_text
check "an NT hash, and hash" by_hash
check "all other lines stay byte for byte" keeps_bytes
check "lines end as the file's do" dos_lines
check "permissions stay" keeps_permissions
check "a symbolic link stays one" through_link
check "a file with two names is refused" hard_link
check "an account is removed" removes
check "another domain's is not" removes_exactly
check "who is not there cannot be removed" nobody_to_remove
check "the list has no secrets" lists
fresh 'A:a:1' 'u:b:c'
check "the list in JSON" json 0 'it["accounts"] == [{"domain": "A", "user": "a", "secret": "password",
    "empty_password": False, "disabled": False, "locked": False, "line": 1}] + it["accounts"][1:] and len(it["accounts"]) == 2' \
    account list --json --file "$file"
check "the file of the settings" from_settings
check "no file at all" says 2 'no account file is named' account list
check "names that no line can hold" names
check "names and passwords of any language" unicode
check "a password that is no text" bad_password
check "no password" no_password
check "an empty password" empty_password
check "an empty password that is allowed" allowed_empty_password
check "a disabled account" disabled
check "a directory" says 3 'is not a regular file' account list --file "$work"
check "a device" says 3 'is not a regular file' account list --file /dev/null
check "a file that is not there" says 3 'No such file' account list --file "$work/none"
check "the directory is not there" with x 3 'No such file' add --file "$work/none/accounts" alice
check "changes at the same time are all made" at_once
check "who has the lock is waited for" others_hold_the_lock
check "a signal in the middle leaves the file whole" signalled
check "SIGKILL leaves it whole, and at most one temporary file until the next change" killed_at_once
check "a limit on the size of files" file_size_limit
if [ "$(id -u)" = 0 ]; then
    install -m 755 "$tool" "$work/tool" # where nobody can run it
    check "owner and group stay" keeps_owner
    check "a directory that cannot be written" unwritable_directory
    check "a file of somebody else's" foreign_owner
    if can_mount; then check "a full disk" full_disk; else skip "a full disk" "nothing can be mounted here"; fi
    if command -v setfacl >/dev/null && fresh A && setfacl -m u:33:r "$file" 2>/dev/null; then
        check "an access control list stays" keeps_access_list
    else
        skip "an access control list stays" "there are no access control lists here"
    fi
else
    skip "owner and group stay, and other users' files" "this is not root"
fi

nul_in_password() { printf 'a\0b\n' | says 3 'the password has a NUL byte in it' account hash; }
byte_order_mark_alone() { fresh && printf '\xef\xbb\xbf' >"$file" && chmod 600 "$file" && adds x 'A\a' && verifies x 'A\a' && [ "$(head -c 3 "$file")" = $'\xef\xbb\xbf' ]; }
carriage_return_at_the_end() {
    fresh && printf 'A:a:a\r\nB:b:b\r' >"$file" && chmod 600 "$file" && verifies b 'B\b' &&
        says 0 'B\b  password' account list --file "$file"
}
check "a file of a byte order mark alone" byte_order_mark_alone
check "a last line of DOS without its newline" carriage_return_at_the_end
check "a NUL in a password" nul_in_password
check "a password that is too long" with "$(printf 'x%.0s' {1..100000})" 3 'the password is longer than' hash
ln -sf loop "$work/loop"
check "a symbolic link to itself" says 3 'Too many levels of symbolic links' account list --file "$work/loop"
check "a file in no directory" says 3 'Not a directory' account list --file "$tool/x"
check "the root directory" with secret 3 'Is a directory' add --file / 'A\a'
check "a file in the current directory" eval "fresh && (cd '$work' && adds_here) && verifies x 'A\\a'"
check "a password in clear and a hash" with secret 2 '--plain-text needs a password' add --plain-text --nt-hash --file "$file" 'A\a'
check "lint: the file twice" says 2 'name the file once' account lint --file "$file" "$file"
check "verify: the right password of a locked account" locked_is_told
check "lint: a good file" lint_good
check "lint: the wrong separator" lints 'A;a;1' 'line 1: bad: its fields are separated by ; in place of :'
check "lint: a backslash" lints 'A\\a:1' 'line 1: bad: write DOMAIN:user:password, not DOMAIN\user:password'
check "lint: no colon" lints 'alice' 'line 1: bad: it has no colon'
check "lint: no domain" lints 'alice:secret' 'line 1: bad: it has no domain'
check "lint: no user" lints 'A::1' 'line 1: bad: its user is empty'
check "lint: not UTF-8" lints 'A:a:\0377' 'line 1: bad: it is not UTF-8 text'
check "lint: a NUL byte" lints 'A\0000:a:1' 'line 1: bad: it has a NUL byte: write the file as UTF-8, not UTF-16'
check "lint: a bad hash" lints "u:1:$(printf 'Z%.0s' {1..32}):$(printf 'Z%.0s' {1..32}):" 'line 1: bad: a hash of it is not 32 hexadecimal digits'
check "lint: short hashes" lints '1:1:abc:def:[U ]:' 'line 1: doubtful: it is read as DOMAIN:user:password'
check "lint: lines of DOS" lints 'A:a:1\r' 'line 1: doubtful: it ends with a carriage return'
check "lint: blanks around a name" lints ' A:a:1' 'line 1: doubtful: its domain or user begins or ends with a blank'
check "lint: a blank behind a password" lints 'A:a:1 ' 'line 1: doubtful: its password ends with a blank'
check "lint: an empty password" lints 'A:a:' 'line 1: doubtful: its password is empty'
check "lint: the hash of no password" lints "u:1:$(printf 'X%.0s' {1..32}):31d6cfe0d16ae931b73c59d7e0c089c0:[U ]:" 'line 1: doubtful: its password is empty'
check "lint: a duplicate" lints 'A:a:1\n# x\na:A:2' 'line 3: doubtful: no server reads it: line 1 has the same account'
check "lint: no newline at the end" lints 'A:a:1\nB:b:2\c' 'line 2: doubtful: it has no newline'
check "lint: no account" lints '# nothing' 'doubtful: there is no account in it'
check "lint: a file that others can write" unsafe_file
check "lint: a large file" many_lines
check "lint: no secret is shown" eval "fresh 'A:a;hidden' 'B;hidden' 'x'; ! tool account lint '$file' | grep hidden"
fresh 'A;a;1'
check "lint --json" json 1 'it["findings"][0]["line"] == 1 and it["findings"][0]["severity"] == "bad" and it["accounts"] == 0' \
    account lint --json "$file"
check "what servers read is what was added" seen_by_servers
finish
