#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real browsers, Chromium and Firefox, sign in to Apache by Negotiate without asking
# anybody: the page shows the user. Pictures of it are kept in browser-screenshots/.
set -u
# shellcheck source=tests/interop/fixture.sh
. "$(dirname "$0")/fixture.sh"
# shellcheck source=tests/interop/apache.sh
. "$(dirname "$0")/apache.sh"
# shellcheck source=tests/interop/keyring.sh
. "$(dirname "$0")/keyring.sh"

screenshots=$top_builddir/browser-screenshots

# as_client COMMAND...: with the module, the user's identity and a home of its own. The
# identity is from gss-negotiate login, or where there is no keyring from a file.
as_client() {
    local client=(env -u DISPLAY HOME="$work/home" XDG_RUNTIME_DIR="$work/home" no_proxy=localhost
        GSS_MECH_CONFIG="$work/ours" timeout -k 5 90)
    if keyring_is_there; then
        logged_in 'DEMO\alice' "$(sed 's/^DEMO:alice://' "$work/client")" "${client[@]}" "$@"
    else
        NTLM_USER_FILE=$work/client "${client[@]}" "$@"
    fi
}

# log_since NUMBER: what the server's log says after that many lines.
log_since() { tail -n "+$(($1 + 1))" "$apache_log"; }

# chromium_show ARGUMENT...: what it says about the page.
chromium_show() {
    as_client "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --disable-dev-shm-usage --user-data-dir="$work/home/chromium" \
        --auth-server-allowlist=localhost --timeout=8000 "$@" "$apache_url/negotiate/"
}

# It loads GSSAPI only once it has met Negotiate: the first start is for that.
chromium_signs_in() {
    chromium_show --dump-dom
    chromium_show --dump-dom | grep -F 'Welcome, DEMO\alice. You came by Negotiate/NTLM.' &&
        chromium_show --window-size=640,200 --screenshot="$screenshots/chromium.png" &&
        [ -s "$screenshots/chromium.png" ]
}

chromium_is_refused() {
    ! chromium_show --dump-dom | grep -F Welcome
}

# A profile that trusts the server and asks nobody anything.
firefox_profile() {
    mkdir -p "$work/home/firefox"
    cat >"$work/home/firefox/user.js" <<'JS'
user_pref("network.negotiate-auth.trusted-uris", "http://localhost");
user_pref("network.negotiate-auth.allow-non-fqdn", true);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.proxy.type", 0);
JS
}

firefox_show() {
    as_client "$firefox" --headless --no-remote --profile "$work/home/firefox" \
        --window-size=640,200 --screenshot "$1" "$apache_url/negotiate/"
}

# Firefox says nothing about a page; the server says who was let in.
firefox_signs_in() {
    local seen
    seen=$(wc -l <"$apache_log")
    firefox_show "$screenshots/firefox.png"
    [ -s "$screenshots/firefox.png" ] &&
        log_since "$seen" | grep -E 'DEMO.{1,2}alice.*authenticated'
}

firefox_is_refused() {
    local seen
    seen=$(wc -l <"$apache_log")
    firefox_show "$work/refused.png"
    log_since "$seen" | grep 'Unknown user or wrong password'
}

apache_fixture
chromium=$(command -v chromium || true)
firefox=$(command -v firefox-esr || true)
mkdir -p "$work/home" "$screenshots"
account_file server 'DEMO:alice:Secret 123'
apache_start ours server || exit

for browser in chromium firefox; do
    if [ -z "${!browser}" ]; then
        skip "$browser signs in" "there is no $browser here"
        continue
    fi
    [ "$browser" = chromium ] || firefox_profile
    account_file client 'DEMO:alice:Secret 123'
    check "$browser signs in, and the page shows the user" "${browser}_signs_in"
    account_file client 'DEMO:alice:Secret 124'
    check "$browser with a wrong password is refused" "${browser}_is_refused"
done
finish
