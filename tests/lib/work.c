/* SPDX-License-Identifier: MIT */
/* work.c - counts calls of OpenSSL, libunistring and the C library on their way. */

#include "config.h"

#include "work.h"

#include <stddef.h>
#include <stdint.h>

#include "suite.h"

/* The functions as the libraries declare them, without their types. */
#define COUNTED(result, function, parameters, arguments, field)                                \
    result __real_##function parameters;                                                       \
    result __wrap_##function parameters;                                                       \
    result __wrap_##function parameters                                                        \
    {                                                                                          \
        so_far.field++;                                                                        \
        return __real_##function arguments;                                                    \
    }

static _Thread_local struct work so_far;

COUNTED(int, MD5_Final, (unsigned char *out, void *ctx), (out, ctx), digests)
COUNTED(int, EVP_DigestFinal_ex, (void *ctx, unsigned char *out, unsigned *len),
        (ctx, out, len), digests)
COUNTED(int, EVP_EncryptUpdate,
        (void *ctx, unsigned char *out, int *out_len, const unsigned char *in, int in_len),
        (ctx, out, out_len, in, in_len), blocks)
COUNTED(int, u8_strmbtouc, (uint32_t * letter, const uint8_t *text), (letter, text), letters)
COUNTED(int, u8_mbtoucr, (uint32_t * letter, const uint8_t *text, size_t len),
        (letter, text, len), letters)
COUNTED(char *, strdup, (const char *text), (text), copies)
COUNTED(void *, malloc, (size_t size), (size), allocations)
COUNTED(void *, calloc, (size_t count, size_t size), (count, size), allocations)

void work_begin(void)
{
    so_far = (struct work){0};
}

struct work work_done(void)
{
    return so_far;
}

void assert_same_work(const struct work *one, const struct work *other)
{
    ck_assert_uint_eq(one->digests, other->digests);
    ck_assert_uint_eq(one->blocks, other->blocks);
    ck_assert_uint_eq(one->letters, other->letters);
    ck_assert_uint_eq(one->copies, other->copies);
    ck_assert_uint_eq(one->allocations, other->allocations);
}
