/* host.c - formatting for the two reporting functions of a host. */

#include "host.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE 512

void ntlm_note(const struct ntlm_host *host, const char *format, ...)
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

enum ntlm_error ntlm_fail(const struct ntlm_host *host, enum ntlm_error error,
                          const char *format, ...)
{
    char particular[LINE_SIZE] = "";
    va_list args;

    if (!host->failed)
        return error;
    if (format) {
        va_start(args, format);
        vsnprintf(particular, sizeof(particular), format, args);
        va_end(args);
    }
    host->failed(host->arg, error, format ? particular : NULL);
    return error;
}
