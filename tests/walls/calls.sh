#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No two sources of the product need each other: not over a header that declares what
# several of them define, either. Read back from the symbols of what was built.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

command -v nm >/dev/null || skip_all "there is no nm here"
! is_sanitized "$mechanism" || skip_all "a sanitizer's symbols are in the libraries"

# Circles of the objects in a library: "A needs B" for each step of one.
circles() {
    nm -A "$1" | awk '
        { split($1, part, ":"); object = part[2]; name = $NF; kind = $(NF - 1) }
        kind ~ /^[TDRBCVW]$/ { home[name] = object }
        kind == "U" { needs[object] = needs[object] " " name }
        function reaches(from, goal, i, count, list) {
            if (from == goal)
                return 1
            if (seen[from]++)
                return 0
            count = split(edges[from], list, " ")
            for (i = 1; i <= count; i++)
                if (reaches(list[i], goal))
                    return 1
            return 0
        }
        END {
            for (object in needs) {
                count = split(needs[object], list, " ")
                for (i = 1; i <= count; i++)
                    if (list[i] in home && home[list[i]] != object && !known[object, home[list[i]]]++)
                        edges[object] = edges[object] " " home[list[i]]
            }
            for (object in edges) {
                count = split(edges[object], list, " ")
                for (i = 1; i <= count; i++) {
                    split("", seen)
                    if (reaches(list[i], object))
                        print object " needs " list[i]
                }
            }
        }' | LC_ALL=C sort
}

for library in "$top_builddir"/.libs/lib*.a; do
    case ${library##*/} in
    libgssfixture.a) ;; # a test's
    *) check "no circle of sources in ${library##*/}" none circles "$library" ;;
    esac
done
finish
