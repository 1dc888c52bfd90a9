/* SPDX-License-Identifier: MIT */
/* settings.h - what an administrator decides: the [ntlmssp] section of
 * krb5.conf (read with libkrb5's profile library, includes and all), with an
 * environment variable over it where one exists (never in a set-uid program).
 *
 * Settings never change and are shared: settings_get takes a reference,
 * settings_put drops it. Safe from any thread. The file and the environment
 * are read again at most once a second, so a server follows a change without a
 * restart. */

#ifndef SETTINGS_H
#define SETTINGS_H

#include "ntlm/error.h"
#include "settings/values.h"

/* A reference to the settings of now; *settings is NULL after an error.
 * NTLM_ERR_OUT_OF_MEMORY; NTLM_ERR_BAD_SETTING when any value is not what table.h
 * allows or krb5.conf cannot be read: there are then no settings at all, for a
 * default could let somebody in whom the administrator wanted out. Recorded. */
enum ntlm_error settings_get(const struct settings **settings);
const struct settings *settings_ref(const struct settings *settings);
void settings_put(const struct settings *settings); /* NULL is fine */

/* The account file of an acceptor: NTLM_ACCOUNT_FILE, else NTLM_USER_FILE, else
 * account_file; NULL when none is named. An initiator's is user_file alone: a
 * server's accounts must not become what its process logs in as elsewhere. */
const char *settings_account_file(const struct settings *settings);

#endif
