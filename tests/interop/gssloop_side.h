/* SPDX-License-Identifier: MIT */
/* gssloop_side.h - one side of gssloop's security context, in a process of its
 * own: what is asked of it, and what it says. */

#ifndef GSSLOOP_SIDE_H
#define GSSLOOP_SIDE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* Apart from the statuses that valgrind and the sanitizers exit with. */
enum outcome { COMPLETE = 0, FAULT = 2, REFUSED = 10 };

enum { MAX_VARIABLES = 16 };

struct side {
    const char *label;
    bool initiator;
    const char *variables[MAX_VARIABLES + 1]; /* NULL-terminated */
    const char *bindings;                     /* NULL: none */
    int peer;                                 /* a socket */
    gss_ctx_id_t context;
    gss_cred_id_t credential;
    gss_name_t target, source; /* the initiator knows the one, the acceptor the other */
    OM_uint32 flags;           /* in force */
};

/* Of both sides. */
extern struct asked {
    gss_OID mech;
    OM_uint32 flags;
    const char *target, *user, *password;
    bool inquire;
} asked;

/* "ntlm" or "spnego"; false for any other. */
bool ask_for_mech(const char *name);
/* "integ", "conf" ...; false for what is no flag's name. */
bool ask_for_flag(const char *name);

/* Prints a line, in one write: two processes share the output. */
void say(const struct side *side, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Establishes the context, describes it, and exchanges messages if it protects
 * them; then lets go of everything. */
enum outcome side_run(struct side *side);

#endif
