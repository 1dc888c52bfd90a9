/* SPDX-License-Identifier: MIT */
/* local_accounts.h - accounts of this machine, for as long as a test program runs:
 * in a mount namespace of its own it has another /etc/passwd and /etc/group. */

#ifndef LOCAL_ACCOUNTS_H
#define LOCAL_ACCOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

#define LOCAL_FIRST "sspi-first"
#define LOCAL_SECOND "sspi-second"
#define LOCAL_SERVICE "sspi-service"
#define LOCAL_FIRST_UID 54321
#define LOCAL_SECOND_UID 54322
#define LOCAL_SERVICE_UID 54323

/* For main, as its first act, while there is one thread. Each account has a group of
 * its own with its uid for number, and another one. False when that needs rights
 * that the program has not: the accounts are not there then. */
bool local_accounts_begin(void);

#endif
