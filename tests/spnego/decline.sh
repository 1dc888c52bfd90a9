#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A process that is older than the registration of mech_spnego.so keeps MIT's SPNEGO, and
# so do those that it forks; a younger one has ours. Whose it is shows in the error text of
# a login for which nobody has a credential.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

# The program says so once it runs, waits until it may go on, and looks for mechanisms
# then. With "fork" it is its child that looks.
program='
import os, sys, time
print("running", flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
if sys.argv[2] == "fork" and os.fork():
    os.wait()
    os._exit(0)
import gssapi
name = gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service)
try:
    gssapi.SecurityContext(name=name, mech=gssapi.OID.from_int_seq("1.3.6.1.5.5.2"),
                           usage="initiate").step()
    print("a token")
except gssapi.exceptions.GSSError as error:
    print(error)
print("done", flush=True)
os._exit(0)
'

# register: into the file that GSS_MECH_CONFIG names, now.
register() {
    rm -f "$work/mech"
    cp "$work/both" "$work/mech"
}

# start NAME FORK: a process that waits for $work/NAME.go.
start() {
    GSS_MECH_CONFIG=$work/mech /usr/bin/python3 -c "$program" "$work/$1.go" "$2" \
        >"$work/$1.said" 2>&1 </dev/null &
    await $! grep -q running "$work/$1.said"
}

# ends NAME: after it was allowed to go on.
ends() {
    : >"$work/$1.go"
    for _ in {1..600}; do
        grep -q '^done' "$work/$1.said" && break
        sleep 0.1
    done
    cat "$work/$1.said"
}

has_ours() { ends "$1" | grep 'NTLM: '; }
has_mits() { ! ends "$1" | grep -E 'NTLM: |a token' && grep -q 'GSS\|SPNEGO\|No credentials' "$work/$1.said"; }

/usr/bin/python3 -c 'import gssapi' 2>/dev/null || skip_all "there is no python3-gssapi here"
[ -d /proc/self ] || skip_all "there is no /proc here"
! is_sanitized "$mechanism" || skip_all "the module is built with sanitizers, Python is not"
fixture_begin
use_mechanism both "$top_builddir/gss-spnego.conf"
cp "$work/both" "$work/mech"
start older no
start parent fork
sleep 1
register
sleep 1
start younger no
start child fork
check "a process that is younger than the registration has ours" has_ours younger
check "a younger process' child has ours" has_ours child
check "a process that is older keeps MIT's" has_mits older
check "an older process' child keeps MIT's" has_mits parent
start again no
touch "$work/mech"
check "a file that is written again makes those that run older" has_mits again
finish
