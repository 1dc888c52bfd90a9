#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The walls of the house: who includes whom is what the tables rooms and libraries
# say, no files include each other in a circle, every source begins with config.h,
# and no file of the product is too long to be read in one go.
set -u
here=$(dirname "$0")
# shellcheck source=tests/interop/fixture.sh
. "$here/../interop/fixture.sh"
cd "$here/../.." || exit

limit=500
product=(mech sspi-shim tool include)

# Every C file below these, if there are such directories.
files_of() {
    local dir
    for dir in "$@"; do
        [ ! -d "$dir" ] || find "$dir" -name '*.[ch]'
    done | LC_ALL=C sort
}

# "FILE SPELLING" for each #include, the spelling with its <> or quotes.
includes_of() {
    # shellcheck disable=SC2046 # no file has a space in its name
    awk 'match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/) {
        spelling = substr($0, RSTART, RLENGTH)
        sub(/^[^<"]*/, "", spelling)
        print FILENAME, spelling
    }' $(files_of "$@") /dev/null
}

# "FILE HEADER" for each include of a header of the project: "FILE ?SPELLING" if
# there is none of this name. Quotes look beside the file first, as the compiler
# does.
own_includes() {
    includes_of "$@" | awk '
        function there(path, line, found) {
            if (!(path in known)) {
                found = (getline line <path) >= 0
                close(path)
                known[path] = found
            }
            return known[path]
        }
        function find(header, dirs, list, count, i) {
            count = split(dirs, list, " ")
            for (i = 1; i <= count; i++)
                if (there(list[i] "/" header))
                    return list[i] "/" header
            return ""
        }
        {
            quoted = $2 ~ /^"/
            header = substr($2, 2, length($2) - 2)
            if (header == "config.h")
                next
            dir = $1
            sub(/\/[^\/]*$/, "", dir)
            if (quoted) {
                path = find(header, dir " mech tests/lib sspi-shim sspi-shim/include include tool")
                print $1, (path == "" ? "?" $2 : path)
            } else if ((path = find(header, "sspi-shim/include include")) != "")
                print $1, path
        }'
}

# Includes that the table of rooms does not have.
strangers() {
    own_includes "${product[@]}" tests examples | awk '
        function dir(path) { sub(/\/[^\/]*$/, "", path); return path }
        FNR == NR {
            if ($0 ~ /^[^#]/) {
                room[$1] = 1
                for (i = 2; i <= NF; i++)
                    may[$1, $i] = 1
            }
            next
        }
        $2 ~ /^\?/ { print $1 " includes " substr($2, 2) ", which is nowhere"; next }
        !(dir($1) in room) { print dir($1) " is not in tests/walls/rooms"; next }
        dir($1) != dir($2) && !((dir($1), dir($2)) in may) && !((dir($1), "*") in may) {
            print $1 " includes " $2
        }' tests/walls/rooms -
}

# Headers of libraries where the table of libraries does not have them.
foreign_libraries() {
    includes_of "${product[@]}" | awk '
        function dir(path) { sub(/\/[^\/]*$/, "", path); return path }
        FNR == NR {
            if ($0 ~ /^[^#]/) {
                pattern[++patterns] = "^<" $1 ">$"
                gsub(/\./, "\\.", pattern[patterns])
                gsub(/\*/, ".*", pattern[patterns])
                for (i = 2; i <= NF; i++)
                    may[patterns, $i] = 1
            }
            next
        }
        {
            for (i = 1; i <= patterns; i++)
                if ($2 ~ pattern[i] && !((i, dir($1)) in may))
                    print $1 " includes " $2
        }' tests/walls/libraries -
}

# Includes from which a way of includes leads back. x.c and x.h are one noun: a
# circle of nouns is one of files.
circles() {
    own_includes "${product[@]}" | sed -E 's/\.[ch]( |$)/\1/g' | LC_ALL=C sort -u | awk '
        function reaches(noun, goal, i, count, list) {
            if (noun == goal)
                return 1
            if (seen[noun]++)
                return 0
            count = split(edges[noun], list, " ")
            for (i = 1; i <= count; i++)
                if (reaches(list[i], goal))
                    return 1
            return 0
        }
        $1 != $2 { edges[$1] = edges[$1] " " $2; from[++n] = $1; to[n] = $2 }
        END {
            for (i = 1; i <= n; i++) {
                split("", seen)
                if (reaches(to[i], from[i]))
                    print from[i] " includes " to[i]
            }
        }'
}

# Headers whose first comment says for whom alone they are, and who includes them all
# the same. Its own source may, and so may x.h where x.c is named.
for_others() {
    own_includes "${product[@]}" | awk '
        function noun(path) { sub(/\.[ch]$/, "", path); sub(/.*\//, "", path); return path }
        function named(header, line, text) {
            while ((getline line <header) > 0) {
                sub(/^ \*/, "", line)
                text = text line
                if (line ~ /\*\/$/ && line !~ /SPDX/)
                    break
            }
            close(header)
            return match(text, / For [a-z_0-9., ]*\.c[a-z_0-9., ]* alone\./) ? substr(text, RSTART, RLENGTH) : ""
        }
        {
            if (!($2 in whom))
                whom[$2] = named($2)
            if (whom[$2] && noun($1) != noun($2) && index(whom[$2], " " noun($1) ".c") == 0)
                print $2 " is" whom[$2] " " $1 " includes it"
        }'
}

too_long() {
    # shellcheck disable=SC2046 # no file has a space in its name
    wc -l $(files_of "${product[@]}" tests examples) | awk -v limit=$limit '$2 != "total" && $1 > limit'
}

# Sources whose first include is another one: they would see another off_t than
# the rest on a 32-bit machine. The examples are built without config.h, and so are
# the drivers of other projects' sources, which have their own.
without_config() {
    includes_of mech sspi-shim tool tests | awk '
        $1 ~ /\.c$/ && $1 !~ /^tests\/sources\// && !($1 in seen) { seen[$1] = 1; if ($2 != "\"config.h\"") print $1 " begins with " $2 }'
}

check "every directory includes only from those that tests/walls/rooms names" none strangers
check "a library's headers are included only where tests/walls/libraries says so" \
    none foreign_libraries
check "no files of the product include each other in a circle" none circles
check "headers that are for some files alone are included by these" none for_others
check "no file is longer than $limit lines" none too_long
check "every source includes config.h first" none without_config
finish
