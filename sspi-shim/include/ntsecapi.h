/* SPDX-License-Identifier: MIT */
/* ntsecapi.h - SSPI callers include it for UNICODE_STRING, LUID and NTSTATUS; the functions of
 * the Local Security Authority that Windows declares there are not here. */

#ifndef SSPI_NTSECAPI_H
#define SSPI_NTSECAPI_H

#include <windef.h>

#endif
