/* SPDX-License-Identifier: MIT */
/* library.h - libwbclient, which is loaded when winbind is first asked something.
 * Whether winbind runs is seen by its socket. */

#ifndef WINBIND_LIBRARY_H
#define WINBIND_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

#include <wbclient.h>

#include "ntlm/error.h"

#define WBCLIENT_FUNCTIONS(X)                                                                  \
    X(wbcAddNamedBlob)                                                                         \
    X(wbcCtxAuthenticateUserEx)                                                                \
    X(wbcCtxCreate)                                                                            \
    X(wbcCtxCredentialCache)                                                                   \
    X(wbcCtxFree)                                                                              \
    X(wbcCtxInterfaceDetails)                                                                  \
    X(wbcCtxLookupSid)                                                                         \
    X(wbcCtxPing)                                                                              \
    X(wbcCtxUidToSid)                                                                          \
    X(wbcErrorString)                                                                          \
    X(wbcFreeMemory)                                                                           \
    X(wbcSidToStringBuf)

/* Its limit for a name, or for a domain's and a user's with the separator, in bytes with
 * the terminator. It cuts off longer ones silently. */
#define WBCLIENT_NAME_SIZE 256

struct wbclient {
#define WBCLIENT_MEMBER(name) __typeof__(name) *name;
    WBCLIENT_FUNCTIONS(WBCLIENT_MEMBER)
#undef WBCLIENT_MEMBER
};

/* Whether it told a text, and not an empty one. */
static inline bool wbclient_told(const char *text)
{
    return text && *text;
}

/* The library's functions; they stay loaded. NTLM_ERR_NO_AUTHORITY, with the
 * reason: winbind does not run here (nothing is loaded then), or the library is
 * missing or too old. After a failure the next call tries
 * again. Safe from any thread. */
enum ntlm_error wbclient_load(const struct wbclient **library);

#endif
