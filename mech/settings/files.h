/* SPDX-License-Identifier: MIT */
/* files.h - what libkrb5 passes over in silence when it reads krb5.conf: a file without
 * permission when its list has another one, a directory in place of a file, an error in
 * the middle of a file, a setting that stands where nothing reads it (strays.h), and a
 * value for which there was no memory; and what it would wait for: pipes and devices. Only
 * krb5conf.c wants it. */

#ifndef SETTINGS_FILES_H
#define SETTINGS_FILES_H

#include "settings/inputs.h"

/* What the files have in [ntlmssp]: libkrb5 must have as much. */
struct seen {
    bool final;  /* a heading [ntlmssp]* was seen */
    bool closed; /* in an earlier file of the list: libkrb5 leaves this one out */
    unsigned values[SETTING_COUNT];
};

/* Reads each file of a list between colons, and what they include, as libkrb5 does.
 * Adds to *seen. Sets in->trouble for the first file that cannot be read (in->denied:
 * for want of permission), and for the first stray; a file of the list may be missing.
 * NTLM_ERR_OUT_OF_MEMORY only. */
enum ntlm_error files_check(const char *list, struct seen *seen, struct inputs *in);

#endif
