/* SPDX-License-Identifier: MIT */
/* failure.c - the thread's last failure. */

#include "config.h"

#include "support/failure.h"

#include <stdarg.h>
#include <stdio.h>

#include "support/printable.h"
#include "support/trace.h"

#define DETAIL_SIZE 512

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
