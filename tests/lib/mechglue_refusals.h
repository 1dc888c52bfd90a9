/* SPDX-License-Identifier: MIT */
/* mechglue_refusals.h - MIT's mechglue refuses one call of the program's: what is asked of
 * it fails as it fails there, with nothing given out. The linker leads the calls here
 * (MECHGLUE_REFUSALS_WRAPS); those that release are left alone. */

#ifndef MECHGLUE_REFUSALS_H
#define MECHGLUE_REFUSALS_H

#include <gssapi/gssapi.h>

/* Calls until one is refused, and no other; 0: none will be. */
extern unsigned mechglue_calls_left;

/* Credentials until it says that it gives one, and gives none, as it can when memory ends;
 * 0: it gives them. */
extern unsigned mechglue_credentials_left;

#endif
