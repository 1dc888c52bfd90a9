/* SPDX-License-Identifier: MIT */
/* fake_wbclient.h - a libwbclient that does as a test says, and keeps what it
 * was asked. It is loaded in place of the real one: this program is linked
 * with it, and who loads a library of that name is given the one that is there. */

#ifndef FAKE_WBCLIENT_H
#define FAKE_WBCLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#include <wbclient.h>

#define FAKE_MAX_SIDS 4
#define FAKE_MAX_BLOB 512

struct fake_winbind {
    /* what it answers */
    wbcErr result, ping_result;
    uint32_t nt_status; /* with WBC_ERR_AUTH_ERROR */
    const char *nt_string;
    const char *account, *domain; /* an account's, and the machine's */
    const char *computer, *dns_domain;
    uint32_t user_flags;
    uint8_t user_session_key[16], lm_session_key[8];
    uint32_t sid_count;   /* S-1-5-21-0, the group 1, once more 1, the group 2 */
    const char *own_user; /* of `domain`, whose uid every process has; NULL: nobody */
    enum wbcSidType own_type;
    const char *own_domain;  /* in the place of `domain`, if it is not NULL */
    const char *cached_user; /* of `domain`, whose password it keeps; NULL: nobody's */
    const char *answer;      /* with it, to a CHALLENGE; NULL: it gives none */
    size_t answer_key_len;   /* beside it: so much of user_session_key */

    /* what it was asked; valid until the next question */
    unsigned logons, details, cache_questions, connections;
    char asked_account[300], asked_domain[300], asked_workstation[300];
    uint8_t challenge[8];
    uint8_t nt_response[FAKE_MAX_BLOB], lm_response[FAKE_MAX_BLOB];
    size_t nt_len, lm_len;
    uint32_t level, parameter_control;
    uint8_t negotiate[FAKE_MAX_BLOB], asked_challenge[FAKE_MAX_BLOB];
    size_t negotiate_len, asked_challenge_len;

    /* Last, what changes the answer to a logon, or from the cache of passwords, for its
     * worse; NULL: nothing. */
    void (*spoil_account)(struct wbcAuthUserInfo *info);
    void (*spoil_cached)(struct wbcCredentialCacheInfo *info);
    bool wordless; /* no error has a name */

    bool shared; /* two threads used one connection at once */
};

/* How a call fails. */
struct fake_failure {
    unsigned call; /* so many calls from now; 0: none fails */
    wbcErr result; /* WBC_ERR_SUCCESS: it says so, and has done nothing */
    bool late;     /* it is made, and gives its answer, beside this result */
};

/* Fresh answers: EXAMPLE\Alice of a domain, on BOX. It begins with them. */
void fake_winbind_begin(void);
struct fake_winbind *fake_winbind(void);
void fake_winbind_fail(struct fake_failure failure);
/* The function whose call failed since then; NULL: none did. */
const char *fake_winbind_failed(void);
/* How many of the blocks that it gave out have not come back. */
unsigned fake_winbind_blocks(void);
/* From now on questions wait until it is called again with false. */
void fake_winbind_hang(bool hang);
/* How many wait. */
unsigned fake_winbind_waiting(void);
#pragma GCC visibility pop

#endif
