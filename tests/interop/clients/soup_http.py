# SPDX-License-Identifier: MIT
"""One page of an HTTP server with libsoup 3.

usage: soup_http.py URL                     by Negotiate, as GSSAPI's default
       soup_http.py URL USER PASSWORD       by NTLM
Prints the page and exits with 0; 1 if the server refuses. Where winbind's ntlm_auth
is installed libsoup begins an NTLM login with it, and when that cannot go on begins
again with the password, by the same connection.
"""
import os
import sys

# libsoup sends Negotiate over https, and to the servers that this names.
os.environ["SOUP_GSSAPI_TRUSTED_URIS"] = sys.argv[1][:sys.argv[1].index("/", 8)]

import gi

gi.require_version("Soup", "3.0")
from gi.repository import Soup


def authenticate(message, auth, retrying):
    if retrying or auth.get_scheme_name() != "NTLM":
        return False
    auth.authenticate(*sys.argv[2:4])
    return True


session = Soup.Session(timeout=60)
session.add_feature_by_type(Soup.AuthNTLM if len(sys.argv) > 2 else Soup.AuthNegotiate)
message = Soup.Message.new("GET", sys.argv[1])
message.connect("authenticate", authenticate)
page = session.send_and_read(message, None).get_data().decode()
sys.stdout.write(page)
sys.exit(message.get_status() != Soup.Status.OK)
