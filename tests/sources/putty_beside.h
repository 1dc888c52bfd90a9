/* SPDX-License-Identifier: MIT */
/* putty_beside.h - what PuTTY's windows/gss.c uses of PuTTY's own windows/platform.h, which
 * pulls in sockets and a GUI, and of Windows' registry. Its platform.h of Unix has
 * the rest. There is no key of MIT Kerberos' in this registry. */

#ifndef SOURCES_PUTTY_BESIDE_H
#define SOURCES_PUTTY_BESIDE_H

#include <windows.h>

#include <tree234.h>

#define DECL_WINDOWS_FUNCTION(linkage, type, name, parameters)                                 \
    typedef type(WINAPI *t_##name) parameters;                                                 \
    linkage t_##name p_##name
#define GET_WINDOWS_FUNCTION_NO_TYPECHECK(module, name)                                        \
    (p_##name = module ? (t_##name)GetProcAddress(module, #name) : NULL)
#define GET_WINDOWS_FUNCTION GET_WINDOWS_FUNCTION_NO_TYPECHECK
#define load_system32_dll(name) LoadLibraryA("C:\\Windows\\System32\\" name)
#define LoadLibraryEx(name, file, flags) LoadLibraryA(name)
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0
typedef void *DLL_DIRECTORY_COOKIE;

typedef HANDLE HKEY;
#define HKEY_LOCAL_MACHINE NULL
#define REG_SZ 1
#define RegOpenKey(key, name, opened) (*(opened) = NULL, ERROR_FILE_NOT_FOUND)
#define RegQueryValueEx(key, name, reserved, type, data, size)                                 \
    ((void)(type), (void)(data), (void)(size), ERROR_FILE_NOT_FOUND)
#define RegCloseKey(key) ((void)(key))

#endif
