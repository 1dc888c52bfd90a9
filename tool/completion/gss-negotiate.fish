# SPDX-License-Identifier: MIT
# Completion of gss-negotiate in fish. The command itself tells what may follow, so that
# this never falls behind it.

function __gss_negotiate_offers
    set -l words (commandline -opc) (commandline -ct)
    $words[1] --complete $words[2..-1] 2>/dev/null
end
complete -c gss-negotiate -a '(__gss_negotiate_offers)'
