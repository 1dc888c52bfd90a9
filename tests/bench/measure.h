/* SPDX-License-Identifier: MIT */
/* measure.h - what a benchmark program does with its command line: it runs one
 * case for a while, or so many times, and prints what that gives. What the
 * cases are is here; how a library does them, each program says in a struct
 * subject. */

#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is sent is in `data`; `wire` is as long, and has the same in it. */
struct message {
    uint8_t *data, *wire;
    size_t len;
    bool compared; /* arrived looks at every byte */
};

/* Whether this is what was sent. Comparing takes its time too, so while the
 * clock runs only the length is looked at. */
bool arrived(const struct message *message, const void *plain, size_t len);

/* What they log in with. With Kerberos SPNEGO has NTLM to negotiate as well, and the
 * tickets are in the cache already. */
enum login { LOGIN_NTLM, LOGIN_NTLM_IN_SPNEGO, LOGIN_KERBEROS_IN_SPNEGO };

/* An initiator and an acceptor with a context between them: the program's. */
struct pair;

/* Every call returns whether it went well, and the receiver has what was sent.
 * A library that cannot do something has NULL there. */
struct subject {
    /* Credentials, for all pairs of this process. */
    bool (*begin)(enum login login);
    struct pair *(*connect)(void);
    void (*disconnect)(struct pair *pair);
    bool no_contexts; /* a pair is less than that */
    /* What one side does for a login, from nothing to complete and away again. Where there
     * are no contexts both together stand for one of both roles. */
    bool (*initiator)(void);
    bool (*acceptor)(void);
    /* Sealed from buffer to buffer: from data by way of what the library likes
     * to a copy of data. */
    bool (*wrap)(struct pair *pair, struct message *message);
    /* Sealed and unsealed in place, in wire. */
    bool (*in_place)(struct pair *pair, struct message *message);
    /* Signed, and the signature verified. */
    bool (*mic)(struct pair *pair, struct message *message);
};

/* Does what the command line says; main's return value. */
int measure(int argc, char **argv, const struct subject *subject);

#endif
