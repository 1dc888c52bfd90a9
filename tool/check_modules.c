/* SPDX-License-Identifier: MIT */
/* check_modules.c - which line of the mechanism files has NTLM, which has SPNEGO, and
 * whether the modules load. */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "spnego/oids.h"
#include "translate.h"
#include "trial.h"

#define OWN_MODULE "mech_ntlmssp.so"
#define OWN_SPNEGO "mech_spnego.so"
#define TRIAL_SECONDS 10

#define REGISTER_NTLM                                                                          \
    "echo 'ntlmssp 1.3.6.1.4.1.311.2.2.10 mech_ntlmssp.so' >/etc/gss/mech.d/ntlmssp.conf"

static bool has_suffix(const char *path, const char *file)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash ? slash + 1 : path, file) == 0;
}

/* ---- loading, in a child ---- */

enum { LOADS, LOADS_NOT, NO_MECHANISM };

static int load(void *arg, char *text)
{
    const struct mech_line *line = arg;
    void *module = dlopen(line->module, RTLD_NOW | RTLD_LOCAL);
    const char *entry = line->interposer ? "gss_mech_interposer" : "gss_init_sec_context";

    if (!module) {
        snprintf(text, TRIAL_TEXT_SIZE, "%s", dlerror());
        return LOADS_NOT;
    }
    if (dlsym(module, entry) || (!line->interposer && dlsym(module, "gss_mech_initialize")))
        return LOADS;
    snprintf(text, TRIAL_TEXT_SIZE, "%s", entry);
    return NO_MECHANISM;
}

static int interposes(void *arg, char *text)
{
    const struct mech_line *line = arg;
    void *module = dlopen(line->module, RTLD_NOW | RTLD_LOCAL);
    gss_OID_set (*interposer)(gss_OID) = NULL;
    gss_OID_set set;

    (void)text;
    if (module)
        *(void **)&interposer = dlsym(module, "gss_mech_interposer");
    set = interposer ? interposer(oid_in(&line->oid)) : NULL;
    for (size_t i = 0; set && i < set->count; i++)
        if (oid_same(&set->elements[i], &oid_spnego))
            return 1;
    return 0;
}

const struct mech_line *check_spnego_line(const struct mech_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct mech_line *line = &files->lines[i];
        struct trial trial;

        if (!line->interposer || line->oid.length == 0)
            continue;
        trial_run(interposes, (void *)(uintptr_t)line, TRIAL_SECONDS, &trial);
        if (trial.end == TRIAL_RETURNED && trial.status == 1)
            return line;
    }
    return NULL;
}

/* ---- findings ---- */

/* False: it crashes or hangs. */
static bool report_load(struct report *report, const struct mech_line *line)
{
    char end[128];
    struct trial trial;

    if (access(line->module, R_OK) != 0) {
        report_mendable(report, VERDICT_BAD,
                        errno == ENOENT ? _("install the module, or remove the line")
                                        : _("let this user read the module"),
                        _("%s, line %u: %s: %s"), line->path, line->number, line->module,
                        strerror(errno));
        return true;
    }
    trial_run(load, (void *)(uintptr_t)line, TRIAL_SECONDS, &trial);
    if (trial.end != TRIAL_RETURNED)
        report_mendable(report, trial.end == TRIAL_FAILED ? VERDICT_UNKNOWN : VERDICT_BAD,
                        _("remove the line, and tell who made the module"), _("%s %s"),
                        line->module, trial_end_text(&trial, end, sizeof(end)));
    else if (trial.status == LOADS)
        report_finding(report, VERDICT_GOOD, _("%s loads"), line->module);
    else if (trial.status == LOADS_NOT)
        report_mendable(report, VERDICT_BAD, _("install what it needs: see ldd"),
                        _("%s cannot be loaded: %s"), line->module, trial.text);
    else
        report_mendable(report, VERDICT_BAD, _("remove the line"),
                        _("%s is no module for GSSAPI: it has no %s"), line->module,
                        trial.text);
    return trial.end == TRIAL_RETURNED || trial.end == TRIAL_FAILED;
}

static bool report_line(struct report *report, const struct mech_line *line)
{
    if (line->oid.length == 0 || !*line->module)
        report_mendable(report, VERDICT_BAD, _("write: name, object identifier, module"),
                        _("%s, line %u: \"%s\" is no object identifier, or has no module"),
                        line->path, line->number, line->oid_text);
    else if (line->kind && !line->interposer)
        report_mendable(report, VERDICT_BAD, _("write <interposer>, or leave it out"),
                        _("%s, line %u: the library does not know %s"), line->path,
                        line->number, line->kind);
    else
        return report_load(report, line);
    return true;
}

static void report_ntlm(struct report *report, const struct mech_files *files)
{
    const struct mech_line *line = mech_files_find(files, &oid_ntlmssp);

    if (!line) {
        report_mendable(report, VERDICT_BAD, REGISTER_NTLM, "%s",
                        _("no line registers NTLM: no program has it"));
        return;
    }
    for (size_t i = 0; i < files->count; i++)
        if (&files->lines[i] != line && !files->lines[i].interposer &&
            oid_same(&files->lines[i].oid, &oid_ntlmssp))
            report_finding(report, VERDICT_GOOD,
                           _("%s, line %u (%s) is overruled: the last line for NTLM counts"),
                           files->lines[i].path, files->lines[i].number,
                           files->lines[i].module);
    if (has_suffix(line->module, OWN_MODULE))
        report_finding(report, VERDICT_GOOD, _("NTLM is %s, by %s, line %u"), line->module,
                       line->path, line->number);
    else
        report_mendable(report, VERDICT_BAD, _("remove that line, or register after it"),
                        _("NTLM is another package's: %s, by %s, line %u"), line->module,
                        line->path, line->number);
}

static void report_spnego(struct report *report, const struct mech_files *files)
{
    const struct mech_line *line = check_spnego_line(files);

    if (line)
        report_finding(report, VERDICT_GOOD,
                       _("SPNEGO is %s, by %s, line %u: of several, the first line counts"),
                       line->module, line->path, line->number);
    else
        report_finding(report, VERDICT_GOOD, "%s", _("SPNEGO is MIT Kerberos' own"));
    for (size_t i = 0; i < files->count; i++)
        if (has_suffix(files->lines[i].module, OWN_SPNEGO) && &files->lines[i] != line)
            report_mendable(report, VERDICT_BAD,
                            line ? _("remove the other line")
                                 : _("copy gss-spnego.conf.example to "
                                     "/etc/gss/mech.d/spnego.conf as it is"),
                            _("%s, line %u has no effect"), files->lines[i].path,
                            files->lines[i].number);
}

bool check_modules(struct report *report, const struct mech_files *files)
{
    const char *named = secure_getenv("GSS_MECH_CONFIG");
    bool usable = true;

    report_topic(report, N_("Registration"));
    if (named)
        report_finding(report, VERDICT_UNKNOWN,
                       _("GSS_MECH_CONFIG=%s hides all of /etc/gss from this program"), named);
    if (files->unreadable)
        report_mendable(report, VERDICT_BAD, _("let all users read the mechanism files"), "%s",
                        files->unreadable);
    report_ntlm(report, files);
    for (size_t i = 0; i < files->count; i++)
        usable &= report_line(report, &files->lines[i]);
    if (usable)
        report_spnego(report, files);
    if (files->cut)
        report_finding(report, VERDICT_UNKNOWN, _("there are more than %d lines"),
                       MECH_LINES_MAX);
    return usable;
}
