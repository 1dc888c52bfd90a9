/* SPDX-License-Identifier: MIT */
/* failure.c - the thread's last failure, and the host of production. */

#include "config.h"

#include "support/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "ntlm/crypto.h"
#include "support/printable.h"
#include "support/trace.h"

#define DETAIL_SIZE 512

/* 1601-01-01 to 1970-01-01 in units of 100 ns. */
#define FILETIME_OF_EPOCH UINT64_C(116444736000000000)

static _Thread_local struct {
    enum ntlm_error error; /* NTLM_OK: none yet */
    char detail[DETAIL_SIZE];
} last;

enum ntlm_error fail(enum ntlm_error error, const char *format, ...)
{
    char raw[DETAIL_SIZE] = "";
    va_list args;

    if (format) {
        va_start(args, format);
        vsnprintf(raw, sizeof(raw), format, args);
        va_end(args);
    }
    last.error = error;
    printable(raw, last.detail, sizeof(last.detail));
    if (trace_on())
        trace("failure: %s%s%s", ntlm_error_text(error), raw[0] ? ": " : "", last.detail);
    return error;
}

const char *failure_detail(enum ntlm_error error)
{
    return last.error == error && last.detail[0] ? last.detail : NULL;
}

static enum ntlm_error system_random(void *arg, uint8_t *out, size_t len)
{
    (void)arg;
    return ntlm_crypto_random(out, len);
}

static uint64_t system_now(void *arg)
{
    struct timespec now;

    (void)arg;
    clock_gettime(CLOCK_REALTIME, &now);
    return FILETIME_OF_EPOCH + (uint64_t)now.tv_sec * 10000000 + (uint64_t)now.tv_nsec / 100;
}

static void note_to_trace(void *arg, const char *line)
{
    (void)arg;
    trace("%s", line);
}

static void failed_here(void *arg, enum ntlm_error error, const char *detail)
{
    (void)arg;
    if (detail)
        fail(error, "%s", detail);
    else
        fail(error, NULL);
}

const struct ntlm_env *production_env(void)
{
    static const struct ntlm_env host = {.random = system_random,
                                         .now = system_now,
                                         .note = note_to_trace,
                                         .failed = failed_here};

    return &host;
}
