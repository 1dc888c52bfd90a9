/* SPDX-License-Identifier: MIT */
/* v2_response.h - NTLMv2_RESPONSE and the NTLMv2_CLIENT_CHALLENGE in it
 * ([MS-NLMP] 2.2.2.7 and 2.2.2.8), in both directions. What the AV pairs in it
 * say is not known here. */

#ifndef NTLM_V2_RESPONSE_H
#define NTLM_V2_RESPONSE_H

#include "keys.h"
#include "wire.h"

struct ntlm_v2_response {
    struct ntlm_bytes proof;    /* NTProofStr, 16 bytes */
    struct ntlm_bytes proved;   /* temp of 3.3.2: all that follows NTProofStr */
    bool known_version;         /* RespType and HiRespType are 1 */
    uint64_t time;              /* FILETIME by the client's clock */
    struct ntlm_bytes av_pairs; /* unchecked; to the end of the response */
};

/* Takes an NT response apart. Everything points into it. NTLM_ERR_BAD_RESPONSE
 * when it is too short to be an NTLMv2 response. */
enum ntlm_error ntlm_v2_response_decode(struct ntlm_bytes nt_response,
                                        struct ntlm_v2_response *response);

/* Appends the response up to where its AV pairs begin, NTProofStr as zeros, to
 * an empty writer. The caller then writes the pairs, without MsvAvEOL. */
void ntlm_v2_response_begin(struct ntlm_writer *out, uint64_t time,
                            const uint8_t client_challenge[8]);

/* Ends the response, fills NTProofStr in and gives the SessionBaseKey, which is
 * secret. Errors: the writer's, those of crypto.h. */
enum ntlm_error ntlm_v2_response_end(struct ntlm_writer *out,
                                     const struct ntlm_hmac_key *ntowfv2,
                                     const uint8_t server_challenge[8], uint8_t base_key[16]);

#endif
