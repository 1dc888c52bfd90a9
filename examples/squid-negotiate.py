#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# squid-negotiate.py - lets users of a Squid proxy in by Negotiate, with Kerberos or NTLM:
# a helper for auth_param (squid.conf beside it). Squid's own negotiate_kerberos_auth does
# one round only, and NTLM takes two.
import base64
import sys

import gssapi


def answer(context, line):
    """A line of Squid's, and its answer: the context goes on where it says TT."""
    kind, _, token = line.partition(" ")
    if kind == "YR":  # a new login
        context = gssapi.SecurityContext(usage="accept")
    if context is None:
        return None, "BH there is no login to go on with"
    try:
        reply = context.step(base64.b64decode(token, validate=True)) or b""
        complete = context.complete  # raises what step() did not
    except (gssapi.exceptions.GSSError, ValueError) as error:
        reason = str(error).replace("\n", " ")
        print(f"squid-negotiate: {reason}", file=sys.stderr, flush=True)
        return None, "NA " + reason
    reply = base64.b64encode(reply).decode() or "="
    if complete:
        return None, f"AF {reply} {context.initiator_name}"
    return context, "TT " + reply


def main():
    context = None
    for line in sys.stdin:
        context, text = answer(context, line.rstrip("\n"))
        print(text, flush=True)


main()
