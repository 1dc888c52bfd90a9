# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# debian.sh - the suite on another Debian: a system of its own in a directory, made
# by debootstrap, in which the sources are built and tested. Sourced by tests/check,
# whose $work, $jobs, logged, copy_sources, fail, skip and suite it uses. Takes root.

: "${work:?}" "${jobs:?}"

debian_mirror=http://deb.debian.org/debian
debian_packages=(gcc make autoconf automake libtool pkg-config libc6-dev libkrb5-dev
    libssl-dev libunistring-dev zlib1g-dev libkeyutils-dev check libwbclient-dev apache2-bin
    libapache2-mod-auth-gssapi curl gss-ntlmssp krb5-kdc krb5-admin-server krb5-user)

# debian_make ROOT SUITE ARCHITECTURE: the system, unless it is there from an
# earlier run.
debian_make() {
    local packages
    [ ! -f "$1/complete" ] || return 0
    rm -rf "$1"
    packages=$(printf '%s,' "${debian_packages[@]}")
    debootstrap --arch="$3" --variant=minbase --include="${packages%,}" "$2" "$1" \
        "$debian_mirror" && printf '127.0.0.1 localhost\n' >"$1/etc/hosts" && : >"$1/complete"
}

# debian_run ROOT COMMAND...: with /proc, and mounts that nobody else sees. Its / is
# a mount, for the tests that make mounts of their own.
debian_run() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --fork sh -c 'root=$1; shift
        mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/dev/shm" &&
        exec chroot "$root" "$@"' sh "$@"
}

debian_configure() {
    debian_run "$1" "${personality[@]}" sh -c 'cd /src && autoreconf -i && mkdir build &&
        cd build && ../configure -q CC=gcc --enable-werror &&
        make -k -j'"$jobs"' check TESTS='
}

# debian_suite NAME SUITE ARCHITECTURE
debian_suite() {
    local root=$work/$1-root personality=()
    if [ "$(id -u)" != 0 ]; then
        skip "$1" "a Debian of its own takes root"
        return
    fi
    if ! command -v debootstrap >/dev/null; then
        skip "$1" "there is no debootstrap here"
        return
    fi
    if ! logged "$1-debootstrap" debian_make "$root" "$2" "$3" ||
        ! logged "$1-run" debian_run "$root" true; then
        skip "$1" "no Debian $2 for $3 can be had here"
        return
    fi
    # uname says i686 there
    [ "$3" != i386 ] || personality=(linux32)
    if ! logged "$1-copy" copy_sources "$root/src" ||
        ! logged "$1-make" debian_configure "$root"; then
        fail "does not build on Debian $2 for $3"
        return
    fi
    # shellcheck disable=SC2034 # for suite
    local maker=(debian_run "$root" "${personality[@]}" make -C /src/build)
    suite "$1-check" "$1-root/src/build"
}
