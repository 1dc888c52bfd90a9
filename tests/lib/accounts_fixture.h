/* SPDX-License-Identifier: MIT */
/* accounts_fixture.h - accounts of a file in the scratch directory, and a client that
 * logs in to them. */

#ifndef ACCOUNTS_FIXTURE_H
#define ACCOUNTS_FIXTURE_H

#include "accounts/accounts.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"

#define LM_HEX "e52cac67419a9a224a3b108f3fa6cb6d"
#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */
#define NO_HEX "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

extern struct settings logon_settings; /* those of now, at each logon */

/* A client that answers a challenge with its password. */
struct client {
    struct ntlm_logon logon;
    uint8_t *user, *domain; /* UTF-16LE */
    uint8_t response[64];
    uint8_t nt_hash[16], ntowfv2[16];
};

void client_begin(struct client *client, enum ntlm_response_kind kind, const char *user,
                  const char *domain, const char *password);
/* Begins with an NTLMv2 response. */
void client_begin_v2(struct client *client, const char *user, const char *domain,
                     const char *password);
/* Makes an NTLMv2 response from its NT hash. */
void client_prove(struct client *client);
void client_end(struct client *client);

/* Accounts of a file with this text, which is scratch_path("accounts"). */
struct accounts *accounts_of(const char *text);

/* The answer to an NTLMv2 logon. */
enum ntlm_error log_in(struct accounts *accounts, const char *user, const char *domain,
                       const char *password);

#endif
