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

#include <stdint.h>

#include "ntlm/error.h"
#include "settings/table.h"

/* Where accounts are: the values of account_sources. */
enum account_source { ACCOUNTS_IN_FILE, ACCOUNTS_IN_WINBIND, ACCOUNT_SOURCE_COUNT };

/* How NTLM is restricted, in one direction: the values of restrict_*_ntlm. */
enum restriction {
    RESTRICTION_ALLOW,
    RESTRICTION_AUDIT, /* allowed, and a line in the trace where it would not be */
    RESTRICTION_DENY
};

struct settings {
    /* the fields of table.h, each of its kind's type */
#define SETTING_FIELD(kind, field, name, variable, standard, range, text)                      \
    SETTING_TYPE_##kind field;
    SETTINGS(SETTING_FIELD)
#undef SETTING_FIELD

    /* What follows from them and from the host's name. Never NULL but dns_*, which are
     * NULL when not known. domain_member is set when a domain was named that differs
     * from the computer's name. hosts are all names we go by, target_names among
     * them; NULL-terminated. */
    char *netbios_computer, *netbios_domain;
    char *dns_computer, *dns_domain;
    bool domain_member;
    char **hosts;
    uint8_t machine_id[32]; /* of this boot of this machine; see reflection */

    char *error_text; /* settings.c's: the first mistake; NULL where one is used */
};

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
