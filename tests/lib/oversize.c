/* SPDX-License-Identifier: MIT */
/* oversize.c - see oversize.h. */

#include "config.h"

#include "oversize.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/message.h"
#include "suite.h"

#define ENDLESS 6000 /* bytes of AV pairs, which each message has room for */
#define FIELD_OF_RESPONSE 20
#define FIELD_OF_TARGET_INFO 40
#define PAIRS_AT 44 /* in an NTLMv2 response ([MS-NLMP] 2.2.2.7) and what is around */

static uint8_t *message;
static size_t message_len;

static void grow_to(size_t len)
{
    ck_assert_uint_lt(message_len, len);
    memset(message + message_len, 0, len - message_len);
    message_len = len;
}

/* Puts a field's content, with `kept` bytes of it and endless pairs, behind all else. */
static void make_endless(size_t field, size_t kept)
{
    const size_t old = message[field + 4] | (size_t)message[field + 5] << 8;
    const size_t at = message_len, len = kept + ENDLESS;
    uint8_t *const to = message + at;

    ck_assert_uint_le(at + len, NTLM_MAX_AUTHENTICATE);
    memcpy(to, message + old, kept);
    for (size_t i = 0; i < ENDLESS; i += 4)
        memcpy(to + kept + i, "\x55\0\0\0", 4); /* empty, and unknown */
    memset(to + len - 4, 0, 4);                 /* it has an end: its length alone is wrong */
    message[field] = message[field + 2] = (uint8_t)len;
    message[field + 1] = message[field + 3] = (uint8_t)(len >> 8);
    message[field + 4] = (uint8_t)at;
    message[field + 5] = (uint8_t)(at >> 8);
    message_len += len;
}

static void long_negotiate(void)
{
    grow_to(NTLM_MAX_NEGOTIATE + 1);
}

static void long_challenge(void)
{
    grow_to(NTLM_MAX_CHALLENGE + 1);
}

static void long_authenticate(void)
{
    grow_to(NTLM_MAX_AUTHENTICATE + 1);
}

static void endless_target_info(void)
{
    make_endless(FIELD_OF_TARGET_INFO, 0);
}

static void endless_response(void)
{
    make_endless(FIELD_OF_RESPONSE, PAIRS_AT);
}

const struct oversize oversizes[OVERSIZES] = {
    {0, long_negotiate, NTLM_ERR_TOO_LARGE},
    {1, long_challenge, NTLM_ERR_TOO_LARGE},
    {2, long_authenticate, NTLM_ERR_TOO_LARGE},
    {1, endless_target_info, NTLM_ERR_BAD_AV_PAIRS},
    {2, endless_response, NTLM_ERR_BAD_RESPONSE},
};

size_t oversize_make(const struct oversize *oversize, uint8_t *in, size_t len)
{
    message = in;
    message_len = len;
    oversize->spoil();
    return message_len;
}
