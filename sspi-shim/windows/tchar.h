/* SPDX-License-Identifier: MIT */
/* tchar.h - literals and strings that are wide when _UNICODE is defined (compile
 * with -fshort-wchar then), and else narrow. */

#ifndef SSPI_TCHAR_H
#define SSPI_TCHAR_H

#include <string.h>
#include <wide.h>
#include <windef.h>

#ifdef _UNICODE
#define __T(text) SSPI_WIDE(text)
#define _tcschr wcschr
#define _tcscmp wcscmp
#define _tcscpy wcscpy
#define _tcsdup wcsdup
#define _tcslen wcslen
#define _tcsncmp wcsncmp
#define _tcsncpy wcsncpy
#define _tcsrchr wcsrchr
#else
#define __T(text) text
#define _tcschr strchr
#define _tcscmp strcmp
#define _tcscpy strcpy
#define _tcsdup strdup
#define _tcslen strlen
#define _tcsncmp strncmp
#define _tcsncpy strncpy
#define _tcsrchr strrchr
#endif
#define _T(text) __T(text)
#define _TEXT(text) __T(text)

#endif
