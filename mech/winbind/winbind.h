/* SPDX-License-Identifier: MIT */
/* winbind.h - what others need to know of winbind without asking it. */

#ifndef WINBIND_H
#define WINBIND_H

#include <stdbool.h>

/* Whether a winbind runs here, by its socket, and could be asked. Quick, and
 * nothing is loaded as long as there is no socket. */
bool winbind_is_there(void);

/* What a build without wbclient.h says. */
#define WINBIND_LEFT_OUT "this module was built without winbind (libwbclient's header)"

#endif
