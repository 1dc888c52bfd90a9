/* SPDX-License-Identifier: MIT */
/* settings_fixture.h - settings made of a krb5.conf in the scratch directory and
 * of an environment that is the test's alone. */

#ifndef SETTINGS_FIXTURE_H
#define SETTINGS_FIXTURE_H

#include "settings/settings.h"

/* For each test, first: no variable and no krb5.conf. */
void settings_begin(void);
const struct settings *get(void);
/* The settings under a krb5.conf with these lines in [ntlmssp]. Each call has
 * a file name of its own, so that nothing waits for a second to pass. */
const struct settings *get_with(const char *lines);
/* The detail of the error that there is in place of settings. Valid until the
 * thread's next failure. */
const char *get_error(void);
const char *get_error_with(const char *lines);

#endif
