/* SPDX-License-Identifier: MIT */
/* show.h - every setting with its value and where that comes from, for people: also
 * where settings_get gives nothing but the first mistake. */

#ifndef SETTINGS_SHOW_H
#define SETTINGS_SHOW_H

#include "settings/inputs.h"

enum setting_origin { SETTING_FROM_DEFAULT, SETTING_FROM_FILE, SETTING_FROM_ENVIRONMENT };

struct settings_shown {
    struct inputs inputs;
    struct {
        const char *value; /* as it was written; NULL: it has none */
        enum setting_origin origin;
        char *fault; /* why no program takes the value; NULL */
    } rows[SETTING_COUNT];
    char *trouble; /* why krb5.conf cannot be relied on; NULL */
};

/* Reads everything anew. NTLM_ERR_OUT_OF_MEMORY only; to be cleared in any case. Safe
 * from any thread. */
enum ntlm_error settings_show(struct settings_shown *shown);
void settings_shown_clear(struct settings_shown *shown);

#endif
