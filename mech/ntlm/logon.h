/* SPDX-License-Identifier: MIT */
/* logon.h - one question, "are these responses this account's?", and its
 * answer. The acceptor asks it; accounts/ answers it, from a hash it has (by
 * ntlm_logon_check) or through a domain controller. */

#ifndef NTLM_LOGON_H
#define NTLM_LOGON_H

#include "bytes.h"
#include "env.h"
#include "error.h"

enum ntlm_response_kind {
    NTLM_RESPONSE_ANONYMOUS,
    NTLM_RESPONSE_LM,     /* 24-byte LM alone */
    NTLM_RESPONSE_V1,     /* 24-byte NTLMv1 */
    NTLM_RESPONSE_V1_ESS, /* 24-byte NTLMv1 with extended session security */
    NTLM_RESPONSE_V2      /* NTLMv2 */
};

/* The request. Everything in it belongs to the acceptor that made it and
 * lives until that acceptor's next call. */
struct ntlm_logon {
    enum ntlm_response_kind kind;
    uint32_t flags;                             /* as agreed so far */
    const char *user, *domain, *workstation;    /* UTF-8, never NULL */
    struct ntlm_bytes user_utf16, domain_utf16; /* UTF-16LE, as sent */
    const char *server_name, *server_domain;    /* ours, NetBIOS, never NULL */
    uint8_t server_challenge[8];
    struct ntlm_bytes lm_response, nt_response; /* as sent */
};

/* For "%.128s%s%.128s": DOMAIN\user as the peer sent it, or user. */
#define NTLM_LOGON_NAME(logon) (logon)->domain, *(logon)->domain ? "\\" : "", (logon)->user

/* What a yes gives. Secret: cleanse it. */
struct ntlm_logon_keys {
    uint8_t base_key[16]; /* SessionBaseKey */
    uint8_t lm_key[8];    /* LMOWFv1[0..8], where known */
    bool has_lm_key;
};

/* Answers the request from an account's NT hash and, where known, its LM hash
 * (NULL: unknown). NTLM_OK and *keys, NTLM_ERR_LOGON_DENIED, or an error of
 * crypto.h. NTLMv2 is tried with the domain as sent, empty, and upper-cased
 * ([MS-NLMP] 3.2.5.1.2). Whether a kind is allowed is not asked here. Takes
 * the same time whatever differs. Safe from any thread. */
enum ntlm_error ntlm_logon_check(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                 const uint8_t *lm_hash, struct ntlm_logon_keys *keys);

#endif
