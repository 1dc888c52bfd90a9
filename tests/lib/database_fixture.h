/* SPDX-License-Identifier: MIT */
/* database_fixture.h - account databases in the scratch directory, made by
 * gss-negotiate account, as people make them. */

#ifndef DATABASE_FIXTURE_H
#define DATABASE_FIXTURE_H

#include <stdbool.h>

/* Whether this build cannot make databases; the test is skipped then, by this name. */
bool skipped_without_databases(const char *test);

/* A database of this text's accounts, of this name, with LM hashes. */
const char *database_of(const char *name, const char *text);

/* Runs gss-negotiate account with these arguments and this input. Whether it succeeds. */
bool account_command(const char *arguments, const char *input);

#endif
