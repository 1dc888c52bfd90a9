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

# What is typed, and the arguments that the command is then called with: one as <it>. \t is
# the key that completes, \002 goes back by a character.
typed=(
    'gss-negotiate dec\tx' '<decode><x>'
    'gss-negotiate acco\tveri\t' '<account><verify>'
    'gss-negotiate account add --rep\tx' '<account><add><--replace><x>'
    'gss-negotiate sett account_file\002\002\002\002\002\002\002\002\002\002\002\002\002\t'
    '<settings><account_file>'
    'gss-negotiate settings account_f\t' '<settings><account_file>'
    'gss-negotiate login --keyring p\t' '<login><--keyring><persistent>'
    'gss-negotiate login --keyring=p\t' '<login><--keyring=persistent>'
    'gss-negotiate check --as roo\t' '<check><--as><root>'
    'gss-negotiate check --service no-such-ser\tx' '<check><--service><no-such-serx>'
    'gss-negotiate account add --file acc\tx' '<account><add><--file><accounts><x>'
    'gss-negotiate account add --file=acc\tx' '<account><add><--file=accounts><x>'
    'gss-negotiate account lint acc\t' '<account><lint><accounts>'
    'gss-negotiate account lint a\\ b\t' '<account><lint><a blank>'
    'gss-negotiate account verify acc\tx' '<account><verify><accx>'
    'gss-negotiate try --account-file acc\t--br\t' '<try><--account-file><accounts><--brief>'
    'gss-negotiate decode acc\tx' '<decode><accx>'
    'gss-negotiate list --json --j\tx' '<list><--json><--jx>'
)

# type_in SHELL COMMAND: types all of it in a terminal where this command runs a shell.
type_in() {
    local typist i
    mkfifo "$work/keys"
    (cd "$work/files" && TYPED=$work/typed.$1 PATH=$work/bin:$PATH exec script -qefc "$2" "$work/screen.$1" \
        <"$work/keys" >/dev/null 2>&1) &
    typist=$!
    exec {keys}>"$work/keys"
    await $typist grep -q 'ready>' "$work/screen.$1"
    for ((i = 0; i < ${#typed[@]}; i += 2)); do
        printf '%b\n' "${typed[i]}" >&$keys
    done
    printf 'exit\n' >&$keys
    wait $typist
    exec {keys}>&-
    rm "$work/keys"
}

# typed_so SHELL NUMBER: what was typed there called the command as it should.
typed_so() {
    local got
    got=$(sed -n "$(($2 / 2 + 1))p" "$work/typed.$1")
    [ "$got" = "${typed[$2 + 1]}" ] || { printf 'not %s but %s\n' "${typed[$2 + 1]}" "$got"; return 1; }
}

check_shell() {
    local i
    type_in "$1" "$2"
    for ((i = 0; i < ${#typed[@]}; i += 2)); do
        check "$1: ${typed[i]//\\/\\\\}" typed_so "$1" $i
    done
}

# fish completes a line without a terminal: fish_offers LINE OFFERED
fish_offers() {
    local got
    got=$(cd "$work/files" && PATH=$work/bin:$PATH fish --no-config -c \
        ". $completion/gss-negotiate.fish; complete -C '$1'" | cut -f1 | sort | tr '\n' ' ')
    [ "$got" = "${2:+$2 }" ] || { printf 'it offers: %s\n' "$got"; return 1; }
}
check_fish() {
    check "fish: commands" fish_offers 'gss-negotiate dec' decode
    check "fish: subcommands" fish_offers 'gss-negotiate account li' 'lint list'
    check "fish: options" fish_offers 'gss-negotiate account add --p' '--password-fd --plain-text'
    check "fish: an option once" fish_offers 'gss-negotiate account add --plain-text --p' --password-fd
    check "fish: settings" fish_offers 'gss-negotiate settings account_' 'account_file account_sources'
    check "fish: an option's argument" fish_offers 'gss-negotiate login --keyring ' 'persistent session'
    check "fish: one behind =" fish_offers 'gss-negotiate login --keyring=p' --keyring=persistent
    check "fish: files" fish_offers 'gss-negotiate account lint a' 'a blank accounts'
    check "fish: files of an option" fish_offers 'gss-negotiate account add --file acc' accounts
    check "fish: files behind =" fish_offers 'gss-negotiate account add --file=acc' --file=accounts
    check "fish: no files where none are taken" fish_offers 'gss-negotiate account verify acc' ''
}

make_surroundings() {
    mkdir "$work/files" "$work/bin" "$work/zsh"
    touch "$work/files/accounts" "$work/files/a blank"
    # It completes as the real one does, and else tells how it was called.
    cat >"$work/bin/gss-negotiate" <<SCRIPT
#!/bin/sh
[ "\$1" != --complete ] || exec ${TOOL_RUNNER-} "$tool" "\$@"
{ printf '<%s>' "\$@"; echo; } >>"\$TYPED"
SCRIPT
    chmod +x "$work/bin/gss-negotiate"
    printf '. "%s"\nPS1="ready>"\n' "$completion/gss-negotiate.bash" >"$work/bashrc"
    # shellcheck disable=SC2016 # zsh is to expand it
    printf 'fpath=("%s" $fpath); autoload -Uz compinit; compinit -D -u; PS1="ready>"\n' \
        "$completion" >"$work/zsh/.zshrc"
}

# Every command, nested ones too, and every option of it.
manual_has_everything() {
    local command option page=$top_srcdir/man/gss-negotiate.1
    while read -r -a command; do
        grep -q "Nm ${command[*]}\$" "$page" || { echo "no ${command[*]}"; return 1; }
        while read -r option; do
            grep -qF "Fl -${option#--}" "$page" || { echo "no $option"; return 1; }
        done < <(tool --complete "${command[@]}" -- | cut -f1)
    done < <(commands)
}

check "commands" offers '' "$(tool --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | tr '\n' ' ' | sed 's/ $//')"
check "the beginning of a command" offers dec decode
check "subcommands" offers account li 'list lint'
check "options" offers settings -- '--json --changed --help'
check "the beginning of an option" offers account add --p '--plain-text --password-fd'
check "options behind arguments" offers decode TlRM --v --verify
check "options that are given are not offered again" offers list --json -- '--keyring --help'
check "options where nothing else can follow" offers account list '' '--file --json --help'
check "no options behind --" offers account verify -- --f ''
check "the command's own options" offers -- '--help --version'
check "options in the middle" offers account lint --json '' :files
check "nothing for what is unknown" offers nonesuch '' ''
check "settings" offers settings netbios_d netbios_domain_name
check "what an option takes" offers login --keyring '' 'session persistent'
check "what an option takes behind =" offers login --keyring=s --keyring=session
check "a file's name" offers account list --file '' :files
check "a text, and a database of it" offers account import text '' :files
check "nothing behind an option of one letter" offers account add -x ''
check "nothing for an option that is not known" offers account list --nonesuch= ''
check "nothing behind = of an option without an argument" offers account list --json= ''
check "operands behind --" offers settings -- netbios_d netbios_domain_name
check "operands behind others and --" offers account import -- text '' :files
check "no options behind -- where no operand is taken" offers account list -- '' ''
check "options behind a dash" offers account list - '--file --json --help'
check "a dash is an operand" offers account import - '' :files
check "behind an option with its argument" offers account list --file=x --j --json
check "behind an option that is not known" offers account list --nonesuch --j --json
check "the options of a group of commands" offers account -- '--help'
check "a user" offers check --as roo root
make_surroundings
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    check_shell bash "bash --noprofile --rcfile '$work/bashrc' -i"
    if command -v zsh >/dev/null; then
        check_shell zsh "env ZDOTDIR='$work/zsh' zsh -d -i"
    else
        skip "zsh" "there is no zsh here"
    fi
else
    skip "bash and zsh" "there is no script(1) here, or no terminal for it"
fi
if command -v fish >/dev/null; then check_fish; else skip "fish" "there is no fish here"; fi
check "the manual has every command and every option" manual_has_everything
check "no word at all" eval "diff <(tool --complete) <(tool --complete '')"
check "an option of one letter" none tool --complete decode -v
check "an operand of one dash" eval "tool --complete account verify - '' | grep -q -- --file"
check "words behind --" none tool --complete account verify -- --f
finish
