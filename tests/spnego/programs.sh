#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Unmodified programs with mech_spnego.so registered: curl, Apache and mod_auth_gssapi,
# SSPI's examples, Samba's domain controller with ldapsearch. The tests of tests/interop
# once more; where MIT's SPNEGO is at fault, they run here all the same.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

here=$(cd "$(dirname "$0")/../interop" && pwd)
export MECHANISM=$top_builddir/gss-spnego.conf

# One that can only be skipped says so itself.
runs() { bash "$here/$1.sh" || [ $? = 77 ]; }

for script in apache_negotiate apache_kerberos apache_basic sspi_http domain; do
    check "$script.sh passes with mech_spnego.so registered" runs "$script"
done
finish
