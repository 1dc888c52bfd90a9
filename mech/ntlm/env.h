/* SPDX-License-Identifier: MIT */
/* env.h - what the protocol needs from its caller. The protocol room
 * has no clock, no random source, no file and no log of its own: they are
 * handed in here, so that a published known answer, a test and production run
 * the same code. */

#ifndef NTLM_ENV_H
#define NTLM_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

struct ntlm_env {
    void *arg; /* passed to each function below */

    /* Fills out[0..len) with random bytes; NTLM_ERR_RANDOM if it cannot. */
    enum ntlm_error (*random)(void *arg, uint8_t *out, size_t len);

    /* The time in units of 100 ns since 1601-01-01 UTC (a FILETIME). */
    uint64_t (*now)(void *arg);

    /* Takes one line about a decision and its reason, without a newline and
     * without secrets. May be NULL. */
    void (*note)(void *arg, const char *line);

    /* Takes the detail of a failure that is about to be returned. May be
     * NULL. */
    void (*failed)(void *arg, enum ntlm_error error, const char *detail);
};

/* Formats a line for env->note; does nothing when there is none. */
void ntlm_note(const struct ntlm_env *env, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Formats the detail for env->failed and returns `error`, so that a
 * refusal reads `return ntlm_fail(env, NTLM_ERR_TIME_SKEW, "by %d h", h);`.
 * format may be NULL: there is nothing to add to the code's own text. */
enum ntlm_error ntlm_fail(const struct ntlm_env *env, enum ntlm_error error, const char *format,
                          ...) __attribute__((format(printf, 3, 4)));

#endif
