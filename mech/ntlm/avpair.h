/* SPDX-License-Identifier: MIT */
/* avpair.h - the AV_PAIR list of [MS-NLMP] 2.2.2.1, as TargetInfo carries it
 * and an NTLMv2 response echoes it. Ids may repeat and may be unknown. */

#ifndef NTLM_AVPAIR_H
#define NTLM_AVPAIR_H

#include "wire.h"

enum ntlm_av_id {
    MSV_AV_EOL = 0,
    MSV_AV_NB_COMPUTER_NAME = 1,
    MSV_AV_NB_DOMAIN_NAME = 2,
    MSV_AV_DNS_COMPUTER_NAME = 3,
    MSV_AV_DNS_DOMAIN_NAME = 4,
    MSV_AV_DNS_TREE_NAME = 5,
    MSV_AV_FLAGS = 6,
    MSV_AV_TIMESTAMP = 7,
    MSV_AV_SINGLE_HOST = 8,
    MSV_AV_TARGET_NAME = 9,
    MSV_AV_CHANNEL_BINDINGS = 10
};

/* The bits of MsvAvFlags. */
#define MSV_AV_FLAG_CONSTRAINED 0x1u
#define MSV_AV_FLAG_MIC 0x2u
#define MSV_AV_FLAG_UNVERIFIED_TARGET 0x4u

#define NTLM_MACHINE_ID_SIZE 32 /* MachineID of a Single_Host_Data ([MS-NLMP] 2.2.2.2) */

/* A list may have that many bytes and pairs, MsvAvEOL included. Windows sends
 * below ten pairs. */
#define NTLM_MAX_AV_LIST 4096
#define NTLM_MAX_AV_PAIRS 64

struct ntlm_av_pair {
    uint16_t id;
    struct ntlm_bytes value; /* inside the list */
};

/* The size that every pair with this id has (flags 4, timestamp 8, bindings 16
 * bytes); 0: any. */
size_t ntlm_av_fixed_size(uint16_t id);

/* Takes the pair at the front of *list and moves *list behind it. False at
 * MsvAvEOL, and at anything malformed (ntlm_av_check tells those apart);
 * *list then stays there. */
bool ntlm_av_next(struct ntlm_bytes *list, struct ntlm_av_pair *pair);

/* NTLM_OK when the list ends with MsvAvEOL within the limits above, every pair
 * lies inside it and has its fixed size; else NTLM_ERR_BAD_AV_PAIRS. What follows
 * MsvAvEOL does not matter. */
enum ntlm_error ntlm_av_check(struct ntlm_bytes list);

/* The first pair with this id; false when there is none. */
bool ntlm_av_find(struct ntlm_bytes list, uint16_t id, struct ntlm_bytes *value);

/* Whether MsvAvTimestamp is there, and what it says (FILETIME). */
bool ntlm_av_timestamp(struct ntlm_bytes list, uint64_t *time);

/* All MsvAvFlags pairs of the list OR-ed together: a second, smuggled pair
 * can then not hide the first one's MIC bit (CVE-2019-1166). */
uint32_t ntlm_av_flags(struct ntlm_bytes list);

void ntlm_av_write(struct ntlm_writer *out, uint16_t id, struct ntlm_bytes value);
void ntlm_av_write_flags(struct ntlm_writer *out, uint32_t flags);
void ntlm_av_write_timestamp(struct ntlm_writer *out, uint64_t time);
/* From UTF-8. Sets NTLM_ERR_BAD_TEXT in the writer when it is not. */
void ntlm_av_write_text(struct ntlm_writer *out, uint16_t id, const char *text);
/* The pairs of a server's list (without its EOL), less those that are the
 * client's alone to say: a server (or a man in the middle) that smuggles an
 * MsvAvFlags pair in must not speak for us (CVE-2019-1166). */
void ntlm_av_write_others(struct ntlm_writer *out, struct ntlm_bytes list);
void ntlm_av_write_eol(struct ntlm_writer *out);

#endif
