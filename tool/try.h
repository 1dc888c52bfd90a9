/* SPDX-License-Identifier: MIT */
/* try.h - the kinds of server that "gss-negotiate try" logs in to, each in the file of its
 * name. Each tells its steps, and returns STATUS_BAD where the login was refused. */

#ifndef TOOL_TRY_H
#define TOOL_TRY_H

#include "attempt.h"

struct url {
    char *memory;
    const char *scheme, *host, *port, *path; /* path begins with a / */
};

enum exit_status try_http(const struct url *url, bool verify,
                          const struct attempt_request *request);
enum exit_status try_ldap(const struct url *url, bool verify,
                          const struct attempt_request *request);
/* Without any server: both sides are here. */
enum exit_status try_alone(const struct attempt_request *request);

#endif
