# SPDX-License-Identifier: MIT
# gssapi_pair.py - python3-gssapi on both sides of a login, in one process: SPNEGO
# until both are complete, then a signed and an encrypted message each way. Prints
# who came by which mechanism, or why nobody did.
#
#   usage: gssapi_pair.py TARGET [default | password USER PASSWORD]

import sys

import gssapi
from gssapi.raw import acquire_cred_with_password

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
# an error is raised by whom it happens to, and not by the peer who is told
gssapi.SecurityContext.__DEFER_STEP_ERRORS__ = False
NAMES = {"1.3.6.1.4.1.311.2.2.10": "NTLM", "1.2.840.113554.1.2.2": "Kerberos",
         "1.3.6.1.5.2.5": "IAKERB"}


def client_credential(how, *identity):
    if how == "default":
        return gssapi.Credentials(usage="initiate", mechs=[SPNEGO])
    user, password = identity
    name = gssapi.Name(user, gssapi.NameType.user)
    raw = acquire_cred_with_password(name, password.encode(), mechs=[SPNEGO], usage="initiate")
    return gssapi.Credentials(raw.creds)


def log_in(target, credential):
    flags = [gssapi.RequirementFlag.integrity, gssapi.RequirementFlag.confidentiality]
    client = gssapi.SecurityContext(
        name=gssapi.Name(target, gssapi.NameType.hostbased_service), mech=SPNEGO,
        flags=flags, creds=credential, usage="initiate")
    server = gssapi.SecurityContext(
        creds=gssapi.Credentials(usage="accept", mechs=[SPNEGO]), usage="accept")
    token = client.step()
    while token is not None and not (client.complete and server.complete):
        token = server.step(token)
        if token is not None and not client.complete:
            token = client.step(token)
    if not (client.complete and server.complete):
        raise SystemExit("the login ended, and is not complete")
    return client, server


def talk(sender, receiver):
    text = "Grüße".encode()
    assert receiver.decrypt(sender.encrypt(text)) == text
    assert receiver.unwrap(sender.wrap(text, False).message).message == text
    receiver.verify_signature(text, sender.get_signature(text))


def main(target, *how):
    try:
        client, server = log_in(target, client_credential(*(how or ["default"])))
    except gssapi.exceptions.GSSError as error:
        raise SystemExit(str(error))
    talk(client, server)
    talk(server, client)
    mech = server.mech.dotted_form
    print(f"complete, from {server.initiator_name} by {NAMES.get(mech, mech)}")


main(*sys.argv[1:])
