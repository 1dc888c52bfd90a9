/* SPDX-License-Identifier: MIT */
/* accounts.c - what large account files cost an acceptor: logons a second with
 * few accounts and with many, the time to index the file, and the memory for that
 * over the file's own size. A logon is all that gss_accept_sec_context does for
 * it, for an account chosen at random; what the initiator does is not counted.
 *
 *   usage: accounts_bench [--rounds N]      medians of so many; by default 5 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "login.h"

#define SIZES 4
static const unsigned long sizes[SIZES] = {1, 1000, 100000, 1000000};

#define ROUNDS_MAX 99
#define TURNS 40  /* a round */
#define LOGONS 50 /* a turn */

static char directory[] = "/tmp/accounts_bench.XXXXXX";

struct world {
    unsigned long count;
    char path[64];
    gss_cred_id_t server;
    /* What was measured in each round, and in each turn. */
    double indexing[ROUNDS_MAX], logons[ROUNDS_MAX * TURNS], ratios[ROUNDS_MAX * TURNS];
    double memory; /* bytes an account, over the file */
};
static struct world worlds[SIZES];

static void remove_files(void)
{
    for (int i = 0; i < SIZES; i++)
        unlink(worlds[i].path);
    rmdir(directory);
}

/* Bytes of this process that are in memory. */
static size_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    if (!file || fscanf(file, "%*u %lu", &pages) != 1)
        die("the kernel does not tell how large this process is");
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A file that was changed just now is waited for by who reads it. */
static void rest(void)
{
    const struct timespec moment = {.tv_nsec = 50000000};

    nanosleep(&moment, NULL);
}

/* The acceptor's time for one, the processor's own. */
static double time_of(const struct world *world, unsigned long number)
{
    double taken;

    if (!log_in(world->server, number, processor_clock, &taken))
        die("a logon failed");
    return taken;
}

/* Of the first logon after a change; the others' time is too short to tell. */
static double index_again(struct world *world)
{
    if (chmod(world->path, 0400) != 0 || chmod(world->path, 0600) != 0)
        die("the account file cannot be changed");
    rest();
    return time_of(world, 0);
}

static void begin(struct world *world, int number)
{
    size_t before;

    world->count = sizes[number];
    snprintf(world->path, sizeof(world->path), "%s/%lu", directory, world->count);
    write_text(world->path, world->count);
    rest();
    world->server = server_with(world->path);
    before = resident();
    time_of(world, 0);
    world->memory = (double)(resident() - before) / (double)world->count;
}

static double logons_a_second(const struct world *world)
{
    double taken = 0;

    for (int i = 0; i < LOGONS; i++)
        taken += time_of(world, (unsigned long)rand() % world->count);
    return LOGONS / taken;
}

/* The files take turns, so that each suffers alike from what else this machine
 * does; turns in which it did most are none of the medians. */
static void measure(int round)
{
    for (int i = 0; i < SIZES; i++)
        worlds[i].indexing[round] = index_again(&worlds[i]);
    for (int turn = round * TURNS; turn < (round + 1) * TURNS; turn++)
        for (int i = 0; i < SIZES; i++) {
            worlds[i].logons[turn] = logons_a_second(&worlds[i]);
            worlds[i].ratios[turn] = worlds[i].logons[turn] / worlds[0].logons[turn];
        }
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void print(int rounds)
{
    printf("%9s %9s %7s %9s %11s\n", "accounts", "logons/s", "to one", "index, s",
           "bytes each");
    for (int i = 0; i < SIZES; i++) {
        struct world *world = &worlds[i];
        char memory[16] = "-"; /* with one account it is the process' own */

        if (world->count > 1)
            snprintf(memory, sizeof(memory), "%.1f", world->memory);
        printf("%9lu %9.0f %7.2f %9.3f %11s\n", world->count,
               median(world->logons, rounds * TURNS), median(world->ratios, rounds * TURNS),
               median(world->indexing, rounds), memory);
    }
}

int main(int argc, char **argv)
{
    int rounds = argc == 3 && strcmp(argv[1], "--rounds") == 0 ? atoi(argv[2]) : 5;

    if ((argc != 1 && argc != 3) || rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: accounts_bench [--rounds N]\n", stderr);
        return 2;
    }
    setenv("GSS_MECH_CONFIG", GSS_MECH_CONF, 0);
    setenv("KRB5_CONFIG", "/dev/null", 0);
    if (!mkdtemp(directory))
        die("a directory cannot be made");
    atexit(remove_files);
    for (int i = 0; i < SIZES; i++)
        begin(&worlds[i], i);
    for (int round = 0; round < rounds; round++)
        measure(round);
    print(rounds);
    return EXIT_SUCCESS;
}
