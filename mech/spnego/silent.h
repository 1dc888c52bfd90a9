/* SPDX-License-Identifier: MIT */
/* silent.h - which KDCs were found silent, for a minute each, in this process. The
 * public GSSAPI tells nothing of KDCs: what is remembered is the realm of the client,
 * where a name was given for it, with the server and with the server's realm. Safe
 * from any thread. */

#ifndef SPNEGO_SILENT_H
#define SPNEGO_SILENT_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* Whom a login asks, as far as it is known. Shared: each user drops it. */
struct silent_place;

/* `client_realm` may be NULL. NULL without memory. */
struct silent_place *silent_place_new(const char *client_realm, gss_name_t target);
struct silent_place *silent_place_hold(struct silent_place *place);
void silent_place_drop(struct silent_place *place); /* NULL is fine */

/* Finds out the server's realm, which may take time. */
void silent_find_realm(struct silent_place *place, gss_name_t target);

bool silent_is_remembered(struct silent_place *place);
void silent_remember(struct silent_place *place);

#endif
