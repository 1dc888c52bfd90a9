/* SPDX-License-Identifier: MIT */
/* issper16.h - older SSPI programs look here for the status codes. */

#ifndef SSPI_ISSPER16_H
#define SSPI_ISSPER16_H

#include <winerror.h>

#endif
