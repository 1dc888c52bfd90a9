/* SPDX-License-Identifier: MIT */
/* check.c - "gss-negotiate check": what is right and what is wrong with this machine's
 * logins, and what mends it. */

#include "config.h"

#include "check.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "dispatch.h"
#include "translate.h"

enum { AS, SERVICE, JSON };

static const struct option_row options[] = {
    [AS] = {"as", "USER", N_("check as this user; only root can")},
    [SERVICE] =
        {"service", "SERVICE",
         N_("check with the environment and the user of a service, as it runs or as its "
            "unit has it")},
    [JSON] = OPTION_JSON,
    {NULL, NULL, NULL},
};

/* Becomes the user for good: nothing here is done as anybody else. */
static enum exit_status become(const char *name)
{
    const struct passwd *entry = getpwnam(name);

    if (!entry)
        return complain(STATUS_USAGE, _("there is no user \"%s\""), name);
    if (entry->pw_uid == geteuid())
        return STATUS_OK;
    if (initgroups(name, entry->pw_gid) != 0 || setgid(entry->pw_gid) != 0 ||
        setuid(entry->pw_uid) != 0)
        return complain(STATUS_TROUBLE, _("this process cannot become %s: %s; run it as root"),
                        name, strerror(errno));
    setenv("HOME", entry->pw_dir, 1);
    setenv("USER", name, 1);
    unsetenv("XDG_RUNTIME_DIR");
    return STATUS_OK;
}

static enum exit_status prepare(const struct arguments *arguments, struct report *report)
{
    const char *as = arguments->values[AS];
    enum exit_status status = STATUS_OK;
    char *user = NULL;

    if (arguments->values[SERVICE])
        status = check_service(report, arguments->values[SERVICE], &user);
    if (!status && (as || user))
        status = become(as ? as : user);
    free(user);
    return status;
}

static void check_all(struct report *report)
{
    struct mech_files files;

    check_settings(report);
    if (mech_files_read(&files)) {
        if (check_modules(report, &files))
            check_negotiate(report, &files);
        else
            report_mendable(report, VERDICT_UNKNOWN, "gss-negotiate check", "%s",
                            _("what else GSSAPI does, before that module is out of the way"));
    } else {
        report_mendable(report, VERDICT_UNKNOWN, "free -h", "%s",
                        _("there is not enough memory for the mechanism files"));
    }
    mech_files_clear(&files);
    check_accounts(report);
    check_audit(report);
}

static void print_sum(const struct report *report)
{
    const unsigned *counts = report->counts;

    if (!report->json) {
        say(_("%u good, %u bad, %u unknown"), counts[VERDICT_GOOD], counts[VERDICT_BAD],
            counts[VERDICT_UNKNOWN]);
        return;
    }
    json_array_end(report->json);
    json_number(report->json, "good", counts[VERDICT_GOOD]);
    json_number(report->json, "bad", counts[VERDICT_BAD]);
    json_number(report->json, "unknown", counts[VERDICT_UNKNOWN]);
    json_object_end(report->json);
}

static enum exit_status run(const struct arguments *arguments)
{
    struct json json = {.depth = 0};
    struct report report = {.json = arguments->values[JSON] ? &json : NULL};
    enum exit_status status;

    if (report.json) {
        json_object(&json, NULL);
        json_array(&json, "findings");
    }
    status = prepare(arguments, &report);
    if (!status)
        check_all(&report);
    if (!status || report.json)
        print_sum(&report);
    return status || report.counts[VERDICT_BAD] == 0 ? status : STATUS_BAD;
}

const struct command command_check = {
    .name = "check",
    .operands = "",
    .summary = N_("Tell what is right and what is wrong with logins here, and what mends it"),
    .about =
        N_("Each line is good, bad or unknown; unknown is also what need not be there, as an "
           "account file on a machine that only logs in elsewhere. The exit status is 1 if "
           "anything is bad.\n"
           "A service often has another user and another environment than you: ask for it "
           "with --service."),
    .options = options,
    .run = run,
};
