/* run_out.c - allocations that fail when it is their turn. */

#include "config.h"

#include "run_out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

/* Allocations left until one fails; 0: none will. The linker leads this
 * program's calls here (--wrap). */
static unsigned countdown;
bool inconsistent;

static bool fails_now(void)
{
    return countdown > 0 && --countdown == 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);
int __wrap_asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t len)
{
    return fails_now() ? NULL : __real_strndup(text, len);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list args;
    int len;

    if (fails_now())
        return -1;
    va_start(args, format);
    len = vasprintf(out, format, args);
    va_end(args);
    return len;
}

void run_out(enum ntlm_error (*operation)(void), enum ntlm_error expected)
{
    bool enough = false;
    unsigned n = 0;

    while (!enough) {
        enum ntlm_error error;

        ck_assert_uint_lt(++n, 1000);
        countdown = n;
        error = operation();
        enough = countdown > 0;
        countdown = 0;
        ck_assert_msg(error == (enough ? expected : NTLM_ERR_OUT_OF_MEMORY),
                      "allocation %u: %#x", n, (unsigned)error);
        ck_assert(!inconsistent);
    }
    ck_assert_uint_gt(n, 1);
}
