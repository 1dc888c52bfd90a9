# SPDX-License-Identifier: MIT
"""pyspnego, which has a SPNEGO and an NTLM of its own, on one side of a login, and
python3-gssapi on the other, in one process: until both are complete, then messages
both ways.

usage: pyspnego_pair.py client|server negotiate|ntlm USER PASSWORD
pyspnego is that side, of this protocol. The server has the accounts of NTLM_USER_FILE.
Prints who came, or why nobody did.
"""
import sys

import gssapi
import spnego
from gssapi.raw import acquire_cred_with_password

MECHS = {"negotiate": "1.3.6.1.5.5.2", "ntlm": "1.3.6.1.4.1.311.2.2.10"}
# an error is raised by whom it happens to, and not by the peer who is told
gssapi.SecurityContext.__DEFER_STEP_ERRORS__ = False


def gssapi_side(usage, protocol, user, password):
    mech = gssapi.OID.from_int_seq(MECHS[protocol])
    if usage == "accept":
        return gssapi.SecurityContext(
            creds=gssapi.Credentials(usage="accept", mechs=[mech]), usage="accept")
    name = gssapi.Name(user, gssapi.NameType.user)
    raw = acquire_cred_with_password(name, password.encode(), mechs=[mech], usage="initiate")
    return gssapi.SecurityContext(
        name=gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service), mech=mech,
        flags=[gssapi.RequirementFlag.integrity, gssapi.RequirementFlag.confidentiality],
        creds=gssapi.Credentials(raw.creds), usage="initiate")


def log_in(client, server):
    token = client.step()
    while token and not (client.complete and server.complete):
        token = server.step(token)
        if token and not client.complete:
            token = client.step(token)
    if not (client.complete and server.complete):
        raise SystemExit("the login ended, and is not complete")


def talk(theirs, ours):
    text = "Grüße".encode()
    assert ours.decrypt(theirs.wrap(text).data) == text
    assert theirs.unwrap(ours.encrypt(text)).data == text
    ours.verify_signature(text, theirs.sign(text))
    theirs.verify(text, ours.get_signature(text))
    assert ours.decrypt(theirs.wrap(text).data) == text


def main(side, protocol, user, password):
    try:
        if side == "client":
            theirs = spnego.client(user, password, "localhost", "HTTP", protocol=protocol)
            ours = gssapi_side("accept", protocol, user, password)
            log_in(theirs, ours)
            name = str(ours.initiator_name)
        else:
            theirs = spnego.server("localhost", "HTTP", protocol=protocol)
            ours = gssapi_side("initiate", protocol, user, password)
            log_in(ours, theirs)
            name = theirs.client_principal
    except (gssapi.exceptions.GSSError, spnego.exceptions.SpnegoError) as error:
        raise SystemExit(str(error))
    talk(theirs, ours)
    print(f"complete, from {name}")


main(*sys.argv[1:])
