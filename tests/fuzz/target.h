/* SPDX-License-Identifier: MIT */
/* target.h - what every fuzz target is written with: the function that libFuzzer calls,
 * a cursor over an input's bytes, and an assertion. Without libFuzzer replay.c calls the
 * target, for each file of its corpus. */

#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's. Initialize is called once, and may be left out. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What must hold for every input. Check's own assertions work in a test only. */
#define MUST(condition)                                                                        \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            fprintf(stderr, "%s:%d: must be: %s\n", __FILE__, __LINE__, #condition);           \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

/* Work of a target's own, beside what it looks into: its branches are no news. */
#ifdef __clang__
#define OWN_WORK __attribute__((no_sanitize("coverage")))
#else
#define OWN_WORK
#endif

struct input {
    const uint8_t *at;
    size_t left;
};

/* Past the input's end there are zeros. */
static inline uint8_t take_byte(struct input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->at++;
}

static inline unsigned take_number(struct input *in)
{
    unsigned low = take_byte(in);

    return low | (unsigned)take_byte(in) << 8;
}

/* As many bytes, or fewer at the end; *taken says how many. They lie in the input. */
static inline const uint8_t *take_bytes(struct input *in, size_t len, size_t *taken)
{
    const uint8_t *bytes = in->at;

    *taken = len < in->left ? len : in->left;
    in->at += *taken;
    in->left -= *taken;
    return bytes;
}

/* A copy in a block of just this size, so that reading beyond it is seen. */
static inline uint8_t *exact_copy(const uint8_t *bytes, size_t len)
{
    uint8_t *block = calloc(len ? len : 1, 1);

    MUST(block);
    if (len)
        memcpy(block, bytes, len);
    return block;
}

#endif
