/* SPDX-License-Identifier: MIT */
/* subauth.h - SSPI callers include it for UNICODE_STRING and NTSTATUS. */

#ifndef SSPI_SUBAUTH_H
#define SSPI_SUBAUTH_H

#include <windef.h>

#endif
