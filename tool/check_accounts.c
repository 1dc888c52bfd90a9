/* SPDX-License-Identifier: MIT */
/* check_accounts.c - where a server's accounts are: the account file, winbind. */

#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "account_file.h"
#include "account_lines.h"
#include "check.h"
#include "mend.h"
#include "settings/settings.h"
#include "support/failure.h"
#include "translate.h"
#include "userfile/userfile.h"
#include "winbind/domain.h"
#include "winbind/winbind.h"

#define START_WINBIND "systemctl start winbind"
#define WINBIND_PROGRAM "/usr/sbin/winbindd"
#define PRIVILEGED "/var/lib/samba/winbindd_privileged"

static void ignore_finding(void *arg, const struct line_finding *finding)
{
    (void)arg;
    (void)finding;
}

static void report_lines(struct report *report, const char *path)
{
    struct account_file file;
    struct line_counts counts = {.accounts = 0};
    char mend[MEND_SIZE], word[MEND_WORD_SIZE];

    snprintf(mend, sizeof(mend), "gss-negotiate account lint %s", mend_word(path, word));
    if (account_file_read(path, &file) ||
        account_lines_check(&file, ignore_finding, NULL, &counts))
        report_mendable(report, VERDICT_UNKNOWN, mend, _("what is in %s"), path);
    else if (counts.bad > 0)
        report_mendable(report, VERDICT_BAD, mend,
                        _("%s has %zu accounts, and %zu lines that servers skip"), path,
                        counts.accounts, counts.bad);
    else if (counts.findings > 0)
        report_mendable(report, VERDICT_UNKNOWN, mend,
                        _("%s has %zu accounts; %zu findings are doubtful"), path,
                        counts.accounts, counts.findings);
    else
        report_good(report, _("%s has %zu accounts"), path, counts.accounts);
    account_file_close(&file);
}

static void report_file(struct report *report, const char *path)
{
    enum ntlm_error error = userfile_check(path);
    const char *detail = failure_detail(error);
    char mend[MEND_SIZE];

    if (error) {
        report_mendable(report, VERDICT_BAD, mend_account_file(path, mend), "%s: %s",
                        ntlm_error_text(error), detail ? detail : path);
        return;
    }
    report_good(report, _("%s can be read, and nobody else can write it or its directories"),
                path);
    report_lines(report, path);
}

static bool names_winbind(const struct settings *settings)
{
    for (unsigned i = 0; i < settings->account_sources.count; i++)
        if (settings->account_sources.choice[i] == ACCOUNTS_IN_WINBIND)
            return true;
    return false;
}

/* A server logs in through a socket in a directory of its own. */
static void report_rights(struct report *report)
{
    const struct passwd *user = getpwuid(geteuid());
    char mend[MEND_SIZE];

    if (access(PRIVILEGED, F_OK) != 0 || access(PRIVILEGED, X_OK) == 0)
        return;
    snprintf(mend, sizeof(mend), "adduser %s winbindd_priv", user ? user->pw_name : "USER");
    report_mendable(report, VERDICT_UNKNOWN, mend, "%s",
                    _("as a server this user cannot ask winbind for logins: it is no member of "
                      "the group winbindd_priv"));
}

static void report_no_winbind(struct report *report, bool needed, bool has_file)
{
    if (needed)
        report_mendable(report, VERDICT_BAD, START_WINBIND, "%s",
                        _("account_sources names winbind, and it does not run here"));
    else if (!has_file && access(WINBIND_PROGRAM, X_OK) == 0)
        report_mendable(
            report, VERDICT_UNKNOWN, START_WINBIND, "%s",
            _("winbind is installed and does not run: no user of a domain can be let "
              "in"));
    else
        report_good(report, "%s", _("winbind does not run here, and is not asked for"));
}

static void report_winbind(struct report *report, const struct settings *settings)
{
    const bool needed = names_winbind(settings);
    const struct winbind_domain *domain;
    enum ntlm_error error;
    const char *detail;

    if (!winbind_is_there()) {
        report_no_winbind(report, needed, settings_account_file(settings) != NULL);
        return;
    }
    error = winbind_domain_get(settings->winbind_timeout, &domain);
    detail = failure_detail(error);
    if (error)
        report_mendable(report, needed ? VERDICT_BAD : VERDICT_UNKNOWN, "wbinfo -p; wbinfo -t",
                        "%s: %s", ntlm_error_text(error), detail ? detail : "");
    else
        report_good(report, _("winbind says: %s, a member of %s (%s)"),
                    domain->netbios_computer, domain->netbios_domain,
                    domain->dns_domain ? domain->dns_domain : _("no DNS name"));
    if (!error) {
        report_rights(report);
        winbind_domain_put(domain);
    }
}

void check_accounts(struct report *report)
{
    const struct settings *settings;
    char mend[MEND_SIZE];
    const char *path;

    report_topic(report, N_("Accounts of a server"));
    if (settings_get(&settings)) {
        report_mendable(report, VERDICT_UNKNOWN, "gss-negotiate settings", "%s",
                        _("where they are, before the settings are mended"));
        return;
    }
    path = settings_account_file(settings);
    if (path)
        report_file(report, path);
    else
        report_mendable(report, VERDICT_UNKNOWN,
                        mend_append("account_file = /etc/ntlm-accounts", mend), "%s",
                        _("no account file is named; a client needs none"));
    report_winbind(report, settings);
    settings_put(settings);
}
