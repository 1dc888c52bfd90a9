#!/bin/sh
# The pages are such as mandoc has nothing to warn of, and each name that one has
# is found. Prints TAP.
set -u
cd "${srcdir:-.}/man" || exit

if ! command -v mandoc >/dev/null; then
    echo '1..0 # SKIP there is no mandoc here'
    exit 77
fi
count=0 failures=0
check() {
    count=$((count + 1))
    if [ -z "$2" ]; then
        echo "ok $count - $1"
    else
        failures=$((failures + 1))
        echo "not ok $count - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
    fi
}

# Which other manuals there are is the machine's business.
lint() { mandoc -Tlint -W style "$1" 2>&1 | grep -v -e 'referenced manual not found' -e 'mandoc.db lacks'; }

for page in *.1 *.5 *.8; do
    [ -e "$page" ] || continue
    check "$page" "$(lint "$page")"
done

# The names of a page, without what the style of the language puts around them.
names() { sed -n 's/^\.Nm \([A-Za-z]*\).*/\1/p' "$1" | sort -u; }

for page in *.3; do
    grep -q '^\.Dd' "$page" || continue
    check "$page" "$(lint "$page")"
    check "every name of $page is found" "$(names "$page" | while read -r name; do
        case " ${PAGE_LINKS-} " in
        *" $name:${page%.3} "*) continue ;;
        esac
        [ -e "$name.3" ] || echo "there is no $name.3"
    done)"
done
if command -v groff >/dev/null; then
    for page in *.[1358]; do
        ! grep -q '^\.Dd' "$page" || check "$page, for groff" "$(groff -mandoc -ww -Tutf8 -z "$page" 2>&1)"
    done
fi
# What is reference belongs to the pages.
check "README is short" "$(awk 'END { if (NR >= 250) print "it has " NR " lines" }' ../README)"
echo "1..$count"
[ "$failures" = 0 ]
