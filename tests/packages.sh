# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# packages.sh - Debian's packages and an RPM are built; the former are installed in a
# Debian of their own, used, and removed again. Sourced by tests/check, whose $work,
# logged, copy_sources, build, pass, fail and skip it uses, after tests/debian.sh.

: "${work:?}" "${top:?}" "${jobs:?}"

debian_version() { sed -n '1s/.*(\(.*\)).*/\1/p' "$top/debian/changelog"; }

# The version is said in two places, for two kinds of reader.
versions_agree() {
    grep -qF "AC_INIT([gss-negotiate], [$(debian_version)])" "$top/configure.ac" &&
        grep -qx "Version: *$(debian_version)" "$top/gss-negotiate.spec"
}

packages_build() {
    copy_sources "$work/packages/src" &&
        (cd "$work/packages/src" && DEB_BUILD_OPTIONS="nocheck parallel=$jobs" \
            dpkg-buildpackage -nc -us -uc -b)
}

packages_lintian() {
    lintian --allow-root --fail-on error,warning \
        "$work/packages/gss-negotiate_$(debian_version)_$(dpkg --print-architecture).changes"
}

# Every file below /etc and /usr, in the system at this directory. What Python
# compiles and what dpkg and apt know is not the packages'.
packages_files() {
    (cd "$1" && find etc usr -xdev ! -name '*.pyc' ! -path '*/__pycache__' \
        ! -name 'ld.so.cache' | LC_ALL=C sort)
}

# packages_apt ROOT ARGUMENTS...: apt-get in that system, without its services.
packages_apt() {
    debian_run "$1" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y "${@:2}"
}

# shellcheck disable=SC2016 # for the inner shell
packages_install() {
    rm -rf "$1/packages" && mkdir "$1/packages" &&
        cp "$work"/packages/*_"$(debian_version)"_*.deb "$1/packages" &&
        rm -f "$1"/packages/*-dbgsym_* &&
        packages_apt "$1" update && packages_apt "$1" install gcc libc6-dev pkg-config libkrb5-dev &&
        packages_files "$1" >"$work/packages/before" &&
        debian_run "$1" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
            install --no-install-recommends /packages/*.deb'
}

# TAP; counted as the suite's scripts are.
packages_login() {
    rm -rf "$1/src" && copy_sources "$1/src" && debian_run "$1" /src/debian/tests/login
}

packages_remove() {
    local package packages=()
    for package in "$work"/packages/*_"$(debian_version)"_*.deb; do
        package=${package##*/}
        [[ $package = *-dbgsym_* ]] || packages+=("${package%%_*}")
    done
    packages_apt "$1" purge "${packages[@]}" && packages_apt "$1" autoremove --purge &&
        diff "$work/packages/before" <(packages_files "$1")
}

# Debian 12, as small as it gets, with Apache and curl.
packages_try() {
    local root=$work/packages-root log=$work/packages-login.log
    # shellcheck disable=SC2034 # for debian_make
    local debian_packages=(apache2-bin libapache2-mod-auth-gssapi curl)
    if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null ||
        ! logged packages-debootstrap debian_make "$root" bookworm "$(dpkg --print-architecture)" ||
        ! logged packages-run debian_run "$root" true; then
        skip "the packages are installed" "a Debian of its own takes root and debootstrap"
        return
    fi
    logged packages-install packages_install "$root" ||
        { fail "the packages cannot be installed"; return; }
    pass "the packages can be installed"
    packages_login "$root" >"$log" 2>&1
    grep -E '^(ok|not ok|#) ' "$log"
    passed=$((passed + $(grep -c '^ok ' "$log")))
    failed=$((failed + $(grep -c '^not ok ' "$log")))
    grep -q '^1\.\.' "$log" || fail "debian/tests/login did not end: $log"
    if logged packages-remove packages_remove "$root"; then
        pass "the packages are removed again and leave nothing"
    else
        fail "the packages leave something behind, or cannot be removed"
    fi
}

packages_rpm() {
    local rpm=$work/packages/rpm
    mkdir -p "$rpm" && make -C "$work/gcc" dist &&
        cp "$work"/gcc/gss-negotiate-*.tar.xz "$rpm" &&
        rpmbuild -bb --nodeps --nocheck --define 'debug_package %{nil}' --define "_topdir $rpm" --define "_sourcedir $rpm" \
            --define "_smp_mflags -j$jobs" "$top/gss-negotiate.spec" &&
        rpm -qlp "$rpm"/RPMS/*/*.rpm
}
