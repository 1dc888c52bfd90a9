# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# apache.sh - a real Apache with mod_auth_gssapi on a free loopback port, in
# the fixture's directory, with an account file of its own. Sourced after
# fixture.sh. Each of its places asks for a login and greets with the user's
# name: /negotiate (SPNEGO and raw NTLM), /basic (Basic through GSSAPI), /krb5 (with
# GssapiAllowedMech krb5).
# A file that $apache_include names is included, and /private is there for it.
# $apache_directory is where it lives, if not in $work/apache, for a second server.
# /negotiate/attribute says which service the user meant, as NTLM has it.

apache_modules=$(compgen -G '/usr/lib*/*/modules/mod_auth_gssapi.so' || true)
apache_modules=${apache_modules%/*}
apache_program=$(PATH=$PATH:/usr/sbin command -v apache2 ||
    PATH=$PATH:/usr/sbin command -v httpd || true)

apache_is_there() { [ -n "$apache_program" ] && [ -n "$apache_modules" ]; }

# Who serves when we are root: Apache never does so itself.
apache_user() {
    local user
    for user in www-data apache nobody; do
        if id "$user" >/dev/null 2>&1; then
            printf '%s\n' "$user"
            return
        fi
    done
}

apache_configuration() {
    local module user dir=${apache_directory-$work/apache}
    cat <<CONF
ServerRoot $dir
ServerName localhost
DefaultRuntimeDir $dir
PidFile $dir/pid
Listen ${apache_address-127.0.0.1}:$1
ErrorLog $dir/error.log
ErrorLogFormat "%M"
LogLevel info
CONF
    for module in mpm_event authn_core authz_core authz_user dir include auth_gssapi unixd; do
        if [ -e "$apache_modules/mod_$module.so" ]; then
            printf 'LoadModule %s_module %s\n' "$module" "$apache_modules/mod_$module.so"
        fi
    done
    if [ "$(id -u)" = 0 ]; then
        user=$(apache_user)
        printf 'User %s\nGroup #%s\n' "$user" "$(id -g "$user")"
    fi
    cat <<CONF
DocumentRoot $dir/pages
DirectoryIndex index.html
<Directory $dir/pages>
    Options +Includes
    SetOutputFilter INCLUDES
    AuthType GSSAPI
    AuthName "gss-negotiate"
    GssapiPublishMech On
    GssapiConnectionBound On
    GssapiNameAttributes TARGET_NAME target-name
    Require valid-user
</Directory>
<Directory $dir/pages/basic>
    AuthType GSSAPI
    AuthName "gss-negotiate"
    GssapiPublishMech On
    GssapiConnectionBound On
    GssapiBasicAuth On
    GssapiAllowedMech ntlmssp
    Require valid-user
</Directory>
<Directory $dir/pages/krb5>
    AuthType GSSAPI
    AuthName "gss-negotiate"
    GssapiPublishMech On
    GssapiConnectionBound On
    GssapiAllowedMech krb5
    Require valid-user
</Directory>
CONF
    [ -z "${apache_include-}" ] || printf 'Include %s\n' "$apache_include"
}

# apache_start MECHANISM ACCOUNTS: names of files in $work; more variables for
# its environment may follow. With no MECHANISM, '', it has what is registered on
# this machine. Sets apache_url and apache_log.
apache_start() {
    local port place dir=${apache_directory-$work/apache}
    mkdir -p "$dir/pages/negotiate/attribute" "$dir/pages/basic" "$dir/pages/krb5" "$dir/pages/private"
    printf '<!--#echo var="TARGET_NAME" -->\n' >"$dir/pages/negotiate/attribute/index.html"
    for place in negotiate basic krb5 private; do
        printf 'Welcome, <!--#echo var="REMOTE_USER" -->. You came by %s.\n' \
            '<!--#echo var="GSS_MECH" -->' >"$dir/pages/$place/index.html"
    done
    cp "$work/$2" "$dir/accounts"
    chmod 600 "$dir/accounts"
    : >"$dir/trace"
    if [ "$(id -u)" = 0 ]; then
        chown "$(apache_user)" "$dir/accounts" "$dir/trace"
    fi
    apache_log=$dir/error.log
    fixture_cleanups+=(apache_stop)
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 12000))
        apache_configuration "$port" >"$dir/conf"
        : >"$apache_log"
        env ${1:+GSS_MECH_CONFIG="$work/$1"} NTLM_ACCOUNT_FILE="$dir/accounts" \
            NTLM_TRACE="$dir/trace" "${@:3}" \
            "$apache_program" -f "$dir/conf" -DFOREGROUND >"$dir/output" 2>&1 </dev/null &
        apache_pid=$!
        apache_url=http://localhost:$port
        # It says so after it has bound its port.
        await "$apache_pid" grep 'resuming normal operations' "$apache_log" && return
        apache_stop
    done
    cat "$dir/output" "$apache_log" >&2
    return 1
}

apache_stop() {
    [ -n "${apache_pid-}" ] || return 0
    kill "$apache_pid" 2>/dev/null
    wait "$apache_pid" 2>/dev/null
    apache_pid=
    return 0
}

# apache_get PLACE CURL-ARGUMENT...: sets `code` and `page`, and `refusal`:
# what the server's log says since it was asked.
apache_get() {
    local seen
    seen=$(wc -l <"$apache_log")
    : >"$work/page"
    code=$(curl -sS --noproxy '*' -4 --max-time 120 -o "$work/page" -w '%{http_code}' \
        "${@:2}" "$apache_url/$1/")
    page=$(<"$work/page")
    refusal=$(tail -n "+$((seen + 1))" "$apache_log")
    printf '%s\n' "$code" "$page" "$refusal"
}

# welcomes NAME BY COMMAND...: whether the command's apache_get gives the page.
welcomes() {
    "${@:3}"
    [ "$code" = 200 ] && [ "$page" = "Welcome, $1. You came by $2/NTLM." ]
}

# refuses COMMAND...: whether it gives none, and the log tells the reason.
refuses() {
    "$@"
    [ "$code" = 401 ] && grep -q 'Unknown user or wrong password' <<<"$refusal"
}

# What every test with Apache begins with.
apache_fixture() {
    apache_is_there || skip_all "there is no Apache with mod_auth_gssapi here"
    command -v curl >/dev/null || skip_all "there is no curl here"
    ! is_sanitized "$mechanism" ||
        skip_all "the module is built with sanitizers, Apache and curl are not"
    fixture_begin
    use_mechanism ours "$mechanism"
}
