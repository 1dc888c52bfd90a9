# SPDX-License-Identifier: MIT
"""One login at an HTTP server with impacket's NTLM, on one connection.

usage: impacket_http.py URL DOMAIN USER PASSWORD [sign]
Prints the page and exits with 0; 1 if the server refuses.
"""
import base64
import http.client
import sys
import urllib.parse

from impacket import ntlm

url, domain, user, password = sys.argv[1:5]
url = urllib.parse.urlsplit(url)
connection = http.client.HTTPConnection(url.netloc, timeout=60)


def get(token):
    header = {"Authorization": "NTLM " + base64.b64encode(token).decode()}
    connection.request("GET", url.path, headers=header)
    response = connection.getresponse()
    return response, response.read().decode()


negotiate = ntlm.getNTLMSSPType1("CLIENT", domain, signingRequired="sign" in sys.argv, use_ntlmv2=True)
response, _ = get(negotiate.getData())
challenge = next(value[5:] for value in response.headers.get_all("WWW-Authenticate")
                 if value.startswith("NTLM "))
authenticate, _ = ntlm.getNTLMSSPType3(negotiate, base64.b64decode(challenge), user, password,
                                       domain, use_ntlmv2=True)
response, page = get(authenticate.getData())
sys.stdout.write(page)
sys.exit(response.status != 200)
