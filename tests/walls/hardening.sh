#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What configure's summary calls hardening, read back from what was built.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

command -v readelf >/dev/null || skip_all "there is no readelf here"
grep -q '^HARDEN_CFLAGS = *-' "$top_builddir/Makefile" || skip_all "it was left out by configure"

# taken FLAG: the compiler takes it here, so configure sets it.
taken() { grep -qE "^HARDEN_(C|LD)FLAGS = .*$1" "$top_builddir/Makefile"; }

# calls FILE PATTERN: it calls a function of such a name.
calls() { readelf --dyn-syms -W "$1" | awk '$7 == "UND" { print $8 }' | grep -qE "^($2)(@|$)"; }

binds_at_once() { readelf -dW "$1" | grep -qE 'BIND_NOW|FLAGS.*NOW'; }
has_read_only_tables() { readelf -lW "$1" | grep -q GNU_RELRO && binds_at_once "$1"; }
has_no_executable_stack() { readelf -lW "$1" | grep -qE 'GNU_STACK .* RW +0x'; }
guards_the_stack() { calls "$1" '__stack_chk_fail'; }
checks_sizes() { calls "$1" '__[a-z]+_chk'; }
# The file as a whole is marked only where the C library's own start files are.
marks_branches() { objdump -d "$1" | grep -qE 'endbr(64|32)|bti'; }

for file in mech_ntlmssp.so mech_spnego.so libsspi.so; do
    path=$top_builddir/.libs/$file
    [ -f "$path" ] || continue
    check "$file has no executable stack" has_no_executable_stack "$path"
    ! taken '-z,now' || check "$file is read-only where it was linked" has_read_only_tables "$path"
    ! taken stack-protector || check "$file guards the stack" guards_the_stack "$path"
    [ $file != mech_ntlmssp.so ] || ! taken FORTIFY || check "$file checks the sizes of buffers" checks_sizes "$path"
    ! taken cf-protection || check "$file marks where branches may go" marks_branches "$path"
done

command=$top_builddir/gss-negotiate
if [ -f "$command" ]; then
    check "gss-negotiate has no executable stack" has_no_executable_stack "$command"
    ! taken '-z,now' || check "gss-negotiate is read-only where it was linked" has_read_only_tables "$command"
    ! taken stack-protector || check "gss-negotiate guards the stack" guards_the_stack "$command"
    ! taken FORTIFY || check "gss-negotiate checks the sizes of buffers" checks_sizes "$command"
    ! taken cf-protection || check "gss-negotiate marks where branches may go" marks_branches "$command"
fi
finish
