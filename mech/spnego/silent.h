/* SPDX-License-Identifier: MIT */
/* silent.h - which KDCs were found silent, for a minute each, in this process. The
 * public GSSAPI tells nothing of KDCs: what is remembered is the client (credential.h),
 * alone, with the server or with the server's realm. Safe from any thread.
 *
 * `client` may be NULL. `target` is the mechglue's name. */

#ifndef SPNEGO_SILENT_H
#define SPNEGO_SILENT_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* Whether a KDC is remembered at all; only then is it worth to ask further. */
bool silent_any(void);

/* A ticket for this server. */
void silent_remember_server(const char *client, gss_name_t target);
bool silent_has_server(const char *client, gss_name_t target);

/* A ticket for any server of this one's realm. To find that out may take time. */
void silent_remember_realm(const char *client, gss_name_t target);
bool silent_has_realm(const char *client, gss_name_t target);

/* A first ticket. */
void silent_remember_client(const char *client);
bool silent_has_client(const char *client);

#endif
