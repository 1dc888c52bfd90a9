/* SPDX-License-Identifier: MIT */
/* measure.c - runs one case of a subject: until the time is over, or so many
 * times. Knows clocks, threads and the heap, but no library that is measured. */

#include "config.h"

#include "clock.h"
#include "measure.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage_text[] =
    "usage: PROGRAM [-s SECONDS | -n COUNT] [-t THREADS] CASE\n"
    "  -s SECONDS  runs it for so long (default 0.3) and prints how many there are in\n"
    "              a second of the processor's time\n"
    "  -n COUNT    runs it so many times, in a function called measured; prints the\n"
    "              allocations of each where libcount.so is preloaded\n"
    "  -t THREADS  in so many threads, each with contexts of its own, by the clock on\n"
    "              the wall without what other programs took of it\n"
    "cases: contexts spnego kerberos        both roles, from nothing to complete;\n"
    "                                       kerberos in SPNEGO, too\n"
    "       initiator acceptor              one of them alone\n"
    "       wrap64 wrap1k wrap16k wrap1m    sealed and unsealed, buffer to buffer\n"
    "       place64 place1k ...             sealed and unsealed in place\n"
    "       mic64 mic1k ...                 signed and verified\n"
    "       heap heap-spnego heap-kerberos  bytes that an established context holds\n"
    "exit status: 0, 77 when the library has no such thing, anything else is a fault\n";

enum { FAULT = 2, UNAVAILABLE = 77 };

enum { MAX_THREADS = 64, PAIRS_HELD = 64 };

/* The clock is asked about so often, in seconds. */
#define SLICE 0.005
/* A machine with more to do takes time from threads at its whim, and never
 * gives any: the best of some slices is what they can do. */
#define THREAD_SLICES 5

enum action { CONNECT, INITIATE, ACCEPT, WRAP, IN_PLACE, MIC, HEAP };

static const struct {
    const char *name;
    enum action action;
    enum login login;
    size_t len;
} cases[] = {
    {"contexts", CONNECT, LOGIN_NTLM, 0},
    {"spnego", CONNECT, LOGIN_NTLM_IN_SPNEGO, 0},
    {"kerberos", CONNECT, LOGIN_KERBEROS_IN_SPNEGO, 0},
    {"initiator", INITIATE, LOGIN_NTLM, 0},
    {"acceptor", ACCEPT, LOGIN_NTLM, 0},
    {"wrap64", WRAP, LOGIN_NTLM, 64},
    {"wrap1k", WRAP, LOGIN_NTLM, 1024},
    {"wrap16k", WRAP, LOGIN_NTLM, 16384},
    {"wrap1m", WRAP, LOGIN_NTLM, 1048576},
    {"place64", IN_PLACE, LOGIN_NTLM, 64},
    {"place1k", IN_PLACE, LOGIN_NTLM, 1024},
    {"place16k", IN_PLACE, LOGIN_NTLM, 16384},
    {"place1m", IN_PLACE, LOGIN_NTLM, 1048576},
    {"mic64", MIC, LOGIN_NTLM, 64},
    {"mic1k", MIC, LOGIN_NTLM, 1024},
    {"mic16k", MIC, LOGIN_NTLM, 16384},
    {"mic1m", MIC, LOGIN_NTLM, 1048576},
    {"heap", HEAP, LOGIN_NTLM, 0},
    {"heap-spnego", HEAP, LOGIN_NTLM_IN_SPNEGO, 0},
    {"heap-kerberos", HEAP, LOGIN_KERBEROS_IN_SPNEGO, 0},
};

enum { CASE_COUNT = sizeof(cases) / sizeof(cases[0]) };

/* libcount.so's; without it there is none. */
extern unsigned long allocations(void) __attribute__((weak));

/* One thread's work. */
struct work {
    const struct subject *subject;
    enum action action;
    struct pair *pair; /* NULL: each time a new one */
    struct message message;
    double (*clock)(void);
    double seconds, rate;
    pthread_barrier_t *barrier;
};

static bool once(struct work *work)
{
    const struct subject *subject = work->subject;
    struct pair *pair;

    switch (work->action) {
    case WRAP:
        return subject->wrap(work->pair, &work->message);
    case IN_PLACE:
        return subject->in_place(work->pair, &work->message);
    case MIC:
        return subject->mic(work->pair, &work->message);
    case INITIATE:
        return subject->initiator();
    case ACCEPT:
        return subject->acceptor();
    default:
        if (subject->no_contexts)
            return subject->initiator() && subject->acceptor();
        pair = subject->connect();
        if (pair)
            subject->disconnect(pair);
        return pair != NULL;
    }
}

/* By its name a profiler knows what to look at. */
__attribute__((noinline)) static bool measured(struct work *work, unsigned long count)
{
    while (count > 0 && once(work))
        count--;
    return count == 0;
}

static bool rate_of(struct work *work, double seconds)
{
    double start = work->clock(), passed;
    unsigned long done = 0, batch = 1;

    do {
        double before = work->clock();
        if (!measured(work, batch))
            return false;
        done += batch;
        if (work->clock() - before < SLICE)
            batch *= 2;
        passed = work->clock() - start;
    } while (passed < seconds);
    work->rate = (double)done / passed;
    return true;
}

/* Room and a pair for one thread; and once for nothing, for what is done at
 * the first time only. */
static bool prepare(struct work *work, size_t len)
{
    struct message *message = &work->message;

    message->len = len;
    message->data = malloc(len + 1);
    message->wire = malloc(len + 1);
    if (!message->data || !message->wire)
        return false;
    memset(message->data, 'x', len);
    memset(message->wire, 'x', len);
    bool alone = work->action == INITIATE || work->action == ACCEPT;

    if (!alone && work->action != CONNECT && work->action != HEAP &&
        !(work->pair = work->subject->connect()))
        return false;
    message->compared = true;
    if (!once(work))
        return false;
    message->compared = false;
    return true;
}

static void finish(struct work *work)
{
    if (work->pair)
        work->subject->disconnect(work->pair);
    free(work->message.data);
    free(work->message.wire);
}

/* All threads begin a slice together, and main adds up what each did in it. */
static void *run_slices(void *argument)
{
    struct work *work = argument;

    for (int i = 0; i < THREAD_SLICES; i++) {
        pthread_barrier_wait(work->barrier);
        if (!rate_of(work, work->seconds / THREAD_SLICES))
            exit(FAULT);
        pthread_barrier_wait(work->barrier);
    }
    return NULL;
}

static int print_threads(struct work *works, unsigned threads)
{
    pthread_t ids[MAX_THREADS];
    pthread_barrier_t barrier;
    double best = 0;

    pthread_barrier_init(&barrier, NULL, threads + 1);
    for (unsigned i = 0; i < threads; i++) {
        works[i].barrier = &barrier;
        works[i].clock = thread_clock;
        if (pthread_create(&ids[i], NULL, run_slices, &works[i]) != 0)
            return FAULT;
    }
    for (int slice = 0; slice < THREAD_SLICES; slice++) {
        double sum = 0;
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier);
        for (unsigned i = 0; i < threads; i++)
            sum += works[i].rate;
        if (sum > best)
            best = sum;
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    pthread_barrier_destroy(&barrier);
    printf("%.1f\n", best);
    return EXIT_SUCCESS;
}

static int print_rate(struct work *work)
{
    if (!rate_of(work, work->seconds))
        return FAULT;
    printf("%.1f\n", work->rate);
    return EXIT_SUCCESS;
}

static int print_count(struct work *work, unsigned long count)
{
    unsigned long before = allocations ? allocations() : 0;

    if (!measured(work, count))
        return FAULT;
    if (allocations)
        printf("%.2f\n", (double)(allocations() - before) / (double)count);
    return EXIT_SUCCESS;
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

/* What malloc has given away, with its own few bytes for each piece, for pairs
 * that are held; a pair is two contexts. */
static int print_heap(const struct subject *subject)
{
    struct pair *pairs[PAIRS_HELD];
    size_t before = allocated();
    int status = EXIT_SUCCESS, held = 0;

    while (held < PAIRS_HELD && (pairs[held] = subject->connect()) != NULL)
        held++;
    if (held == PAIRS_HELD)
        printf("%.0f\n", (double)(allocated() - before) / (2 * PAIRS_HELD));
    else
        status = FAULT;
    while (held > 0)
        subject->disconnect(pairs[--held]);
    return status;
}

static bool can(const struct subject *subject, enum action action, enum login login)
{
    switch (action) {
    case WRAP:
        return subject->wrap != NULL;
    case IN_PLACE:
        return subject->in_place != NULL;
    case MIC:
        return subject->mic != NULL;
    case INITIATE:
        return subject->initiator != NULL;
    case ACCEPT:
        return subject->acceptor != NULL;
    case CONNECT:
        return !subject->no_contexts || login == LOGIN_NTLM;
    default:
        return !subject->no_contexts;
    }
}

static struct {
    const char *name;
    double seconds;
    unsigned long count; /* 0: by time */
    unsigned threads;    /* 0: none but main's */
} asked = {.seconds = 0.3};

static bool read_options(int argc, char **argv)
{
    for (int option; (option = getopt(argc, argv, "s:n:t:")) != -1;)
        switch (option) {
        case 's':
            asked.seconds = strtod(optarg, NULL);
            break;
        case 'n':
            asked.count = strtoul(optarg, NULL, 10);
            break;
        case 't':
            asked.threads = (unsigned)strtoul(optarg, NULL, 10);
            break;
        default:
            return false;
        }
    asked.name = argv[optind];
    return optind == argc - 1 && asked.seconds > 0 && asked.threads <= MAX_THREADS;
}

bool arrived(const struct message *message, const void *plain, size_t len)
{
    return len == message->len &&
           (!message->compared || memcmp(plain, message->data, len) == 0);
}

int measure(int argc, char **argv, const struct subject *subject)
{
    struct work works[MAX_THREADS] = {{0}};
    unsigned threads;
    int chosen = 0, status = EXIT_SUCCESS;

    if (read_options(argc, argv))
        while (chosen < CASE_COUNT && strcmp(cases[chosen].name, asked.name) != 0)
            chosen++;
    else
        chosen = CASE_COUNT;
    if (chosen == CASE_COUNT) {
        fputs(usage_text, stderr);
        return FAULT;
    }
    if (!can(subject, cases[chosen].action, cases[chosen].login) ||
        !subject->begin(cases[chosen].login))
        return UNAVAILABLE;

    threads = asked.threads > 0 ? asked.threads : 1;
    for (unsigned i = 0; i < threads && status == EXIT_SUCCESS; i++) {
        works[i] = (struct work){.subject = subject,
                                 .action = cases[chosen].action,
                                 .clock = processor_clock,
                                 .seconds = asked.seconds};
        if (!prepare(&works[i], cases[chosen].len))
            status = UNAVAILABLE;
    }
    if (status != EXIT_SUCCESS)
        fprintf(stderr, "%s: it does not work here\n", asked.name);
    else if (cases[chosen].action == HEAP)
        status = print_heap(subject);
    else if (asked.count > 0)
        status = print_count(&works[0], asked.count);
    else if (asked.threads > 0)
        status = print_threads(works, threads);
    else
        status = print_rate(&works[0]);
    for (unsigned i = 0; i < threads; i++)
        finish(&works[i]);
    return status;
}
