/* SPDX-License-Identifier: MIT */
/* v2_response.c - the layout of an NTLMv2 response, decoded and encoded:
 * NTProofStr(16) RespType(1) HiRespType(1) Reserved(6) TimeStamp(8)
 * ChallengeFromClient(8) Reserved(4) AvPairs Reserved(4). */

#include "config.h"

#include "v2_response.h"

#include <string.h>

#include "avpair.h"

#define PROOF_SIZE 16
#define RESERVED_BEFORE_TIME 6
#define CHALLENGE_SIZE 8
#define RESERVED_BEFORE_PAIRS 4
#define RESERVED_AT_END 4

enum ntlm_error ntlm_v2_response_decode(struct ntlm_bytes nt_response,
                                        struct ntlm_v2_response *response)
{
    struct ntlm_reader in, proved;

    ntlm_reader_init(&in, nt_response);
    response->proof = ntlm_read_bytes(&in, PROOF_SIZE);
    response->proved = ntlm_read_bytes(&in, ntlm_reader_left(&in));
    ntlm_reader_init(&proved, response->proved);
    response->known_version = ntlm_read16(&proved) == 0x0101;
    ntlm_read_bytes(&proved, RESERVED_BEFORE_TIME);
    response->time = ntlm_read64(&proved);
    ntlm_read_bytes(&proved, CHALLENGE_SIZE);
    ntlm_read_bytes(&proved, RESERVED_BEFORE_PAIRS);
    response->av_pairs = ntlm_read_bytes(&proved, ntlm_reader_left(&proved));
    return in.error || proved.error ? NTLM_ERR_BAD_RESPONSE : NTLM_OK;
}

void ntlm_v2_response_begin(struct ntlm_writer *out, uint64_t time,
                            const uint8_t client_challenge[8])
{
    ntlm_write_zeros(out, PROOF_SIZE);
    ntlm_write16(out, 0x0101);
    ntlm_write_zeros(out, RESERVED_BEFORE_TIME);
    ntlm_write64(out, time);
    ntlm_write(out, client_challenge, CHALLENGE_SIZE);
    ntlm_write_zeros(out, RESERVED_BEFORE_PAIRS);
}

enum ntlm_error ntlm_v2_response_end(struct ntlm_writer *out,
                                     const struct ntlm_hmac_key *ntowfv2,
                                     const uint8_t server_challenge[8], uint8_t base_key[16])
{
    uint8_t proof[PROOF_SIZE];
    enum ntlm_error error;

    ntlm_av_write_eol(out);
    ntlm_write_zeros(out, RESERVED_AT_END);
    if (out->error)
        return out->error;
    error = ntlm_v2_proof(ntowfv2, server_challenge,
                          ntlm_bytes(out->data + PROOF_SIZE, out->len - PROOF_SIZE), proof);
    if (error)
        return error;
    memcpy(out->data, proof, PROOF_SIZE);
    return ntlm_v2_base_key(ntowfv2, proof, base_key);
}
