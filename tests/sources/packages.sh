# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# packages.sh - Debian's source packages, by apt with a source list of its own: the
# machine's lists and settings stay as they are. Sourced. Archives are kept in
# $archives for the next time; what is extracted lies in $sources, and nothing of
# it becomes part of the project.

# packages_begin: asks apt for the lists. Fails where there is no apt, no archive or
# no network.
packages_begin() {
    local release key=/usr/share/keyrings/debian-archive-keyring.gpg
    command -v apt-get >/dev/null && [ -r "$key" ] || return
    release=$(. /etc/os-release && [ "$ID" = debian ] && printf '%s' "$VERSION_CODENAME")
    [ -n "$release" ] || release=stable
    mkdir -p "$archives/lists/partial" "$archives/cache/archives/partial" "$sources"
    # What the release's archive lacks comes from the one behind it.
    printf "deb-src [signed-by=$key] http://deb.debian.org/debian %s main\n" "$release" sid \
        >"$archives/sources.list"
    apt_get=(apt-get -q -o "Dir::Etc::sourcelist=$archives/sources.list"
        -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$archives/lists"
        -o "Dir::Cache=$archives/cache" -o APT::Sandbox::User=root
        -o Acquire::Retries=2 -o "APT::Default-Release=$release")
    "${apt_get[@]}" update >"$work/apt.log" 2>&1 && ! grep -q '^[EW]: Failed' "$work/apt.log"
}

# package_archive NAME: the file with the program's own sources, in $archive.
package_archive() {
    local release
    for release in "$1" "$1/sid"; do
        archive=$(compgen -G "$archives/${1}_*.orig.tar.*z*" | grep -v '\.asc$' | head -n 1)
        [ -z "$archive" ] || return 0
        (cd "$archives" && "${apt_get[@]}" source --download-only --tar-only --only-source \
            "$release") >>"$work/apt.log" 2>&1
    done
    archive=$(compgen -G "$archives/${1}_*.orig.tar.*z*" | grep -v '\.asc$' | head -n 1)
    [ -n "$archive" ]
}

# package NAME PATTERN...: extracts the files of these patterns (none: all) of the
# first package of "NAME|OTHER" that there is. Sets source (a directory) and version.
package() {
    local name names
    IFS='|' read -ra names <<<"$1"
    shift
    for name in "${names[@]}"; do
        package_archive "$name" && break
    done
    [ -n "$archive" ] || return
    source=$sources/$name
    rm -rf "$source"
    mkdir -p "$source"
    version=${archive##*/"${name}"_}
    version=${version%.orig.tar.*}
    tar -xf "$archive" -C "$source" --strip-components=1 --wildcards "$@"
}
