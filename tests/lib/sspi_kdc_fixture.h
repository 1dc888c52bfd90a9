/* SPDX-License-Identifier: MIT */
/* sspi_kdc_fixture.h - a KDC that libsspi's clients can ask, or one that was stopped
 * after alice got her tickets. */

#ifndef SSPI_KDC_FIXTURE_H
#define SSPI_KDC_FIXTURE_H

#include <check.h>

#include "sspi_exchange.h"

#define TOMORROW (25L * 60 * 60) /* when her tickets have ended */

/* In main: test cases of the machine's, with the KDC and with it stopped. The
 * server has a key for HTTP/server.home.test, and none for HTTP/away.home.test. */
TCase *kdc_case(void);
TCase *stopped_kdc_case(void);

/* The default credential's tickets are alice's. */
void log_in(void);

/* A client with an identity of HOME.TEST and a package list. */
struct exchange *exchange_with(const char *package, const char *user, const char *password,
                               const char *list);

#endif
