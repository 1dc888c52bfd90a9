/* SPDX-License-Identifier: MIT */
/* inputs.c - reads the environment and the host's name. krb5.conf is krb5conf.c's,
 * and what the values mean parse.c's. */

#include "config.h"

#include "settings/inputs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    return error;
}

void inputs_clear(struct inputs *in)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        free(in->environment[i]);
        free(in->file[i]);
        free(in->place[i]);
    }
    free(in->krb5_config);
    free(in->host_name);
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
           same_text(a->trouble, b->trouble);
}

bool inputs_environment_holds(const struct inputs *in)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (!same_text(in->environment[i], environment(setting_table[i].variable)))
            return false;
    return same_text(in->krb5_config, environment("KRB5_CONFIG"));
}
