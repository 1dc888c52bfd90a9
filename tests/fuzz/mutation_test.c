/* SPDX-License-Identifier: MIT */
/* mutation_test.c - stands in for the fuzzer in `make check`: honest tokens,
 * altered in the ways that break decoders, always the same ones. With a
 * directory as its argument it writes the honest ones there instead, for the
 * fuzzer to begin with. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "suite.h"

#define ROOM 4096
#define ROUNDS 1000 /* for each token of each configuration */

struct altered {
    uint8_t bytes[ROOM];
    size_t len;
};

/* xorshift64* */
static uint64_t state;

static size_t below(size_t limit)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (size_t)(state * 0x2545f4914f6cdd1d >> 33) % limit;
}

/* The configurations: each bit alone, none, and some together. */
static const uint8_t configurations[] = {0, 1, 2, 4, 8, 0x11, 0x21, 0x41, 0x80, 0x81, 0x55};
#define CONFIGURATIONS (int)(sizeof(configurations) / sizeof(configurations[0]))

static struct altered honest(int which, uint8_t how)
{
    struct altered input = {.bytes = {(uint8_t)which, how}};
    struct exchange x;

    fuzz_configure(&x, how);
    MUST(!exchange_run_to(&x, which));
    input.len = FUZZ_HEADER + x.tokens[which].len;
    MUST(input.len <= sizeof(input.bytes));
    if (x.tokens[which].len)
        memcpy(input.bytes + FUZZ_HEADER, x.tokens[which].data, x.tokens[which].len);
    exchange_end(&x);
    return input;
}

static void turn_a_bit_over(struct altered *input, size_t at)
{
    input->bytes[at] ^= (uint8_t)(1 << below(8));
}

static void put_an_edge(struct altered *input, size_t at)
{
    static const uint8_t edges[] = {0, 1, 2, 4, 8, 16, 24, 44, 72, 88, 0x7f, 0x80, 0xfe, 0xff};

    input->bytes[at] = edges[below(sizeof(edges))];
}

static void cut(struct altered *input, size_t at)
{
    input->len = at;
}

static void take_out(struct altered *input, size_t at)
{
    const size_t len = 1 + below(input->len - at);

    memmove(input->bytes + at, input->bytes + at + len, input->len - at - len);
    input->len -= len;
}

static void repeat(struct altered *input, size_t at)
{
    size_t len = 1 + below(input->len - at);

    if (len > ROOM - input->len)
        len = ROOM - input->len;
    memmove(input->bytes + at + len, input->bytes + at, input->len - at);
    input->len += len;
}

static void move(struct altered *input, size_t at)
{
    const size_t to = FUZZ_HEADER + below(input->len - FUZZ_HEADER);
    const size_t room = input->len - (at > to ? at : to);

    memmove(input->bytes + to, input->bytes + at, 1 + below(room));
}

static void mutate(struct altered *input)
{
    static void (*const ways[])(struct altered *, size_t) = {
        turn_a_bit_over, put_an_edge, turn_a_bit_over, put_an_edge, cut, take_out,
        repeat,          move};

    for (size_t count = 1 + below(4); count > 0 && input->len > FUZZ_HEADER; count--)
        ways[below(sizeof(ways) / sizeof(ways[0]))](input, FUZZ_HEADER +
                                                               below(input->len - FUZZ_HEADER));
}

/* _i: the configuration. */
START_TEST(altered_tokens_end_an_exchange_cleanly)
{
    state = 0x9e3779b97f4a7c15 + (uint64_t)_i;
    for (int which = 0; which < TOKENS; which++) {
        const struct altered first = honest(which, configurations[_i]);

        LLVMFuzzerTestOneInput(first.bytes, first.len);
        for (int round = 0; round < ROUNDS; round++) {
            struct altered input = first;

            mutate(&input);
            LLVMFuzzerTestOneInput(input.bytes, input.len);
        }
    }
}
END_TEST

static int write_seeds(const char *directory)
{
    char path[4096];

    for (int i = 0; i < CONFIGURATIONS * TOKENS; i++) {
        const struct altered input = honest(i % TOKENS, configurations[i / TOKENS]);
        FILE *file;

        snprintf(path, sizeof(path), "%s/honest-%d", directory, i);
        file = fopen(path, "wb");
        if (!file || fwrite(input.bytes, input.len, 1, file) != 1 || fclose(file) != 0) {
            perror(path);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return write_seeds(argv[1]);

    Suite *suite = suite_create("mutation");
    TCase *cases = tcase_create("mutation");

    tcase_add_loop_test(cases, altered_tokens_end_an_exchange_cleanly, 0, CONFIGURATIONS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
