# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# results.sh - what `make check` left in a build tree, told and added up.
# Sourced by tests/check and tests/test. Adds to $passed, $failed, $skipped.

# Adds up the results that a suite left in a directory: each of the checks of
# Check's programs, and each line of TAP of the shell tests. What a check skips
# it says in such a line too.
count_results() {
    local trs log good bad skips result
    while read -r trs; do
        log=${trs%.trs}.log
        result=$(sed -n 's/^:global-test-result: *//p' "$trs")
        skips=$(grep -cE '^(ok|1\.\.0) .*# SKIP' "$log")
        if [[ $(grep -E '^[0-9]+%: Checks: ' "$log") =~ Checks:\ ([0-9]+),.*:\ ([0-9]+),.*:\ ([0-9]+) ]]; then
            bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
            good=$((BASH_REMATCH[1] - bad - skips))
        else
            good=$(grep -E '^ok ' "$log" | grep -vc '# SKIP')
            bad=$(grep -c '^not ok ' "$log")
        fi
        skipped=$((skipped + skips))
        passed=$((passed + good))
        failed=$((failed + bad))
        # a leak after the last check, a crash before the first
        if [ "$bad" = 0 ] && [[ $result != PASS && $result != SKIP ]]; then
            failed=$((failed + 1))
        fi
    done < <(find "$1" -name '*.trs')
}

# A line for each test program: its name, and how many of its checks passed.
tell_results() {
    find "$1" -name '*_test.log' -exec grep -hE '^[0-9]+%: Checks:|^Running suite' {} + |
        sed 's/^Running suite(s): //' | paste -d' ' - - | sort | sed 's/^/  /'
    find "$1" -name '*.log' ! -name test-suite.log \
        -exec grep -hE '^ok .*# SKIP|^1..0 # SKIP' {} +
}

# The end of what each program that failed had to say.
tell_failures() {
    local trs
    while read -r trs; do
        printf -- '--- the end of %s\n' "${trs%.trs}.log"
        tail -n 60 "${trs%.trs}.log"
    done < <(find "$1" -name '*.trs' -exec grep -lE '^:test-result: *(FAIL|XPASS|ERROR)' {} +)
}

# Removes what an earlier run left.
forget_results() {
    find "$1" -name '*.trs' -delete -o -name '*.log' ! -name config.log -delete
}
