/* SPDX-License-Identifier: MIT */
/* winbind.h - whether there is a winbind at all. What can be asked of it is in
 * domain.h, logon.h and user.h. In a build without libwbclient all of them are
 * answered by stub.c. */

#ifndef WINBIND_H
#define WINBIND_H

#include <stdbool.h>

/* Whether winbind runs here (its socket exists) and libwbclient can be loaded.
 * Without a socket that is one stat(2), and nothing is loaded. */
bool winbind_is_there(void);

#endif
