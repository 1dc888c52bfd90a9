/* SPDX-License-Identifier: MIT */
/* sspi_keys.h - keys for the Kerberos of sspi_machine.h: enough to have a
 * credential, without a KDC to use it with. */

#ifndef SSPI_KEYS_H
#define SSPI_KEYS_H

/* A key of this principal, to log in with or to accept with. */
void keys_for_client(const char *principal);
void keys_for_server(const char *principal);

#endif
