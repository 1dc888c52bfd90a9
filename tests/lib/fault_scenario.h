/* SPDX-License-Identifier: MIT */
/* fault_scenario.h - logins through the mechglue that are to succeed, or to be refused,
 * whichever call of them fails. */

#ifndef FAULT_SCENARIO_H
#define FAULT_SCENARIO_H

#include "fault_login.h"
#include "fault_run.h"

struct fault_scenario {
    const char *name, *settings;
    struct fault_login login; /* its mechanism is filled in; source: NULL is TESTDOM\alice */
    bool forbidden, negotiated;
    const char *refused_at; /* the function; NULL: gss_accept_sec_context */
    /* Makes what is to be there for it, before all runs; false: it is skipped, and that was
     * told by this name. NULL: nothing more is to be there. */
    bool (*begin)(const char *test);
    unsigned most; /* of its calls for a check; 0: as many as usual */
};

/* What fails. */
enum fault_sweep {
    SWEEP_OPENSSL,          /* calls of OpenSSL */
    SWEEP_FILES,            /* calls for files, sockets, keys, random numbers */
    SWEEP_ENDS,             /* files end where they are read */
    SWEEP_SHORT,            /* reads give one byte: the login is to succeed */
    SWEEP_INTERRUPTED,      /* reads are interrupted: the login is to succeed */
    SWEEP_MEMORY,           /* allocations of a second login */
    SWEEP_FIRST_MEMORY,     /* of the first one, but for OpenSSL's */
    SWEEP_FIRST_OPENSSL,    /* OpenSSL's of the first one */
    SWEEP_FILES_OF_OPENSSL, /* calls of its own for files */
};

/* Runs the login with the first, second, ... call of these failing. At least `least` of
 * them must be there. Skipped by the name of the test where that takes more than there is. */
void fault_sweep(const struct fault_scenario *scenario, enum fault_sweep sweep,
                 const char *test, unsigned least);

/* The login, for fault_run: returns whether it ended as it should. */
bool fault_scenario_log_in(const void *scenario, char *wrong);

/* Whose calls those for files are, NULL at the end. */
extern const char *const fault_readers[];

#endif
