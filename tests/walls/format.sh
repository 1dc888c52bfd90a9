#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every C file is as clang-format writes it, with the settings in .clang-format.
set -u
here=$(dirname "$0")
# shellcheck source=tests/interop/fixture.sh
. "$here/../interop/fixture.sh"
cd "$here/../.." || exit

# Another major version sets some lines otherwise.
version=14
formatter=$(command -v "clang-format-$version" || command -v clang-format)
[ -n "$formatter" ] || skip_all "there is no clang-format here"
[[ $("$formatter" --version) = *"version $version."* ]] ||
    skip_all "this clang-format is not version $version"
[ -f .clang-format ] || skip_all "there is no .clang-format here"

is_formatted() {
    # shellcheck disable=SC2046 # no file has a space in its name
    "$formatter" --dry-run --Werror $(find mech sspi-shim tool include tests examples \
        -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
}

check "clang-format would change nothing" is_formatted
finish
