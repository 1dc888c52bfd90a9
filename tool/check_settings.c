/* SPDX-License-Identifier: MIT */
/* check_settings.c - the settings, OpenSSL's legacy provider, FIPS mode, the clock. */

#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "mend.h"
#include "ntlm/crypto.h"
#include "ntlm/fips.h"
#include "settings/settings.h"
#include "settings/show.h"
#include "support/failure.h"
#include "support/system.h"
#include "translate.h"

/* Debian 13 has a package of its own for it, Debian 12 has it in the library's. */
#define INSTALL_LEGACY "apt install openssl-provider-legacy || apt install --reinstall libssl3"

/* Before this program was written it cannot be. */
#define EARLIEST 1735689600 /* 2025-01-01 */

static void report_values(struct report *report)
{
    char mend[MEND_SIZE];

    struct settings_shown shown;
    enum ntlm_error error = settings_show(&shown);
    unsigned faults = 0;

    if (error)
        report_mendable(report, VERDICT_UNKNOWN, "free -h", "%s", ntlm_error_text(error));
    if (shown.trouble)
        report_mendable(report, VERDICT_BAD, mend_place(shown.trouble, mend), "%s",
                        shown.trouble);
    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        if (!shown.rows[i].fault)
            continue;
        report_mendable(report, VERDICT_BAD, mend_setting(&shown, i, mend), "%s",
                        shown.rows[i].fault);
        faults++;
    }
    if (!error && !shown.trouble && faults == 0)
        report_good(report, "%s",
                    _("the settings can be read (gss-negotiate settings shows them)"));
    settings_shown_clear(&shown);
}

/* The trace. */
static void report_trace(struct report *report, const char *log)
{
    const struct passwd *user = getpwuid(geteuid());
    char mend[MEND_SIZE], word[MEND_WORD_SIZE];

    if (strcmp(log, "-") == 0 || access(log, W_OK) == 0 || access(log, F_OK) != 0)
        return;
    snprintf(mend, sizeof(mend), "chown %s %s", user ? user->pw_name : "USER",
             mend_word(log, word));
    report_mendable(report, VERDICT_BAD, mend, _("the trace cannot be written: %s"), log);
}

static void report_names(struct report *report)
{
    const struct settings *settings;

    if (settings_get(&settings))
        return;
    report_good(report,
                _("as a server this machine is %s in the domain %s, unless winbind says "
                  "otherwise"),
                settings->netbios_computer, settings->netbios_domain);
    if (settings->trace)
        report_trace(report, settings->trace);
    settings_put(settings);
}

static void report_legacy(struct report *report)
{
    enum ntlm_error error = ntlm_crypto_ready();

    if (!error)
        report_good(report, "%s", _("OpenSSL has MD4 and DES (its legacy provider)"));
    else
        report_mendable(report, VERDICT_BAD,
                        secure_getenv("OPENSSL_MODULES") ? "unset OPENSSL_MODULES"
                        : secure_getenv("OPENSSL_CONF")  ? "unset OPENSSL_CONF"
                                                         : INSTALL_LEGACY,
                        "%s", ntlm_error_text(error));
}

/* Gives NTLM back to who has it in FIPS mode. */
static const char *mend_fips(char out[MEND_SIZE])
{
    struct settings_shown shown;
    const char *mend = mend_append("allow_in_fips_mode = true", out);

    if (!settings_show(&shown) &&
        shown.rows[SETTING_allow_in_fips_mode].origin == SETTING_FROM_FILE)
        mend = mend_setting(&shown, SETTING_allow_in_fips_mode, out);
    settings_shown_clear(&shown);
    return mend;
}

/* Whether the settings let NTLM be used in it. Wrong settings have been told. */
static bool is_allowed_in_fips_mode(void)
{
    const struct settings *settings;
    bool allowed;

    if (settings_get(&settings))
        return false;
    allowed = settings->allow_in_fips_mode;
    settings_put(settings);
    return allowed;
}

static void report_unknown_fips(struct report *report, enum ntlm_error error)
{
    char mend[MEND_SIZE];

    if (error != NTLM_ERR_FIPS_MODE_UNKNOWN)
        report_mendable(report, VERDICT_UNKNOWN, "free -h", "%s", ntlm_error_text(error));
    else if (is_allowed_in_fips_mode())
        report_good(report, "%s",
                    _("whether OpenSSL is in FIPS mode cannot be found out, and "
                      "allow_in_fips_mode lets NTLM be used"));
    else
        report_mendable(report, VERDICT_BAD, mend_fips(mend), "%s", ntlm_error_text(error));
}

static void report_fips(struct report *report)
{
    bool kernel, on = false;
    enum ntlm_error error = system_fips_mode(&kernel);
    const char *who = kernel ? _("the kernel") : "OpenSSL";
    char mend[MEND_SIZE];

    if (!error)
        error = ntlm_fips_mode(&on);
    if (error)
        report_unknown_fips(report, error);
    else if (!kernel && !on)
        report_good(report, "%s", _("neither OpenSSL nor the kernel is in FIPS mode"));
    else if (is_allowed_in_fips_mode())
        report_good(report, _("%s is in FIPS mode, and allow_in_fips_mode lets NTLM be used"),
                    who);
    else
        report_mendable(report, VERDICT_BAD, mend_fips(mend),
                        _("%s is in FIPS mode, so NTLM is off (Negotiate has Kerberos alone)"),
                        who);
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
        report_mendable(report, VERDICT_BAD, "timedatectl set-ntp true",
                        _("the clock says %s UTC"), text);
    else if (adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC))
        report_good(report, _("the clock is synchronized: %s UTC"), text);
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
    report_fips(report);
    report_clock(report);
}
