/* SPDX-License-Identifier: MIT */
/* acceptor_config.h - what is asked of an acceptor: who it is, and what it
 * accepts. */

#ifndef NTLM_ACCEPTOR_CONFIG_H
#define NTLM_ACCEPTOR_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

enum ntlm_check { NTLM_CHECK_OFF, NTLM_CHECK_IF_SENT, NTLM_CHECK_REQUIRED };

struct ntlm_acceptor_config {
    const char *netbios_computer, *netbios_domain; /* UTF-8, not NULL */
    const char *dns_computer;                      /* or NULL: netbios_computer is sent */
    const char *dns_domain;                        /* or NULL: none is sent */
    bool domain_member;                            /* TARGET_TYPE_DOMAIN instead of _SERVER */
    const uint8_t *version;                        /* 8 bytes, or NULL: never sent */
    enum ntlm_check check_bindings;                /* IF_SENT, or REQUIRED */
    enum ntlm_check check_target;
    bool check_reflection;           /* target_hosts are all the names we go by */
    const char *const *target_hosts; /* NULL-terminated names we go by, for
                                      * check_target and for reflection */
    const uint8_t *machine_id;       /* 32 bytes, ours; or NULL */
    bool allow_anonymous;
    bool require_sign, require_seal, require_128, require_ess; /* the last two
                                                                * where there is protection */
    bool datagram;
    uint32_t default_flags;   /* NegotiateFlags that are granted when asked for; 0: all */
    unsigned lm_compat_level; /* 0..5; LM taken up to 3, NTLMv1 up to 4 */
    uint64_t max_skew;        /* in 100 ns; 0: the time is not checked */
};

#endif
