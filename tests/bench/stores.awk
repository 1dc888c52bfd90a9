# stores.awk - the table of what stores_bench printed: KIND, accounts, processes, changes a
# second, logons a second of one processor, their part of those without changes, ms to a first
# logon (the slowest one), MiB of all processes, logons that failed. Exits with 1 if something is not as needed. Of a database:
#
#   rate    while it changes, at least 0.9 of what it is without
#   first   10 ms at most
#   memory  of all processes, at most that of one and 2 MiB for each
#   lost    none, of a text neither

BEGIN {
    printf "%-8s %8s %5s %9s %9s %8s %10s %9s %5s\n", "", "accounts", "procs", "changes/s", "logons/s",
        "to still", "first, ms", "MiB, all", "lost"
}

function check(good, text) {
    if (good)
        return
    needed = needed "  " text
    missed++
}

{
    needed = ""
    check($9 == 0, "logons were lost")
    if ($1 == "database") {
        if ($3 == 1 && $4 == 0)
            one[$2] = $8
        check($6 >= 0.9, "below: at least 0.9 of those without changes")
        check($7 <= 10, "above: at most 10 ms")
        check($8 <= one[$2] + 2 * $3, sprintf("above: at most %.1f MiB", one[$2] + 2 * $3))
    }
    print $0 needed
    rows++
}

END { exit missed > 0 || rows == 0 }
