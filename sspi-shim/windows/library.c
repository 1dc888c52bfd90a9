/* SPDX-License-Identifier: MIT */
/* library.c - LoadLibrary and its kin, for one library: this one. A program that
 * loads secur32.dll gets a handle by which GetProcAddress finds SSPI's functions
 * in a table (functions.h); the dynamic linker is not asked. */

#include "config.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <winbase.h>

#include "functions.h"
#include "unicode.h"

/* Two that nothing is read through: the library, and the program itself. */
struct HINSTANCE__ {
    char unused;
};
static struct HINSTANCE__ library, program;

static BOOL is_ours(const char *path)
{
    static const char *const names[] = {"secur32", "security", "sspicli"};
    const char *name = path + strlen(path);
    size_t length;

    while (name > path && name[-1] != '\\' && name[-1] != '/')
        name--;
    length = strlen(name);
    if (length > 4 && strcasecmp(name + length - 4, ".dll") == 0)
        length -= 4;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
            return TRUE;
    return FALSE;
}

static HMODULE find(const char *name)
{
    if (name && is_ours(name))
        return &library;
    SetLastError(name ? ERROR_MOD_NOT_FOUND : ERROR_INVALID_PARAMETER);
    return NULL;
}

static HMODULE find_w(LPCWSTR name)
{
    HMODULE found = NULL;
    char *utf8;

    if (unicode_name_to_utf8(name, "the name of a library", &utf8) == SEC_E_OK)
        found = find(utf8);
    else
        SetLastError(ERROR_MOD_NOT_FOUND);
    unicode_free(utf8);
    return found;
}

HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName)
{
    return find(lpLibFileName);
}

HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName)
{
    return find_w(lpLibFileName);
}

HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName)
{
    return lpModuleName ? find(lpModuleName) : &program;
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName)
{
    return lpModuleName ? find_w(lpModuleName) : &program;
}

/* A name below 64 K is a number (MAKEINTRESOURCE), and nothing here has one. */
FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName)
{
    function found = NULL;

    if (hModule != &library && hModule != &program) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    if (hModule == &library && (uintptr_t)lpProcName > UINT16_MAX)
        found = function_of(lpProcName);
    if (!found)
        SetLastError(ERROR_PROC_NOT_FOUND);
    return (FARPROC)found;
}

BOOL WINAPI FreeLibrary(HMODULE hLibModule)
{
    if (hLibModule == &library || hLibModule == &program)
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}
