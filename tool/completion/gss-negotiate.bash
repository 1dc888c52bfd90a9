# SPDX-License-Identifier: MIT
# Completion of gss-negotiate in bash. The command itself tells what may follow, so that
# this never falls behind it.

_gss_negotiate() {
    local IFS=$'\n'
    # shellcheck disable=SC2207 # a word has no blank in it
    COMPREPLY=($("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _gss_negotiate gss-negotiate
