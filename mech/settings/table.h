/* SPDX-License-Identifier: MIT */
/* table.h - every setting, once: its name, its variable, its range, its default
 * and what it is for. struct settings (settings.h), the parser, the documents'
 * list and what shows settings to people are made from this table; a new setting
 * is a row here and nothing else. What a value means to a login is for the rooms
 * that use it. */

#ifndef SETTINGS_TABLE_H
#define SETTINGS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* X(kind, field, name in [ntlmssp], variable, default, range, text)
 *
 * kind      what a value looks like, and the field's C type: see SETTING_TYPE_
 * field     the member of struct settings; the name, where there is one
 * name      NULL: the setting is a variable only
 * variable  in the environment, stronger than krb5.conf; NULL: there is none
 * default   as an administrator would write it; NULL: not set; a list's is ""
 * range     NUMBER: "least most"; CHOICE and CHOICES: the words, in the order of the
 *           values 0, 1, ...; others: NULL
 * text      for the documents: what it is for, from the default on */
#define SETTINGS(X)                                                                            \
    X(PATH, account_file, "account_file", NULL, NULL, NULL,                                    \
      "the account file of servers: see ntlm-accounts(5)")                                     \
    X(PATH, own_account_file, NULL, "NTLM_ACCOUNT_FILE", NULL, NULL,                           \
      "the same for one server, in place of account_file and NTLM_USER_FILE")                  \
    X(PATH, user_file, NULL, "NTLM_USER_FILE", NULL, NULL,                                     \
      "the file with a client's own account, and a server's account file in place of "         \
      "account_file")                                                                          \
    X(CHOICES, account_sources, "account_sources", NULL, "", "file winbind",                   \
      "the sources of accounts in the order to be asked; if not set, the account file "        \
      "where one is named, else winbind where it runs")                                        \
    X(BOOLEAN, allow_empty_passwords, "allow_empty_passwords", NULL, "false", NULL,            \
      "let in accounts of the account file whose password is empty")                           \
    X(PAIRS, domain_aliases, "domain_aliases", NULL, "", NULL,                                 \
      "names of one domain, as EXAMPLE=example.com: see ntlm-accounts(5)")                     \
    X(CHOICE, login_keyring, "login_keyring", "NTLM_LOGIN_KEYRING", "session",                 \
      "off session persistent",                                                                \
      "the kernel's keyring in which logins are kept and looked for: see mech_ntlmssp(8)")     \
    X(NUMBER, login_lifetime, "login_lifetime", NULL, "36000", "0 31536000",                   \
      "seconds that a login lasts (10 hours) if it does not say; 0: as long as its keyring")   \
    X(NUMBER, winbind_timeout, "winbind_timeout", NULL, "30", "1 300",                         \
      "seconds that winbind may take for a logon")                                             \
    X(NAME, user, NULL, "NTLMUSER", NULL, NULL, "who logs in, where the program names nobody") \
    X(CHOICE, split_user_at, "split_user_at", NULL, "netbios", "netbios always never",         \
      "whether user@suffix is a user and a domain; netbios: if the suffix has no dot")         \
    X(NAME, netbios_computer_name, "netbios_computer_name", "NETBIOS_COMPUTER_NAME", NULL,     \
      NULL, "if not set, winbind's, else the first part of the host name")                     \
    X(NAME, netbios_domain_name, "netbios_domain_name", "NETBIOS_DOMAIN_NAME", NULL, NULL,     \
      "if not set, winbind's, else the computer's name")                                       \
    X(NUMBER, lm_compat_level, "lm_compat_level", "LM_COMPAT_LEVEL", "5", "0 5", "see below")  \
    X(BOOLEAN, require_sign, "require_sign", NULL, "false", NULL,                              \
      "refuse clients that do not sign")                                                       \
    X(BOOLEAN, require_seal, "require_seal", NULL, "false", NULL,                              \
      "refuse clients that do not encrypt")                                                    \
    X(BOOLEAN, client_require_sign, "client_require_sign", NULL, "false", NULL,                \
      "sign every login from here, or refuse it: see mech_ntlmssp(8)")                         \
    X(BOOLEAN, client_require_seal, "client_require_seal", NULL, "false", NULL,                \
      "encrypt every login from here, or refuse it: see mech_ntlmssp(8)")                      \
    X(BOOLEAN, require_128, "require_128", NULL, "true", NULL, "refuse shorter keys")          \
    X(BOOLEAN, require_ess, "require_ess", NULL, "true", NULL,                                 \
      "refuse peers without extended session security")                                        \
    X(BOOLEAN, allow_anonymous, "allow_anonymous", NULL, "false", NULL,                        \
      "let in clients that give no name")                                                      \
    X(BOOLEAN, require_channel_bindings, "require_channel_bindings", NULL, "false", NULL,      \
      "refuse clients that send none; they are checked whenever both sides have them")         \
    X(CHOICE, check_target_name, "check_target_name", NULL, "off", "off if-sent required",     \
      "check the name of the server that the client meant")                                    \
    X(LIST, target_names, "target_names", NULL, "", NULL,                                      \
      "further names that this server goes by, beside this computer's and localhost")          \
    X(CHOICE, check_reflection, "check_reflection", NULL, "named", "named always",             \
      "refuse logins of this computer that were meant for another one; named: to servers "     \
      "whose program names their host: see mech_ntlmssp(8)")                                   \
    X(NUMBER, max_clock_skew, "max_clock_skew", NULL, "129600", "0 4294967295",                \
      "seconds by which a client's clock may be wrong (36 hours); 0 switches the check off")   \
    X(CHOICE, restrict_sending_ntlm, "restrict_sending_ntlm", NULL, "allow",                   \
      "allow audit deny", "see mech_ntlmssp(8)")                                               \
    X(HOSTS, client_allowed_ntlm_servers, "client_allowed_ntlm_servers", NULL, "", NULL,       \
      "servers to which restrict_sending_ntlm does not apply")                                 \
    X(CHOICE, restrict_receiving_ntlm, "restrict_receiving_ntlm", NULL, "allow",               \
      "allow audit deny", "see mech_ntlmssp(8)")                                               \
    X(CHOICE, audit_logons, "audit_logons", NULL, "all", "off failures all",                   \
      "which logins to servers the system's log records: see mech_ntlmssp(8)")                 \
    X(BOOLEAN, allow_in_fips_mode, "allow_in_fips_mode", NULL, "false", NULL,                  \
      "let NTLM be used where OpenSSL or the kernel is in FIPS mode: see mech_ntlmssp(8)")     \
    X(LIST, local_domains, "local_domains", NULL, "", NULL,                                    \
      "further domains whose users are this machine's accounts of the same names")             \
    X(LIST, allowed_system_accounts, "allowed_system_accounts", NULL, "", NULL,                \
      "accounts below the first user id of people that a login may map to")                    \
    X(NUMBER, kerberos_timeout, "kerberos_timeout", NULL, "5", "0 300",                        \
      "seconds that Negotiate gives Kerberos before it goes on with NTLM; 0: as many as "      \
      "Kerberos takes")                                                                        \
    X(BOOLEAN, negotiate_iakerb, "negotiate_iakerb", NULL, "false", NULL,                      \
      "let Negotiate offer and take IAKERB: see mech_spnego(8)")                               \
    X(PATH, trace, NULL, "NTLM_TRACE", NULL, NULL,                                             \
      "a file, or - for standard error: see mech_ntlmssp(8)")

enum setting_kind {
    SETTING_KIND_BOOLEAN, /* the words that libkrb5 takes for booleans */
    SETTING_KIND_NUMBER,  /* decimal */
    SETTING_KIND_CHOICE,  /* one of the range's words, in any case */
    SETTING_KIND_CHOICES, /* some of them, each once, in an order of their own */
    SETTING_KIND_NAME,    /* UTF-8, at most 255 bytes; NULL: not set */
    SETTING_KIND_PATH,    /* any bytes; NULL: not set */
    SETTING_KIND_LIST,    /* UTF-8 words between blanks or commas, each once */
    SETTING_KIND_HOSTS,   /* a list of hosts, each with one * at most; upper-cased */
    SETTING_KIND_PAIRS,   /* a list of NAME=NAME; the field has each pair's two names */
    SETTING_KIND_COUNT
};

#define SETTING_CHOICES_MAX 4

struct setting_choices {
    unsigned count;
    unsigned choice[SETTING_CHOICES_MAX];
};

/* The C type of a field of each kind. Lists end with NULL and are never NULL. */
#define SETTING_TYPE_BOOLEAN bool
#define SETTING_TYPE_NUMBER unsigned
#define SETTING_TYPE_CHOICE unsigned
#define SETTING_TYPE_CHOICES struct setting_choices
#define SETTING_TYPE_NAME char *
#define SETTING_TYPE_PATH char *
#define SETTING_TYPE_LIST char **
#define SETTING_TYPE_HOSTS char **
#define SETTING_TYPE_PAIRS char **

enum setting {
#define SETTING_MEMBER(kind, field, name, variable, standard, range, text) SETTING_##field,
    SETTINGS(SETTING_MEMBER)
#undef SETTING_MEMBER
        SETTING_COUNT
};

struct setting_row {
    enum setting_kind kind;
    size_t offset; /* of the field in struct settings */
    const char *name, *variable, *standard, *range, *text;
};

bool setting_is_list(const struct setting_row *row);

/* What a value must be, in words ("a number from 0 to 5"), cut where out is too
 * small. */
void setting_range_text(const struct setting_row *row, char *out, size_t out_size);

#endif
