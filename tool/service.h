/* SPDX-License-Identifier: MIT */
/* service.h - the environment of a service: that of its process, and that of its unit. */

#ifndef TOOL_SERVICE_H
#define TOOL_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SERVICE_VARIABLES_MAX 256

/* NAME=VALUE, malloc'd; the last of a name counts. */
struct environment {
    char *entries[SERVICE_VARIABLES_MAX];
    size_t count;
};
void environment_clear(struct environment *environment);
/* NULL: it has none. */
const char *environment_get(const struct environment *environment, const char *name);

/* The service's process: of several of that name the oldest; 0: none runs. *worker is the
 * user of its processes that are not root's, or of that one. */
pid_t service_process(const char *name, uid_t *worker);
/* False and errno: it cannot be read. */
bool service_process_environment(pid_t process, struct environment *environment);

/* Environment=, EnvironmentFile= and User= of NAME.service and of what is dropped in beside
 * it, and what /etc/NAME/envvars exports (Debian's Apache). False: there is no such unit. *user
 * is malloc'd, or NULL. */
bool service_unit(const char *name, struct environment *environment, char **user);

/* Gives the name of each unit of a service, some more than once; the text is "". */
void service_units(void (*take)(void *arg, const char *name, const char *text), void *arg);

#endif
