/* SPDX-License-Identifier: MIT */
/* mend.c - see mend.h. */

#include "config.h"

#include "mend.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userfile/path.h"

#define KRB5_CONF "/etc/krb5.conf"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-@%:=,"

const char *mend_word(const char *text, char out[MEND_WORD_SIZE])
{
    size_t len = 0;

    if (4 * strlen(text) + 3 > MEND_WORD_SIZE)
        return strcpy(out, "FILE");
    if (*text && strspn(text, PLAIN) == strlen(text))
        return strcpy(out, text);
    out[len++] = '\'';
    for (; *text; text++) {
        if (*text == '\'') {
            memcpy(out + len, "'\\''", 4);
            len += 4;
        } else {
            out[len++] = *text;
        }
    }
    out[len++] = '\'';
    out[len] = '\0';
    return out;
}

const char *mend_place(const char *place, char out[MEND_SIZE])
{
    const char *line = strstr(place, ", line ");
    const size_t len = line ? (size_t)(line - place) : strcspn(place, ":");
    const unsigned long number = line ? strtoul(line + strlen(", line "), NULL, 10) : 1;
    char word[MEND_WORD_SIZE], *path = strndup(place, len);

    if (!path)
        return "gss-negotiate settings";
    mend_word(path, word);
    if (access(path, F_OK) == 0 && access(path, R_OK) != 0)
        snprintf(out, MEND_SIZE, "chmod a+r %s", word);
    else
        snprintf(out, MEND_SIZE, "${EDITOR:-vi} +%lu %s", number, word);
    free(path);
    return out;
}

const char *mend_setting(const struct settings_shown *shown, enum setting setting,
                         char out[MEND_SIZE])
{
    if (shown->rows[setting].origin != SETTING_FROM_ENVIRONMENT)
        return shown->inputs.place[setting] ? mend_place(shown->inputs.place[setting], out)
                                            : "gss-negotiate settings";
    snprintf(out, MEND_SIZE, "unset %s", setting_table[setting].variable);
    return out;
}

const char *mend_append(const char *line, char out[MEND_SIZE])
{
    const char *config = secure_getenv("KRB5_CONFIG");
    char word[MEND_WORD_SIZE], *path = NULL;

    if (config && config[strspn(config, ":")] != '\0')
        path =
            strndup(config + strspn(config, ":"), strcspn(config + strspn(config, ":"), ":"));
    snprintf(out, MEND_SIZE, "printf '[ntlmssp]\\n%s\\n' >>%s", line,
             mend_word(path ? path : KRB5_CONF, word));
    free(path);
    return out;
}

/* ---- mechanism files ---- */

const char *mend_comment_out(const struct mech_line *line, char out[MEND_SIZE])
{
    char word[MEND_WORD_SIZE];

    snprintf(out, MEND_SIZE, "sed -i '%us/^/#/' %s", line->number, mend_word(line->path, word));
    return out;
}

const char *mend_line(const struct mech_line *line, char out[MEND_SIZE])
{
    static const struct {
        const char *file, *name, *oid, *kind;
    } ours[] = {{"mech_ntlmssp.so", "ntlmssp", "1.3.6.1.4.1.311.2.2.10", ""},
                {"mech_spnego.so", "spnego", "1.3.6.1.4.1.32473.4178", " <interposer>"}};
    const char *slash = strrchr(line->module, '/'), *file = slash ? slash + 1 : line->module;
    char word[MEND_WORD_SIZE];

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (strcmp(file, ours[i].file) == 0 && !strchr(line->module, '\'')) {
            snprintf(out, MEND_SIZE, "sed -i '%uc %s %s %s%s' %s", line->number, ours[i].name,
                     ours[i].oid, line->module, ours[i].kind, mend_word(line->path, word));
            return out;
        }
    return mend_comment_out(line, out);
}

const char *mend_register(const char *line, const char *file, char out[MEND_SIZE])
{
    const char *named = secure_getenv("GSS_MECH_CONFIG");
    char word[MEND_WORD_SIZE];

    if (named)
        snprintf(out, MEND_SIZE, "echo '%s' >>%s", line, mend_word(named, word));
    else
        snprintf(out, MEND_SIZE, "echo '%s' >/etc/gss/mech.d/%s", line, file);
    return out;
}

/* ---- account files ---- */

/* The group through which this process' user is to read it. */
static void group_word(char out[MEND_WORD_SIZE])
{
    const struct group *group = getgrgid(getegid());

    if (group)
        mend_word(group->gr_name, out);
    else
        snprintf(out, MEND_WORD_SIZE, "%lu", (unsigned long)getegid());
}

/* What is wrong with this directory, or with the file itself. */
static const char *mend_component(const char *path, bool is_file, char out[MEND_SIZE])
{
    char word[MEND_WORD_SIZE], group[MEND_WORD_SIZE], reason[PATH_REASON_SIZE];
    struct stat st;

    mend_word(path, word);
    group_word(group);
    if (lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
        return NULL;
    if (path_unsafe(path, &st, reason) && (is_file || !(st.st_mode & S_ISVTX))) {
        if (st.st_uid != 0 && st.st_uid != geteuid())
            snprintf(out, MEND_SIZE, "chown root %s", word);
        else
            snprintf(out, MEND_SIZE, "chmod go-w %s", word);
        return out;
    }
    if (access(path, is_file ? R_OK : X_OK) == 0)
        return NULL;
    if (is_file)
        snprintf(out, MEND_SIZE, "chgrp %s %s && chmod 640 %s", group, word, word);
    else
        snprintf(out, MEND_SIZE, "chgrp %s %s && chmod g+x %s", group, word, word);
    return out;
}

const char *mend_account_file(const char *path, char out[MEND_SIZE])
{
    char *real = realpath(path, NULL), *at = real ? real : strdup(path), word[MEND_WORD_SIZE];
    const char *mend = NULL;
    const bool missing = !real && errno == ENOENT;
    size_t len = 0;

    while (at && !mend && at[len]) {
        const size_t next = len + 1 + strcspn(at + len + 1, "/");
        const char kept = at[next];
        at[next] = '\0';
        mend = mend_component(at, kept == '\0', out);
        at[next] = kept;
        len = next;
    }
    if (!mend && missing) {
        snprintf(out, MEND_SIZE, "gss-negotiate account add --file %s 'DOMAIN\\USER'",
                 mend_word(path, word));
        mend = out;
    }
    if (!mend) {
        snprintf(out, MEND_SIZE, "ls -ld %s", mend_word(path, word));
        mend = out;
    }
    free(at);
    return mend;
}
