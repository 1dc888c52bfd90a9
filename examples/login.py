#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# login.py - a login to an HTTP server with Negotiate, in Python: python3-gssapi, and
# what Python brings. usage: login.py http://HOST[:PORT]/PATH
import base64
import http.client
import sys
import urllib.parse

import gssapi

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")

url = urllib.parse.urlsplit(sys.argv[1])
connection = http.client.HTTPConnection(url.netloc)  # one: NTLM logs in a connection
service = gssapi.Name(f"HTTP@{url.hostname}", gssapi.NameType.hostbased_service)
context = gssapi.SecurityContext(name=service, mech=SPNEGO, usage="initiate")
token = None
while True:
    token = context.step(token)
    header = "Negotiate " + base64.b64encode(token or b"").decode()
    connection.request("GET", url.path or "/", headers={"Authorization": header})
    answer = connection.getresponse()
    page = answer.read()
    challenge = answer.getheader("WWW-Authenticate", "")
    token = base64.b64decode(challenge.removeprefix("Negotiate").strip())
    if answer.status != 401 or not token:
        break
if token and not context.complete:
    context.step(token)
print(page.decode(), end="")
sys.exit(answer.status != 200 or not context.complete)
