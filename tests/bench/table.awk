# table.awk - makes one table of two files: `requirements`, and what was measured,
# in lines "FIGURE COLUMN VALUE", in the order in which it was. A figure that
# comes several times has rounds: the table shows their median, and of two
# figures the median of the rounds' ratios. Exits with 1 if a requirement does not
# hold.

function median(values, count,    i, j, swap) {
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && values[j - 1] > values[j]; j--) {
            swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
        }
    if (count % 2)
        return values[(count + 1) / 2]
    return (values[count / 2] + values[count / 2 + 1]) / 2
}

function known(figure, column) { return rounds[figure, column] > 0 }

function value(figure, column,    all, i) {
    for (i = 1; i <= rounds[figure, column]; i++)
        all[i] = measured[figure, column, i]
    return median(all, i - 1)
}

function ratio(figure, column, other_figure, other_column,    all, i, count, under) {
    for (i = 1; i <= rounds[figure, column] && i <= rounds[other_figure, other_column]; i++)
        if ((under = measured[other_figure, other_column, i]) > 0)
            all[++count] = measured[figure, column, i] / under
    return count ? median(all, count) : -1
}

function shown(figure, column,    number) {
    if (!known(figure, column))
        return "-"
    number = value(figure, column)
    if (number == int(number) || number >= 100)
        return sprintf("%.0f", number)
    return sprintf("%.2f", number)
}

# What a figure counts, for the heading of its part of the table.
function kind(figure) {
    if (figure ~ /^heap/)
        return "bytes of heap that an established context holds"
    if (figure ~ /\.allocations$/)
        return "allocations each"
    if (figure ~ /\.above$/)
        return "instructions that SPNEGO adds"
    if (figure ~ /\.instructions$/)
        return "instructions each"
    if (figure ~ /\.(module|ciphers|malloc)$/)
        return "part of the whole"
    return "in a second"
}

# How many times better ours is: faster, or cheaper.
function shown_ratio(figure, other,    number) {
    if (!known(figure, "ours") || !known(figure, other))
        return "-"
    if (kind(figure) == "in a second")
        number = ratio(figure, "ours", figure, other)
    else
        number = ratio(figure, other, figure, "ours")
    return number < 0 ? "-" : sprintf(number < 1000 ? "%.2f" : "%.0f", number)
}

# What requirement number i comes to; empty when it cannot be said.
function verdict(i,    got, good, text) {
    if (!known(figure[i], column[i]) || of_figure[i] && !known(of_figure[i], of_column[i]))
        return ""
    text = sprintf("at %s %s", how[i] == ">=" ? "least" : "most", factor[i])
    if (of_figure[i]) {
        got = ratio(figure[i], column[i], of_figure[i], of_column[i])
        text = text " x"
        if (of_figure[i] != figure[i])
            text = text " " of_figure[i]
        if (of_figure[i] == figure[i] || of_column[i] != column[i])
            text = text " " of_column[i]
    } else {
        got = value(figure[i], column[i])
    }
    good = how[i] == ">=" ? got >= factor[i] : got <= factor[i]
    if (!good)
        missed++
    asked++
    return sprintf("%-5s %s%s (%s)", good ? "ok" : "below", column[i] == "ours" ? "" : column[i] " ",
                   sprintf(got < 100 ? "%.3g" : "%.0f", got), text)
}

/^#/ || NF == 0 { next }

FILENAME ~ /requirements$/ {
    ++requirements
    figure[requirements] = $1; column[requirements] = $2; how[requirements] = $3
    factor[requirements] = $4; of_figure[requirements] = $5; of_column[requirements] = $6
    next
}

{
    if (!($1 in row)) {
        row[$1] = ++count
        name[count] = $1
    }
    measured[$1, $2, ++rounds[$1, $2]] = $3
}

END {
    format = "%-22s %10s %11s %10s %10s %10s   %7s %7s %7s   %s\n"
    for (r = 1; r <= count; r++) {
        if (kind(name[r]) != last) {
            last = kind(name[r])
            printf "%s%s\n", r == 1 ? "" : "\n", last
            printf format, "", "ours", "gss-ntlmssp", "WinPR", "shim", "floor",
                "/gss-n.", "/WinPR", "/floor", "needed"
        }
        needed = ""
        for (i = 1; i <= requirements; i++)
            if (figure[i] == name[r] && (text = verdict(i)) != "")
                needed = needed (needed == "" ? "" : sprintf("\n%108s", "")) text
        printf format, name[r], shown(name[r], "ours"), shown(name[r], "gss-ntlmssp"),
            shown(name[r], "WinPR"), shown(name[r], "shim"), shown(name[r], "floor"),
            shown_ratio(name[r], "gss-ntlmssp"), shown_ratio(name[r], "WinPR"),
            shown_ratio(name[r], "floor"), needed
    }
    if (asked > 0)
        printf "\n%d of the %d requirements that were looked at hold\n", asked - missed, asked
    exit missed > 0
}
