# SPDX-License-Identifier: MIT
"""One page of an HTTP server with Negotiate, by python3-gssapi with a password.

usage: password_http.py URL USER PASSWORD
Prints the page and exits with 0; 1 if there is no login, and says why.
"""
import base64
import http.client
import sys
import urllib.parse

import gssapi
from gssapi.raw import acquire_cred_with_password

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")

url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.netloc, timeout=120)


def get(token):
    header = "Negotiate " + base64.b64encode(token or b"").decode()
    connection.request("GET", url.path, headers={"Authorization": header})
    answer = connection.getresponse()
    page = answer.read().decode()
    challenge = answer.getheader("WWW-Authenticate", "")
    return answer.status, page, base64.b64decode(challenge.removeprefix("Negotiate").strip())


def log_in(user, password):
    name = gssapi.Name(user, gssapi.NameType.user)
    raw = acquire_cred_with_password(name, password.encode(), mechs=[SPNEGO], usage="initiate")
    context = gssapi.SecurityContext(
        name=gssapi.Name(f"HTTP@{url.hostname}", gssapi.NameType.hostbased_service),
        mech=SPNEGO, creds=gssapi.Credentials(raw.creds), usage="initiate")
    status, page, token = get(context.step())
    while status == 401 and token:
        status, page, token = get(context.step(token))
    if status == 200 and not context.complete:
        context.step(token)
    return status, page


try:
    status, page = log_in(*sys.argv[2:4])
except gssapi.exceptions.GSSError as error:
    raise SystemExit(str(error))
print(page, end="")
sys.exit(status != 200)
