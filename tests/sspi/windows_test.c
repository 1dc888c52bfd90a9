/* SPDX-License-Identifier: MIT */
/* windows_test.c - the names beside SSPI: libraries, errors and their texts,
 * times. Those of users are in names_test.c. */

#include "config.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <security.h>
#include <tchar.h>
#include <windows.h>

#include "suite.h"

static const struct {
    const char *name;
    bool found;
} libraries[] = {
    {"secur32.dll", true},   {"security.dll", true},
    {"sspicli.dll", true},   {"SECUR32.DLL", true},
    {"Secur32", true},       {"C:\\Windows\\System32\\secur32.dll", true},
    {"kernel32.dll", false}, {"secur32.dll.dll", false},
    {"xsecur32.dll", false}, {"secur32.so", false},
    {".dll", false},         {"", false},
    {"/lib/secur32", true},  {"/secur32/lib", false},
};

START_TEST(only_sspis_library_loads)
{
    WCHAR wide[64];
    bool found = libraries[_i].found;
    const char *name = libraries[_i].name;

    for (size_t i = 0; i <= strlen(name); i++)
        wide[i] = (unsigned char)name[i];
    SetLastError(0);
    ck_assert_int_eq(LoadLibraryA(name) != NULL, found);
    ck_assert_uint_eq(GetLastError(), found ? 0 : ERROR_MOD_NOT_FOUND);
    ck_assert_ptr_eq(LoadLibraryW(wide), LoadLibraryA(name));
    ck_assert_ptr_eq(GetModuleHandleA(name), LoadLibraryA(name));
    ck_assert_ptr_eq(GetModuleHandleW(wide), LoadLibraryA(name));
}
END_TEST

START_TEST(a_library_without_a_name_is_an_error)
{
    ck_assert_ptr_null(LoadLibraryA(NULL));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
    ck_assert_ptr_null(LoadLibraryW(NULL));
    ck_assert_ptr_nonnull(GetModuleHandleA(NULL)); /* the program */
    ck_assert_ptr_eq(GetModuleHandleW(NULL), GetModuleHandleA(NULL));
    ck_assert(FreeLibrary(GetModuleHandleA(NULL)));
    ck_assert_ptr_null(LoadLibraryW((WCHAR[]){'s', 0xd800, 0}));
    ck_assert_uint_eq(GetLastError(), ERROR_MOD_NOT_FOUND);
}
END_TEST

START_TEST(the_librarys_functions_are_found)
{
    HMODULE module = LoadLibraryA("secur32.dll");
    INIT_SECURITY_INTERFACE_A init =
        (INIT_SECURITY_INTERFACE_A)(void (*)(void))GetProcAddress(module, SECURITY_ENTRYPOINTA);

    ck_assert(init != NULL);
    ck_assert(init()->AcceptSecurityContext == AcceptSecurityContext);
    ck_assert(GetProcAddress(module, "GetUserNameExW") != NULL);
    ck_assert(GetProcAddress(module, "SealMessage") ==
              GetProcAddress(module, "EncryptMessage"));
    ck_assert(FreeLibrary(module));
}
END_TEST

START_TEST(no_other_functions_are_found)
{
    static const char *const names[] = {
        "LoadLibraryA",  "malloc", "gss_init_sec_context", "acceptsecuritycontext", "",
        (const char *)7, NULL};
    HMODULE modules[] = {LoadLibraryA("secur32.dll"), GetModuleHandleA(NULL)};

    for (size_t module = 0; module < 2; module++)
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            SetLastError(0);
            ck_assert(GetProcAddress(modules[module], names[i]) == NULL);
            ck_assert_uint_eq(GetLastError(), ERROR_PROC_NOT_FOUND);
        }
    ck_assert(GetProcAddress(modules[1], "AcceptSecurityContext") == NULL);
}
END_TEST

START_TEST(what_is_no_library_is_refused)
{
    int other;
    HMODULE modules[] = {NULL, (HMODULE)(void *)&other};

    for (size_t i = 0; i < 2; i++) {
        ck_assert(GetProcAddress(modules[i], "AcceptSecurityContext") == NULL);
        ck_assert_uint_eq(GetLastError(), ERROR_MOD_NOT_FOUND);
        ck_assert(!FreeLibrary(modules[i]));
        ck_assert_uint_eq(GetLastError(), ERROR_INVALID_HANDLE);
    }
}
END_TEST

/* All that winerror.h has. */
static const HRESULT statuses[] = {
#include <statuses.inc> /* made of it */
};

START_TEST(every_status_has_a_text)
{
    char text[256];
    WCHAR wide[256];
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                  NULL, (DWORD)statuses[_i], 0, text, sizeof(text), NULL);

    ck_assert_msg(length > 2, "%x", (unsigned)statuses[_i]);
    ck_assert_uint_eq(strlen(text), length);
    ck_assert_str_eq(text + length - 2, "\r\n");
    ck_assert_uint_eq(FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, (DWORD)statuses[_i], 0,
                                     wide, 256, NULL),
                      length);
    for (DWORD i = 0; i <= length; i++)
        ck_assert_uint_eq(wide[i], (unsigned char)text[i]);
}
END_TEST

START_TEST(a_text_is_allocated)
{
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER |
                  FORMAT_MESSAGE_MAX_WIDTH_MASK;
    char *text = NULL;
    WCHAR *wide = NULL;
    DWORD length =
        FormatMessageA(flags, NULL, (DWORD)SEC_E_LOGON_DENIED,
                       MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)&text, 0, NULL);

    ck_assert_str_eq(text, "The logon attempt failed. ");
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_ptr_null(LocalFree(text));
    ck_assert_uint_eq(
        FormatMessageW(flags, NULL, (DWORD)SEC_E_LOGON_DENIED, 0, (LPWSTR)&wide, 1000, NULL),
        length);
    ck_assert_uint_eq(wide[0], 'T');
    ck_assert_ptr_null(LocalFree(wide));
    ck_assert_ptr_null(LocalFree(NULL));
}
END_TEST

static void no_text(DWORD flags, DWORD error, char *buffer, DWORD size, DWORD expected)
{
    SetLastError(0);
    ck_assert_uint_eq(FormatMessageA(flags, NULL, error, 0, buffer, size, NULL), 0);
    ck_assert_uint_eq(GetLastError(), expected);
}

START_TEST(texts_that_are_not_there)
{
    char text[30] = "untouched";
    DWORD system = FORMAT_MESSAGE_FROM_SYSTEM, denied = (DWORD)SEC_E_LOGON_DENIED;

    no_text(system, 0x12345678, text, sizeof(text), ERROR_MR_MID_NOT_FOUND);
    no_text(system, denied, text, sizeof("The logon attempt failed."),
            ERROR_INSUFFICIENT_BUFFER);
    no_text(system, denied, NULL, 0, ERROR_INVALID_PARAMETER);
    no_text(FORMAT_MESSAGE_FROM_STRING, denied, text, sizeof(text), ERROR_INVALID_PARAMETER);
    no_text(0, denied, text, sizeof(text), ERROR_INVALID_PARAMETER);
    ck_assert_str_eq(text, "untouched");
    ck_assert_uint_eq(FormatMessageA(system, NULL, denied, 0, text,
                                     sizeof("The logon attempt failed.\r\n"), NULL),
                      sizeof("The logon attempt failed.\r\n") - 1);
}
END_TEST

/* Flags that a program may add; none of them changes the text. */
START_TEST(other_flags_change_nothing)
{
    static const DWORD flags[] = {FORMAT_MESSAGE_IGNORE_INSERTS, FORMAT_MESSAGE_ARGUMENT_ARRAY,
                                  FORMAT_MESSAGE_FROM_HMODULE};
    char text[256], plain[256];

    FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, (DWORD)SEC_E_TIME_SKEW, 0, plain,
                   sizeof(plain), NULL);
    for (DWORD set = 0; set < 8; set++) {
        DWORD all = FORMAT_MESSAGE_FROM_SYSTEM, length;
        char *made = NULL;

        for (DWORD i = 0; i < 3; i++)
            all |= set & 1u << i ? flags[i] : 0;
        length = FormatMessageA(all, LoadLibraryA("secur32.dll"), (DWORD)SEC_E_TIME_SKEW, 0,
                                text, sizeof(text), NULL);
        ck_assert_uint_eq(length, strlen(plain));
        ck_assert_str_eq(text, plain);
        ck_assert_uint_eq(FormatMessageA(all | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                                         (DWORD)SEC_E_TIME_SKEW, 0, (LPSTR)&made, UINT32_MAX,
                                         NULL),
                          length);
        ck_assert_str_eq(made, plain);
        LocalFree(made);
        all &= ~(DWORD)FORMAT_MESSAGE_FROM_SYSTEM;
        no_text(all, (DWORD)SEC_E_TIME_SKEW, text, sizeof(text), ERROR_INVALID_PARAMETER);
        no_text(all | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_STRING,
                (DWORD)SEC_E_TIME_SKEW, text, sizeof(text), ERROR_INVALID_PARAMETER);
    }
}
END_TEST

START_TEST(a_win32_error_may_be_an_hresult)
{
    char text[256], plain[256];
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_LOGON_FAILURE, 0,
                                  plain, sizeof(plain), NULL);

    ck_assert_uint_gt(length, 0);
    ck_assert_uint_eq(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL,
                                     0x80070000 | ERROR_LOGON_FAILURE, 0, text, sizeof(text),
                                     NULL),
                      length);
    ck_assert_str_eq(text, plain);
    no_text(FORMAT_MESSAGE_FROM_SYSTEM, 0x8007FFFF, text, sizeof(text), ERROR_MR_MID_NOT_FOUND);
}
END_TEST

static void *own_error(void *first)
{
    DWORD *seen = first;

    *seen = GetLastError();
    SetLastError(ERROR_MORE_DATA);
    return NULL;
}

START_TEST(each_thread_has_its_last_error)
{
    pthread_t thread;
    DWORD seen = 1;

    SetLastError(ERROR_NOT_SUPPORTED);
    ck_assert_int_eq(pthread_create(&thread, NULL, own_error, &seen), 0);
    pthread_join(thread, NULL);
    ck_assert_uint_eq(seen, 0);
    ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
}
END_TEST

static FILETIME ticks(uint64_t all)
{
    return (FILETIME){(DWORD)all, (DWORD)(all >> 32)};
}

static uint64_t all_ticks(FILETIME time)
{
    return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

#define HOUR UINT64_C(36000000000)
#define SUMMER UINT64_C(133645680001234567)      /* 2024-07-04 12:00:00.1234567 */
#define BEFORE_1970 UINT64_C(116444735990000000) /* 1969-12-31 23:59:59 */
#define YEAR_2500 UINT64_C(283688352000000000)
#define WINTER UINT64_C(133488864000000000) /* 2024-01-05 00:00:00 */

START_TEST(local_time_is_that_of_the_moment)
{
    FILETIME local, utc;
    static const struct {
        uint64_t utc, ahead;
    } moments[] = {{SUMMER, 2 * HOUR}, {WINTER, HOUR}, {BEFORE_1970, HOUR}, {YEAR_2500, HOUR}};

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        FILETIME moment = ticks(moments[i].utc);
        ck_assert(FileTimeToLocalFileTime(&moment, &local));
        ck_assert_uint_eq(all_ticks(local), moments[i].utc + moments[i].ahead);
        ck_assert(LocalFileTimeToFileTime(&local, &utc));
        ck_assert_uint_eq(all_ticks(utc), moments[i].utc);
    }
}
END_TEST

/* An hour that summer time leaves out, and one that it has twice. */
START_TEST(hours_at_the_turn_of_summer_time)
{
    static const struct {
        uint64_t local, behind[2];
    } hours[] = {{UINT64_C(133563258000000000), {HOUR, 2 * HOUR}},  /* 2024-03-31 02:30 */
                 {UINT64_C(133744698000000000), {HOUR, 2 * HOUR}}}; /* 2024-10-27 02:30 */
    FILETIME utc;

    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    for (size_t i = 0; i < 2; i++) {
        FILETIME local = ticks(hours[i].local);
        uint64_t behind;

        ck_assert(LocalFileTimeToFileTime(&local, &utc));
        behind = hours[i].local - all_ticks(utc);
        ck_assert(behind == hours[i].behind[0] || behind == hours[i].behind[1]);
    }
}
END_TEST

START_TEST(a_moment_has_its_fields)
{
    FILETIME moment = ticks(SUMMER);
    SYSTEMTIME fields;

    ck_assert(FileTimeToSystemTime(&moment, &fields));
    ck_assert_uint_eq(fields.wYear, 2024);
    ck_assert_uint_eq(fields.wMonth, 7);
    ck_assert_uint_eq(fields.wDay, 4);
    ck_assert_uint_eq(fields.wDayOfWeek, 4);
    ck_assert_uint_eq(fields.wHour, 12);
    ck_assert_uint_eq(fields.wMinute, 0);
    ck_assert_uint_eq(fields.wSecond, 0);
    ck_assert_uint_eq(fields.wMilliseconds, 123);
}
END_TEST

START_TEST(dates_are_those_of_the_calendar)
{
    static const struct {
        unsigned day; /* since 1601-01-01 */
        SYSTEMTIME date;
    } days[] = {
        {0, {.wYear = 1601, .wMonth = 1, .wDay = 1, .wDayOfWeek = 1}},
        {36218, {.wYear = 1700, .wMonth = 3, .wDay = 1, .wDayOfWeek = 1}},
        {36583, {.wYear = 1701, .wMonth = 3, .wDay = 1, .wDayOfWeek = 2}},
        {134774, {.wYear = 1970, .wMonth = 1, .wDay = 1, .wDayOfWeek = 4}},
        {145790, {.wYear = 2000, .wMonth = 2, .wDay = 29, .wDayOfWeek = 2}},
        {146097, {.wYear = 2001, .wMonth = 1, .wDay = 1, .wDayOfWeek = 1}},
        /* beyond a time_t of 32 bits */
        {182679, {.wYear = 2101, .wMonth = 2, .wDay = 28, .wDayOfWeek = 1}},
    };

    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        FILETIME moment = ticks(24 * HOUR * days[i].day);
        SYSTEMTIME fields;

        ck_assert(FileTimeToSystemTime(&moment, &fields));
        ck_assert_mem_eq(&fields, &days[i].date, sizeof(fields));
    }
}
END_TEST

START_TEST(moments_that_cannot_be)
{
    FILETIME none = ticks(UINT64_C(1) << 63), early = ticks(HOUR / 2), out;
    FILETIME never = ticks(INT64_MAX);
    /* an hour before the last second that there is, and more ticks than that has */
    FILETIME late = ticks(INT64_MAX / 10000000 * 10000000 - HOUR + 9999999);
    SYSTEMTIME fields;

    setenv("TZ", "EST5", 1);
    tzset();
    ck_assert(!FileTimeToLocalFileTime(&none, &out));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
    ck_assert(!LocalFileTimeToFileTime(&none, &out));
    ck_assert(!FileTimeToSystemTime(&none, &fields));
    ck_assert(!FileTimeToLocalFileTime(&early, &out)); /* before 1601 */
    ck_assert(!LocalFileTimeToFileTime(&never, &out)); /* after the last */
    setenv("TZ", "EAST-1", 1);
    tzset();
    ck_assert(!FileTimeToLocalFileTime(&late, &out));
    setenv("TZ", "EAST-14", 1);
    tzset();
    ck_assert(!FileTimeToLocalFileTime(&never, &out));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

START_TEST(now_is_now)
{
    FILETIME now;
    uint64_t seconds;

    GetSystemTimeAsFileTime(&now);
    seconds = all_ticks(now) / 10000000 - UINT64_C(11644473600);
    ck_assert_uint_le(seconds, (uint64_t)time(NULL));
    ck_assert_uint_ge(seconds + 60, (uint64_t)time(NULL));
}
END_TEST

START_TEST(narrow_tchars)
{
    TCHAR *copy = _tcsdup(_T("secur32"));

    ck_assert_uint_eq(_tcslen(copy), 7);
    ck_assert_int_eq(_tcscmp(copy, _TEXT("secur32")), 0);
    free(copy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi windows");
    TCase *cases = tcase_create("windows");

    tcase_add_loop_test(cases, only_sspis_library_loads, 0,
                        sizeof(libraries) / sizeof(libraries[0]));
    tcase_add_test(cases, a_library_without_a_name_is_an_error);
    tcase_add_test(cases, the_librarys_functions_are_found);
    tcase_add_test(cases, no_other_functions_are_found);
    tcase_add_test(cases, what_is_no_library_is_refused);
    tcase_add_loop_test(cases, every_status_has_a_text, 0,
                        sizeof(statuses) / sizeof(statuses[0]));
    tcase_add_test(cases, a_text_is_allocated);
    tcase_add_test(cases, texts_that_are_not_there);
    tcase_add_test(cases, other_flags_change_nothing);
    tcase_add_test(cases, a_win32_error_may_be_an_hresult);
    tcase_add_test(cases, each_thread_has_its_last_error);
    tcase_add_test(cases, hours_at_the_turn_of_summer_time);
    tcase_add_test(cases, local_time_is_that_of_the_moment);
    tcase_add_test(cases, a_moment_has_its_fields);
    tcase_add_test(cases, dates_are_those_of_the_calendar);
    tcase_add_test(cases, moments_that_cannot_be);
    tcase_add_test(cases, now_is_now);
    tcase_add_test(cases, narrow_tchars);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
