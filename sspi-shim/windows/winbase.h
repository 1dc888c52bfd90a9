/* SPDX-License-Identifier: MIT */
/* winbase.h - what SSPI programs use of Windows itself: they load secur32.dll at
 * run time, ask what went wrong, want a text for it, and convert times.
 *
 * Only SSPI's own library can be loaded, under the names that it has on Windows.
 * The texts are those of SSPI's statuses and of the few errors in winerror.h.
 * Nothing else of Windows' winbase.h is here.
 *
 * Other libraries have functions of these names (WinPR, Wine), so the symbols
 * of these begin with sspi_. */

#ifndef SSPI_WINBASE_H
#define SSPI_WINBASE_H

#include <stdarg.h>
#include <windef.h>
#include <winerror.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/*
 * Libraries. secur32.dll, security.dll and sspicli.dll are libsspi: in any case,
 * with or without ".dll", behind any directory. Nothing is really loaded, so
 * FreeLibrary may be called once for each LoadLibrary, or never.
 */
typedef struct HINSTANCE__ *HINSTANCE;
typedef HINSTANCE HMODULE;
typedef INT_PTR(WINAPI *FARPROC)(void);

/* NULL and ERROR_MOD_NOT_FOUND for any other library. */
HMODULE WINAPI LoadLibraryA(LPCSTR lpLibFileName) SSPI_SYMBOL(LoadLibraryA);
HMODULE WINAPI LoadLibraryW(LPCWSTR lpLibFileName) SSPI_SYMBOL(LoadLibraryW);

/* The same, and for NULL the program itself, in which nothing is found. */
HMODULE WINAPI GetModuleHandleA(LPCSTR lpModuleName) SSPI_SYMBOL(GetModuleHandleA);
HMODULE WINAPI GetModuleHandleW(LPCWSTR lpModuleName) SSPI_SYMBOL(GetModuleHandleW);

/* One of SSPI's functions or secext.h's, by its name. NULL and
 * ERROR_PROC_NOT_FOUND when there is none, ERROR_MOD_NOT_FOUND for what is no
 * library's handle. */
FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName) SSPI_SYMBOL(GetProcAddress);
BOOL WINAPI FreeLibrary(HMODULE hLibModule) SSPI_SYMBOL(FreeLibrary);

/* Errors. Each thread has its own last one. SSPI's functions leave it alone: they
 * return theirs. */
DWORD WINAPI GetLastError(void) SSPI_SYMBOL(GetLastError);
void WINAPI SetLastError(DWORD dwErrCode) SSPI_SYMBOL(SetLastError);

#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0xFF
#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x100
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x200
#define FORMAT_MESSAGE_FROM_STRING 0x400
#define FORMAT_MESSAGE_FROM_HMODULE 0x800
#define FORMAT_MESSAGE_FROM_SYSTEM 0x1000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x2000

/* Only with FORMAT_MESSAGE_FROM_SYSTEM; else ERROR_INVALID_PARAMETER. The text is
 * English in any language and ends in CR LF, or with a width mask in a blank; a Win32
 * error may be an HRESULT (0x8007....). Gives its length without the NUL. With
 * ALLOCATE_BUFFER lpBuffer is the address of a pointer, to what LocalFree then frees,
 * and nSize counts up to 64 KiB. 0 and ERROR_MR_MID_NOT_FOUND for an error without a
 * text, ERROR_INSUFFICIENT_BUFFER when nSize characters are too few,
 * ERROR_NOT_ENOUGH_MEMORY. */
DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                            DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
    SSPI_SYMBOL(FormatMessageA);
DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                            DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
                            va_list *Arguments) SSPI_SYMBOL(FormatMessageW);

typedef HANDLE HLOCAL;
HLOCAL WINAPI LocalFree(HLOCAL hMem) SSPI_SYMBOL(LocalFree); /* NULL: done */

#define MAKELANGID(language, sublanguage) ((((WORD)(sublanguage)) << 10) | (WORD)(language))
#define LANG_NEUTRAL 0x0
#define LANG_ENGLISH 0x9
#define SUBLANG_NEUTRAL 0x0
#define SUBLANG_DEFAULT 0x1
#define SUBLANG_ENGLISH_US 0x1

/*
 * Times. SSPI's are local; what a moment's local time is depends on that moment
 * (summer or winter), not on the present one as with Windows' own functions: so
 * a TimeStamp of SSPI's converted here is the moment that it means.
 */
typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek; /* 0: Sunday */
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

void WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
    SSPI_SYMBOL(GetSystemTimeAsFileTime);
/* FALSE and ERROR_INVALID_PARAMETER for times that cannot be. */
BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *lpFileTime, LPFILETIME lpLocalFileTime)
    SSPI_SYMBOL(FileTimeToLocalFileTime);
BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *lpLocalFileTime, LPFILETIME lpFileTime)
    SSPI_SYMBOL(LocalFileTimeToFileTime);
BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime)
    SSPI_SYMBOL(FileTimeToSystemTime);

#pragma GCC visibility pop

#ifdef UNICODE
#define LoadLibrary LoadLibraryW
#define GetModuleHandle GetModuleHandleW
#define FormatMessage FormatMessageW
#else
#define LoadLibrary LoadLibraryA
#define GetModuleHandle GetModuleHandleA
#define FormatMessage FormatMessageA
#endif

#ifdef __cplusplus
}
#endif

#endif
