/* SPDX-License-Identifier: MIT */
/* check_service.c - takes over a service's environment, so that all else is checked as the
 * service has it. */

#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "mend.h"
#include "service.h"
#include "settings/values.h"
#include "translate.h"

/* What else than the settings' variables decides on a login. */
static const char *const others[] = {
    "GSS_MECH_CONFIG",    "KRB5_CONFIG",   "KRB5CCNAME",       "KRB5_KTNAME",
    "KRB5_CLIENT_KTNAME", "KRB5_TRACE",    "GSSNTLMSSP_DEBUG", "OPENSSL_CONF",
    "OPENSSL_MODULES",    "GSS_USE_PROXY",
};
#define OTHERS (sizeof(others) / sizeof(others[0]))

/* The nth variable that matters; NULL: there is none (more: SIZE of both lists). */
static const char *variable(size_t number)
{
    return number < OTHERS ? others[number] : setting_table[number - OTHERS].variable;
}

static void take_over(const struct environment *environment)
{
    for (size_t i = 0; i < OTHERS + SETTING_COUNT; i++) {
        const char *name = variable(i);
        const char *value = name ? environment_get(environment, name) : NULL;
        if (value)
            setenv(name, value, 1);
        else if (name)
            unsetenv(name);
    }
}

static void report_variables(struct report *report, const struct environment *environment)
{
    unsigned shown = 0;

    for (size_t i = 0; i < OTHERS + SETTING_COUNT; i++) {
        const char *name = variable(i);
        const char *value = name ? environment_get(environment, name) : NULL;
        if (!value)
            continue;
        report_good(report, "%s=%s", name, value);
        shown++;
    }
    if (shown == 0)
        report_good(report, "%s", _("no variable of its environment is about logins"));
}

static const char *service_command(const char *verb, const char *service, char out[MEND_SIZE])
{
    if (access("/run/systemd/system", F_OK) == 0)
        snprintf(out, MEND_SIZE, "systemctl daemon-reload; systemctl %s %s", verb, service);
    else
        snprintf(out, MEND_SIZE, "service %s %s", service, verb);
    return out;
}

/* What the unit sets, and the process has not. */
static void report_stale(struct report *report, const char *service,
                         const struct environment *unit, const struct environment *process)
{
    char mend[MEND_SIZE];

    service_command("restart", service, mend);
    for (size_t i = 0; i < OTHERS + SETTING_COUNT; i++) {
        const char *name = variable(i);
        const char *wanted = name ? environment_get(unit, name) : NULL;
        const char *has = name ? environment_get(process, name) : NULL;
        if (wanted && !(has && strcmp(has, wanted) == 0))
            report_mendable(report, VERDICT_BAD, mend,
                            _("its configuration sets %s=%s, and its process has %s: it was "
                              "not restarted"),
                            name, wanted, has ? has : _("none"));
    }
}

static char *name_of(uid_t user)
{
    const struct passwd *entry = getpwuid(user);

    return entry ? strdup(entry->pw_name) : NULL;
}

/* What is asked as another user may have another answer. */
static void report_nameless(struct report *report, uid_t user)
{
    char mend[MEND_SIZE];

    snprintf(mend, sizeof(mend), "getent passwd %lu", (unsigned long)user);
    report_mendable(report, VERDICT_UNKNOWN, mend,
                    _("its user %lu has no name here: what follows is for the user who asks"),
                    (unsigned long)user);
}

static bool is_name(const char *name)
{
    return *name && *name != '-' && *name != '.' && strlen(name) < 100 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@-") ==
               strlen(name);
}

enum exit_status check_service(struct report *report, const char *name, char **user)
{
    struct environment unit = {.count = 0}, process = {.count = 0};
    enum exit_status status = STATUS_OK;
    char *unit_user = NULL, mend[MEND_SIZE];
    bool has_unit;
    uid_t worker;
    pid_t pid;

    *user = NULL;
    if (!is_name(name))
        return complain(STATUS_USAGE, _("\"%s\" is no name of a service"), name);
    has_unit = service_unit(name, &unit, &unit_user);
    pid = service_process(name, &worker);
    report_topic(report, N_("Service"));
    if (pid > 0 && service_process_environment(pid, &process)) {
        *user = name_of(worker);
        report_good(report, _("%s runs as process %ld, for user %s"), name, (long)pid,
                    *user ? *user : _("unknown"));
        if (!*user)
            report_nameless(report, worker);
        report_variables(report, &process);
        report_stale(report, name, &unit, &process);
        take_over(&process);
    } else if (pid > 0) {
        status = complain(STATUS_TROUBLE,
                          _("the environment of %s (process %ld) cannot be read: %s; run this "
                            "as root"),
                          name, (long)pid, strerror(errno));
    } else if (has_unit) {
        *user = unit_user ? strdup(unit_user) : NULL;
        report_mendable(report, VERDICT_UNKNOWN, service_command("start", name, mend),
                        _("%s does not run; this is what its unit says"), name);
        report_variables(report, &unit);
        take_over(&unit);
    } else {
        status = complain(STATUS_TROUBLE,
                          _("there is neither a process nor a unit called \"%s\""), name);
    }
    environment_clear(&unit);
    environment_clear(&process);
    free(unit_user);
    return status;
}
