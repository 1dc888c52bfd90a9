/* SPDX-License-Identifier: MIT */
/* kdc.h - MIT's KDC for one test program: realm HOME.TEST, on a free port of
 * loopback, its files in the program's scratch directory. */

#ifndef KDC_H
#define KDC_H

#include <stdbool.h>

/* For main: whether this machine has one to start. Says so where not, as TAP
 * has it. */
bool kdc_is_installed(void);

/* For an unchecked fixture: makes the realm by these commands of kadmin.local's,
 * whose files go to the scratch directory, and starts the KDC; and stops it, if
 * it still runs. It ends with the program anyway. A realm that was made before
 * is kept. */
void kdc_begin(const char *commands);
void kdc_end(void);

/* What kinit does: a ticket for this user goes to $KRB5CCNAME. */
void kdc_log_in(const char *user, const char *password);

/* Keeps it from answering, though it takes connections; and lets it go on. */
void kdc_suspend(void);
void kdc_resume(void);

/* For a test: makes krb5.conf, with this KDC for HOME.TEST, and a second realm
 * DEAD.TEST whose KDC does not answer. */
void kdc_configure(void);
/* The same, and then these lines: more of [domain_realm], other sections. */
void kdc_configure_with(const char *lines);
/* The same, for a machine from which the KDC is not to be had: nobody listens in its
 * place. */
void kdc_configure_away(const char *lines);

#endif
