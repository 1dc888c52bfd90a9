/* SPDX-License-Identifier: MIT */
/* system.c - what is taken from the system, and the protocol's environment
 * (ntlm/env.h) made of it. */

#include "config.h"

#include "support/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "support/failure.h"
#include "support/trace.h"

/* 1601-01-01 to 1970-01-01 in units of 100 ns. */
#define FILETIME_OF_EPOCH UINT64_C(116444736000000000)

uint64_t system_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return FILETIME_OF_EPOCH + (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100;
}

enum ntlm_error system_random(uint8_t *out, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(out, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(NTLM_ERR_RANDOM, "getrandom: %s", strerror(errno));
        out += got;
        len -= (size_t)got;
    }
    return NTLM_OK;
}

static enum ntlm_error give_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    return system_random(out, len);
}

static uint64_t give_time(void *arg)
{
    (void)arg;
    return system_now();
}

static void note_to_trace(void *arg, const char *line)
{
    (void)arg;
    trace("%s", line);
}

static void record_failure(void *arg, enum ntlm_error error, const char *detail)
{
    (void)arg;
    if (detail)
        fail(error, "%s", detail);
    else
        fail(error, NULL);
}

const struct ntlm_env *production_env(void)
{
    static const struct ntlm_env env = {.random = give_random,
                                        .now = give_time,
                                        .note = note_to_trace,
                                        .failed = record_failure};

    return &env;
}

/* One digit, which never changes while the system runs. */
#define KERNEL_FIPS_MODE "/proc/sys/crypto/fips_enabled"

bool system_fips_mode(void)
{
    enum known { UNKNOWN, OFF, ON };
    static _Atomic enum known known;
    enum known answer = atomic_load(&known);
    char digit = '0';
    int fd;

    if (answer != UNKNOWN)
        return answer == ON;
    fd = open(KERNEL_FIPS_MODE, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, &digit, 1) != 1)
            digit = '0';
        close(fd);
    }
    answer = digit == '1' ? ON : OFF;
    atomic_store(&known, answer);
    return answer == ON;
}
