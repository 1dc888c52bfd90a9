/* SPDX-License-Identifier: MIT */
/* output.c - see output.h. */

#include "config.h"

#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/printable.h"
#include "translate.h"

static bool colours;
static char buffer[BUFSIZ]; /* standard output's */
static void (*take_complaint)(const char *text);
static bool failed; /* a line could not be made for want of memory */

void output_begin(void)
{
    const char *refused = getenv("NO_COLOR"), *term = getenv("TERM");
    const bool is_terminal = isatty(STDOUT_FILENO);

    colours = !(refused && *refused) && term && strcmp(term, "dumb") != 0 && is_terminal;
    setvbuf(stdout, buffer, is_terminal ? _IOLBF : _IOFBF, sizeof(buffer));
}

/* The text of format and args, printable; NULL when memory ends. What is printed may be
 * a hash: nothing of it is left behind. */
__attribute__((format(printf, 1, 0))) static char *make_printable(const char *format,
                                                                  va_list args)
{
    char *text, *out;
    size_t size;
    int len = vasprintf(&text, format, args);

    if (len < 0)
        return NULL;
    size = 4 * (size_t)len + 1; /* "\xNN" for each byte */
    out = malloc(size);
    if (out)
        printable(text, out, size);
    ntlm_cleanse(text, (size_t)len);
    free(text);
    return out;
}

__attribute__((format(printf, 3, 0))) static void put(FILE *out, enum style style,
                                                      const char *format, va_list args)
{
    static const char *const begins[] = {
        [STYLE_PLAIN] = "",         [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[1;31m",
        [STYLE_DOUBT] = "\033[33m", [STYLE_NAME] = "\033[1m",  [STYLE_FAINT] = "\033[2m"};
    const bool painted = style != STYLE_PLAIN && colours; /* complaints are plain */
    char *text = make_printable(format, args);

    if (!text) {
        failed = true;
        return;
    }
    fprintf(out, "%s%s%s", painted ? begins[style] : "", text, painted ? "\033[0m" : "");
    ntlm_cleanse(text, strlen(text));
    free(text);
}

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(stdout, STYLE_PLAIN, format, args);
    va_end(args);
    say_end();
}

void say_part(enum style style, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(stdout, style, format, args);
    va_end(args);
}

void say_end(void)
{
    putchar('\n');
}

void output_complaints(void (*take)(const char *text))
{
    take_complaint = take;
}

__attribute__((format(printf, 1, 0))) static void pass_on(const char *format, va_list args)
{
    char *text = make_printable(format, args);

    if (text)
        take_complaint(text);
    free(text);
}

enum exit_status complain(enum exit_status status, const char *format, ...)
{
    va_list args;

    if (take_complaint) {
        va_start(args, format);
        pass_on(format, args);
        va_end(args);
    }
    fflush(stdout); /* in the order in which it happened */
    fputs("gss-negotiate: ", stderr);
    va_start(args, format);
    put(stderr, STYLE_PLAIN, format, args);
    va_end(args);
    fputc('\n', stderr);
    return status;
}

enum exit_status complain_of_memory(void)
{
    return complain(STATUS_TROUBLE, "%s", _("there is not enough memory"));
}

enum exit_status complain_of(enum ntlm_error error)
{
    const char *text = ntlm_error_text(error), *detail = failure_detail(error);

    return complain(STATUS_TROUBLE, "%s%s%s", text ? text : _("unknown error"),
                    detail && *detail ? ": " : "", detail && *detail ? detail : "");
}

enum exit_status output_end(enum exit_status status)
{
    bool written;

    errno = 0;
    written = fflush(stdout) == 0 && !ferror(stdout); /* errno is of this one */
    ntlm_cleanse(buffer, sizeof(buffer));
    if (!written)
        return complain(STATUS_TROUBLE, _("standard output cannot be written: %s"),
                        strerror(errno ? errno : EIO));
    return failed ? complain_of_memory() : status;
}
