/* SPDX-License-Identifier: MIT */
/* sspi_fixture.h - a machine of the test's own: this build's NTLM module, an
 * account file, and a Kerberos without tickets, keys or a KDC. */

#ifndef SSPI_FIXTURE_H
#define SSPI_FIXTURE_H

#include <stdbool.h>

#include <check.h>
#include <gssapi/gssapi.h>

#include <sspi.h>

/* In main: a test case whose tests have the machine, once a program. */
TCase *fixture_case(const char *name);

/* The lines of the account file, and whether programs find it. */
void fixture_accounts(const char *lines);
void fixture_forget_accounts(void);

/* For the rest of the test: what krb5.conf has under [ntlmssp]. Each name a file
 * of its own, for what was read of one is kept a while. */
void fixture_settings(const char *file, const char *lines);

/* One exchange of this mechanism. Gives the initiator's name as the acceptor
 * shows it (static), NULL when the logon failed. */
const char *fixture_log_in(gss_cred_id_t initiator, gss_cred_id_t acceptor, gss_const_OID mech);

/* What the last one that succeeded has, of GSSAPI's flags. */
OM_uint32 fixture_flags(void);

/* Does the next token of this initiator's SPNEGO offer that mechanism? */
bool fixture_offers(gss_cred_id_t initiator, gss_const_OID mech);

#endif
