/* SPDX-License-Identifier: MIT */
/* ntsecapi.h - SSPI's callers include it for KERB_WRAP_NO_ENCRYPT, UNICODE_STRING,
 * LUID and NTSTATUS; the functions of the Local Security Authority that Windows
 * declares there are not here. */

#ifndef SSPI_NTSECAPI_H
#define SSPI_NTSECAPI_H

#include <windef.h>

#define KERB_WRAP_NO_ENCRYPT 0x80000001U

#endif
