/* SPDX-License-Identifier: MIT */
/* parse.h - what the raw text of the environment and of [ntlmssp] means. Only
 * settings.c wants it. */

#ifndef SETTINGS_PARSE_H
#define SETTINGS_PARSE_H

#include "settings/inputs.h"
#include "settings/values.h"

/* Fills the table's fields of *out, which is all zero, and error_text.
 * NTLM_ERR_OUT_OF_MEMORY only; to be cleared in any case. */
enum ntlm_error settings_parse(const struct inputs *in, struct settings *out);
void settings_parse_clear(struct settings *settings);

#endif
