# stores.awk - the table of what stores_bench printed: KIND, accounts, processes, changes a
# second, logons a second of one processor, ms to a first logon (the slowest one), MiB of all
# processes, logons that failed. Exits with 1 if something is not as needed. Of a database:
#
#   rate    while it changes, at least 0.9 of what it is without
#   first   10 ms at most
#   memory  of all processes, at most that of one and 2 MiB for each
#   lost    none, of a text neither

BEGIN {
    printf "%-8s %8s %5s %9s %9s %10s %9s %5s\n", "", "accounts", "procs", "changes/s", "logons/s",
        "first, ms", "MiB, all", "lost"
}

function check(good, text) {
    if (good)
        return
    needed = needed "  " text
    missed++
}

{
    needed = ""
    check($8 == 0, "lost")
    if ($1 == "database") {
        if ($4 == 0)
            still[$2, $3] = $5
        else
            check($5 >= 0.9 * still[$2, $3], sprintf("below: %.2f of the rate without changes", $5 / still[$2, $3]))
        if ($3 == 1 && $4 == 0)
            one[$2] = $7
        check($6 <= 10, "above: 10 ms at most")
        check($7 <= one[$2] + 2 * $3, sprintf("above: %.1f MiB at most", one[$2] + 2 * $3))
    }
    print $0 needed
    rows++
}

END { exit missed > 0 || rows == 0 }
