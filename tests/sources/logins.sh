# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# logins.sh - the users, the servers, and what each program is to do with them.
# Sourced by run. alice has a password for NTLM and a ticket for Kerberos; mallory's
# file has a wrong password.

logins_begin() {
    account_file accounts 'DEMO:alice:Secret 123'
    account_file wrong 'DEMO:alice:Secret 124'
    use_mechanism ours "$mechanism"
    export GSS_MECH_CONFIG=$work/ours SERVER_ACCOUNTS=$work/accounts NETBIOS_DOMAIN_NAME=DEMO
    kerberos=
    if kdc_is_there && kdc_start 'addprinc -pw secret alice' 'addprinc -randkey HTTP/localhost' \
        "addprinc -randkey host/localhost" "addprinc -randkey postgres/localhost" \
        "addprinc -randkey MSSQLSvc/sql.home.test:1433" \
        "ktadd -k $work/keytab HTTP/localhost host/localhost postgres/localhost MSSQLSvc/sql.home.test:1433" &&
        KRB5CCNAME=FILE:$work/ccache kinit alice <<<secret >/dev/null; then
        kerberos=yes
        chmod 644 "$work/keytab"
    fi
}

# says TEXT COMMAND...: it succeeds, and this is the last line of its output.
says() {
    local output
    output=$("${@:2}" </dev/null 2>"$work/errors") || {
        cat "$work/errors"
        printf '%s\n' "$output"
        return 1
    }
    printf '%s\n' "$output"
    [ "$(tail -n 1 <<<"$output")" = "$1" ]
}

fails() { ! "$@" </dev/null; }

# With an account for NTLM, with a wrong one, with a ticket.
as_account() { env NTLM_USER_FILE="$work/accounts" KRB5CCNAME=FILE:"$work/none" "$@"; }
as_mallory() { env NTLM_USER_FILE="$work/wrong" KRB5CCNAME=FILE:"$work/none" "$@"; }
as_ticket() { env KRB5CCNAME=FILE:"$work/ccache" KRB5_KTNAME=FILE:"$work/keytab" "$@"; }

# logs WHAT COMMAND...: a check, named with what is registered.
with=
logs() { check "$1$with" "${@:2}"; }

# log_in PROGRAM: what it is to do, now and once more when another SPNEGO is there.
able=()
log_in() {
    able+=("$1")
    "login_$1"
}

# Once more, with mech_spnego.so in the place of GSSAPI's own SPNEGO.
log_in_with_ours() {
    local program
    with=", with mech_spnego.so"
    use_mechanism spnego "$top_builddir/gss-spnego.conf"
    export GSS_MECH_CONFIG=$work/spnego
    apache_stop
    apache_url=
    for program in "${able[@]}"; do
        "login_$program"
    done
}

# by_kerberos WHAT COMMAND...: a check that needs the KDC.
by_kerberos() {
    if [ -n "$kerberos" ]; then
        logs "$@"
    else
        skip "$1$with" "there is no KDC here"
    fi
}

# built PROGRAM: its sources compile; what follows is only for then.
built() {
    if ! "bring_$1" >"$work/build.log" 2>&1; then
        skip "$1" "apt does not bring its source package"
        return 1
    fi
    tests=$((tests + 1))
    if (cd "$source" && "build_$1") >"$work/build.log" 2>&1; then
        printf 'ok %d - %s %s builds unmodified\n' "$tests" "$1" "$version"
    else
        failures=$((failures + 1))
        printf 'not ok %d - %s %s builds unmodified\n' "$tests" "$1" "$version"
        tail -n 30 "$work/build.log" | sed 's/^/# /'
        return 1
    fi
}

program_librdkafka() { built librdkafka && log_in librdkafka; }

login_librdkafka() {
    by_kerberos "librdkafka logs in by Kerberos, to SASL's last message" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/librdkafka" localhost
    logs "librdkafka says why it does not log in" \
        fails_saying 'InitializeSecurityContext failed: No credentials' \
        as_account "$objects/librdkafka" localhost
}

program_mongo-c-driver() { built mongo-c-driver && log_in mongo-c-driver; }

login_mongo-c-driver() {
    by_kerberos "mongo-c-driver logs in by Kerberos, to SASL's last message" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/mongo-c-driver"
    logs "mongo-c-driver says why it does not log in" \
        fails_saying 'No credentials are available' as_account "$objects/mongo-c-driver"
}

# fails_saying TEXT COMMAND...
fails_saying() {
    local output
    ! output=$("${@:2}" 2>&1 </dev/null) && printf '%s\n' "$output" && grep -qF -- "$1" <<<"$output"
}

program_mariadb() { built mariadb && log_in mariadb; }

login_mariadb() {
    logs "mariadb's client logs in by Negotiate, with NTLM" \
        says 'DEMO\alice by NTLM' as_account "$objects/mariadb" Negotiate
    by_kerberos "mariadb's client logs in by Negotiate, with Kerberos" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/mariadb" Negotiate
    by_kerberos "mariadb's client logs in by Kerberos" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/mariadb" Kerberos
    logs "mariadb's client does not with a wrong password" \
        fails as_mallory "$objects/mariadb" Negotiate
    logs "mariadb's client says why it does not log in" \
        fails_saying 'SEC_E_NO_CREDENTIALS No credentials are available' \
        as_account "$objects/mariadb" Kerberos
}

program_postgresql() {
    if [ ! -f /usr/include/postgresql/pg_config.h ]; then
        skip "postgresql" "there is no libpq-dev here, whose configuration it is built with"
        return
    fi
    built postgresql && log_in postgresql
}

login_postgresql() {
    logs "libpq logs in by Negotiate, with NTLM" \
        says 'DEMO\alice by NTLM' as_account "$objects/postgresql" sspi
    by_kerberos "libpq logs in by Negotiate, with Kerberos" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/postgresql" sspi
    by_kerberos "libpq logs in by Kerberos to a server that asks for GSSAPI" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/postgresql" gss
    logs "libpq does not with a wrong password" \
        fails as_mallory "$objects/postgresql" sspi
    logs "libpq says why it does not log in" \
        fails_saying 'No credentials are available in the security package.' \
        as_account "$objects/postgresql" gss
    login_to_postgresql
}

# A real server can ask for GSSAPI only; that is Kerberos to libpq.
login_to_postgresql() {
    if [ -z "$kerberos" ]; then
        skip "libpq logs in to PostgreSQL by Kerberos$with" "there is no KDC here"
        return
    elif [ -z "$postgres_programs" ]; then
        skip "libpq logs in to PostgreSQL by Kerberos$with" "there is no PostgreSQL server here"
        return
    fi
    [ -n "${postgres_pid-}" ] || postgres_start # else the login fails
    logs "libpq logs in to PostgreSQL by Kerberos" \
        says 'alice is alice@HOME.TEST' as_ticket "$objects/postgresql" "$postgres_port"
    logs "libpq does not without a ticket" lacks "alice is" \
        as_account "$objects/postgresql" "$postgres_port"
}

# An Apache for those that speak HTTP.
http_server() {
    [ -z "${apache_url-}" ] || return 0
    apache_is_there && apache_start "${GSS_MECH_CONFIG##*/}" accounts KRB5_KTNAME=FILE:"$work/keytab"
}

program_neon() { built neon && log_in neon; }

login_neon() {
    local port
    if ! http_server; then
        skip "neon logs in$with" "there is no Apache with mod_auth_gssapi here"
        return
    fi
    port=${apache_url##*:}
    logs "neon logs in to Apache by Negotiate, with NTLM" \
        says 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' \
        as_account "$objects/neon" negotiate localhost "$port" /negotiate/
    logs "neon logs in to Apache by NTLM" \
        says 'Welcome, DEMO\alice. You came by NTLM/NTLM.' \
        as_account "$objects/neon" ntlm localhost "$port" /negotiate/
    by_kerberos "neon logs in to Apache by Negotiate, with Kerberos" \
        says 'Welcome, alice@HOME.TEST. You came by Negotiate/krb5.' \
        as_ticket "$objects/neon" negotiate localhost "$port" /negotiate/
    logs "neon does not with a wrong password" \
        fails as_mallory "$objects/neon" negotiate localhost "$port" /negotiate/
}

program_putty() { built putty && log_in putty; }

login_putty() {
    by_kerberos "putty logs in by Kerberos, and signs for SSH's server" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/putty"
    logs "putty says why it does not log in" \
        fails_saying 'No credentials are available' as_account "$objects/putty"
}

# curl_gets ARGUMENT...: a page with the curl of these sources
curl_gets() {
    "$objects/curl" -sS -f --noproxy '*' -4 --max-time 120 "$@" "$apache_url/negotiate/"
}

program_curl() { built curl && log_in curl; }

login_curl() {
    if ! http_server; then
        skip "curl logs in$with" "there is no Apache with mod_auth_gssapi here"
        return
    fi
    logs "curl says that it has SSPI" has_feature "$objects/curl" SSPI
    logs "curl logs in to Apache by Negotiate, with NTLM" \
        says 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' \
        as_account_of curl_gets --negotiate -u :
    logs "curl logs in to Apache by NTLM" \
        says 'Welcome, DEMO\alice. You came by NTLM/NTLM.' as_account_of curl_gets --ntlm -u :
    logs "curl logs in to Apache with a name and a password" \
        says 'Welcome, DEMO\alice. You came by NTLM/NTLM.' \
        curl_gets --ntlm -u 'DEMO\alice:Secret 123'
    by_kerberos "curl logs in to Apache by Negotiate, with Kerberos" \
        says 'Welcome, alice@HOME.TEST. You came by Negotiate/krb5.' \
        as_ticket_of curl_gets --negotiate -u :
    logs "curl does not with a wrong password" \
        fails curl_gets --ntlm -u 'DEMO\alice:Secret 124'
}

has_feature() { "$1" --version | grep -q "^Features:.* $2 "; }

# The same for functions.
as_account_of() { NTLM_USER_FILE=$work/accounts KRB5CCNAME=FILE:$work/none "$@"; }
as_ticket_of() { KRB5CCNAME=FILE:$work/ccache "$@"; }

program_freetds() { built freetds && log_in freetds; }

login_freetds() {
    logs "freetds logs in by Negotiate, with a name and a password" \
        says 'DEMO\alice by NTLM' "$objects/freetds" 'DEMO\alice' 'Secret 123'
    logs "freetds logs in by Negotiate, with NTLM" \
        says 'DEMO\alice by NTLM' as_account "$objects/freetds"
    by_kerberos "freetds logs in by Negotiate, with Kerberos" \
        says 'alice@HOME.TEST by Kerberos' as_ticket "$objects/freetds"
    logs "freetds does not with a wrong password" \
        fails "$objects/freetds" 'DEMO\alice' 'Secret 124'
}

program_serf() {
    if ! pkg-config --exists apr-util-1; then
        skip "serf" "there is no libaprutil1-dev here, which it is built with"
        return
    fi
    built serf && log_in serf
}

login_serf() {
    if ! http_server; then
        skip "serf logs in$with" "there is no Apache with mod_auth_gssapi here"
        return
    fi
    logs "serf logs in to Apache by Negotiate, with NTLM" \
        says 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' \
        as_account "$objects/serf" "$apache_url/negotiate/"
    by_kerberos "serf logs in to Apache by Negotiate, with Kerberos" \
        says 'Welcome, alice@HOME.TEST. You came by Negotiate/krb5.' \
        as_ticket "$objects/serf" "$apache_url/negotiate/"
    logs "serf does not with a wrong password" \
        lacks Welcome as_mallory "$objects/serf" "$apache_url/negotiate/"
}

# lacks TEXT COMMAND...: whatever it says, it is not this.
lacks() {
    local output
    output=$("${@:2}" 2>&1 </dev/null)
    printf '%s\n' "$output"
    ! grep -q -- "$1" <<<"$output"
}

# wine_passes FILE: the checks that fail are those of the document, no more and no fewer.
wine_passes() {
    local output
    output=$(env NTLM_USER_FILE="$work/wine-accounts" NTLMUSER=testuser \
        KRB5CCNAME=FILE:"$work/ccache" KRB5_KTNAME=FILE:"$work/keytab" \
        "$objects/wine-$1" 2>&1 </dev/null) || return
    printf '%s\n' "$output"
    grep -q '^[1-9][0-9]* checks, ' <<<"$output" || return
    diff <(grep -oE "\b$1\.c:[0-9]+" "$here/../../docs/windows-programs.md" | sort) \
        <(grep -v ': skipped: ' <<<"$output" | grep -oE '^[a-z0-9]+\.c:[0-9]+' | sort -u)
}

program_wine() { built wine && log_in wine; }

login_wine() {
    local file
    account_file wine-accounts WORKGROUP:testuser:testpass domain:user:password
    for file in main ntlm negotiate secur32; do
        logs "Wine's tests of secur32: $file.c" wine_passes "$file"
    done
}

program_firebird() {
    if [ ! -f /usr/include/firebird/IdlFbInterfaces.h ] || ! command -v g++ >/dev/null; then
        skip "firebird" "there is no firebird-dev here, whose generated header it is built with"
        return
    fi
    built firebird && log_in firebird
}

login_firebird() {
    logs "firebird's client logs in to its server by NTLM" \
        says 'DEMO\ALICE with a key of 16 bytes' as_account "$objects/firebird"
    logs "firebird's client does not without an account" \
        fails env KRB5CCNAME=FILE:"$work/none" "$objects/firebird"
}
