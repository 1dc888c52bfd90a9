# SPDX-License-Identifier: MIT
# Completion of gss-negotiate in fish. The command itself tells what may follow, so that
# this never falls behind it.

function __gss_negotiate_offers
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l tool (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l offers ($tool --complete $words[2..-1] $word 2>/dev/null)
    if test "$offers" = :files
        set -l before (string match -r -- '^--[^=]*=' $word)
        set -l path (string replace -r -- '^--[^=]*=' '' $word)
        for file in (__fish_complete_path $path)
            echo "$before$file"
        end
    else
        printf '%s\n' $offers
    end
end
complete -c gss-negotiate -f -k -a '(__gss_negotiate_offers)'
