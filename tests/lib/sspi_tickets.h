/* SPDX-License-Identifier: MIT */
/* sspi_tickets.h - Kerberos without a KDC: its part is to seal a session key for
 * the service, and with the service's key at hand anyone can. What
 * $KRB5CCNAME and $KRB5_KTNAME name is filled, so set these first. */

#ifndef SSPI_TICKETS_H
#define SSPI_TICKETS_H

#include <krb5.h>

/* An empty ccache of this user of the default realm. */
void tickets_begin(const char *client);

/* A key for the service, and a ticket for the client, for ten hours. */
void tickets_add(const char *service, krb5_enctype type);

#endif
