/* SPDX-License-Identifier: MIT */
/* env.c - formatting for the two reporting functions of a host. */

#include "config.h"

#include "env.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE 512

void ntlm_note(const struct ntlm_env *host, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (!host->note)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    host->note(host->arg, line);
}

enum ntlm_error ntlm_fail(const struct ntlm_env *host, enum ntlm_error error,
                          const char *format, ...)
{
    char detail[LINE_SIZE] = "";
    va_list args;

    if (!host->failed)
        return error;
    if (format) {
        va_start(args, format);
        vsnprintf(detail, sizeof(detail), format, args);
        va_end(args);
    }
    host->failed(host->arg, error, format ? detail : NULL);
    return error;
}
