/* SPDX-License-Identifier: MIT */
/* curl_beside.h - what curl's curl_setup.h includes where WIN32 is defined (with
 * sockets besides), and three functions of its files for Windows alone: it asks for
 * Windows' version, loads a library from the system's directory, and formats an
 * error. */

#ifndef SOURCES_CURL_BESIDE_H
#define SOURCES_CURL_BESIDE_H

#include <tchar.h>
#include <windows.h>

#define curlx_verify_windows_version(major, minor, build, platform, condition) 0
#define Curl_load_library LoadLibrary

static inline char *get_winapi_error(int error, char *text, size_t size)
{
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, (DWORD)error, 0, text,
                                  (DWORD)size, NULL);

    text[length > 2 ? length - 2 : 0] = '\0'; /* the line's end */
    return length > 2 ? text : NULL;
}

#endif
