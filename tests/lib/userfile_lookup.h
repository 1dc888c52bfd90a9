/* SPDX-License-Identifier: MIT */
/* userfile_lookup.h - whom an account file answers for. */

#ifndef USERFILE_LOOKUP_H
#define USERFILE_LOOKUP_H

#include "userfile_query.h"

/* The path of a file of this text, in the scratch directory. */
const char *file_of(const char *text);

bool has_password(const struct account *account, const char *password);
/* The file answers this question with an account of this password. */
void finds(const char *path, const char *user, const char *domain, const char *password);
void finds_none(const char *path, const char *user, const char *domain);

#endif
