# SPDX-License-Identifier: MIT
# Completion of gss-negotiate in bash. The command itself tells what may follow, so that
# this never falls behind it.

_gss_negotiate() {
    local IFS=$'\n' word i words=() offers equals=
    # bash takes --option=value for three words, where = is in COMP_WORDBREAKS.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$2
        if [ "${COMP_WORDS[i]}" = = ] && [[ ${words[*]: -1} = --* ]]; then
            words[${#words[@]} - 1]+="=" equals=yes
        elif [ -n "$equals" ]; then
            words[${#words[@]} - 1]+=$word equals=
        else
            words+=("$word")
        fi
    done
    # shellcheck disable=SC2207 # a word has no blank in it
    offers=($("${COMP_WORDS[0]/#\~\//$HOME/}" --complete "${words[@]}" 2>/dev/null | cut -f1))
    COMPREPLY=()
    for i in "${offers[@]}"; do
        case $i in
        :files) compopt -o default 2>/dev/null ;;
        --*=*) [[ $COMP_WORDBREAKS = *=* ]] && COMPREPLY+=("${i#*=}") || COMPREPLY+=("$i") ;;
        *) COMPREPLY+=("$i") ;;
        esac
    done
}
complete -F _gss_negotiate gss-negotiate
