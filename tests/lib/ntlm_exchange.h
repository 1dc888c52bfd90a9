/* SPDX-License-Identifier: MIT */
/* ntlm_exchange.h - an initiator and an acceptor that talk to each other in a test,
 * with clocks that stand still, random bytes that are known beforehand and one
 * account whose password is known. A test changes what it likes between the
 * steps: the configuration before the first, the tokens on their way.
 *
 * Nothing here allocates memory but the code under test and the editing of
 * tokens. */

#ifndef TESTS_NTLM_EXCHANGE_H
#define TESTS_NTLM_EXCHANGE_H

#include "ntlm/acceptor.h"
#include "ntlm/flags.h"
#include "ntlm/initiator.h"
#include "ntlm/message.h"

/* One side's host, and what it was told. */
struct side {
    struct ntlm_env env;
    uint64_t now;             /* FILETIME */
    struct ntlm_bytes script; /* random bytes to give out first; then others */
    uint8_t next_random;
    bool random_ends;       /* there are no others */
    unsigned notes, failed; /* how often the host was called */
    enum ntlm_error error;  /* of the last failure */
    char note[512], detail[512];
};

enum { NEGOTIATE_SENT, CHALLENGE_SENT, AUTHENTICATE_SENT, TOKENS };

struct exchange {
    struct ntlm_initiator_config client;
    struct ntlm_acceptor_config server;
    struct side client_side, server_side;
    const char *user, *domain, *password;   /* who logs in */
    bool carried_by_spnego;                 /* of the client: see ntlm/initiator.h */
    bool no_lm_hash;                        /* only its NT hash is known, on both sides */
    const char *account, *account_password; /* who is known to the server */
    const uint8_t *client_bindings, *server_bindings; /* 16 bytes, or NULL */

    struct ntlm_initiator *initiator;
    struct ntlm_acceptor *acceptor;
    struct {
        uint8_t *data;
        size_t len;
    } tokens[TOKENS];               /* as they are on their way */
    const struct ntlm_logon *logon; /* as asked for */
};

#define HOURS_36 (36ull * 3600 * 10000000)

/* What goes without saying: NTLMv2, signed and sealed, to HTTP/server.example.org
 * by User of Domain, whose password is Password. */
void exchange_begin(struct exchange *x);
/* Nobody logs in, and asks for no protection. The acceptor does not allow it yet. */
void exchange_ask_as_nobody(struct exchange *x);
/* Frees everything. */
void exchange_end(struct exchange *x);

/* The steps; each makes its token of the one before. */
enum ntlm_error exchange_negotiate(struct exchange *x);
enum ntlm_error exchange_challenge(struct exchange *x);
enum ntlm_error exchange_authenticate(struct exchange *x);
/* Takes the AUTHENTICATE and answers the logon request: from the account, or
 * yes to an anonymous one. */
enum ntlm_error exchange_accept(struct exchange *x);
/* All of them, or those up to `last`; gives the first error. */
enum ntlm_error exchange_run(struct exchange *x);
enum ntlm_error exchange_run_to(struct exchange *x, int last);

/* A token as it is on its way. */
struct ntlm_bytes exchange_token(const struct exchange *x, int which);
void exchange_replace(struct exchange *x, int which, struct ntlm_bytes bytes);
/* NegotiateFlags of a token. */
uint32_t exchange_flags(const struct exchange *x, int which);
void exchange_set_flags(struct exchange *x, int which, uint32_t flags);
/* Takes the CHALLENGE or AUTHENTICATE apart, lets edit change it, and puts it
 * together again. A MIC that is still to be there is kept as it was. */
void exchange_edit_challenge(struct exchange *x, void (*edit)(struct ntlm_challenge *message));
void exchange_edit_authenticate(struct exchange *x,
                                void (*edit)(struct ntlm_authenticate *message));
/* Takes these bytes out of the AUTHENTICATE's header; the fields then point
 * that much further to the front. */
void exchange_cut_header(struct exchange *x, size_t at, size_t len);
struct ntlm_authenticate exchange_decoded(const struct exchange *x);
/* The AV pairs of the NTLMv2 response. */
struct ntlm_bytes exchange_pairs(const struct exchange *x);

/* Fails the test unless both ends came to the same keys and flags, and what
 * each protects arrives at the other. */
void assert_ends_agree(const struct exchange *x);
/* Runs the exchange as far as it was not, and asserts that. */
void assert_agreed(struct exchange *x);
/* Fails the test unless the acceptor refuses for this reason, says so to its
 * host, and is dead afterwards. The exchange is run as far as it was not. */
void assert_refused_for(struct exchange *x, enum ntlm_error error);
/* Fails the test unless every call to it says that it is dead. */
void assert_acceptor_dead(struct exchange *x);
void assert_initiator_dead(struct exchange *x);

#endif
