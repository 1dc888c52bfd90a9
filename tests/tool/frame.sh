#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What all subcommands have in common: help, options, colours, exit statuses.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin

every_command_has_help() {
    local command
    [ -n "$(commands)" ] || return
    while read -r -a command; do
        says 0 "Usage: gss-negotiate ${command[*]}" "${command[@]}" --help || return
        says 0 "--help" "${command[@]}" --help || return
    done < <(commands)
}

every_command_is_listed() {
    local command
    while read -r command; do
        says 0 "  $command " --help || return
    done < <(tool --complete '' | cut -f1)
}

no_command_takes_an_unknown_option() {
    local command
    while read -r -a command; do
        says 2 'there is no option --nonesuch' "${command[@]}" --nonesuch || return
    done < <(commands)
}

help_fits_a_terminal() {
    local command
    while read -r -a command; do
        tool "${command[@]}" --help | awk 'length($0) > 80 { print; long = 1 } END { exit long }' || return
    done < <(commands)
}

in_a_terminal() {
    script -qec "$*" /dev/null </dev/null
}
has_colours() { grep -q $'\033\\['; }
colours_in_a_terminal() { TERM=xterm in_a_terminal "$tool settings" | has_colours; }
no_colours_with_no_color() { ! TERM=xterm NO_COLOR=1 in_a_terminal "$tool settings" | has_colours; }
colours_with_an_empty_no_color() { TERM=xterm NO_COLOR='' in_a_terminal "$tool settings" | has_colours; }
no_colours_without_a_term() { ! (unset TERM && in_a_terminal "$tool settings" | has_colours); }
no_colours_on_a_dumb_one() { ! TERM=dumb in_a_terminal "$tool settings" | has_colours; }
no_colours_in_a_pipe() { ! tool settings | has_colours; }

full_output() {
    local output status=0
    output=$(tool settings "$@" 2>&1 >/dev/full) || status=$?
    [ $status = 3 ] && grep -q 'standard output cannot be written: No space left' <<<"$output"
}

closed_descriptors() {
    local status=0
    tool settings <&- >&- 2>&- || status=$?
    [ $status = 0 ] || [ $status = 3 ]
}

check "--version" says 0 "gss-negotiate " --version
check "--help names each command" every_command_is_listed
check "each command has a help text of its own" every_command_has_help
check "no line of the help is longer than 80 characters" help_fits_a_terminal
check "without a command" says 2 'a command is missing'
check "an unknown command" says 2 'there is no command "nonesuch"' nonesuch
check "an unknown option before a command" says 2 'there is no option --nonesuch' --nonesuch
check "an unknown option of each command" no_command_takes_an_unknown_option
check "an option given twice" says 2 '--json is given twice' settings --json --json
check "an argument where none is taken" says 2 '--json takes no argument' settings --json=yes
check "an option with its argument behind =" says 3 '/nonesuch: No such file' account list --file=/nonesuch
check "an option without its argument" says 2 '--file needs an argument: FILE' account list --file
check "an option by one letter" says 2 'there is no option -x' settings -x
check "a dash alone is an operand" says 2 'there is no setting -' settings -
check "operands behind --" says 2 'there is no setting --json' settings -- --json
check "an operand that is missing" says 2 'an argument is missing' account add
check "an operand too many" says 2 '' account add a b
check "help by one letter" says 0 'Usage: gss-negotiate settings' settings -h
check "help behind -- is an operand" says 2 'there is no setting --help' settings -- --help
check "help as a command" says 0 'Usage: gss-negotiate' help
check "--version and more" says 2 '' --version settings
check "-V" says 0 'gss-negotiate ' -V
check "what cannot be understood points to the help" \
    says 2 '"gss-negotiate settings --help" tells more' settings --nonesuch
check "a terminal's control characters are escaped" says 2 '\x1b[31m' $'\033[31m'
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    check "colours in a terminal" colours_in_a_terminal
    check "none with NO_COLOR" no_colours_with_no_color
    check "none on a dumb terminal" no_colours_on_a_dumb_one
    check "colours with NO_COLOR that is empty" colours_with_an_empty_no_color
    check "none on a terminal that nobody names" no_colours_without_a_term
else
    skip "colours in a terminal" "there is no script(1) here, or no terminal for it"
fi
check "no colours in a pipe" no_colours_in_a_pipe
check "a full disk is told" full_output
check "a full disk is told of more than a buffer" full_output --json
check "with its standard descriptors closed" closed_descriptors
finish
