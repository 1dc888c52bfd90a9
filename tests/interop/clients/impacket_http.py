# SPDX-License-Identifier: MIT
"""Logins at an HTTP server with impacket's NTLM, all by one connection.

usage: impacket_http.py [--sign] URL DOMAIN USER PASSWORD...
Tries each password until one is taken. Prints the page and exits with 0; 1 if the
server refuses them all.
"""
import base64
import http.client
import sys
import urllib.parse

from impacket import ntlm

arguments = [argument for argument in sys.argv[1:] if argument != "--sign"]
url, domain, user = arguments[:3]
url = urllib.parse.urlsplit(url)
connection = http.client.HTTPConnection(url.netloc, timeout=60)


def get(token):
    header = {"Authorization": "NTLM " + base64.b64encode(token).decode()}
    connection.request("GET", url.path, headers=header)
    response = connection.getresponse()
    return response, response.read().decode()


def log_in(password):
    negotiate = ntlm.getNTLMSSPType1("CLIENT", domain, signingRequired="--sign" in sys.argv,
                                     use_ntlmv2=True)
    response, _ = get(negotiate.getData())
    challenge = next(value[5:] for value in response.headers.get_all("WWW-Authenticate")
                     if value.startswith("NTLM "))
    authenticate, _ = ntlm.getNTLMSSPType3(negotiate, base64.b64decode(challenge), user,
                                           password, domain, use_ntlmv2=True)
    response, page = get(authenticate.getData())
    sys.stdout.write(page if response.status == 200 else "")
    return response.status == 200


connection.connect()
connection.auto_open = False  # a second connection would be another login
sys.exit(not any(log_in(password) for password in arguments[3:]))
