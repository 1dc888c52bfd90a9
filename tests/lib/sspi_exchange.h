/* SPDX-License-Identifier: MIT */
/* sspi_exchange.h - a client and a server in one program, as SSPI's callers write
 * them: their handles, the tokens between them, and the calls of an exchange
 * one by one. */

#ifndef SSPI_EXCHANGE_H
#define SSPI_EXCHANGE_H

#include <stdbool.h>

#include <sspi.h>

#define EXCHANGE_TOKEN_MAX 48256

struct side {
    CredHandle credential;
    CtxtHandle context;
    bool begun; /* context is a handle */
    bool bare;  /* the next call has no pInput */
    ULONG requested, attributes;
    TimeStamp expiry;
    SECURITY_STATUS status; /* of the last call */
    SecBuffer extra;        /* goes beside the token when it has a type */
    unsigned char token[EXCHANGE_TOKEN_MAX];
    ULONG length; /* of the last token that a success gave */
    ULONG room;   /* cbBuffer before a call: EXCHANGE_TOKEN_MAX, or what a test sets */
    ULONG said;   /* cbBuffer after it */
};

struct exchange {
    struct side client, server;
    char *target; /* pszTargetName */
    bool servers_turn;
};

/* Credentials of this package for both: the client is the user of the identity,
 * in any form (NULL: the default), the server whoever the machine lets it be. The
 * target is HTTP/server.home.test. */
struct exchange *exchange_new(const char *package, void *identity);

/* Lets go of everything, and sees that nothing is left: no handle, no context buffer. */
void exchange_free(struct exchange *exchange);
/* The same without looking: there are others. */
void exchange_end(struct exchange *exchange);

SEC_WINNT_AUTH_IDENTITY_A exchange_identity(const char *domain, const char *user,
                                            const char *password);

/* exchange_new for alice, the first of the users that the machine then has; the
 * other is CORP\bob, and his password is geheim. */
struct exchange *exchange_of_alice(const char *package);

/* Another credential for one side. */
void side_credential(struct side *side, const char *package, ULONG use, void *identity);

/* One call, its token going to the other side. */
SECURITY_STATUS exchange_client(struct exchange *exchange);
SECURITY_STATUS exchange_server(struct exchange *exchange);

/* Calls in turn, from wherever the exchange is, until one fails or both are
 * done; the status of the failure. */
SECURITY_STATUS exchange_run(struct exchange *exchange);

/* exchange_run, which must succeed. */
void exchange_establish(struct exchange *exchange);

/* The name of the package that one side says was negotiated (static). */
const char *exchange_package(struct side *side);

#endif
