/* SPDX-License-Identifier: MIT */
/* test.h - what Wine's tests are written with, as far as the four of secur32 that are
 * about SSPI use it. A check that fails is a line "FILE:LINE: text" of output. */

#ifndef SOURCES_WINE_TEST_H
#define SOURCES_WINE_TEST_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define WSAHOST_NOT_FOUND 11001

/* What only some older Windows does is no pass; none is to fail as in Wine. */
#define broken(condition) (0 && (condition))
#define todo_wine
#define todo_wine_if(condition)

static int winetest_checks, winetest_failures;

static inline void winetest_say(int line, const char *format, ...)
{
    va_list args;

    printf("%s:%d: ", strrchr(__BASE_FILE__, '/') + 1, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
}

#define ok_(file, line)                                                                        \
    for (int winetest_line = (line); winetest_line > 0; winetest_line = 0)                     \
    winetest_ok
#define winetest_ok(condition, ...)                                                            \
    (winetest_checks++,                                                                        \
     (condition) ? (void)0 : (winetest_failures++, winetest_say(winetest_line, __VA_ARGS__)))
#define ok(condition, ...)                                                                     \
    (winetest_checks++,                                                                        \
     (condition) ? (void)0 : (winetest_failures++, winetest_say(__LINE__, __VA_ARGS__)))
#define trace(...) ((void)0)
#define skip(...) winetest_say(__LINE__, "skipped: " __VA_ARGS__)
#define win_skip skip

#define wine_dbgstr_w(text) ((void)(text), "")
#define debugstr_w wine_dbgstr_w

#define START_TEST(name)                                                                       \
    static void test_##name(void);                                                             \
    int main(void)                                                                             \
    {                                                                                          \
        test_##name();                                                                         \
        printf("%d checks, %d failures\n", winetest_checks, winetest_failures);                \
        return 0;                                                                              \
    }                                                                                          \
    static void test_##name(void)

#endif
