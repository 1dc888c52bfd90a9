/* SPDX-License-Identifier: MIT */
/* inputs.h - all that settings are made from, as raw text: the
 * values of the environment and of [ntlmssp], and the host's name. Only
 * settings.c and show.c want it. Two equal inputs make equal settings. */

#ifndef SETTINGS_INPUTS_H
#define SETTINGS_INPUTS_H

#include "ntlm/bytes.h"
#include "ntlm/error.h"
#include "settings/values.h"

struct inputs {
    char *environment[SETTING_COUNT]; /* NULL: not set, or empty */
    char *file[SETTING_COUNT];        /* the same; the values of a list are
                                       * joined with spaces */
    char *place[SETTING_COUNT];       /* "FILE, line N" of the first; for people */
    char *krb5_config;                /* KRB5_CONFIG; NULL: not set */
    char *host_name;                  /* may be "" */
    char *trouble;                    /* why krb5.conf cannot be relied on; NULL */
    bool denied;                      /* for want of rights, which another thread
                                       * may have */
};

/* Reads all but krb5.conf (krb5conf.h). NTLM_ERR_OUT_OF_MEMORY only; *in is to be cleared in
 * any case. */
enum ntlm_error inputs_read(struct inputs *in);
void inputs_clear(struct inputs *in);

bool inputs_same(const struct inputs *a, const struct inputs *b);
/* Whether the environment is still as it was read. Cheap. */
bool inputs_environment_holds(const struct inputs *in);

#endif
