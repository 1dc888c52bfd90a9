/* SPDX-License-Identifier: MIT */
/* sspi_kerberos_fixture.h - Kerberos without a KDC: alice has tickets and the server
 * has a key from the beginning. */

#ifndef SSPI_KERBEROS_FIXTURE_H
#define SSPI_KERBEROS_FIXTURE_H

#include <check.h>

#include "sspi_exchange.h"

#define SERVICE "HTTP/server.home.test@HOME.TEST"
#define TOMORROW (25L * 60 * 60) /* when the tickets have ended */

/* By which Kerberos logs in. */
extern const char *const packages[2];

/* In main: a test case of the machine's. */
TCase *kerberos_case(const char *name);

/* Default credentials, of a client that asks for this. */
struct exchange *exchange_of(const char *package, ULONG requested);

#endif
