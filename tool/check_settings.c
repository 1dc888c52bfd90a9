/* SPDX-License-Identifier: MIT */
/* check_settings.c - the settings, OpenSSL's legacy provider, the clock. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "ntlm/crypto.h"
#include "settings/settings.h"
#include "settings/show.h"
#include "support/failure.h"
#include "translate.h"

/* Before this program was written it cannot be. */
#define EARLIEST 1735689600 /* 2025-01-01 */

static void report_values(struct report *report)
{
    struct settings_shown shown;
    enum ntlm_error error = settings_show(&shown);
    unsigned faults = 0;

    if (error)
        report_finding(report, VERDICT_UNKNOWN, "%s", ntlm_error_text(error));
    if (shown.trouble)
        report_finding(report, VERDICT_BAD, "%s", shown.trouble);
    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        if (!shown.rows[i].fault)
            continue;
        report_mendable(report, VERDICT_BAD, shown.inputs.place[i], "%s", shown.rows[i].fault);
        faults++;
    }
    if (!error && !shown.trouble && faults == 0)
        report_finding(report, VERDICT_GOOD, "%s",
                       _("the settings can be read (gss-negotiate settings shows them)"));
    settings_shown_clear(&shown);
}

static void report_names(struct report *report)
{
    const struct settings *settings;
    const char *log;

    if (settings_get(&settings))
        return;
    report_finding(report, VERDICT_GOOD,
                   _("as a server this machine is %s in the domain %s, unless winbind says "
                     "otherwise"),
                   settings->netbios_computer, settings->netbios_domain);
    log = settings->trace;
    if (log && strcmp(log, "-") != 0 && access(log, W_OK) != 0 && access(log, F_OK) == 0)
        report_mendable(report, VERDICT_BAD, _("let this user write the file"),
                        _("the trace cannot be written: %s"), log);
    settings_put(settings);
}

static void report_legacy(struct report *report)
{
    enum ntlm_error error = ntlm_crypto_ready();

    if (!error)
        report_finding(report, VERDICT_GOOD, "%s",
                       _("OpenSSL has MD4 and DES (its legacy provider)"));
    else
        report_mendable(report, VERDICT_BAD, "apt install openssl-provider-legacy", "%s",
                        ntlm_error_text(error));
}

static void report_clock(struct report *report)
{
    struct timex state = {.modes = 0};
    time_t now = time(NULL);
    char text[64] = "";
    struct tm utc;

    if (gmtime_r(&now, &utc))
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &utc);
    if (now < EARLIEST)
        report_mendable(report, VERDICT_BAD, _("set the clock"), _("the clock says %s UTC"),
                        text);
    else if (adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC))
        report_finding(report, VERDICT_GOOD, _("the clock is synchronized: %s UTC"), text);
    else
        report_mendable(report, VERDICT_UNKNOWN, "timedatectl set-ntp true",
                        _("the clock says %s UTC, and nothing here is known to keep it right: "
                          "Kerberos allows 5 minutes, NTLM max_clock_skew"),
                        text);
}

void check_settings(struct report *report)
{
    report_topic(report, N_("Settings"));
    report_values(report);
    report_names(report);
    report_topic(report, N_("Machine"));
    report_legacy(report);
    report_clock(report);
}
