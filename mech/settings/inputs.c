/* SPDX-License-Identifier: MIT */
/* inputs.c - reads the environment, krb5.conf and the host's name.
 * What the values mean is settings.c's. */

#include "config.h"

#include "settings/inputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <krb5.h>
#include <profile.h>

#define SECTION "ntlmssp"

/* An empty variable is one that is not set. */
static const char *environment(const char *name)
{
    const char *value = name ? secure_getenv(name) : NULL;

    return value && *value ? value : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Makes *copy a copy of text, which may be NULL. */
static enum ntlm_error copy_text(const char *text, char **copy)
{
    *copy = text ? strdup(text) : NULL;
    return text && !*copy ? NTLM_ERR_OUT_OF_MEMORY : NTLM_OK;
}

static enum ntlm_error append_word(char **list, const char *word)
{
    char *longer;

    if (!*list)
        return copy_text(word, list);
    if (asprintf(&longer, "%s %s", *list, word) < 0)
        return NTLM_ERR_OUT_OF_MEMORY;
    free(*list);
    *list = longer;
    return NTLM_OK;
}

/* The first of several values counts, as everywhere in krb5.conf, except where
 * the setting is a list. */
static enum ntlm_error take_values(enum setting setting, char *const *values, char **taken)
{
    enum ntlm_error error = NTLM_OK;

    if (!setting_is_list(&setting_table[setting]))
        return copy_text(**values ? *values : NULL, taken);
    for (; *values && !error; values++)
        if (**values)
            error = append_word(taken, *values);
    return error;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (setting_table[i].name && strcmp(setting_table[i].name, name) == 0)
            return true;
    return false;
}

static enum ntlm_error read_unknown_names(profile_t profile, struct inputs *in)
{
    const char *path[] = {SECTION, NULL};
    enum ntlm_error error = NTLM_OK;
    char **names;

    if (profile_get_relation_names(profile, path, &names) != 0)
        return NTLM_OK;
    for (char **name = names; *name && !error; name++)
        if (!is_known(*name))
            error = append_word(&in->unknown, *name);
    profile_free_list(names);
    return error;
}

static enum ntlm_error read_section(profile_t profile, struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;

    for (enum setting i = 0; i < SETTING_COUNT && !error; i++) {
        const char *path[] = {SECTION, setting_table[i].name, NULL};
        char **values;

        if (!path[1] || profile_get_values(profile, path, &values) != 0)
            continue;
        error = take_values(i, values, &in->file[i]);
        profile_free_list(values);
    }
    return error ? error : read_unknown_names(profile, in);
}

static enum ntlm_error set_trouble(struct inputs *in, const char *file, long code)
{
    const char *text = krb5_get_error_message(NULL, (krb5_error_code)code);
    int len = asprintf(&in->trouble, "%s: %s", file, text);

    krb5_free_error_message(NULL, text);
    in->denied = code == EACCES || code == EPERM;
    if (len >= 0)
        return NTLM_OK;
    in->trouble = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

/* libkrb5 says neither which of its files is broken nor how, so each of them
 * is asked by itself. */
static enum ntlm_error find_trouble(struct inputs *in, long code)
{
    char *files = strdup(in->krb5_config ? in->krb5_config : "/etc/krb5.conf");
    enum ntlm_error error = NTLM_OK;
    char *rest = NULL;

    if (!files)
        return NTLM_ERR_OUT_OF_MEMORY;
    for (char *file = strtok_r(files, ":", &rest); file && !error && !in->trouble;
         file = strtok_r(NULL, ":", &rest)) {
        profile_t profile;
        long broken = profile_init_path(file, &profile);

        if (!broken)
            profile_release(profile);
        else if (broken != ENOENT)
            error = set_trouble(in, file, broken);
    }
    if (!error && !in->trouble)
        error = set_trouble(in, "krb5.conf", code);
    free(files);
    return error;
}

static enum ntlm_error read_krb5_conf(struct inputs *in)
{
    krb5_context context = NULL;
    profile_t profile = NULL;
    enum ntlm_error error;
    long code;

    code =
        getauxval(AT_SECURE) ? krb5_init_secure_context(&context) : krb5_init_context(&context);
    if (!code)
        code = krb5_get_profile(context, &profile);
    error = code ? find_trouble(in, code) : read_section(profile, in);
    if (profile)
        profile_release(profile);
    krb5_free_context(context);
    return error;
}

static enum ntlm_error read_environment(struct inputs *in)
{
    enum ntlm_error error = copy_text(environment("KRB5_CONFIG"), &in->krb5_config);

    for (size_t i = 0; i < SETTING_COUNT && !error; i++)
        error = copy_text(environment(setting_table[i].variable), &in->environment[i]);
    return error;
}

static enum ntlm_error read_host_name(struct inputs *in)
{
    char name[HOST_NAME_MAX + 1] = "";

    if (gethostname(name, sizeof(name)) != 0)
        name[0] = '\0';
    name[HOST_NAME_MAX] = '\0';
    return copy_text(name, &in->host_name);
}

enum ntlm_error inputs_read(struct inputs *in)
{
    enum ntlm_error error;

    *in = (struct inputs){0};
    error = read_environment(in);
    if (!error)
        error = read_host_name(in);
    if (!error)
        error = read_krb5_conf(in);
    return error;
}

void inputs_clear(struct inputs *in)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        free(in->environment[i]);
        free(in->file[i]);
    }
    free(in->krb5_config);
    free(in->host_name);
    free(in->unknown);
    free(in->trouble);
    *in = (struct inputs){0};
}

bool inputs_same(const struct inputs *a, const struct inputs *b)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!same_text(a->environment[i], b->environment[i]) ||
            !same_text(a->file[i], b->file[i]))
            return false;
    return same_text(a->krb5_config, b->krb5_config) && same_text(a->host_name, b->host_name) &&
           same_text(a->unknown, b->unknown) && same_text(a->trouble, b->trouble);
}

bool inputs_environment_holds(const struct inputs *in)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!same_text(in->environment[i], environment(setting_table[i].variable)))
            return false;
    return same_text(in->krb5_config, environment("KRB5_CONFIG"));
}
