/* SPDX-License-Identifier: MIT */
/* sspi_delegation_fixture.h - a KDC, a service in front to which a client delegates, and
 * a service behind it. */

#ifndef SSPI_DELEGATION_FIXTURE_H
#define SSPI_DELEGATION_FIXTURE_H

#include "sspi_exchange.h"

#define DELEGATING (ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH)
#define FRONT "front@HOME.TEST" /* whose tickets the service in front has */
#define OTHER "nobody"          /* an account of every Linux machine */

/* The account that the tests run as: to impersonate it needs no privilege. */
extern char client[64], client_name[128], ntlm_name[128];

/* Finds it; false if a thread may not become what it is. */
bool delegation_find_client(void);
/* Before all tests, and before each. */
void delegation_begin(void);
void delegation_set_up(void);

/* A client of that name, logged in to the service in front. */
struct exchange *front_of(const char *package, const char *domain, const char *user,
                          ULONG requested);
/* The account that the tests run as; the second impersonates it. */
struct exchange *front(const char *package, ULONG requested);
struct exchange *impersonated(const char *package, ULONG requested);
void revert(struct exchange *exchange);
void revert_and_free(struct exchange *exchange);

CredHandle acquire_as(const char *principal, const char *package, ULONG use, void *identity);
CredHandle acquire(const char *package);

/* The login to the service behind, with this credential, which goes with it. */
struct exchange *behind(const char *package, CredHandle handle);

/* Frees the text. */
void is_text(char *text, const char *expected);
void is_called(CredHandle *handle, const char *name);
/* Whom the service behind sees. */
void is_seen_as(const char *package, CredHandle handle, const char *name);
/* The status of the first call for the service of that name. */
SECURITY_STATUS refusal(CredHandle handle, const char *target);

#endif
