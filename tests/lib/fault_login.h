/* SPDX-License-Identifier: MIT */
/* fault_login.h - a whole login through MIT's mechglue, whichever call of it may fail:
 * credentials, both roles, messages in all their forms, contexts that are moved. It asserts
 * nothing on its way: a fault is not to be answered by more of them, and what is wrong is
 * told together with the fault that led there. */

#ifndef FAULT_LOGIN_H
#define FAULT_LOGIN_H

#include "gss_fixture.h"

struct fault_login {
    gss_OID mech;
    const char *user, *password; /* NULL: the default credential */
    const char *nt_hash;         /* in hexadecimal, instead of the password; NULL: none */
    bool any_acceptor;           /* it accepts without a credential of its own */
    OM_uint32 flags;
    const char *client_bindings, *server_bindings; /* application data; NULL: none */
    const char *target;                            /* hostbased; NULL: HTTP@server.test */
    const char *source;                            /* whom the acceptor is to let in */
};

struct fault_outcome {
    bool let_in;     /* the acceptor said yes */
    bool whole;      /* and all the rest was done too */
    OM_uint32 minor; /* of the first call that failed */
    char first[96];  /* its name and status */
    char wrong[256]; /* what may never be; "": all is as it should be */
};

/* Runs it and lets all of it go. */
void fault_login(const struct fault_login *login, struct fault_outcome *outcome);

#endif
