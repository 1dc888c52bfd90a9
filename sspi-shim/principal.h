/* SPDX-License-Identifier: MIT */
/* principal.h - names of Kerberos as text: those of who runs the program and of the
 * machine. A name longer than PRINCIPAL_SIZE counts as none. */

#ifndef SHIM_PRINCIPAL_H
#define SHIM_PRINCIPAL_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#define PRINCIPAL_SIZE 512

/* The name of the default credential for this use, or of the one for a service of
 * this machine's (may be NULL). Empty without one. */
void principal_of_credential(const char *service, gss_cred_usage_t use,
                             char name[PRINCIPAL_SIZE]);

/* A name in the realm of users who are named without one: krb5.conf's. Empty when
 * there is none. */
void principal_in_default_realm(char name[PRINCIPAL_SIZE]);

/* The local user whom krb5.conf maps a principal to. */
bool principal_local_user(const char *principal, char user[PRINCIPAL_SIZE]);

#endif
