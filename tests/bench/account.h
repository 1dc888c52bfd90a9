/* SPDX-License-Identifier: MIT */
/* account.h - who logs in. The driver's account files have the same line. */

#ifndef ACCOUNT_H
#define ACCOUNT_H

#define ACCOUNT_DOMAIN "DEMO"
#define ACCOUNT_USER "alice"
#define ACCOUNT_PASSWORD "Secret 123"

#endif
