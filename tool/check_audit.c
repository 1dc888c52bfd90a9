/* SPDX-License-Identifier: MIT */
/* check_audit.c - whether logins to servers here leave a record. */

#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "audit/socket.h"
#include "check.h"
#include "mend.h"
#include "settings/settings.h"
#include "settings/show.h"
#include "translate.h"

#define SYSTEMD_RUNS "/run/systemd/system"

static void report_off(struct report *report)
{
    struct settings_shown shown;
    char mend[MEND_SIZE];

    if (!settings_show(&shown))
        report_mendable(report, VERDICT_UNKNOWN,
                        mend_setting(&shown, SETTING_audit_logons, mend), "%s",
                        _("logins to servers are not recorded, by audit_logons = off: who came "
                          "in cannot be found out afterwards"));
    settings_shown_clear(&shown);
}

static void report_log(struct report *report, const char *which)
{
    struct audit_socket log = audit_socket_open(AUDIT_JOURNAL, AUDIT_SYSLOG);

    if (log.fd >= 0 && log.journal)
        report_good(report,
                    _("logins to servers are recorded in the journal (audit_logons = %s): "
                      "journalctl -t mech_ntlmssp"),
                    which);
    else if (log.fd >= 0)
        report_good(report,
                    _("logins to servers are recorded by syslog, as mech_ntlmssp in its "
                      "facility auth (audit_logons = %s)"),
                    which);
    else
        report_mendable(report, VERDICT_UNKNOWN,
                        access(SYSTEMD_RUNS, F_OK) == 0
                            ? "systemctl start systemd-journald.socket"
                            : "apt install rsyslog && service rsyslog start",
                        _("there is no system log here, neither %s nor %s: logins to servers "
                          "are not recorded"),
                        AUDIT_JOURNAL, AUDIT_SYSLOG);
    if (log.fd >= 0)
        close(log.fd);
}

void check_audit(struct report *report)
{
    const struct settings *settings;
    unsigned which;

    report_topic(report, N_("Record of logons"));
    if (settings_get(&settings)) {
        report_mendable(report, VERDICT_UNKNOWN, "gss-negotiate settings", "%s",
                        _("whether there is one, before the settings are mended"));
        return;
    }
    which = settings->audit_logons;
    settings_put(settings);
    if (which == AUDIT_OFF)
        report_off(report);
    else
        report_log(report, which == AUDIT_ALL ? "all" : "failures");
}
