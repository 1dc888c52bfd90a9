#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gss-negotiate decode: in whatever form a token comes, what it says, and whose it is.
# ntlm-login.txt and negotiate-login.txt are the tokens of EXAMPLE\alice, whose password is
# "secret", for HTTP/server.example.com.
set -u
# shellcheck source=tests/tool/tool.sh
. "$(dirname "$0")/tool.sh"
fixture_begin
here=$(cd "$(dirname "$0")" && pwd)
raw=$here/ntlm-login.txt
spnego=$here/negotiate-login.txt

# token N FILE: its Nth line.
token() { sed -n "${1}p" "$2"; }
bytes() { token "$1" "$2" | base64 -d; }
hex() { bytes "$1" "$2" | od -An -v -tx1 | tr -d '\n'; }

# Each form of the AUTHENTICATE says the same.
token 3 "$raw" >"$work/plain"
tool decode "$(token 3 "$raw")" >"$work/expected"
same_as_argument() { diff "$work/expected" <(tool decode "$1"); }
same_as_input() { diff "$work/expected" <(tool decode); }
in_lines() { base64 -d "$work/plain" | base64 -w 64 | same_as_input; }
in_dos_lines() { base64 -d "$work/plain" | base64 -w 64 | sed 's/$/\r/' | same_as_input; }
folded_header() { { printf 'Authorization: NTLM '; base64 -d "$work/plain" | base64 -w 60 | sed '2,$s/^/  /'; } | same_as_input; }
as_bytes() { base64 -d "$work/plain" | same_as_input; }
url_safe() { same_as_argument "$(tr '+/' '-_' <"$work/plain" | tr -d '=')"; }
json_string() { same_as_argument "{\"token\": \"$(sed 's|/|\\/|g' "$work/plain")\"}"; }
c_string() { same_as_argument "$(hex 3 "$raw" | sed 's/ /\\x/g')"; }
c_array() { same_as_argument "{$(hex 3 "$raw" | sed 's/ \(..\)/0x\1, /g')}"; }
# dumped COMMAND...: what this prints of the bytes.
dumped() { bytes 3 "$raw" | "$@" >"$work/dump" && same_as_input <"$work/dump"; }
# A packet: bytes before and behind.
packet() { printf '\x45\x00\x02\x30\x60\x06\x30\x84\xa1\x03\x30\x01'; bytes 3 "$raw"; printf '\r\n\0\0\xff'; }
packet_dumped() { packet | "$@" | same_as_input; }
as_tcpdump() { packet | xxd -g 2 | sed 's/^0000/\t0x/' | same_as_input; }
# Blanks behind the offset, and three before the characters.
as_tshark() { packet | xxd -g 1 | sed 's/^0000\(....\):  */\1  /; s/^\(.\{53\}\)  /\1   /' | same_as_input; }
http_packet() { { printf 'POST / HTTP/1.1\r\nAuthorization: NTLM '; cat "$work/plain"; printf '\r\n\r\n'; } | xxd | same_as_input; }
two_dumps() {
    { echo 'request:'; bytes 1 "$raw" | xxd; echo; echo 'answer:'; bytes 2 "$raw" | hexdump -C; bytes 3 "$raw" | od -Ax -tx1z; } |
        tool decode | grep -v '^ ' | cut -d, -f1 | tr '\n' ' ' | grep -x 'NEGOTIATE CHALLENGE AUTHENTICATE '
}
spnego_packet() {
    { printf 'ab\0'; bytes 1 "$spnego"; printf 'xy\0'; bytes 2 "$spnego"; printf '\0'; } >"$work/captured"
    tool decode <"$work/captured" >"$work/from" && diff "$work/from" <(head -n 2 "$spnego" | tool decode)
}
in_colons() { same_as_argument "$(hex 3 "$raw" | sed 's/^ //; s/ /:/g' | tr a-f A-F)"; }
whole_log() {
    { echo 'GET / HTTP/1.1'; echo "Authorization: Negotiate $(token 1 "$spnego")"
      echo '< HTTP/1.1 401 Unauthorized'; echo "< WWW-Authenticate: Negotiate $(token 2 "$spnego")"
      echo "accepted"; echo "> Authorization: Negotiate $(token 3 "$spnego")"
      echo "Www-Authenticate: Negotiate $(token 4 "$spnego")"; } | tool decode >"$work/log" &&
        [ "$(grep -c '^Neg' "$work/log")" = 4 ] && diff "$work/log" <(tool decode <"$spnego")
}

all_words() {
    local word
    tool decode <"$spnego" >"$work/words"
    for word in NegTokenInit mechTypes 'MechType: NTLM' mechToken NEGOTIATE NegotiateFlags Version \
        'negState: accept-incomplete' 'supportedMech: NTLM' responseToken CHALLENGE 'TargetName: "EXAMPLE"' \
        ServerChallenge TargetInfo MsvAvNbDomainName AUTHENTICATE 'UserName: "alice"' Workstation \
        'NtChallengeResponse: 224 bytes: NTLMv2' 'MsvAvTargetName: "HTTP/server.example.com"' \
        'MIC: at 72, announced' 'mechListMIC: 16 bytes' 'negState: accept-completed'; do
        grep -qF -- "$word" "$work/words" || { echo "no $word"; return 1; }
    done
}

no_secrets() {
    local key
    key=$(hex 3 "$raw" | tr -d ' ' | tail -c 32)
    ! tool decode "$(token 3 "$raw")" | grep -qi "$key"
}

# verified STATUS TEXT PASSWORD ARGUMENT...: decode --verify with this password says so.
verified() { printf '%s\n' "$3" | says "$1" "$2" decode --verify "${@:4}"; }
login() { cat "$raw"; }
from_descriptor() { says 0 'MIC: right' decode --verify --password-fd 3 <"$raw" 3<<<secret; }
nt_hash=$(printf secret | iconv -t UTF-16LE | openssl dgst -provider legacy -provider default -md4 2>/dev/null | sed 's/.* //')
wrong_mic() {
    # the last byte of its MIC
    bytes 3 "$raw" >"$work/token"
    printf '\0' | dd of="$work/token" bs=1 seek=87 conv=notrunc 2>/dev/null
    verified 1 'MIC: wrong' secret "$(token 1 "$raw")" "$(token 2 "$raw")" "$(base64 -w0 "$work/token")"
}
wrong_list_mic() {
    # the last byte of the acceptor's
    bytes 4 "$spnego" >"$work/token"
    printf '\1' | dd of="$work/token" bs=1 seek=$(($(stat -c %s "$work/token") - 5)) conv=notrunc 2>/dev/null
    verified 1 'mechListMIC of the acceptor: wrong' secret "$(head -n 3 "$spnego")" "$(base64 -w0 "$work/token")" &&
        verified 1 'mechListMIC of the initiator: right' secret "$(head -n 3 "$spnego")" "$(base64 -w0 "$work/token")"
}
# The list of mechanisms with another one in it.
wrong_list() {
    bytes 1 "$spnego" >"$work/token"
    printf '\1' | dd of="$work/token" bs=1 seek=29 conv=notrunc 2>/dev/null
    verified 1 'mechListMIC of the initiator: wrong' secret "$(base64 -w0 "$work/token")" "$(sed 1d "$spnego")"
}
published() {
    local vectors=$here/../lib/ms-nlmp-4.2.txt generation
    for generation in v1 v2; do
        verified 0 'LmChallengeResponse: right' Password \
            "$(sed -n "s/^$generation.challenge_message = //p" "$vectors")" \
            "$(sed -n "s/^$generation.authenticate_message = //p" "$vectors")" || return
    done
}
at_a_terminal() {
    # shellcheck disable=SC2016
    { sleep 1; echo secret; } | NO_COLOR=1 TOOL=$tool RAW=$raw script -qec 'bash -c "$TOOL decode --verify <$RAW"' /dev/null >"$work/typed"
    grep -q 'MIC: right' "$work/typed" && ! grep -q secret "$work/typed"
}

bytes_of_each() {
    local i
    for i in 1 2 3; do
        diff <(bytes $i "$raw" | tool decode) <(tool decode "$(token $i "$raw")") || return
    done
}
in_a_capture() {
    local i
    for i in 1 2 3; do
        { printf 'x\0'; bytes $i "$raw"; head -c 200000 /dev/zero; } | tool decode | diff - <(tool decode "$(token $i "$raw")") || return
    done
}
# der TAG HEX: an element of less than 128 bytes.
der() { printf '%s%02x%s' "$1" $((${#2} / 2)) "$2"; }
digits() { od -An -v -tx1 | tr -d ' \n'; }
ntlm_oid=$(der 06 2b06010401823702020a)
# init2 MECHANISM, init MECHANISM TOKEN: NegTokenInit2 with a hint, NegTokenInit.
in_frame() { der 60 "06062b0601050502$(der a0 "$(der 30 "$1")")"; }
init2() {
    in_frame "$(der a0 "$(der 30 "$1")")$(der a3 "$(der 30 "$(der a0 "$(der 1b "$(printf not_defined_in_RFC4178@please_ignore | digits)")")")")"
}
init() { in_frame "$(der a0 "$(der 30 "$1")")$(der a2 "$(der 04 "$2")")"; }

# authenticate FLAGS LM NT USER KEY: an AUTHENTICATE of these hexadecimal digits, without a MIC.
authenticate() {
    local field at=64 head='' body=''
    for field in "$2" "$3" '' "$4" '' "$5"; do
        head+=$(printf '%02x00%02x00%02x000000' $((${#field} / 2)) $((${#field} / 2)) $at)
        body+=$field at=$((at + ${#field} / 2))
    done
    printf '4e544c4d5353500003000000%s%s%s' "$head" "$1" "$body"
}
anonymous() { authenticate 010a8860 00 '' '' ''; }
# old_login LM NT: of the user a, with responses of these bytes.
old_login() {
    local i lm='' nt=''
    for i in {1..24}; do lm+=$1 nt+=$2; done
    authenticate 01028000 "$lm" "$nt" 6100 ''
}
# verified_by_hash STATUS TEXT TOKEN...
verified_by_hash() { printf '%s\n' "$nt_hash" | says "$1" "$2" decode --verify --nt-hash "${@:3}"; }

# published_value NAME: of the published logins of the user "User", whose password is "Password".
published_value() { sed -n "s/^$1 = //p" "$here/../lib/ms-nlmp-4.2.txt"; }
# login_of STATUS TEXT PASSWORD FLAGS LM NT [KEY]: a published login's responses, by these flags.
login_of() {
    verified "$1" "$2" "$3" "$(published_value v1.challenge_message)" \
        "$(authenticate "$4" "$5" "$6" 5500730065007200 "${7-}")"
}
client_challenge() {
    local flags=33820a82 challenge
    challenge=$(published_value v1.challenge_message)
    verified 0 'it is a client challenge' Password "${challenge:0:40}$flags${challenge:48}" "$(authenticate $flags \
        "$(published_value v1ess.lm_response)" "$(published_value v1ess.nt_response)" 5500730065007200 '')"
}
# A mechListMIC that is no signature.
short_list_mic() {
    verified 1 'mechListMIC of the acceptor: wrong' secret "$(head -n 3 "$spnego")" \
        "$(der a1 "$(der 30 "$(der a0 0a0100)$(der a3 "$(der 04 01020304)")")")"
}

# Whatever comes in, it ends in a status of ours.
survives() {
    local status=0
    tool decode --json >/dev/null 2>&1 || status=$?
    [ $status -le 3 ] || { echo "status $status"; return 1; }
}
altered() {
    local i
    for i in 0 8 12 16 20 28 36 44 52 60 72 90 200 300; do
        bytes 3 "$raw" >"$work/token"
        printf '\377\377' | dd of="$work/token" bs=1 seek=$i conv=notrunc 2>/dev/null
        survives <"$work/token" || return
        bytes 3 "$spnego" | head -c "$((i + 1))" | survives || return
    done
}
large() { head -c 17000000 /dev/zero | says 3 'standard input is longer than' decode; }
large_token() { { bytes 1 "$raw"; head -c 2000000 /dev/zero; } | survives; }
many() { for _ in $(seq 1001); do token 1 "$raw"; done | says 3 'there are more than 1000 tokens' decode; }

check "base64" same_as_argument "$(token 3 "$raw")"
check "a header" same_as_argument "Authorization: NTLM $(token 3 "$raw")"
check "a line of a log" same_as_argument \
    "[Sat Nov 28] [auth:trace] client 10.0.0.1: NTLM auth=\"$(token 3 "$raw")\", more"
check "base64 in lines" in_lines
check "base64 in lines that end as DOS has it" in_dos_lines
check "a folded header" folded_header
check "base64 for addresses" url_safe
check "a string of JSON" json_string
check "hexadecimal digits" same_as_argument "$(hex 3 "$raw" | tr -d ' ')"
check "hexadecimal digits between blanks" same_as_argument "$(hex 3 "$raw")"
check "hexadecimal digits between colons" in_colons
check "a string of C" c_string
check "an array of C" c_array
check "bytes" as_bytes
if command -v xxd >/dev/null; then
    check "a dump of xxd" dumped xxd
    check "a dump of xxd in bytes" dumped xxd -g 1
    check "a dump of xxd with wide lines" dumped xxd -c 32
    check "digits of xxd" dumped xxd -p
    check "an array of xxd" dumped xxd -i
    check "a packet in xxd's" packet_dumped xxd
    check "a packet in tcpdump's" as_tcpdump
    check "a packet in tshark's" as_tshark
    check "a packet of HTTP" http_packet
else
    skip "dumps of xxd" "there is no xxd here"
fi
if command -v hexdump >/dev/null; then
    check "a dump of hexdump" dumped hexdump
    check "a dump of hexdump -C" dumped hexdump -C
    check "a packet in hexdump's" packet_dumped hexdump -C
else
    skip "dumps of hexdump" "there is no hexdump here"
fi
check "a dump of od" dumped od -tx1
check "a dump of od with offsets in hexadecimal digits" dumped od -Ax -tx1z
if command -v xxd >/dev/null && command -v hexdump >/dev/null; then check "a page with three dumps" two_dumps; fi
check "a packet as it is" eval 'packet | same_as_input'
check "a packet of SPNEGO" spnego_packet
check "a log of a whole login" whole_log
check "the fields have the specification's names" all_words
check "no secret is shown" no_secrets
check "--json" json 0 'it["tokens"][0]["name"] == "AUTHENTICATE" and {f["name"]: f["value"]
    for f in it["tokens"][0]["fields"]}["UserName"] == "alice"' decode --json "$(token 3 "$raw")"
check "--json of SPNEGO" json 0 '[f["fields"][0]["name"] for f in it["tokens"][0]["fields"]
    if f["name"] == "mechToken"] == ["CHALLENGE"] or it["tokens"][0]["fields"][2]["fields"][0]["name"] == "CHALLENGE"' \
    decode --json "$(token 2 "$spnego")"
check "Kerberos' token is named" says 0 'mechanism: Kerberos' decode 600e06092a864886f71201020201006e
check "a malformed token is told" says 0 'malformed' decode "$(bytes 3 "$raw" | head -c 40 | base64 -w0)"
check "a malformed token of SPNEGO is told" says 0 'SPNEGO, 40 bytes, malformed' decode \
    "$(bytes 3 "$spnego" | head -c 40 | base64 -w0)"

check "bytes of each message" bytes_of_each
check "each message in a large capture" in_a_capture
check "what Windows' servers begin with" says 0 'hintName: "not_defined_in_RFC4178@please_ignore"' decode "$(init2 "$ntlm_oid")"
check "and its name" says 0 'NegTokenInit2, ' decode "$(init2 "$ntlm_oid")"
check "Kerberos as Microsoft writes it" says 0 'MechType: Kerberos (as Microsoft writes it)' decode "$(init2 "$(der 06 2a864882f712010202)")"
check "Kerberos' token in SPNEGO" says 0 'mechanism: Kerberos' decode "$(init "$(der 06 2a864886f712010202)" 600e06092a864886f71201020201006e)"
check "a token of nobody's in SPNEGO" says 0 'mechToken: 3 bytes' decode "$(init "$(der 06 2a03)" 414243)"
check "a mechanism without a name" says 0 'MechType: 1.2.3' decode "$(init "$(der 06 2a03)" 414243)"
check "--verify of a login by Kerberos" verified 3 "give a login's CHALLENGE" secret "$(init "$(der 06 2a864886f712010202)" 600e06092a864886f71201020201006e)"
check "a hash without --verify" says 2 'is for --verify' decode --nt-hash "$(token 1 "$raw")"
check "a descriptor without --verify" says 2 'is for --verify' decode --password-fd 0 "$(token 1 "$raw")"
check "the anonymous login" verified 0 'the client is anonymous' secret "$(token 2 "$raw")" "$(anonymous)"
check "the LM response that is the NT response again" verified 1 'it is the NT response again' secret "$(token 2 "$raw")" "$(old_login 41 41)"
check "an LM response that is wrong" verified 1 'LmChallengeResponse: wrong' secret "$(token 2 "$raw")" "$(old_login 41 42)"

lm=$(published_value v1.lm_response) nt=$(published_value v1.nt_response)
check "an LM response alone" login_of 0 'LmChallengeResponse: right' Password 01028000 "$lm" ''
check "an LM response alone has no NT response beside it" login_of 0 'NtChallengeResponse: not checked: there is none' Password 01028000 "$lm" ''
check "an LM response alone, and a wrong password" login_of 1 'LmChallengeResponse: wrong' Secret 01028000 "$lm" ''
check "an NT response alone" login_of 0 'LmChallengeResponse: not checked: there is none' Password 01028000 '' "$nt"
check "an LM response of another length" login_of 0 'LmChallengeResponse: not checked: there is none' Password 01028000 "${lm:2}" "$nt"
check "a login without an exchanged key" login_of 0 'NtChallengeResponse: right' Password 01028000 "$lm" "$nt"
check "an exchanged key that is too short" login_of 3 'is malformed' Password 31820042 "$lm" "$nt" 0102
check "a client challenge in the LM response's place" client_challenge
check "a mechListMIC that is no signature" short_list_mic
check "a mechListMIC without the list that it is of" eval "! verified 0 'MIC: ' secret \"\$(sed 1d '$spnego')\" | grep 'mechListMIC of'"

check "the right password" verified 0 'NtChallengeResponse: right' secret "$(cat "$raw")"
check "the right MIC" verified 0 'MIC: right' secret "$(cat "$raw")"
check "the right password in Negotiate" verified 0 'MIC: right' secret "$(cat "$spnego")"
check "the initiator's mechListMIC" verified 0 'mechListMIC of the initiator: right' secret "$(cat "$spnego")"
check "the acceptor's mechListMIC" verified 0 'mechListMIC of the acceptor: right' secret "$(cat "$spnego")"
check "a wrong mechListMIC" wrong_list_mic
check "mechanisms that were altered" wrong_list
check "no mechListMIC in NTLM alone" eval "! verified 0 mechListMIC secret \"\$(cat '$raw')\" | grep 'mechListMIC of'"
check "a mechListMIC without the right password" verified 1 'mechListMIC of the acceptor: not checked: its key' Secret "$(cat "$spnego")"
check "a wrong password" verified 1 'NtChallengeResponse: wrong' Secret "$(cat "$raw")"
check "a wrong MIC" wrong_mic
check "whose login it is" verified 0 'Verification, EXAMPLE\alice' secret "$(cat "$raw")"
check "without the NEGOTIATE" verified 0 'MIC: not checked: the NEGOTIATE message' secret \
    "$(token 2 "$raw")" "$(token 3 "$raw")"
check "without the CHALLENGE" verified 3 'give a login'\''s CHALLENGE and AUTHENTICATE' secret "$(token 3 "$raw")"
check "without the AUTHENTICATE" verified 3 'give a login'\''s CHALLENGE and AUTHENTICATE' secret "$(token 1 "$raw")" "$(token 2 "$raw")"
check "the published responses" published
if [ ${#nt_hash} = 32 ]; then
    check "an NT hash" verified 0 'MIC: right' "$nt_hash" --nt-hash "$(cat "$raw")"
    check "an LM response where the LM hash is not known" verified_by_hash 1 'the LM hash is not known' "$(token 2 "$raw")" "$(old_login 41 42)"
else
    skip "an NT hash" "openssl has no MD4 here"
    skip "an LM response where the LM hash is not known" "openssl has no MD4 here"
fi
check "what is no NT hash" verified 3 'not 32 hexadecimal digits' 12345 --nt-hash "$(cat "$raw")"
check "the password from a descriptor" from_descriptor
check "a descriptor that is none" says 3 'the password cannot be read' decode --verify --password-fd 77 "$(cat "$raw")"
check "--password-fd with a word" says 2 'needs a number' decode --verify --password-fd x "$(cat "$raw")"
check "a password that ends as DOS has it" verified 3 'carriage return' $'secret\r' "$(cat "$raw")"
check "a hash without --verify" says 2 'is for --verify' decode --nt-hash "$(cat "$raw")"
check "--verify with --json" json 1 'it["verification"]["NtChallengeResponse"] == "wrong"' \
    decode --verify --json "$(cat "$raw")" <<<wrong
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    check "the password is asked for, and not shown" at_a_terminal
else
    skip "the password is asked for, and not shown" "there is no script(1) here, or no terminal for it"
fi

check "what is no token" says 1 'has no token of NTLM or Negotiate in it' decode hello
check "what is no token, before one" says 1 'has no token of NTLM or Negotiate in it' decode hello "$(token 1 "$raw")"
check "an empty input" says 1 'standard input has no token' decode </dev/null
check "altered tokens" altered
check "random bytes" survives < <(head -c 100000 /dev/urandom)
check "a huge input" large
check "a huge token" large_token
check "very many tokens" many
check "a directory as input" says 3 'standard input cannot be read: Is a directory' decode <"$work"
finish
