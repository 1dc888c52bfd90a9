/* SPDX-License-Identifier: MIT */
/* derive.h - the names that follow from the settings and from the host's name.
 * Only settings.c wants it. */

#ifndef SETTINGS_DERIVE_H
#define SETTINGS_DERIVE_H

#include "settings/values.h"

/* Fills *out's derived names from its fields and from the host's name, which may
 * be anything. NTLM_ERR_OUT_OF_MEMORY only; to be cleared in any case. */
enum ntlm_error settings_derive(const char *host_name, struct settings *out);
void settings_derive_clear(struct settings *settings);

#endif
