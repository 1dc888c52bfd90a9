/* SPDX-License-Identifier: MIT */
/* sspi_token.c - see sspi_token.h. */

#include "config.h"

#include "sspi_token.h"

#include <string.h>

#include <check.h>
#include <gssapi/gssapi_krb5.h>

static unsigned get16(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

static uint32_t get32(const unsigned char *at)
{
    return get16(at) | (uint32_t)get16(at + 2) << 16;
}

size_t token_message(const struct side *side, const unsigned char **message)
{
    *message = memmem(side->token, side->length, "NTLMSSP", 8);
    return *message ? side->length - (size_t)(*message - side->token) : 0;
}

unsigned token_type(const struct side *side)
{
    const unsigned char *message;

    ck_assert_uint_ge(token_message(side, &message), 32);
    return message[8];
}

uint32_t token_flags(const struct side *side)
{
    static const unsigned offsets[] = {0, 12, 20, 60};
    const unsigned char *message;
    unsigned type = token_type(side);

    ck_assert_uint_ge(type, 1);
    ck_assert_uint_le(type, 3);
    token_message(side, &message);
    return get32(message + offsets[type]);
}

const unsigned char *token_av(const struct side *side, unsigned id, size_t *length)
{
    const unsigned char *message, *at, *end;
    size_t available = token_message(side, &message);

    ck_assert_uint_eq(token_type(side), 3);
    at = message + get32(message + 24); /* NtChallengeResponse */
    end = at + get16(message + 20);
    ck_assert(end <= message + available);
    at += 16 + 28; /* NTProofStr, the client challenge up to its exchanges */
    while (at + 4 <= end) {
        *length = get16(at + 2);
        ck_assert(at + 4 + *length <= end);
        if (get16(at) == id)
            return at + 4;
        if (get16(at) == 0)
            break;
        at += 4 + *length;
    }
    return NULL;
}

const char *token_target(const struct side *side)
{
    static char text[256];
    size_t length = 0;
    const unsigned char *exchange = token_av(side, TOKEN_AV_TARGET_NAME, &length);

    if (!exchange)
        return NULL;
    ck_assert_uint_lt(length / 2, sizeof(text));
    for (size_t i = 0; i < length / 2; i++)
        text[i] = (char)get16(exchange + 2 * i);
    text[length / 2] = '\0';
    return text;
}

bool token_has(const struct side *side, const void *bytes, size_t length)
{
    return memmem(side->token, side->length, bytes, length) != NULL;
}

bool token_has_kerberos(const struct side *side)
{
    return token_has(side, gss_mech_krb5->elements, gss_mech_krb5->length);
}
