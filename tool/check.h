/* SPDX-License-Identifier: MIT */
/* check.h - the parts of "gss-negotiate check", each in the file of its name, in the order
 * in which they are asked. They report what they find, as the user whom this process has
 * become and with the environment that it has. */

#ifndef TOOL_CHECK_H
#define TOOL_CHECK_H

#include <pwd.h>

#include "finding.h"
#include "mech_files.h"
#include "output.h"

/* check_service.c: takes over the environment of a service, as it runs or else as its unit
 * has it. *user is its user's name, the caller's to free; NULL: not known. */
enum exit_status check_service(struct report *report, const char *name, char **user);

/* check_modules.c: the mechanism files, and whether each module loads. False: one of them
 * crashes or hangs, and so would every call of GSSAPI. */
bool check_modules(struct report *report, const struct mech_files *files);
/* Whether a line with mech_spnego.so, or what else takes SPNEGO over, is in force. */
const struct mech_line *check_spnego_line(const struct mech_files *files);

/* check_negotiate.c: MIT's SPNEGO, and which mechanisms Negotiate has credentials for. */
void check_negotiate(struct report *report, const struct mech_files *files);

/* check_settings.c: settings, OpenSSL's legacy provider, FIPS mode, the clock. */
void check_settings(struct report *report);
/* check_accounts.c: the account file, and winbind. */
void check_accounts(struct report *report);
/* check_audit.c: whether logins are recorded. */
void check_audit(struct report *report);

#endif
