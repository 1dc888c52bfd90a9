#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate try and serve: logins that are told step by step, to each other, to curl, and
# to servers that misbehave.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
# MIT's SPNEGO may be one that loses mechListMICs.
! spnego_loses_mics || mechanism=$top_builddir/gss-spnego.conf
use_mechanism mech "$mechanism"
export GSS_MECH_CONFIG=$work/mech
account_file accounts 'EXAMPLE:alice:secret' 'EXAMPLE:bob:word'
account_file own 'EXAMPLE:alice:secret'

# with PASSWORD STATUS TEXT ARGUMENT...
with() { printf '%s\n' "$1" | says "$2" "$3" try "${@:4}"; }
alice() { with secret 0 "$1" --user 'EXAMPLE\alice' "${@:2}"; }

serve_start() {
    fixture_cleanups+=(serve_stop)
    "$tool" serve 0 --account-file "$work/accounts" >"$work/serve.log" 2>&1 </dev/null &
    serving=$!
    await $serving grep -q listening "$work/serve.log" || { cat "$work/serve.log" >&2; return 1; }
    url=$(sed -n 's/^listening on //p' "$work/serve.log")
    port=${url##*:} port=${port%/}
}
serve_stop() {
    [ -z "${serving-}" ] || { kill "$serving"; wait "$serving"; } 2>/dev/null
    serving=
}
told() { grep -qF -- "$1" "$work/serve.log" || { cat "$work/serve.log"; return 1; }; }

# Its clients' are closed.
serve_has_one_socket() { [ "$(find "/proc/$serving/fd" -lname 'socket:*' | wc -l)" = 1 ]; }

# It has as many descriptors as it may have, and one for who comes next: who comes then waits
# until it may have more.
short_of_descriptors() {
    local limit client before
    limit=$(prlimit --pid "$serving" --nofile --output SOFT --noheadings | tr -d ' ')
    prlimit --pid "$serving" --nofile=3: || return
    exits 1 try --ntlm --user 'EXAMPLE\alice' "$url" <<<secret
    alice 'logged in' "$url" &
    client=$! before=$(switches)
    await $client has_slept && prlimit --pid "$serving" --nofile="$limit:" && wait $client
}
once_without_descriptors() {
    local tool=without_descriptors
    says 3 'port 0: Too many open files' serve --once 0
}
# shellcheck disable=SC2016 # for the shell that it runs
without_descriptors() { sh -c 'ulimit -n 4 && exec "$@"' - "$real_tool" "$@" </dev/null; }
real_tool=$tool
switches() { awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$serving/status"; }
has_slept() { [ "$(switches)" -ge $((before + 3)) ]; }

# In lines: each a step.
serve_in_json() {
    local serving url status
    command -v python3 >/dev/null || return 0
    "$tool" serve 0 --json --once --account-file "$work/accounts" >"$work/serve.json" 2>/dev/null </dev/null &
    serving=$!
    await $serving grep -q listening "$work/serve.json" || return
    url=$(sed -n 's/.*"text": "\(.*\)".*/\1/p' "$work/serve.json")
    alice 'logged in' "$url" && wait $serving && python3 -c 'import json, sys
steps = [json.loads(line) for line in sys.stdin]
sys.exit([s["step"] for s in steps] != ["listening", "request", "request", "received", "sent",
    "request", "received", "sent", "login"])' <"$work/serve.json"
    status=$?
    kill $serving 2>/dev/null
    return $status
}

# python SCRIPT: a server whose port is in $work/port.
helper() {
    rm -f "$work/port"
    fixture_cleanups+=(helper_stop)
    python3 -c "$1" "$work/port" "${@:2}" >"$work/helper.log" 2>&1 </dev/null &
    helping=$!
    await $helping test -s "$work/port"
}
helper_stop() {
    [ -z "${helping-}" ] || { kill "$helping"; wait "$helping"; } 2>/dev/null
    helping=
}
answers='
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1] + ".new", "w").write(str(server.getsockname()[1]))
import os
os.rename(sys.argv[1] + ".new", sys.argv[1])
answers = [eval("b\"\"\"" + answer + "\"\"\"") for answer in sys.argv[2:]]
while True:
    client, _ = server.accept()
    for answer in answers:
        client.recv(65536)
        try:
            client.sendall(answer)
        except OSError:
            pass
    client.close()
'
# answered STATUS TEXT SCHEME ANSWER...: a server that gives these answers, in order.
answered() {
    local status=0
    helper "$answers" "${@:4}" || return
    with secret "$1" "$2" --user 'EXAMPLE\alice' "$3://127.0.0.1:$(cat "$work/port")/" || status=$?
    helper_stop
    return $status
}
offer='HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n'

tls='
import os, socket, ssl, sys, threading
port, certificate, key, back = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server = socket.create_server(("127.0.0.1", 0))
open(port + ".new", "w").write(str(server.getsockname()[1]))
os.rename(port + ".new", port)
def copy(one, other):
    try:
        while True:
            data = one.recv(4096)
            if not data:
                break
            other.sendall(data)
    except OSError:
        pass
    try:
        other.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
while True:
    raw, _ = server.accept()
    try:
        client = context.wrap_socket(raw, server_side=True)
    except (ssl.SSLError, OSError):
        continue
    inner = socket.create_connection(("127.0.0.1", int(back)))
    threading.Thread(target=copy, args=(client, inner), daemon=True).start()
    threading.Thread(target=copy, args=(inner, client), daemon=True).start()
'
over_tls() {
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 >/dev/null 2>&1 || return
    helper "$tls" "$work/cert.pem" "$work/key.pem" "$port" || return
    local status=0 there
    there=https://localhost:$(cat "$work/port")/
    with secret 3 'self-signed certificate (--insecure goes on' --user 'EXAMPLE\alice' "$there" &&
        alice 'MsvAvChannelBindings: present' --insecure "$there" &&
        SSL_CERT_FILE=$work/cert.pem alice 'logged in as EXAMPLE\alice' "$there" &&
        SSL_CERT_FILE=$work/cert.pem with secret 3 'mismatch' --user 'EXAMPLE\alice' "${there/localhost/127.0.0.1}" &&
        SSL_CERT_FILE=$work/cert.pem fails_but_never_lets_in "$there" || status=$?
    helper_stop
    return $status
}

# fails_but_never_lets_in URL: whichever call of ours fails, a login that is not told has failed.
fails_but_never_lets_in() {
    local library
    printf 'secret\n' >"$work/password"
    for library in libmainfaults.so libmainshortage.so; do
        MAIN_AGAIN_LESS=yes MAIN_AGAIN_SAYS='logged in' again $library 0 \
            try --user 'EXAMPLE\alice' --password-fd 3 "$1" 3<"$work/password" </dev/null >/dev/null || return
    done
}

# Alone.
check "without a server" alice 'logged in as EXAMPLE\alice, by NTLM' --account-file "$work/accounts"
check "NTLM alone, without a server" alice 'logged in as EXAMPLE\alice, by NTLM' --ntlm --account-file "$work/accounts"
check "a wrong password, and why" with Secret 1 'wrong password for "EXAMPLE\alice"' --user 'EXAMPLE\alice' --account-file "$work/accounts"
check "an unknown user, and why" with secret 1 'carol' --user 'EXAMPLE\carol' --account-file "$work/accounts"
check "an account file that is not there" with secret 1 'No such file' --user 'EXAMPLE\alice' --account-file "$work/none"
check "signing and sealing" alice 'can sign, can encrypt' --protect --account-file "$work/accounts"
check "each field is told" alice 'MsvAvTargetName: "HTTP/localhost"' --account-file "$work/accounts"
printf '[ntlmssp]\nrestrict_sending_ntlm = deny\n' >"$work/krb5.conf"
check "NTLM is not to be sent" with secret 1 'forbidden here (restrict_sending_ntlm)' --ntlm --user 'EXAMPLE\alice' --account-file "$work/accounts"
: >"$work/krb5.conf"
NTLM_USER_FILE=$work/own check "who would log in anyway" says 0 'logged in as EXAMPLE\alice' try --account-file "$work/accounts"
check "nobody" says 1 'There is no user name and password to log in with' try --ntlm --account-file "$work/accounts"

steps='[s["step"] for s in it["steps"]]'
check "--json" json 0 "($steps == ['sent', 'received', 'sent', 'login'] and it['status'] == 0 and
    it['steps'][0]['tokens'][0]['name'] == 'NEGOTIATE' and it['steps'][3] == dict(step='login', user='EXAMPLE\\\\alice',
    mechanism='NTLM', mutual=False, integrity=True, confidentiality=True))" \
    try --json --ntlm --protect --account-file "$work/accounts" --user 'EXAMPLE\alice' <<<secret
check "--json: why it is refused" json 1 "(it['steps'][-1]['step'] == 'problem' and
    'wrong password' in it['steps'][-1]['text'] and it['status'] == 1)" \
    try --json --account-file "$work/accounts" --user 'EXAMPLE\alice' <<<Secret
check "--json --brief" json 0 "'NegotiateFlags' not in str(it) and 'UserName' in str(it)" \
    try --json --brief --account-file "$work/accounts" --user 'EXAMPLE\alice' <<<secret

# With a server.
serve_start || exit
check "try logs in to serve" alice 'logged in as EXAMPLE\alice, by NTLM' "$url"
check "serve tells it" told 'logged in as EXAMPLE\alice, by NTLM'
check "what is offered is told" alice 'offered: Negotiate' "$url"
check "what is chosen is told" alice 'supportedMech: NTLM' "$url"
check "NTLM in HTTP" alice 'logged in as EXAMPLE\alice, by NTLM' --ntlm "$url"
grep -q __asan_init "$tool" || check "whichever call fails" fails_but_never_lets_in "$url"
check "a refused login" with Secret 1 'the server refuses the login: HTTP/1.1 401' --user 'EXAMPLE\alice' "$url"
check "serve tells why" told 'wrong password for "EXAMPLE\alice"'
check "--brief" eval "alice 'logged in' --brief '$url' >'$work/brief' && ! grep -q NegotiateFlags '$work/brief'"
if command -v curl >/dev/null; then
    is_sanitized "$work/mech" || check "curl's Negotiate" eval "[ \"\$(NTLM_USER_FILE=$work/own curl -s --negotiate -u : '$url')\" = 'You are EXAMPLE\\alice.' ]"
    check "curl's NTLM" eval "[ \"\$(curl -s --ntlm -u 'EXAMPLE\\bob:word' '$url')\" = 'You are EXAMPLE\\bob.' ]"
    check "curl without a login" eval "[ \"\$(curl -s -o /dev/null -w '%{http_code}' '$url')\" = 401 ]"
    check "a token that is none" eval "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Negotiate !!' '$url')\" = 400 ]"
    check "a token of garbage" eval "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Negotiate AAAA' '$url')\" = 401 ]"
    check "and serve goes on" alice 'logged in' "$url"
fi
check "--json with a server" json 0 "([s['text'] for s in it['steps'] if s['step'] == 'offered'] == ['Negotiate', 'NTLM'] and
    it['steps'][0] == dict(step='answer', text='HTTP/1.1 401 Unauthorized'))" try --json --user 'EXAMPLE\alice' "$url" <<<secret
check "serve --json" serve_in_json
if command -v prlimit >/dev/null; then check "serve waits where it has no descriptor" short_of_descriptors; else skip "serve waits where it has no descriptor" "there is no prlimit here"; fi
check "serve --once says that it has none" once_without_descriptors
check "serve keeps no client's socket" await "$serving" serve_has_one_socket
check "a port that is taken" says 3 'Address already in use' serve "$port"
check "what is no port" says 2 'is no port' serve http
check "what is no address" says 2 'is no IPv4 address' serve --address localhost 0
if command -v python3 >/dev/null; then
    if command -v openssl >/dev/null && ! grep -q __asan_init "$tool"; then check "https, with channel bindings" over_tls; else skip "https" "there is no openssl here"; fi
    check "a server that offers something else" answered 1 'does not offer Negotiate' http \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
    check "a server that asks for no login" answered 1 'asks for no login' http 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    check "a server that closes" answered 3 'closed the connection' http ''
    check "a server that speaks something else" answered 3 'does not speak HTTP' http 'SSH-2.0-x\r\n'
    check "a server whose clock is behind" answered 1 "minutes behind this machine's" http \
        'HTTP/1.1 401 U\r\nDate: Fri, 27 Nov 2020 10:00:00 GMT\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'
    check "a server whose clock is ahead" answered 1 "minutes ahead of this machine's" http \
        'HTTP/1.1 401 U\r\nDate: Fri, 27 Nov 2099 10:00:00 GMT\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'
    check "a head without an end" answered 3 'closed the connection' http "HTTP/1.1 401 \"\"\" + b'x' * 200000 + b\"\"\""
    check "a body that is never sent" answered 1 'closes the connection in the middle' http \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 99999999999\r\n\r\n'
    check "a token that is no base64" answered 1 'not base64' http "$offer" \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate !!!\r\nContent-Length: 0\r\n\r\n'
    check "a token of garbage" answered 1 'nvalid' http "$offer" \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate AAAAAAAA\r\nContent-Length: 0\r\n\r\n'
    check "a server that lets in too early" answered 1 'ended the login before it was complete' http "$offer" \
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    check "control characters of a server" answered 1 '\x1b[31m' http \
        'HTTP/1.1 401 \x1b[31m\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'
    check "LDAP: result and reason" answered 1 'result 49, no' ldap '0\x84\x00\x00\x00\x12\x02\x01\x01a\x84\x00\x00\x00\x09\x0a\x01\x31\x04\x00\x04\x02no'
    check "LDAP: what is no LDAP" answered 3 'does not speak LDAP' ldap 'HTTP/1.1 400 Bad Request\r\n\r\n'
    check "LDAP: a message of 4 GiB" answered 3 'does not speak LDAP' ldap '0\x84\xff\xff\xff\xff\x02\x01\x01'
    check "LDAP: an element beyond its message" answered 3 'does not speak LDAP' ldap '0\x0c\x02\x01\x01a\x7f\x0a\x01\x0e\x04\x00\x04\x00'
    check "LDAP: a token of garbage" answered 1 'nvalid' ldap '0\x12\x02\x01\x01a\x0d\x0a\x01\x0e\x04\x00\x04\x00\x87\x04AAAA'
    check "LDAP: nothing in a message" answered 3 'does not speak LDAP' ldap '0\x00'
    check "LDAP: a length without an end" answered 3 'does not speak LDAP' ldap '0\x80\x02\x01\x01'
    check "LDAP: a length of five bytes" answered 3 'does not speak LDAP' ldap '0\x85\x00\x00\x00\x00\x01\x02'
    check "LDAP: half a length" answered 3 'does not speak LDAP' ldap '0\x84\x00'
    check "LDAP: half a message" answered 3 'does not speak LDAP' ldap '0\x10\x02\x01\x01'
    check "LDAP: an element's length without an end" answered 3 'does not speak LDAP' ldap '0\x03\x02\x80\x01'
    check "LDAP: an element's length of five bytes" answered 3 'does not speak LDAP' ldap '0\x03\x02\x85\x01'
    check "LDAP: half an element's length" answered 3 'does not speak LDAP' ldap '0\x03\x02\x84\x01'
    check "LDAP: no response behind the number" answered 3 'does not speak LDAP' ldap '0\x03\x02\x01\x01'
    check "LDAP: another response" answered 3 'does not speak LDAP' ldap '0\x0c\x02\x01\x01e\x07\x0a\x01\x00\x04\x00\x04\x00'
    check "LDAP: an empty response" answered 3 'does not speak LDAP' ldap '0\x05\x02\x01\x01a\x00'
    check "LDAP: a result that is no code" answered 3 'does not speak LDAP' ldap '0\x0c\x02\x01\x01a\x07\x04\x01\x00\x04\x00\x04\x00'
    check "LDAP: a result of two bytes" answered 3 'does not speak LDAP' ldap '0\x0d\x02\x01\x01a\x08\x0a\x02\x00\x00\x04\x00\x04\x00'
    check "LDAP: a result alone" answered 3 'does not speak LDAP' ldap '0\x08\x02\x01\x01a\x03\x0a\x01\x00'
    check "LDAP: a result without a text" answered 3 'does not speak LDAP' ldap '0\x0a\x02\x01\x01a\x05\x0a\x01\x00\x04\x00'
    check "LDAP: let in too early" answered 1 'the login does not come to an end' ldap '0\x0c\x02\x01\x01a\x07\x0a\x01\x00\x04\x00\x04\x00'
    more='0\x10\x02\x01\x01a\x0b\x0a\x01\x0e\x04\x00\x04\x00\x83\x02AA'
    check "LDAP: without a token, again and again" answered 1 'the login does not come to an end' ldap \
        "$more" "$more" "$more" "$more" "$more" "$more" "$more" "$more" "$more" "$more"
    check "HTTP: a body in pieces" answered 1 'does not offer Negotiate' http \
        'HTTP/1.1 401 U\r\nTransfer-Encoding: chunked\r\nWWW-Authenticate: Basic\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n'
    chunked='HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\nTransfer-Encoding: chunked\r\n\r\n'
    late='HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    check "HTTP: pieces, then goes on" answered 1 'ended the login before it was complete' http "${chunked}3\r\nabc\r\n0\r\n\r\n" "$late"
    check "HTTP: a trailer, then goes on" answered 1 'ended the login before it was complete' http "${chunked}0\r\nX: $(printf 'y%.0s' {1..200})\r\n\r\n" "$late"
    for piece in '' '5\r\nab' '2\r\nab' 'ffffffffff\r\n' '0\r\n'; do
        check "HTTP: pieces that end with \"$piece\"" answered 1 'closes the connection in the middle' http "$chunked$piece"
    done
    check "HTTP: no body" answered 1 'closes the connection in the middle' http 'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\n\r\n'
    check "HTTP: the end of the connection is told" answered 1 'closes the connection in the middle' http \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
    check "HTTP: a connection that is kept" answered 1 'ended the login before it was complete' http \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: Negotiate\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n' "$late"
    check "HTTP: another scheme that begins so" answered 1 'does not offer Negotiate' http \
        'HTTP/1.1 401 U\r\nWWW-Authenticate: NegotiateX, Negotiate2\r\nContent-Length: 0\r\n\r\n'
    check "HTTP: lines without carriage returns, and a NUL" answered 1 'does not offer Negotiate' http \
        'HTTP/1.1 401 U\nX\x00Y: z\nWWW-Authenticate: Basic\nContent-Length: 0\n\n'
    check "HTTP: a date that is none" answered 1 'does not offer Negotiate' http \
        'HTTP/1.1 401 U\r\nDate: tomorrow\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'
    check "HTTP: the right date" answered 1 'does not offer Negotiate' http \
        "HTTP/1.1 401 U\r\nDate: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"
    check "HTTP: a login that is forbidden" answered 1 'the server refuses the login' http "$offer" 'HTTP/1.1 403 F\r\nContent-Length: 0\r\n\r\n'
    check "HTTP: a server that fails" answered 1 '' http "$offer" 'HTTP/1.1 500 E\r\nContent-Length: 0\r\n\r\n'
    check "HTTPS: what is no TLS" answered 3 'TLS with 127.0.0.1: ' https 'HTTP/1.1 400 B\r\n\r\n'
    check "HTTPS: a server that closes" answered 3 'TLS with 127.0.0.1: ' https ''
else
    skip "servers that misbehave" "there is no python3 here"
fi
if command -v curl >/dev/null; then
    check "serve: a body with the request" eval "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -d body '$url')\" = 401 ]"
    check "serve: a token that is empty" eval "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Negotiate' '$url')\" = 400 ]"
fi
check "LDAP has no NTLM alone" with secret 2 'LDAP has Negotiate' --ntlm --user a "ldap://127.0.0.1:$port/"
check "serve: a port beyond the last" says 2 'is no port' serve 65536
check "serve: a port behind a sign" says 2 'is no port' serve +80
check "serve: a colon" says 2 'is no port' serve :80
check "serve: a port with letters" says 2 'is no port' serve 80x
serve_stop

check "LDAP's port" with secret 3 '127.0.0.1' --user a ldap://127.0.0.1/
check "LDAP's port with TLS" with secret 3 '127.0.0.1' --user a ldaps://127.0.0.1/
check "an address in brackets" with secret 3 '::1' --user a "http://[::1]:1/x"
check "brackets without an end" with secret 2 'names no host' --user a "http://[::1/"
check "brackets and no host" with secret 2 'names no host' --user a "http://[]/"
check "a blank in a host" with secret 2 'names no host' --user a "http://a b/"
check "nobody listens" with secret 3 'Connection refused' --user a "http://127.0.0.1:$port/"
check "no such host" with secret 3 'host.invalid' --user a http://host.invalid/
check "what is no URL" with secret 2 'is no URL' --user a localhost
check "an unknown scheme" with secret 2 'there is no ftp://' --user a ftp://localhost/
check "a URL without a host" with secret 2 'names no host' --user a http:///x
check "a user in a URL" with secret 2 'name the user with --user' --user a http://alice:secret@localhost/
check "a line end in a URL" with secret 2 'names no host' --user a $'http://localhost/\r\nX: y'
check "neither a URL nor a file" says 2 'name a URL' try
check "both" says 2 'leave the URL out' try --account-file "$work/accounts" http://localhost/
check "a password of nobody" says 2 'whose password is it?' try --password-fd 0 http://localhost/
finish
