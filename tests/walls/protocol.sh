#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The protocol calls nobody but the compiler's and OpenSSL's libraries: no file, no
# socket, no environment, no clock, no random source, no lock, no GSSAPI. What it
# needs of these its callers hand in (mech/ntlm/env.h).
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/../interop/fixture.sh"

library=$top_builddir/.libs/libntlm.a
command -v nm >/dev/null || skip_all "there is no nm here"
! is_sanitized "$mechanism" || skip_all "a sanitizer's calls are in the library"

calls() { nm -u "$library" | awk '$1 == "U" { print $2 }' | sort -u; }

# has_none PATTERN: no function that the library calls is called so.
has_none() {
    local found
    found=$(calls) || return
    [ -n "$found" ] || return
    ! grep -E "^($1)" <<<"$found"
}

check "the protocol knows no GSSAPI, no krb5 and no winbind" has_none 'gss|krb5_|profile_|wbc|dl(open|sym)'
check "the protocol opens no file and no socket" \
    has_none '(f|fd)?open|creat|stat|lstat|fstat|read$|write$|f?printf|vf?printf|socket|connect|send|recv'
check "the protocol reads no environment" has_none '(secure_)?getenv|getauxval|gethostname|getpw'
check "the protocol looks at no clock" has_none 'time$|clock_|gettimeofday|localtime'
check "the protocol takes no random bytes" has_none 'getrandom|RAND_|rand|random|arc4random'
check "the protocol takes no lock" has_none 'pthread_|mtx_|sem_'
finish
