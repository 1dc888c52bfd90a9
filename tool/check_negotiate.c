/* SPDX-License-Identifier: MIT */
/* check_negotiate.c - what a login by Negotiate would have: whether MIT's SPNEGO loses
 * mechListMICs, and which mechanisms have a credential, as client and as server. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "identity/identity.h"
#include "mend.h"
#include "mic_probe.h"
#include "settings/settings.h"
#include "spnego/oids.h"
#include "support/failure.h"
#include "translate.h"
#include "trial.h"

#define TRIAL_SECONDS 30

/* ---- the mechListMIC ---- */

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    bool good = file && fputs(text, file) >= 0;

    return file && fclose(file) == 0 && good;
}

/* Only NTLM, an account of our own, and no Kerberos. These logins are nobody's: they say
 * nothing of what is allowed here, and are not recorded. */
static bool be_alone(const char *directory, const char *module)
{
    static const char settings[] = "[ntlmssp]\nallow_in_fips_mode = true\naudit_logons = off\n";
    char *conf = NULL, *line = NULL, *accounts = NULL, *krb5_conf = NULL;
    bool good = asprintf(&conf, "%s/mech", directory) >= 0 &&
                asprintf(&accounts, "%s/accounts", directory) >= 0 &&
                asprintf(&krb5_conf, "%s/krb5.conf", directory) >= 0 &&
                asprintf(&line, "ntlmssp 1.3.6.1.4.1.311.2.2.10 %s\n", module) >= 0 &&
                write_file(conf, line) && write_file(accounts, "DOMAIN:alice:secret\n") &&
                write_file(krb5_conf, settings);

    if (good) {
        unsetenv("NTLM_ACCOUNT_FILE");
        unsetenv("NTLMUSER");
        unsetenv("LM_COMPAT_LEVEL");
        unsetenv("NTLM_TRACE");
        unsetenv("GSSNTLMSSP_DEBUG");
        setenv("GSS_MECH_CONFIG", conf, 1);
        setenv("NTLM_USER_FILE", accounts, 1);
        setenv("KRB5_CONFIG", krb5_conf, 1);
        setenv("KRB5CCNAME", "MEMORY:gss-negotiate", 1); /* libkrb5 may crash on /dev/null */
        setenv("KRB5_KTNAME", "FILE:/dev/null", 1);
        setenv("KRB5_CLIENT_KTNAME", "FILE:/dev/null", 1);
    }
    free(conf);
    free(line);
    free(accounts);
    free(krb5_conf);
    return good;
}

/* What the probe needs. */
struct probe {
    const char *directory, *module;
};

static int probe(void *arg, char *text)
{
    const struct probe *probe = arg;

    (void)text;
    return be_alone(probe->directory, probe->module) ? (int)mic_probe() : MIC_PROBE_UNKNOWN;
}

static void remove_files(const char *directory)
{
    static const char *const names[] = {"mech", "accounts", "krb5.conf"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path;
        if (asprintf(&path, "%s/%s", directory, names[i]) >= 0) {
            unlink(path);
            free(path);
        }
    }
    rmdir(directory);
}

static void report_mics(struct report *report, const struct mech_files *files)
{
    const struct mech_line *ntlm = mech_files_find(files, &oid_ntlmssp);
    const struct mech_line *ours = check_spnego_line(files);
    char directory[] = "/tmp/gss-negotiate-check.XXXXXX";
    struct trial trial = {.end = TRIAL_FAILED};
    char mend[MEND_SIZE];

    if (ntlm && mkdtemp(directory)) {
        struct probe work = {directory, ntlm->module};
        mode_t before = umask(077);
        trial_run(probe, &work, TRIAL_SECONDS, &trial);
        umask(before);
        remove_files(directory);
    }
    if (trial.end != TRIAL_RETURNED || trial.status == MIC_PROBE_UNKNOWN)
        report_mendable(report, VERDICT_UNKNOWN,
                        "gss-negotiate try --ntlm --account-file FILE --user 'DOMAIN\\USER'",
                        "%s",
                        _("whether MIT Kerberos' SPNEGO loses mechListMICs: no login with NTLM "
                          "came about here"));
    else if (trial.status == MIC_PROBE_FINDS)
        report_good(report, "%s", _("MIT Kerberos' SPNEGO finds its peers' mechListMICs"));
    else if (ours)
        report_good(report,
                    _("MIT Kerberos' SPNEGO loses its peers' mechListMICs (krb5 pull request "
                      "1451), and %s stands in for it"),
                    ours->module);
    else
        report_mendable(
            report, VERDICT_BAD, mend_register(MEND_SPNEGO_LINE, "spnego.conf", mend), "%s",
            _("MIT Kerberos' SPNEGO loses its peers' mechListMICs (krb5 pull request "
              "1451): a login that signs or seals fails with \"Invalid token was "
              "supplied\""));
}

/* ---- credentials ---- */

struct inquiry {
    gss_const_OID mech;
    gss_cred_usage_t usage;
};

static void put_status(gss_const_OID mech, OM_uint32 major, OM_uint32 minor, char *text)
{
    gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
    OM_uint32 context = 0, ignored;

    if (gss_display_status(&ignored, minor ? minor : major,
                           minor ? GSS_C_MECH_CODE : GSS_C_GSS_CODE, oid_in(mech), &context,
                           &words) == GSS_S_COMPLETE)
        snprintf(text, TRIAL_TEXT_SIZE, "%.*s", (int)words.length, (const char *)words.value);
    gss_release_buffer(&ignored, &words);
}

enum { CREDENTIAL_THERE, CREDENTIAL_NONE, CREDENTIAL_FORBIDDEN };

/* The credential's name in text, or why there is none. */
static int inquire(void *arg, char *text)
{
    const struct inquiry *inquiry = arg;
    gss_OID_set_desc set = {1, oid_in(inquiry->mech)};
    gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
    gss_buffer_desc name = GSS_C_EMPTY_BUFFER;
    gss_name_t who = GSS_C_NO_NAME;
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &set,
                                       inquiry->usage, &cred, NULL, NULL);

    if (!GSS_ERROR(major) && inquiry->usage == GSS_C_INITIATE)
        major = gss_inquire_cred_by_mech(&minor, cred, oid_in(inquiry->mech), &who, NULL, NULL,
                                         NULL);
    if (GSS_ERROR(major))
        put_status(inquiry->mech, major, minor, text);
    else if (who && gss_display_name(&ignored, who, &name, NULL) == GSS_S_COMPLETE)
        snprintf(text, TRIAL_TEXT_SIZE, "%.*s", (int)name.length, (const char *)name.value);
    gss_release_buffer(&ignored, &name);
    gss_release_name(&ignored, &who);
    gss_release_cred(&ignored, &cred);
    if (GSS_ERROR(major) == GSS_S_UNAUTHORIZED)
        return CREDENTIAL_FORBIDDEN;
    return GSS_ERROR(major) ? CREDENTIAL_NONE : CREDENTIAL_THERE;
}

/* An identity that is named or kept, and cannot be had: what is wrong with it, and what mends
 * that. False: there is just none. */
static bool report_identity(struct report *report)
{
    const struct settings *settings;
    struct identity *identity = NULL;
    char mend[MEND_SIZE];
    const char *detail, *command = "gss-negotiate login 'DOMAIN\\USER'";
    char word[MEND_WORD_SIZE];
    enum ntlm_error error = settings_get(&settings);

    if (error)
        return false;
    error = identity_find(settings, NULL, NULL, NULL, &identity);
    identity_release(identity);
    detail = failure_detail(error);
    if (error == NTLM_ERR_BAD_LOGIN)
        command = "gss-negotiate logout";
    else if (error == NTLM_ERR_LOGIN_EXPIRED)
        command = "gss-negotiate login";
    else if (error == NTLM_ERR_NO_SUCH_LINE && settings->user_file) {
        snprintf(mend, sizeof(mend), "gss-negotiate account add --file %s 'DOMAIN\\USER'",
                 mend_word(settings->user_file, word));
        command = mend;
    } else if (settings->user_file)
        command = mend_account_file(settings->user_file, mend);
    if (error && error != NTLM_ERR_NO_IDENTITY)
        report_mendable(report, VERDICT_BAD, command, _("NTLM cannot log in: %s: %s"),
                        ntlm_error_text(error), detail ? detail : "");
    settings_put(settings);
    return error && error != NTLM_ERR_NO_IDENTITY;
}

static void report_credential(struct report *report, gss_const_OID mech, gss_cred_usage_t usage)
{
    struct inquiry inquiry = {mech, usage};
    const bool client = usage == GSS_C_INITIATE;
    char numbers[OID_NAME_SIZE], end[128];
    const char *name = oid_name(mech, numbers);
    const char *mend = oid_same(mech, &oid_ntlmssp)
                           ? client ? "gss-negotiate login 'DOMAIN\\USER'"
                                    : "gss-negotiate account add --file FILE 'DOMAIN\\USER'"
                       : client ? "kinit"
                                : "kadmin -q \"ktadd HTTP/$(hostname -f)\"";
    struct trial trial;

    trial_run(inquire, &inquiry, TRIAL_SECONDS, &trial);
    if (trial.end != TRIAL_RETURNED)
        report_mendable(report, VERDICT_BAD,
                        "KRB5_TRACE=/dev/stderr NTLM_TRACE=- gss-negotiate try URL", "%s %s",
                        name, trial_end_text(&trial, end, sizeof(end)));
    else if (trial.status == CREDENTIAL_FORBIDDEN)
        report_mendable(
            report, VERDICT_UNKNOWN,
            client ? "gss-negotiate settings restrict_sending_ntlm allow_in_fips_mode"
                   : "gss-negotiate settings restrict_receiving_ntlm allow_in_fips_mode",
            _("%s is off: %s"), name, trial.text);
    else if (trial.status == CREDENTIAL_THERE && client)
        report_good(report, _("%s would log in as %s"), name, trial.text);
    else if (trial.status == CREDENTIAL_THERE)
        report_good(report, _("%s would be accepted"), name);
    else if (client && oid_same(mech, &oid_ntlmssp) && report_identity(report))
        return;
    else if (client)
        report_mendable(report, VERDICT_UNKNOWN, mend, _("%s has nothing to log in with: %s"),
                        name, trial.text);
    else
        report_mendable(report, VERDICT_UNKNOWN, mend, _("%s has nothing to accept with: %s"),
                        name, trial.text);
}

/* A module that crashes must not take us along. */
static int offers(void *arg, char *text)
{
    OM_uint32 minor;
    gss_OID_set mechs;
    int present = 0;

    (void)text;
    if (gss_indicate_mechs(&minor, &mechs) != GSS_S_COMPLETE)
        return 0;
    gss_test_oid_set_member(&minor, (gss_OID)arg, mechs, &present);
    gss_release_oid_set(&minor, &mechs);
    return present;
}

static bool is_offered(gss_const_OID mech)
{
    struct trial trial;

    trial_run(offers, oid_in(mech), TRIAL_SECONDS, &trial);
    return trial.end == TRIAL_RETURNED && trial.status == 1;
}

void check_negotiate(struct report *report, const struct mech_files *files)
{
    const gss_OID_desc *const mechs[] = {&oid_krb5, &oid_ntlmssp};
    const gss_cred_usage_t usages[] = {GSS_C_INITIATE, GSS_C_ACCEPT};
    static const char *const topics[] = {N_("Negotiate, as client"),
                                         N_("Negotiate, as server")};

    char mend[MEND_SIZE];

    report_topic(report, N_("Negotiate"));
    report_mics(report, files);
    for (size_t usage = 0; usage < 2; usage++) {
        report_topic(report, topics[usage]);
        for (size_t i = 0; i < 2; i++)
            if (is_offered(mechs[i]))
                report_credential(report, mechs[i], usages[usage]);
    }
    if (!is_offered(&oid_ntlmssp))
        report_mendable(report, VERDICT_BAD,
                        mend_register(MEND_NTLM_LINE, "ntlmssp.conf", mend), "%s",
                        _("GSSAPI does not have NTLM"));
}
