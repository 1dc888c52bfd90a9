/* SPDX-License-Identifier: MIT */
/* sysaccount.h - which accounts of this machine belong to the system and not to
 * people. */

#ifndef SUPPORT_SYSACCOUNT_H
#define SUPPORT_SYSACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

/* The first user id of people: UID_MIN of a file like /etc/login.defs, else what
 * follows its SYS_UID_MAX, else 1000. Never 0. The greatest id where the file is there
 * and cannot be read. */
uid_t sysaccount_first_user(const char *login_defs);

/* Whether a user id is below the first one of people, is nobody's (65534, 65535), or
 * is one that systemd assigns to services (61184 to 65519). */
bool sysaccount_is(uid_t uid);

#endif
