/* SPDX-License-Identifier: MIT */
/* show.c - see show.h. */

#include "config.h"

#include "settings/show.h"

#include <stdlib.h>

#include "settings/krb5conf.h"
#include "settings/parse.h"

/* Reads this setting alone, for each may have a mistake of its own. */
static enum ntlm_error find_fault(const struct inputs *in, enum setting setting, char **fault)
{
    struct inputs alone = {.trouble = NULL};
    struct settings settings = {.error_text = NULL};
    enum ntlm_error error;

    alone.environment[setting] = in->environment[setting];
    alone.file[setting] = in->file[setting];
    error = settings_parse(&alone, &settings);
    *fault = settings.error_text;
    settings.error_text = NULL;
    settings_parse_clear(&settings);
    return error;
}

enum ntlm_error settings_show(struct settings_shown *shown)
{
    struct inputs *in = &shown->inputs;
    enum ntlm_error error;

    *shown = (struct settings_shown){.trouble = NULL};
    error = inputs_read(in);
    if (!error)
        error = krb5conf_read(in);
    shown->trouble = in->trouble;
    for (enum setting i = 0; i < SETTING_COUNT && !error; i++) {
        const char *standard = setting_table[i].standard;

        shown->rows[i].value = standard && *standard ? standard : NULL;
        if (in->file[i]) {
            shown->rows[i].value = in->file[i];
            shown->rows[i].origin = SETTING_FROM_FILE;
        }
        if (in->environment[i]) {
            shown->rows[i].value = in->environment[i];
            shown->rows[i].origin = SETTING_FROM_ENVIRONMENT;
        }
        error = find_fault(in, i, &shown->rows[i].fault);
    }
    return error;
}

void settings_shown_clear(struct settings_shown *shown)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        free(shown->rows[i].fault);
    inputs_clear(&shown->inputs);
}
