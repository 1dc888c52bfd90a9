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

static enum ntlm_error read_fips_mode(char *digit)
{
    int fd = open(KERNEL_FIPS_MODE, O_RDONLY | O_CLOEXEC);
    ssize_t len;
    int code;

    *digit = '0';
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM))
        return NTLM_OK;
    if (fd < 0)
        return fail(NTLM_ERR_FIPS_MODE_UNKNOWN, KERNEL_FIPS_MODE ": %s", strerror(errno));
    do
        len = read(fd, digit, 1);
    while (len < 0 && errno == EINTR);
    code = len < 0 ? errno : EIO;
    close(fd);
    if (len != 1)
        return fail(NTLM_ERR_FIPS_MODE_UNKNOWN, KERNEL_FIPS_MODE ": %s", strerror(code));
    return NTLM_OK;
}

enum ntlm_error system_fips_mode(bool *on)
{
    enum known { UNKNOWN, OFF, ON };
    static _Atomic enum known known;
    enum known answer = atomic_load(&known);
    enum ntlm_error error;
    char digit;

    *on = answer == ON;
    if (answer != UNKNOWN)
        return NTLM_OK;
    error = read_fips_mode(&digit);
    *on = !error && digit == '1';
    if (!error)
        atomic_store(&known, *on ? ON : OFF);
    return error;
}
