/* SPDX-License-Identifier: MIT */
/* krb5conf.h - reads [ntlmssp] of krb5.conf with libkrb5's profile library. Only
 * inputs.c wants it. */

#ifndef SETTINGS_KRB5CONF_H
#define SETTINGS_KRB5CONF_H

#include "settings/inputs.h"

/* Fills in->file, or in->trouble with the reason why no value can be relied on:
 * a file that cannot be read whole, or a setting that nothing would read.
 * NTLM_ERR_OUT_OF_MEMORY only. */
enum ntlm_error krb5conf_read(struct inputs *in);

#endif
