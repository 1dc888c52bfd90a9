/* SPDX-License-Identifier: MIT */
/* silent.h - which KDCs were found silent, for a minute each, in this process. The
 * public GSSAPI tells nothing of KDCs: what is remembered is the client (credential.h),
 * with the server and with the server's realm. Safe from any thread. */

#ifndef SPNEGO_SILENT_H
#define SPNEGO_SILENT_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* The KDC that a login asks, by what is known of it. Shared: each user drops it. */
struct silent_kdc;

/* `client` may be NULL. NULL without memory. */
struct silent_kdc *silent_kdc_new(const char *client, gss_name_t target);
struct silent_kdc *silent_kdc_hold(struct silent_kdc *kdc);
void silent_kdc_drop(struct silent_kdc *kdc); /* NULL is fine */

/* Finds out the server's realm, which may take time. */
void silent_find_realm(struct silent_kdc *kdc, gss_name_t target);

bool silent_is_remembered(struct silent_kdc *kdc);
void silent_remember(struct silent_kdc *kdc);

#endif
