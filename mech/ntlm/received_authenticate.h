/* SPDX-License-Identifier: MIT */
/* received_authenticate.h - an AUTHENTICATE ([MS-NLMP] 2.2.1.3) as the acceptor
 * keeps it: its bytes, what they say, and the names in it. Whether it may log in is
 * decided elsewhere. */

#ifndef NTLM_RECEIVED_AUTHENTICATE_H
#define NTLM_RECEIVED_AUTHENTICATE_H

#include <stdbool.h>

#include "env.h"
#include "message.h"
#include "received_response.h"

/* The longest names that a client may send, in characters. A userPrincipalName has
 * up to 1024 ([MS-ADA3]), a DNS name, which is longer than a NetBIOS one, up to
 * 255. */
#define NTLM_MAX_USER_NAME 1024
#define NTLM_MAX_HOST_NAME 255

struct ntlm_received_authenticate {
    struct ntlm_writer token;                /* as it came over the wire, for the MIC */
    struct ntlm_authenticate message;        /* points into token */
    struct ntlm_received_response response;  /* likewise */
    uint32_t flags;                          /* NegotiateFlags in force */
    bool named;                              /* whether the next are known */
    const char *user, *domain, *workstation; /* UTF-8, not NULL */
    const char *target_name;                 /* MsvAvTargetName in UTF-8; NULL: none was sent */
    struct ntlm_bytes user_utf16, domain_utf16;
    void *names; /* what these lie in, unless it is token */
};

/* Reads the token, which answers a CHALLENGE with the flags `offered`, into an
 * object of zeros, and keeps a copy of it. Nothing is converted of a malformed message;
 * but who sent it can be known where only the response in it is malformed, or a name is
 * too long. Errors: those of ntlm_authenticate_decode,
 * NTLM_ERR_BAD_RESPONSE, NTLM_ERR_NAME_TOO_LONG, NTLM_ERR_BAD_TEXT,
 * NTLM_ERR_OUT_OF_MEMORY; the object is to be cleared after them too. */
enum ntlm_error ntlm_received_authenticate_read(const struct ntlm_env *env, uint32_t offered,
                                                struct ntlm_bytes token,
                                                struct ntlm_received_authenticate *received);

/* Frees what it holds. The caller cleanses the struct with its own. */
void ntlm_received_authenticate_clear(struct ntlm_received_authenticate *received);

#endif
