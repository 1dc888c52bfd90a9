# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# debian.sh - the suite on another Debian: a system of its own in a directory, made
# by debootstrap, in which the sources are built and tested. Sourced by tests/check,
# whose $work, $jobs, logged, copy_sources, fail, skip and suite it uses. Takes root.

: "${work:?}" "${jobs:?}"

debian_mirror=http://deb.debian.org/debian
debian_packages=(gcc make autoconf automake libtool pkg-config libc6-dev libkrb5-dev
    libssl-dev libunistring-dev zlib1g-dev libkeyutils-dev liblmdb-dev check libwbclient-dev apache2-bin
    libapache2-mod-auth-gssapi curl gss-ntlmssp krb5-kdc krb5-admin-server krb5-user)

# Real programs, for the interop tests.
# shellcheck disable=SC2034 # for tests/check
debian_programs=(gssproxy iproute2 keyutils ldap-utils libsasl2-modules-gssapi-mit mandoc python3-gi
    gir1.2-soup-3.0 python3-gssapi python3-impacket python3-pyspnego samba samba-ad-dc samba-ad-provision
    samba-dsdb-modules samba-vfs-modules slapd winbind)

# debian_make ROOT SUITE ARCHITECTURE PACKAGE...: the system, with these packages besides,
# unless it is there from an earlier run. Those are apt's to install: debootstrap knows
# no alternatives.
debian_make() {
    local root=$1 packages
    packages=$(printf '%s,' "${debian_packages[@]}")
    [ "$(cat "$root/complete" 2>/dev/null)" != "$packages$*" ] || return 0
    rm -rf "$root"
    debootstrap --arch="$3" --variant=minbase --include="${packages%,}" "$2" "$root" \
        "$debian_mirror" && printf '127.0.0.1 localhost\n' >"$root/etc/hosts" || return
    if [ $# -gt 3 ]; then
        debian_run "$root" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq -y --no-install-recommends "${@:4}" || return
    fi
    printf '%s' "$packages$*" >"$root/complete"
}

# debian_run ROOT COMMAND...: with /proc, terminals, and mounts that nobody else sees. Its / is
# a mount, for the tests that make mounts of their own.
debian_run() {
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --fork sh -c 'root=$1; shift
        mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/dev/shm" &&
        mkdir -p "$root/dev/pts" && ln -sfn pts/ptmx "$root/dev/ptmx" &&
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" &&
        exec chroot "$root" "$@"' sh "$@"
}

debian_configure() {
    debian_run "$1" "${personality[@]}" sh -c 'cd /src && autoreconf -i && mkdir build &&
        cd build && ../configure -q CC=gcc --enable-werror &&
        make -k -j'"$jobs"' check TESTS='
}

# debian_suite NAME SUITE ARCHITECTURE PACKAGE...: with these packages besides those that
# every suite needs.
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
    if ! logged "$1-debootstrap" debian_make "$root" "${@:2}" ||
        ! logged "$1-run" debian_run "$root" true; then
        skip "$1" "no Debian $2 for $3 can be had here"
        return
    fi
    # uname says i686 there
    [ "$3" != i386 ] || personality=(env NOT_AGAIN=yes linux32)
    if ! logged "$1-copy" copy_sources "$root/src" ||
        ! logged "$1-make" debian_configure "$root"; then
        fail "does not build on Debian $2 for $3"
        return
    fi
    # shellcheck disable=SC2034 # for suite
    local make_command=(debian_run "$root" "${personality[@]}" make -C /src/build)
    suite "$1-check" "$1-root/src/build"
}
