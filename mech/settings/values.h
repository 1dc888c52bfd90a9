/* SPDX-License-Identifier: MIT */
/* values.h - struct settings: a field for each row of table.h, and what follows from
 * them. Where one is had is settings.h's. */

#ifndef SETTINGS_VALUES_H
#define SETTINGS_VALUES_H

#include <stdint.h>

#include "settings/table.h"

/* Where accounts are: the values of account_sources, and what it cannot list. */
enum account_source {
    ACCOUNTS_IN_FILE,
    ACCOUNTS_IN_WINBIND,
    ACCOUNTS_IN_KEYRING, /* our own logins: for initiators alone */
    ACCOUNT_SOURCE_COUNT
};

/* The values of login_keyring. */
enum login_keyring { LOGIN_KEYRING_OFF, LOGIN_KEYRING_SESSION, LOGIN_KEYRING_PERSISTENT };

/* How NTLM is restricted, in one direction: the values of restrict_*_ntlm. */
enum restriction {
    RESTRICTION_ALLOW,
    RESTRICTION_AUDIT, /* allowed, and recorded where it would not be */
    RESTRICTION_DENY
};

/* The values of check_reflection. */
enum reflection { REFLECTION_NAMED, REFLECTION_ALWAYS };

/* The values of audit_logons. */
enum audit_logons { AUDIT_OFF, AUDIT_FAILURES, AUDIT_ALL };

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

/* The rows, by enum setting. */
extern const struct setting_row setting_table[SETTING_COUNT];

#endif
