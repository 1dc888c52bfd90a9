/* SPDX-License-Identifier: MIT */
/* env.c - formatting for the two reporting functions of an environment. */

#include "config.h"

#include "env.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE 512

void ntlm_note(const struct ntlm_env *env, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (!env->note)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    env->note(env->arg, line);
}

enum ntlm_error ntlm_fail(const struct ntlm_env *env, enum ntlm_error error, const char *format,
                          ...)
{
    char detail[LINE_SIZE] = "";
    va_list args;

    if (!env->failed)
        return error;
    if (format) {
        va_start(args, format);
        vsnprintf(detail, sizeof(detail), format, args);
        va_end(args);
    }
    env->failed(env->arg, error, format ? detail : NULL);
    return error;
}
