/* SPDX-License-Identifier: MIT */
/* beside.h - what the programs whose sources are compiled here use of Windows, and
 * what is not SSPI's business: so it is the tests', as far as these programs go.
 * Compile with -fshort-wchar, and with -include of this file. */

#ifndef SOURCES_BESIDE_H
#define SOURCES_BESIDE_H

#include <windows.h>

/* wincrypt.h: base64 */
#define CRYPT_STRING_BASE64 0x1
BOOL CryptBinaryToStringA(const BYTE *binary, DWORD length, DWORD flags, LPSTR text,
                          DWORD *text_length);
BOOL CryptStringToBinaryA(LPCSTR text, DWORD text_length, DWORD flags, BYTE *binary,
                          DWORD *length, DWORD *skipped, DWORD *seen);

/* winnls.h: between UTF-8 and UTF-16 */
#define CP_UTF8 65001
int MultiByteToWideChar(UINT page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int room);
int WideCharToMultiByte(UINT page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int room,
                        LPCSTR fallback, BOOL *used);

/* The C library's of Windows: a wide format with %hs, %S and %d. */
int _snwprintf(wchar_t *out, size_t room, const wchar_t *format, ...);
int wsprintfW(LPWSTR out, LPCWSTR format, ...);
#define wsprintf wsprintfW
#define memcpy_s(to, room, from, length) memcpy((to), (from), (length))

#endif
