/* SPDX-License-Identifier: MIT */
/* settings.h - what an administrator decides: the [ntlmssp] section of
 * krb5.conf (read with libkrb5's profile library, includes and all), with an
 * environment variable over it where one exists (never in a set-uid program).
 *
 * A snapshot is immutable and shared: settings_get counts a reference,
 * settings_put drops it. Safe from any thread. The file and the environment
 * are looked at again at most once a second, so a long-lived server follows a
 * change without a restart; a snapshot taken never changes under its user. */

#ifndef SETTINGS_H
#define SETTINGS_H

#include "ntlm/acceptor.h"

/* Where accounts are. */
enum account_source { ACCOUNTS_IN_FILE, ACCOUNTS_IN_WINBIND, ACCOUNT_SOURCE_COUNT };

/* How NTLM is restricted, in one direction. */
enum restriction {
    RESTRICTION_ALLOW,
    RESTRICTION_AUDIT, /* allowed, and a line in the trace where it would not be */
    RESTRICTION_DENY
};

struct settings {
    /* who we are: NETBIOS_COMPUTER_NAME, NETBIOS_DOMAIN_NAME over
     * netbios_computer_name, netbios_domain_name; else from the host name.
     * Never NULL. domain_member is set when a domain was named that differs
     * from the computer's name. */
    char *netbios_computer, *netbios_domain;
    bool computer_named, domain_named; /* they are not from the host name */
    char *dns_computer, *dns_domain;   /* NULL when not known */
    bool domain_member;
    uint8_t machine_id[32]; /* of this boot of this machine; see reflection */

    /* LM_COMPAT_LEVEL over lm_compat_level, 0..5, default 5 */
    unsigned lm_compat_level;
    bool require_sign, require_seal; /* require_sign, require_seal: false */
    bool require_128, require_ess;   /* require_128, require_ess: true */
    bool allow_anonymous;            /* allow_anonymous: false */
    enum ntlm_check check_bindings;  /* require_channel_bindings: false */
    enum ntlm_check check_target;    /* check_target_name: off, if-sent, required */
    char **target_names;             /* target_names (list): further names we go
                                      * by; NULL-terminated, with our own in it */
    uint64_t max_skew;               /* max_clock_skew: seconds, default 36 h, 0 off;
                                      * kept in 100 ns */

    /* restrict_sending_ntlm, restrict_receiving_ntlm: allow, audit or deny,
     * default allow; deny when they could not be understood. No variable is
     * over them: a user does not lift what an administrator forbids. */
    enum restriction sending, receiving;
    char **allowed_servers; /* client_allowed_ntlm_servers (list): hosts that
                             * NTLM may go to all the same, upper-cased, each
                             * with one * at most; NULL-terminated */

    char *account_file; /* NTLM_USER_FILE over account_file; NULL: none named */
    char *user;         /* NTLMUSER: the initiator's default user; NULL */
    /* account_sources (list): asked in this order. None: the account file where
     * one is named, else winbind where it runs. */
    enum account_source sources[ACCOUNT_SOURCE_COUNT];
    size_t source_count;
    unsigned winbind_timeout; /* winbind_timeout: seconds, 1 to 300, default 30 */

    /* The first setting that could not be understood, in so many words; NULL
     * when all could. Its default is then in force, and using the settings
     * for a new credential fails with NTLM_ERR_BAD_SETTING and this text. */
    char *error_text;
};

/* NTLM_ERR_OUT_OF_MEMORY only. */
enum ntlm_error settings_get(const struct settings **settings);
const struct settings *settings_ref(const struct settings *settings);
void settings_put(const struct settings *settings); /* NULL is fine */

#endif
