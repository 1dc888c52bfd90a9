/* sspi_pair.h - a client and a server in one program, as SSPI's callers write
 * them: their handles, the tokens between them, and the legs of an exchange
 * one by one. */

#ifndef SSPI_PAIR_H
#define SSPI_PAIR_H

#include <stdbool.h>

#include <sspi.h>

#define PAIR_TOKEN_MAX 48256

struct side {
    CredHandle credential;
    CtxtHandle context;
    bool begun; /* context is a handle */
    bool bare;  /* the next call has no pInput */
    ULONG requested, attributes;
    TimeStamp expiry;
    SECURITY_STATUS status; /* of the last leg */
    SecBuffer extra;        /* goes beside the token when it has a type */
    unsigned char token[PAIR_TOKEN_MAX];
    ULONG length; /* of the last token that a success gave */
    ULONG room;   /* cbBuffer before a call: PAIR_TOKEN_MAX, or what a test sets */
    ULONG said;   /* cbBuffer after it */
};

struct pair {
    struct side client, server;
    char *target; /* pszTargetName */
    bool servers_turn;
};

/* Credentials of this package for both: the client is the user of the identity,
 * in any form (NULL: the default), the server whoever the machine lets it be. The
 * target is HTTP/server.home.test. */
struct pair *pair_new(const char *package, void *identity);

/* Lets go of everything, and sees that nothing is left: no handle, no block. */
void pair_free(struct pair *pair);
/* The same without looking: there are others. */
void pair_end(struct pair *pair);

SEC_WINNT_AUTH_IDENTITY_A pair_identity(const char *domain, const char *user,
                                        const char *password);

/* pair_new for alice, the first of the users that the machine then has; the
 * other is CORP\bob, and his password is geheim. */
struct pair *pair_of_alice(const char *package);

/* Another credential for one side. */
void side_credential(struct side *side, const char *package, ULONG use, void *identity);

/* One leg, its token going to the other side. */
SECURITY_STATUS pair_client(struct pair *pair);
SECURITY_STATUS pair_server(struct pair *pair);

/* Legs in turn, from wherever the exchange is, until one fails or both are
 * done; the status of the failure. */
SECURITY_STATUS pair_run(struct pair *pair);

/* pair_run, which must succeed. */
void pair_establish(struct pair *pair);

/* The name of the package that one side says was negotiated (static). */
const char *pair_package(struct side *side);

#endif
