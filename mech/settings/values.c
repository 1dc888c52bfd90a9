/* SPDX-License-Identifier: MIT */
/* values.c - the table's rows with the fields that they belong to. */

#include "config.h"

#include "settings/values.h"

const struct setting_row setting_table[SETTING_COUNT] = {
#define SETTING_ROW(kind, field, name, variable, standard, range, text)                        \
    [SETTING_##field] = {SETTING_KIND_##kind,                                                  \
                         offsetof(struct settings, field),                                     \
                         name,                                                                 \
                         variable,                                                             \
                         standard,                                                             \
                         range,                                                                \
                         text},
    SETTINGS(SETTING_ROW)
#undef SETTING_ROW
};
