/* SPDX-License-Identifier: MIT */
/* mend.h - the commands that mend what a check finds, as somebody would type them. */

#ifndef TOOL_MEND_H
#define TOOL_MEND_H

#include "mech_files.h"
#include "settings/show.h"

#define MEND_SIZE 4096
#define MEND_WORD_SIZE 1024

/* A path as one word of the shell: in quotes, where that is needed; FILE in place of one that
 * is too long. */
const char *mend_word(const char *text, char out[MEND_WORD_SIZE]);

/* Opens what `place` names, "FILE, line N" or "FILE" and whatever is behind, in an editor. */
const char *mend_place(const char *place, char out[MEND_SIZE]);

/* Changes this setting where it is set; "gss-negotiate settings" where it is not. */
const char *mend_setting(const struct settings_shown *shown, enum setting setting,
                         char out[MEND_SIZE]);
/* Adds this line, "name = value", to the settings of this machine. */
const char *mend_append(const char *line, char out[MEND_SIZE]);

/* Makes a line of a mechanism file a comment. */
const char *mend_comment_out(const struct mech_line *line, char out[MEND_SIZE]);
/* Writes a line anew: one of this module of ours, else it is made a comment. */
const char *mend_line(const struct mech_line *line, char out[MEND_SIZE]);
/* Registers NTLM, or SPNEGO (mech_spnego.so), in the file that is in force. */
const char *mend_register(const char *line, const char *file, char out[MEND_SIZE]);

#define MEND_NTLM_LINE "ntlmssp 1.3.6.1.4.1.311.2.2.10 mech_ntlmssp.so"
#define MEND_SPNEGO_LINE "spnego 1.3.6.1.4.1.32473.4178 mech_spnego.so <interposer>"

/* Lets this process' user read an account file, and nobody whom it may not trust write it. */
const char *mend_account_file(const char *path, char out[MEND_SIZE]);

#endif
