/* SPDX-License-Identifier: MIT */
/* failure.c - the details of this thread's failures. */

#include "config.h"

#include "support/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/detail.h"
#include "support/trace.h"

#define DETAIL_SIZE 512

/* How many different errors a thread remembers the details of. */
#define REMEMBERED 4

struct failure {
    enum ntlm_error error; /* NTLM_OK: none */
    char detail[DETAIL_SIZE];
};

/* recorded is this call's, until it returns; returned are those of earlier calls,
 * the latest first, each error once. */
static _Thread_local struct failure recorded, returned[REMEMBERED];

enum ntlm_error fail(enum ntlm_error error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    detail_format(recorded.detail, sizeof(recorded.detail), format, args);
    va_end(args);
    recorded.error = error;
    if (trace_on())
        trace("failure: %s%s%s", ntlm_error_text(error), recorded.detail[0] ? ": " : "",
              recorded.detail);
    return error;
}

/* What was returned for this error before, or the oldest that was. */
static size_t slot_of(enum ntlm_error error)
{
    size_t slot = 0;

    while (slot < REMEMBERED - 1 && returned[slot].error != error)
        slot++;
    return slot;
}

void failure_returned(enum ntlm_error error)
{
    if (error) {
        if (recorded.error != error)
            recorded = (struct failure){.error = error};
        memmove(&returned[1], &returned[0], slot_of(error) * sizeof(returned[0]));
        returned[0] = recorded;
    }
    recorded.error = NTLM_OK;
}

const char *failure_recorded(enum ntlm_error error)
{
    return recorded.error == error && recorded.detail[0] ? recorded.detail : NULL;
}

const char *failure_detail(enum ntlm_error error)
{
    const struct failure *found = &recorded;

    if (found->error != error)
        found = &returned[slot_of(error)];
    return found->error == error && found->detail[0] ? found->detail : NULL;
}
