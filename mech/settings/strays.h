/* SPDX-License-Identifier: MIT */
/* strays.h - settings that stand where nothing reads them: a misspelled name or
 * section, or a right name outside of [ntlmssp]. They would protect nothing without a
 * word to anyone, so each is an error. Only files.c wants it. */

#ifndef SETTINGS_STRAYS_H
#define SETTINGS_STRAYS_H

#include "settings/inputs.h"

#define SECTION "ntlmssp"
#define BLANKS " \t\n\v\f\r" /* isspace, by which libkrb5 parts a line */

/* Where a file's line stands, and what was seen before it. */
struct strays {
    const char *path;
    unsigned line;
    char section[64];               /* cut; "": before the file's first */
    bool final;                     /* a heading [ntlmssp]* was seen: libkrb5 then leaves
                                     * later files out */
    unsigned values[SETTING_COUNT]; /* how many of each setting there are */
};

/* Takes the next line, which is changed; whole: it has no NUL character. Sets in->trouble for
 *
 *   a name in [ntlmssp] that is no setting, or that has no value;
 *   a section, or a subsection of [appdefaults] or [libdefaults], whose name is
 *   meant to be ntlmssp: another case, up to two letters wrong, or what this
 *   mechanism is called elsewhere (ntlm, gss-ntlmssp, ...);
 *   a setting's name, or one up to two letters from it, anywhere else;
 *   a line that is meant to include files, and does not;
 *   a NUL character, behind which libkrb5 reads nothing of the line.
 *
 * krb5.conf is shared with other programs: all else is theirs.
 * NTLM_ERR_OUT_OF_MEMORY only. */
enum ntlm_error strays_check(struct strays *strays, char *line, bool whole, struct inputs *in);

#endif
