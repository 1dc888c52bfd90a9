/* SPDX-License-Identifier: MIT */
/* inputs.h - all that settings are made from, as raw text: the
 * values of the environment and of [ntlmssp], and the host's name. Only
 * settings.c wants it. Two equal inputs make equal settings. */

#ifndef SETTINGS_INPUTS_H
#define SETTINGS_INPUTS_H

#include "ntlm/bytes.h"
#include "ntlm/error.h"

enum setting {
    SETTING_COMPUTER_NAME,
    SETTING_DOMAIN_NAME,
    SETTING_LM_COMPAT_LEVEL,
    SETTING_ACCOUNT_FILE,
    SETTING_USER,
    SETTING_ACCOUNT_SOURCES,
    SETTING_WINBIND_TIMEOUT,
    SETTING_REQUIRE_SIGN,
    SETTING_REQUIRE_SEAL,
    SETTING_REQUIRE_128,
    SETTING_REQUIRE_ESS,
    SETTING_ALLOW_ANONYMOUS,
    SETTING_REQUIRE_CHANNEL_BINDINGS,
    SETTING_CHECK_TARGET_NAME,
    SETTING_TARGET_NAMES,
    SETTING_MAX_CLOCK_SKEW,
    SETTING_RESTRICT_SENDING,
    SETTING_ALLOWED_SERVERS,
    SETTING_RESTRICT_RECEIVING,
    SETTING_COUNT
};

struct setting_name {
    const char *in_file;        /* in [ntlmssp]; NULL: not there */
    const char *in_environment; /* NULL: not there */
};
extern const struct setting_name setting_names[SETTING_COUNT];

struct inputs {
    char *environment[SETTING_COUNT]; /* NULL: not set, or empty */
    char *file[SETTING_COUNT];        /* the same; the values of a list are
                                       * joined with spaces */
    char *krb5_config;                /* KRB5_CONFIG; NULL: not set */
    char *host_name;                  /* may be "" */
    char *unknown;                    /* names in [ntlmssp] that we don't know,
                                       * joined with spaces; NULL: none */
    char *trouble;                    /* why krb5.conf could not be read; NULL */
    bool denied;                      /* for want of rights, which another thread
                                       * may have */
};

/* Reads everything. NTLM_ERR_OUT_OF_MEMORY only; *in is to be cleared in any
 * case. */
enum ntlm_error inputs_read(struct inputs *in);
void inputs_clear(struct inputs *in);

bool inputs_same(const struct inputs *a, const struct inputs *b);
/* Whether the environment is still as it was read. Cheap. */
bool inputs_environment_holds(const struct inputs *in);

#endif
