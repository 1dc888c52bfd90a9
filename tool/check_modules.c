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
#include "mend.h"
#include "spnego/oids.h"
#include "translate.h"
#include "trial.h"

#define OWN_MODULE "mech_ntlmssp.so"
#define OWN_FILE "ntlmssp.conf"
#define OWN_SPNEGO "mech_spnego.so"
#define TRIAL_SECONDS 10

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

/* The module's file cannot be read. */
static void report_no_module(struct report *report, const struct mech_line *line, int code)
{
    const bool ours =
        has_suffix(line->module, OWN_MODULE) || has_suffix(line->module, OWN_SPNEGO);
    char mend[MEND_SIZE], word[MEND_WORD_SIZE];

    if (code == EACCES)
        snprintf(mend, sizeof(mend), "chmod a+rx %s", mend_word(line->module, word));
    else if (ours)
        snprintf(mend, sizeof(mend), "apt install --reinstall gss-negotiate-mechs");
    else
        mend_comment_out(line, mend);
    report_mendable(report, VERDICT_BAD, mend, _("%s, line %u: %s: %s"), line->path,
                    line->number, line->module, strerror(code));
}

/* False: it crashes or hangs. */
static bool report_load(struct report *report, const struct mech_line *line)
{
    char end[128], mend[MEND_SIZE], word[MEND_WORD_SIZE];
    struct trial trial;

    if (access(line->module, R_OK) != 0) {
        report_no_module(report, line, errno);
        return true;
    }
    trial_run(load, (void *)(uintptr_t)line, TRIAL_SECONDS, &trial);
    snprintf(mend, sizeof(mend), "ldd %s", mend_word(line->module, word));
    if (trial.end != TRIAL_RETURNED)
        report_mendable(report, trial.end == TRIAL_FAILED ? VERDICT_UNKNOWN : VERDICT_BAD,
                        mend_comment_out(line, mend), _("%s %s"), line->module,
                        trial_end_text(&trial, end, sizeof(end)));
    else if (trial.status == LOADS)
        report_good(report, _("%s loads"), line->module);
    else if (trial.status == LOADS_NOT)
        report_mendable(report, VERDICT_BAD, mend, _("%s cannot be loaded: %s"), line->module,
                        trial.text);
    else
        report_mendable(report, VERDICT_BAD, mend_comment_out(line, mend),
                        _("%s is no module for GSSAPI: it has no %s"), line->module,
                        trial.text);
    return trial.end == TRIAL_RETURNED || trial.end == TRIAL_FAILED;
}

static bool report_line(struct report *report, const struct mech_line *line)
{
    char mend[MEND_SIZE];

    if (line->oid.length == 0 || !*line->module)
        report_mendable(report, VERDICT_BAD, mend_line(line, mend),
                        _("%s, line %u: \"%s\" is no object identifier, or has no module"),
                        line->path, line->number, line->oid_text);
    else if (line->kind && !line->interposer)
        report_mendable(report, VERDICT_BAD, mend_line(line, mend),
                        _("%s, line %u: the library does not know %s"), line->path,
                        line->number, line->kind);
    else
        return report_load(report, line);
    return true;
}

/* Whether what is registered in ntlmssp.conf comes after this line. */
static bool comes_before_ours(const struct mech_line *line)
{
    const char *slash = strrchr(line->path, '/');

    return !secure_getenv("GSS_MECH_CONFIG") && slash && strcmp(slash + 1, OWN_FILE) < 0;
}

/* The last line is another package's. A line of ours that comes before it counts again when
 * that is none; else one is added. */
static const char *mend_other(const struct mech_files *files, const struct mech_line *other,
                              char out[MEND_SIZE])
{
    char add[MEND_SIZE];
    size_t len;

    for (size_t i = 0; i < files->count; i++)
        if (has_suffix(files->lines[i].module, OWN_MODULE))
            return mend_comment_out(other, out);
    mend_register(MEND_NTLM_LINE, OWN_FILE, add);
    if (comes_before_ours(other)) {
        memcpy(out, add, sizeof(add));
        return out;
    }
    len = strlen(mend_comment_out(other, out));
    snprintf(out + len, MEND_SIZE - len, "; %s", add);
    return out;
}

static void report_ntlm(struct report *report, const struct mech_files *files)
{
    char mend[MEND_SIZE];
    const struct mech_line *line = mech_files_find(files, &oid_ntlmssp);

    if (!line) {
        report_mendable(report, VERDICT_BAD, mend_register(MEND_NTLM_LINE, OWN_FILE, mend),
                        "%s", _("no line registers NTLM: no program has it"));
        return;
    }
    for (size_t i = 0; i < files->count; i++)
        if (&files->lines[i] != line && !files->lines[i].interposer &&
            oid_same(&files->lines[i].oid, &oid_ntlmssp))
            report_good(report,
                        _("%s, line %u (%s) is overruled: the last line for NTLM counts"),
                        files->lines[i].path, files->lines[i].number, files->lines[i].module);
    if (has_suffix(line->module, OWN_MODULE))
        report_good(report, _("NTLM is %s, by %s, line %u"), line->module, line->path,
                    line->number);
    else
        report_mendable(report, VERDICT_BAD, mend_other(files, line, mend),
                        _("NTLM is another package's: %s, by %s, line %u"), line->module,
                        line->path, line->number);
}

static void report_spnego(struct report *report, const struct mech_files *files)
{
    const struct mech_line *line = check_spnego_line(files);
    char mend[MEND_SIZE];

    if (line)
        report_good(report,
                    _("SPNEGO is %s, by %s, line %u: of several, the first line counts"),
                    line->module, line->path, line->number);
    else
        report_good(report, "%s", _("SPNEGO is MIT Kerberos' own"));
    for (size_t i = 0; i < files->count; i++)
        if (has_suffix(files->lines[i].module, OWN_SPNEGO) && &files->lines[i] != line)
            report_mendable(report, VERDICT_BAD,
                            line ? mend_comment_out(&files->lines[i], mend)
                                 : mend_line(&files->lines[i], mend),
                            _("%s, line %u has no effect"), files->lines[i].path,
                            files->lines[i].number);
}

bool check_modules(struct report *report, const struct mech_files *files)
{
    const char *named = secure_getenv("GSS_MECH_CONFIG");
    char mend[MEND_SIZE];
    bool usable = true;

    report_topic(report, N_("Registration"));
    if (named)
        report_mendable(report, VERDICT_UNKNOWN, "unset GSS_MECH_CONFIG",
                        _("GSS_MECH_CONFIG=%s hides all of /etc/gss from this program"), named);
    if (files->unreadable)
        report_mendable(report, VERDICT_BAD, mend_place(files->unreadable, mend), "%s",
                        files->unreadable);
    report_ntlm(report, files);
    for (size_t i = 0; i < files->count; i++)
        usable &= report_line(report, &files->lines[i]);
    if (usable)
        report_spnego(report, files);
    if (files->cut)
        report_mendable(report, VERDICT_UNKNOWN, "ls /etc/gss/mech.d",
                        _("there are more than %d lines"), MECH_LINES_MAX);
    return usable;
}
