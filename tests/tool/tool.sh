# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# tool.sh - what a test of the command gss-negotiate is written with. Sourced.

# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

# shellcheck disable=SC2034 # for who sources this
tool=$top_builddir/gss-negotiate

# tool ARGUMENT...: runs it. $TOOL_RUNNER (valgrind and the like) may run it.
tool() {
    # shellcheck disable=SC2086 # a list
    ${TOOL_RUNNER-} "$tool" "$@"
}

# exits STATUS ARGUMENT...: it exits so.
exits() {
    local status=0
    tool "${@:2}" || status=$?
    [ $status = "$1" ] || { printf 'it exits with %s, not %s\n' "$status" "$1"; return 1; }
}

# says STATUS TEXT ARGUMENT...: it exits so, and prints this text somewhere.
says() {
    local status=0 output
    output=$(tool "${@:3}" 2>&1) || status=$?
    printf '%s\n' "$output"
    [ $status = "$1" ] || { printf 'it exits with %s, not %s\n' "$status" "$1"; return 1; }
    grep -qF -- "$2" <<<"$output" || { printf 'it does not say: %s\n' "$2"; return 1; }
}

# json STATUS EXPRESSION ARGUMENT...: what it prints is JSON, and this is true of it in
# Python, where it is called `it`.
json() {
    local status=0 output
    command -v python3 >/dev/null || return 0
    output=$(tool "${@:3}") || status=$?
    printf '%s\n' "$output"
    [ $status = "$1" ] || { printf 'it exits with %s, not %s\n' "$status" "$1"; return 1; }
    python3 -c 'import json, sys
it = json.load(sys.stdin)
sys.exit(not eval(sys.argv[1]))' "$2" <<<"$output" || { printf 'not true: %s\n' "$2"; return 1; }
}

# Every command, one a line, as it is called: "account add".
commands() {
    local command
    tool --complete '' | cut -f1 | while read -r command; do
        if tool "$command" --help | grep -q "^Usage: gss-negotiate $command COMMAND"; then
            tool --complete "$command" '' | cut -f1 | sed "s/^/$command /"
        else
            printf '%s\n' "$command"
        fi
    done
}

# again LIBRARY STATUS ARGUMENT...: whichever call of those fails that this library
# (tests/lib/main_again.h) lets fail; it exits so when none does.
again() {
    local status=0
    MAIN_AGAIN=3 LD_PRELOAD=$top_builddir/.libs/$1 "$tool" "${@:3}" || status=$?
    [ $status = "$2" ] || { printf 'it exits with %s, not %s\n' "$status" "$2"; return 1; }
}

# changes FROM TO COMMAND...: a command with `again`, and a copy of FROM as $file each time,
# which is FROM or TO afterwards.
changes() {
    # shellcheck disable=SC2154 # of who sources this
    cp "$1" "$file"
    MAIN_AGAIN_BEFORE="{ cmp -s '$file' '$1' || cmp -s '$file' '$2'; } && cp '$1' '$file'" "${@:3}" && cmp "$file" "$2"
}
