# SPDX-License-Identifier: MIT
"""One page of an HTTP server with libsoup 3.

usage: soup_http.py URL                     by Negotiate, as GSSAPI's default
       soup_http.py URL USER PASSWORD...    by NTLM, each password when it asks
Prints the page and exits with 0; 1 if the server refuses. Further pages are asked
for by the connection that is open. NTLM asks once more after a refusal.
"""
import os
import sys

# libsoup sends Negotiate over https, and to the servers that this names.
os.environ["SOUP_GSSAPI_TRUSTED_URIS"] = sys.argv[1][:sys.argv[1].index("/", 8)]

import gi

gi.require_version("Soup", "3.0")
from gi.repository import Soup

passwords = sys.argv[3:]


def authenticate(message, auth, retrying):
    if auth.get_scheme_name() != "NTLM" or not passwords:
        return False
    auth.authenticate(sys.argv[2], passwords.pop(0))
    return True


session = Soup.Session(timeout=60)
session.add_feature_by_type(Soup.AuthNTLM if passwords else Soup.AuthNegotiate)
message = Soup.Message.new("GET", sys.argv[1])
message.connect("authenticate", authenticate)
page = session.send_and_read(message, None).get_data().decode()
sys.stdout.write(page)
sys.exit(message.get_status() != Soup.Status.OK)
