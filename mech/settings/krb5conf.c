/* SPDX-License-Identifier: MIT */
/* krb5conf.c - see krb5conf.h. libkrb5's rules hold for includes, for which files
 * there are, and for which of two values counts; but whatever it passes over in
 * silence is an error here (files.h). */

#include "config.h"

#include "settings/krb5conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include <krb5.h>
#include <profile.h>

#include "settings/files.h"
#include "settings/strays.h"

#define DEFAULT_FILES "/etc/krb5.conf"

static enum ntlm_error append(char **list, const char *word, const char *between)
{
    char *longer;

    if (!*list)
        return (*list = strdup(word)) ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    if (asprintf(&longer, "%s%s%s", *list, between, word) < 0)
        return NTLM_ERR_OUT_OF_MEMORY;
    free(*list);
    *list = longer;
    return NTLM_OK;
}

/* libkrb5's text for a code. */
static enum ntlm_error set_trouble(struct inputs *in, const char *file, long code)
{
    const char *text;
    int len;

    if (code == ENOMEM)
        return NTLM_ERR_OUT_OF_MEMORY;
    text = krb5_get_error_message(NULL, (krb5_error_code)code);
    len = asprintf(&in->trouble, "%s: %s", file, text);
    krb5_free_error_message(NULL, text);
    if (len >= 0)
        return NTLM_OK;
    in->trouble = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

/* The first of several values counts, as everywhere in krb5.conf, except where the
 * setting is a list. An empty one is none. */
static enum ntlm_error take_value(enum setting setting, const char *value, bool first,
                                  struct inputs *in)
{
    if (!*value || !(first || setting_is_list(&setting_table[setting])))
        return NTLM_OK;
    return append(&in->file[setting], value, " ");
}

/* One relation of [ntlmssp]; *found has one value more of it. Which names there are
 * was checked before. */
static enum ntlm_error take_relation(const char *name, const char *value, struct seen *found,
                                     struct inputs *in)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (setting_table[i].name && strcmp(setting_table[i].name, name) == 0)
            return take_value(i, value, found->values[i]++ == 0, in);
    return NTLM_OK;
}

/* When memory ends, libkrb5 drops a value without a word (and profile_get_values, where
 * there is no list to end, crashes). */
static bool is_complete(const struct seen *found, const struct seen *seen)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (found->values[i] < seen->values[i])
            return false;
    return true;
}

static enum ntlm_error read_relations(void *iterator, const struct seen *seen,
                                      struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    char *name = NULL, *value = NULL;
    struct seen found = {0};
    bool more = true;

    while (!error && !in->trouble && more) {
        long code = profile_iterator(&iterator, &name, &value);
        more = !code && name;
        if (code && code != PROF_NO_SECTION && code != PROF_NO_RELATION)
            error = set_trouble(in, "krb5.conf", code);
        else if (more && value)
            error = take_relation(name, value, &found, in);
        if (more) {
            profile_release_string(name);
            profile_release_string(value);
        }
    }
    profile_iterator_free(&iterator);
    return error || in->trouble || is_complete(&found, seen) ? error : NTLM_ERR_OUT_OF_MEMORY;
}

static enum ntlm_error read_section(profile_t profile, const struct seen *seen,
                                    struct inputs *in)
{
    const char *path[] = {SECTION, NULL};
    void *iterator;
    long code = profile_iterator_create(
        profile, path, PROFILE_ITER_LIST_SECTION | PROFILE_ITER_RELATIONS_ONLY, &iterator);

    return code ? set_trouble(in, "krb5.conf", code) : read_relations(iterator, seen, in);
}

/* libkrb5 does not say which of its files is broken, so each of them is read by
 * itself. */
static enum ntlm_error find_trouble(const char *list, long code, struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    char *files, *rest = NULL;

    if (code == ENOMEM)
        return NTLM_ERR_OUT_OF_MEMORY;
    files = strdup(list);
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

/* Adds the same file under a name that nobody else uses. libkrb5 keeps what it has read
 * for as long as the process has any context, and then looks at the time of the file
 * alone: a change in what it includes would not be seen. */
static enum ntlm_error append_alias(char **list, const char *file)
{
    const char *home = strncmp(file, "~/", 2) == 0 ? "" : NULL; /* libkrb5 resolves it */
    enum ntlm_error error = append(list, home ? home : *file == '/' ? "/." : "./", ":");

    return error ? error : append(list, file, "");
}

/* An empty entry would end libkrb5's list: it is left out. */
static enum ntlm_error read_files(const char *list, const struct seen *seen, struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    char *files = strdup(list), *aliases = NULL, *rest = NULL;
    profile_t profile = NULL;
    long code = 0;

    if (!files)
        return NTLM_ERR_OUT_OF_MEMORY;
    for (char *file = strtok_r(files, ":", &rest); file && !error;
         file = strtok_r(NULL, ":", &rest))
        error = append_alias(&aliases, file);
    if (!error && aliases)
        code = profile_init_path(aliases, &profile);
    if (code && code != ENOENT)
        error = find_trouble(list, code, in);
    else if (profile)
        error = read_section(profile, seen, in);
    if (profile)
        profile_release(profile);
    free(aliases);
    free(files);
    return error;
}

/* What libkrb5 refuses in other sections is refused here, too. */
static enum ntlm_error read_profile(const char *list, const struct seen *seen,
                                    struct inputs *in)
{
    krb5_context context = NULL;
    long code =
        getauxval(AT_SECURE) ? krb5_init_secure_context(&context) : krb5_init_context(&context);

    krb5_free_context(context);
    return code ? find_trouble(list, code, in) : read_files(list, seen, in);
}

/* Exported by each release of libkrb5, and declared by none. */
extern krb5_error_code krb5_get_default_config_files(char ***files);
extern void krb5_free_config_files(char **files);

/* KRB5_CONFIG's, else libkrb5's own list: a libkrb5 that was built for another directory
 * reads a file there, too. malloc'd. */
static enum ntlm_error find_list(const struct inputs *in, char **list)
{
    enum ntlm_error error = NTLM_OK;
    char **files = NULL;
    long code = 0;

    *list = NULL;
    if (in->krb5_config)
        return (*list = strdup(in->krb5_config)) ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    if (!getauxval(AT_SECURE))
        code = krb5_get_default_config_files(&files);
    if (code == ENOMEM)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (code || !files || !*files) /* an empty KRB5_CONFIG, which is one that is not set */
        error = append(list, DEFAULT_FILES, ":");
    for (char **file = code ? NULL : files; file && *file && !error; file++)
        error = append(list, *file, ":");
    if (!code && files)
        krb5_free_config_files(files);
    return error;
}

enum ntlm_error krb5conf_read(struct inputs *in)
{
    struct seen seen = {0};
    char *list;
    enum ntlm_error error = find_list(in, &list);

    if (!error)
        error = files_check(list, &seen, in);
    if (!error && !in->trouble)
        error = read_profile(list, &seen, in);
    free(list);
    return error;
}
