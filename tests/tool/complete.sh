#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the shells complete of gss-negotiate, and that its manual has all of it.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
completion=$top_srcdir/tool/completion
PATH=$top_builddir:$PATH

# offers WORDS... OFFERED: separated by --; what is offered after these words.
offers() {
    local expected=${*: -1} got
    got=$(tool --complete "${@:1:$#-1}" | cut -f1 | tr '\n' ' ')
    [ "$got" = "${expected:+$expected }" ] || { printf 'it offers: %s\n' "$got"; return 1; }
}

in_bash() {
    local got
    got=$(bash -c '. "$1/gss-negotiate.bash"
        COMP_WORDS=("${@:2}") COMP_CWORD=$(($# - 2))
        _gss_negotiate
        printf "%s " "${COMPREPLY[@]}"' bash "$completion" "${@:1:$#-1}")
    [ "$got" = "${*: -1} " ] || { printf 'it offers: %s\n' "$got"; return 1; }
}
in_fish() {
    local got
    got=$(fish -c ". $completion/gss-negotiate.fish; complete -C 'gss-negotiate account li'" | cut -f1 | tr '\n' ' ')
    [ "$got" = 'lint list ' ] || [ "$got" = 'list lint ' ] || { printf 'it offers: %s\n' "$got"; return 1; }
}
in_zsh() { zsh -n "$completion/_gss-negotiate"; }

# Every command, nested ones too, and every option of it.
manual_has_everything() {
    local command nested option page=$top_srcdir/man/gss-negotiate.1
    while read -r command; do
        [ -z "$(tool --complete "$command" '')" ] || continue
        grep -q "Nm $command\$" "$page" || { echo "no $command"; return 1; }
    done < <(tool --complete '' | cut -f1)
    while read -r nested; do
        grep -q "Nm account $nested\$" "$page" || { echo "no account $nested"; return 1; }
    done < <(tool --complete account '' | cut -f1)
    while read -r option; do
        grep -qF "Fl -${option#--}" "$page" || { echo "no $option"; return 1; }
    done < <({ tool --complete '' | cut -f1 | while read -r command; do tool --complete "$command" --; done
        tool --complete account '' | cut -f1 | while read -r nested; do tool --complete account "$nested" --; done; } | cut -f1 | sort -u)
}

check "commands" offers '' "$(tool --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | tr '\n' ' ' | sed 's/ $//')"
check "the beginning of a command" offers dec decode
check "subcommands" offers account li 'list lint'
check "options" offers settings -- '--json --changed --help'
check "the beginning of an option" offers account add --p '--plain-text --password-fd'
check "options behind arguments" offers decode TlRM --v --verify
check "nothing for what is unknown" offers nonesuch '' ''
check "nothing behind a command without options in writing" offers settings req ''
check "bash: a command" in_bash gss-negotiate dec decode
check "bash: an option" in_bash gss-negotiate account add --rep --replace
if command -v fish >/dev/null; then check "fish" in_fish; else skip "fish" "there is no fish here"; fi
if command -v zsh >/dev/null; then check "zsh" in_zsh; else skip "zsh" "there is no zsh here"; fi
check "the manual has every command and every option" manual_has_everything
finish
