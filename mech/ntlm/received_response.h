/* SPDX-License-Identifier: MIT */
/* received_response.h - what a client's LM and NT responses ([MS-NLMP] 2.2.2.3 to
 * 2.2.2.8) say beside proving a password. For the acceptor,
 * and for external_response.c. */

#ifndef NTLM_RECEIVED_RESPONSE_H
#define NTLM_RECEIVED_RESPONSE_H

#include "logon.h"
#include "message.h"

/* Everything points into the token. The pairs are believed only once the
 * password has been proved. */
struct ntlm_received_response {
    enum ntlm_response_kind kind;
    /* of an NTLMv2 response only: */
    uint64_t time;              /* FILETIME by the client's clock */
    struct ntlm_bytes av_pairs; /* well formed */
    bool mic_announced;
    struct ntlm_bytes bindings; /* 16 bytes, or empty: none, or all zeros */
    struct ntlm_bytes target;   /* MsvAvTargetName, UTF-16LE; empty: none */
    bool has_target;
    bool target_unverified;       /* its source is not trusted by the client */
    struct ntlm_bytes machine_id; /* 32 bytes, or empty */
};

/* Tells the generations apart by their lengths, and decodes an NTLMv2 response.
 * ess: extended session security is agreed. NTLM_ERR_BAD_RESPONSE. */
enum ntlm_error ntlm_received_response_decode(const struct ntlm_authenticate *message, bool ess,
                                              struct ntlm_received_response *response);

#endif
