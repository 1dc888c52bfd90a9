/* SPDX-License-Identifier: MIT */
/* status_text.h - SSPI's statuses in words. */

#ifndef SHIM_STATUS_TEXT_H
#define SHIM_STATUS_TEXT_H

#include <winerror.h>

/* One English sentence or two, in ASCII, without a line's end; also for the
 * errors (ERROR_) and CRYPT_E_ statuses of winerror.h. NULL for what is none. */
const char *status_text(HRESULT status);

#endif
