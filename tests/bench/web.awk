# SPDX-License-Identifier: MIT
# web.awk - the table of what web_bench has measured (web.c), and whether all is as it must
# be. Exit status 1: a login was lost or let in that should not be, or a server's memory grew,
# of a server with this module.

function median(list,    copy, count, i, j, held) {
    count = split(list, copy, " ")
    for (i = 2; i <= count; i++) {
        held = copy[i] + 0
        for (j = i - 1; j > 0 && copy[j] + 0 > held; j--) copy[j + 1] = copy[j]
        copy[j + 1] = held
    }
    return count % 2 ? copy[(count + 1) / 2] : (copy[count / 2] + copy[count / 2 + 1]) / 2
}

# The row that another is compared with: "KIND.gss-ntlmssp".
function peer_of(name) {
    sub(/\..*/, ".gss-ntlmssp", name)
    return name
}

function wrong(name, what) {
    printf "%s: %s\n", name, what
    if (name !~ /gss-ntlmssp/) status = 1
}

$1 == "round" {
    name = $2
    if (!(name in rounds)) names[++count] = name
    round = ++rounds[name]
    rate[name, round] = $3 / $4
    rates[name] = rates[name] " " $3 / $4
    logins[name] += $3
    wall[name] += $4
    server[name] += $5
    client[name] += $6
    memory[name, round] = $7
}
$1 == "all" {
    middle[$2] = $3; last[$2] = $4; lost[$2] = $5; bad[$2] = $6; broken[$2] = $7
    either[$2] = $8; changes[$2] = $9
}

# How many times the peer's rate, round by round.
function against_peer(name,    peer, round, ratios) {
    peer = peer_of(name)
    if (peer == name || !(peer in rounds)) return "-"
    for (round = 1; round <= rounds[name]; round++)
        ratios = ratios " " rate[name, round] / rate[peer, round]
    return sprintf("%.2f", median(ratios))
}

END {
    if (!count) exit 1
    printf "%-24s %8s %8s %8s %8s %8s %8s %7s %9s %7s\n", "", "logins/s", "/gss-n.", "p50 ms",
        "p99 ms", "us each", "client", "logins", "MiB", "changes"
    for (i = 1; i <= count; i++) {
        name = names[i]
        printf "%-24s %8.0f %8s %8.1f %8.1f %8.0f %8.0f %7d %4.1f %4.1f %7d\n", name,
            median(rates[name]), against_peer(name), middle[name], last[name],
            server[name] / logins[name] * 1e6, client[name] / logins[name] * 1e6, logins[name],
            memory[name, 1] / 1024, memory[name, rounds[name]] / 1024, changes[name]
        all_client += client[name]; all_server += server[name]; all_wall += wall[name]
    }
    printf "the client took %.0f %% of one processor, %.0f %% of what the servers took\n",
        100 * all_client / all_wall, 100 * all_client / all_server
    for (i = 1; i <= count; i++) {
        name = names[i]
        if (lost[name] + 0) wrong(name, lost[name] " logins lost that should succeed")
        if (bad[name] + 0) wrong(name, bad[name] " logins let in that should not be")
        if (broken[name] + 0) wrong(name, broken[name] " logins without an answer")
        middle_round = int((rounds[name] + 1) / 2)
        grown = memory[name, rounds[name]] - memory[name, middle_round]
        if (grown > 4096 + 0.1 * memory[name, middle_round])
            wrong(name, sprintf("memory grew by %d KiB in the second half", grown))
    }
    exit status
}
