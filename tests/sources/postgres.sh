# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# postgres.sh - a real PostgreSQL server on a free loopback port, whose users log in by
# GSSAPI. Sourced by run. It runs as nobody when we are root, as it will not as root.

postgres_programs=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
postgres_port=1
postgres_programs=${postgres_programs%/*}

postgres_user=()
[ "$(id -u)" != 0 ] ||
    postgres_user=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups)

# A database with a role alice, who is alice@HOME.TEST.
postgres_make() {
    mkdir -p "$postgres_data" && cp "$work/keytab" "$postgres_keytab" ||
        return
    [ "$(id -u)" != 0 ] || chown nobody "$postgres_data" "$postgres_keytab" || return
    ${postgres_user[@]+"${postgres_user[@]}"} "$postgres_programs/initdb" -D "$postgres_data" -U root --no-sync \
        --locale=C -A trust || return
    printf '%s\n' 'local all root trust' \
        'host all all 127.0.0.1/32 gss include_realm=0 krb_realm=HOME.TEST' \
        >"$postgres_data/pg_hba.conf"
    ${postgres_user[@]+"${postgres_user[@]}"} "$postgres_programs/postgres" --single -D "$postgres_data" postgres \
        <<<'CREATE ROLE alice LOGIN'
}

# postgres_start: sets postgres_port and postgres_pid.
postgres_start() {
    postgres_data=$work/postgres postgres_keytab=$work/postgres-keytab
    postgres_make >"$work/postgres-output" 2>&1 || {
        sed 's/^/# /' "$work/postgres-output"
        return 1
    }
    fixture_cleanups+=(postgres_stop)
    for _ in {1..10}; do
        postgres_port=$((20000 + RANDOM % 12000))
        (
            cd / && exec ${postgres_user[@]+"${postgres_user[@]}"} \
                "$postgres_programs/postgres" -D "$postgres_data" -p "$postgres_port" \
                -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off \
                -c krb_server_keyfile="$postgres_keytab"
        ) >"$work/postgres-output" 2>&1 </dev/null &
        postgres_pid=$!
        await "$postgres_pid" grep 'ready to accept connections' "$work/postgres-output" &&
            return
        postgres_stop
    done
    sed 's/^/# /' "$work/postgres-output"
    return 1
}

postgres_stop() {
    [ -n "${postgres_pid-}" ] || return 0
    kill -INT "$postgres_pid" 2>/dev/null # a fast shutdown
    wait "$postgres_pid" 2>/dev/null
    postgres_pid=
    return 0
}
