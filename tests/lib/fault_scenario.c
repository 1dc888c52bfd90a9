/* SPDX-License-Identifier: MIT */
/* fault_scenario.c - see fault_scenario.h. */

#include "config.h"

#include "fault_scenario.h"

#include <stdio.h>
#include <stdlib.h>

#include "sanitized.h"

bool fault_scenario_log_in(const void *argument, char *wrong)
{
    const struct fault_scenario *scenario = argument;
    struct fault_login login = scenario->login;
    const char *refused_at =
        scenario->refused_at ? scenario->refused_at : "gss_accept_sec_context";
    struct fault_outcome outcome;

    login.mech = scenario->negotiated ? SPNEGO : NTLMSSP;
    if (!login.source)
        login.source = "TESTDOM\\alice";
    fault_login(&login, &outcome);
    strcpy(wrong, outcome.wrong);
    if (scenario->forbidden && outcome.let_in)
        strcpy(wrong, "IT IS LET IN");
    else if (scenario->forbidden && outcome.whole)
        strcpy(wrong, "it goes on");
    if (scenario->forbidden && !*wrong && !*faults_told() &&
        strncmp(outcome.first, refused_at, strlen(refused_at)) != 0)
        snprintf(wrong, FAULT_TEXT, "without a fault it ends at \"%s\"", outcome.first);
    if (!scenario->forbidden && !outcome.whole && !*outcome.first && !*wrong)
        strcpy(wrong, "it ends without an error");
    return outcome.whole != scenario->forbidden;
}

static const char *const modules[] = {"mech_ntlmssp", "mech_spnego", NULL};
#ifdef SANITIZED
/* What others lose and where they crash could not be told apart. */
const char *const fault_readers[] = {"mech_ntlmssp", "mech_spnego", NULL};
#else
const char *const fault_readers[] = {"mech_ntlmssp", "mech_spnego", "libkrb5", "libgssapi",
                                     NULL};
#endif
static const char *const openssl_itself[] = {"libcrypto", NULL};

static const char *const all[] = {"lib", "mech_", NULL};
static const char *const all_but_openssl[] = {"mech_",       "libgssapi",    "libkrb5",
                                              "libkeyutils", "libunistring", "/libc.",
                                              "libk5crypto", "libcom_err",   NULL};
/* libkrb5 1.20's krb5_cccol_have_content frees what it has not read of a ticket cache that
 * breaks off; spake.so and others free what they had no memory for. */
static const char *const theirs[] = {"libgssapi_krb5", "libkrb5", "libk5crypto",
                                     "/krb5/plugins/", NULL};
static const char *const openssl_too[] = {"libgssapi_krb5", "libcrypto", NULL};

/* mech_spnego.so finds out once for a process whether SPNEGO is its own
 * (mech/spnego/registration.h), by files, and leaves it to MIT's where it cannot. */
static const char *const lasting[] = {"mech_spnego", "libgssapi_krb5", NULL};

static const struct fault_plan plans[] = {
    [SWEEP_OPENSSL] = {.callers = modules, .kind = FAULT_OPENSSL},
    [SWEEP_FILES] = {.callers = fault_readers, .kind = FAULT_FILES, .theirs = theirs},
    [SWEEP_ENDS] = {.callers = fault_readers, .kind = FAULT_FILES, .way = FAULT_ENDS},
    [SWEEP_SHORT] = {.callers = fault_readers,
                     .kind = FAULT_FILES,
                     .way = FAULT_SHORT,
                     .always = true},
    [SWEEP_INTERRUPTED] = {.callers = fault_readers,
                           .kind = FAULT_FILES,
                           .way = FAULT_INTERRUPTED,
                           .always = true},
    [SWEEP_MEMORY] = {.callers = all, .kind = FAULT_MEMORY, .theirs = theirs, .warm = true},
    [SWEEP_FIRST_MEMORY] = {.callers = all_but_openssl, .kind = FAULT_MEMORY, .theirs = theirs},
    /* it keeps some itself when it has none left for its providers */
    [SWEEP_FIRST_OPENSSL] = {.callers = openssl_itself,
                             .kind = FAULT_MEMORY,
                             .theirs = openssl_too},
    /* its configuration, and the random numbers */
    [SWEEP_FILES_OF_OPENSSL] = {.callers = openssl_itself, .kind = FAULT_FILES},
};

static bool skipped(const struct fault_plan *plan, const char *test)
{
#ifdef SANITIZED
    if (plan->kind == FAULT_MEMORY) {
        printf("ok - %s # SKIP a sanitizer has malloc\n", test);
        return true;
    }
#endif
    (void)plan;
    return skipped_without_fork(test);
}

void fault_sweep(const struct fault_scenario *scenario, enum fault_sweep sweep,
                 const char *test, unsigned least)
{
    struct fault_plan plan = plans[sweep];
    bool unread =
        plan.kind == FAULT_FILES && (plan.way == FAULT_FAILS || plan.way == FAULT_ENDS);

    if (skipped(&plan, test))
        return;
    plan.name = scenario->name;
    plan.operation = fault_scenario_log_in;
    plan.argument = scenario;
    plan.lasting = unread ? lasting : lasting + 1;
    plan.few = scenario->forbidden;
    plan.most = scenario->most;
    if (!scenario->forbidden && plan.kind == FAULT_FILES && plan.way == FAULT_FAILS)
        plan.needed = "getrandom";
    if (!scenario->login.source)
        fixture_settings(scenario->settings);
    if (scenario->begin && !scenario->begin(test))
        return;
    if (scenario->negotiated) {
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1); /* spnego_mend.c looks at it, too */
        setenv("GSS_MECH_CONFIG", SPNEGO_MECH_CONF, 1);
    }
    fault_run(&plan, least);
}
