/* SPDX-License-Identifier: MIT */
/* keyring_fixture.h - a session keyring of a test's own in the kernel, for logins. */

#ifndef KEYRING_FIXTURE_H
#define KEYRING_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

/* This process, and what it starts, has an empty session keyring from now on. */
void keyring_begin(void);

/* Whether the kernel refuses us its keyrings, as in many containers: the test is then
 * skipped, by this name. */
bool skipped_without_keyring(const char *test);
/* The same for what takes other users' rights. */
bool skipped_without_root(const char *test);

/* The user's keyring of logins in the session's; 0: none. */
int32_t keyring_of_logins(void);

/* The serial of its n-th key whose description begins so; 0: there is none. */
int32_t keyring_nth(const char *prefix, int n);

#endif
