/* SPDX-License-Identifier: MIT */
/* hmac_key.h - a key of 16 bytes, set for the functions that take one so. */

#ifndef TEST_HMAC_KEY_H
#define TEST_HMAC_KEY_H

#include "ntlm/hmac.h"
#include "suite.h"

/* Valid until the thread's next call. */
static inline const struct ntlm_hmac_key *hmac_key(const uint8_t key[16])
{
    static _Thread_local struct ntlm_hmac_key set;

    ck_assert_int_eq(ntlm_hmac_set_key(&set, key), NTLM_OK);
    return &set;
}

#endif
