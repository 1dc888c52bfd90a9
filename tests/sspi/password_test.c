/* SPDX-License-Identifier: MIT */
/* password_test.c - how long a password is in memory: all of this process' own memory
 * is searched for it, as UTF-8 and as UTF-16. */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sanitized.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

#define PASSWORD_LENGTH 16

/* It is not in the program's own data: what is looked for there is reversed. */
static const char drowssap[PASSWORD_LENGTH + 1] = "24!terces-drowss";

static volatile char key = 0x55;

/* The password with each byte changed, so that a search does not find what it
 * looks for. */
static void fill_masked(unsigned char *masked, bool wide)
{
    size_t unit = wide ? 2 : 1;

    memset(masked, key, 2 * PASSWORD_LENGTH);
    for (size_t i = 0; i < PASSWORD_LENGTH; i++)
        masked[i * unit] = (unsigned char)(drowssap[PASSWORD_LENGTH - 1 - i] ^ key);
}

static bool is_at(const unsigned char *at, const unsigned char *masked, size_t length)
{
    size_t i = 0;

    while (i < length && (at[i] ^ key) == masked[i])
        i++;
    return i == length;
}

static size_t count_in(const unsigned char *start, size_t size, bool wide)
{
    unsigned char masked[2 * PASSWORD_LENGTH];
    size_t length = wide ? 2 * PASSWORD_LENGTH : PASSWORD_LENGTH, found = 0;

    fill_masked(masked, wide);
    for (size_t i = 0; i + length <= size; i++)
        found += is_at(start + i, masked, length);
    return found;
}

/* In the heaps: what a library has allocated, and what it has freed. Not on the stacks,
 * whose old frames nobody cleanses. */
static size_t count_in_memory(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], rights[8], name[256];
    unsigned long start, end;
    size_t found = 0;

    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof(line), maps)) {
        *name = '\0';
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &start, &end, rights, name) < 3 ||
            strncmp(rights, "rw", 2) != 0 || strncmp(name, "[v", 2) == 0 ||
            strcmp(name, "[stack]") == 0 || *name == '/')
            continue;
        for (int wide = 0; wide < 2; wide++)
            found += count_in((const unsigned char *)(uintptr_t)start, end - start, wide);
    }
    fclose(maps);
    return found;
}

/* The accounts are read from a file once, and hashed. */
static CredHandle acquire(const char *package)
{
    static WCHAR password[PASSWORD_LENGTH];
    SEC_WINNT_AUTH_IDENTITY_W alice = {(USHORT[]){'a', 'l', 'i', 'c', 'e'},
                                       5,
                                       (USHORT[]){'C', 'O', 'R', 'P'},
                                       4,
                                       (USHORT *)password,
                                       PASSWORD_LENGTH,
                                       SEC_WINNT_AUTH_IDENTITY_UNICODE};
    CredHandle handle;

    for (size_t i = 0; i < PASSWORD_LENGTH; i++)
        password[i] = (unsigned char)drowssap[PASSWORD_LENGTH - 1 - i];
    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package,
                                               SECPKG_CRED_OUTBOUND, NULL, &alice, NULL, NULL,
                                               &handle, NULL),
                     SEC_E_OK);
    SspiZeroAuthIdentity(&alice);
    return handle;
}

START_TEST(the_search_finds_a_password)
{
    unsigned char *masked = malloc(2 * PASSWORD_LENGTH);

    ck_assert_uint_eq(count_in_memory(), 0);
    for (int wide = 0; wide < 2; wide++) {
        fill_masked(masked, wide);
        for (size_t i = 0; i < 2 * PASSWORD_LENGTH; i++)
            masked[i] ^= (unsigned char)key;
        ck_assert_uint_eq(count_in_memory(), 1);
    }
    free(masked);
}
END_TEST

START_TEST(a_credential_keeps_no_password)
{
    static const char *const packages[] = {"NTLM", "Negotiate", "Kerberos"};
    CredHandle handle;

    fixture_accounts("");
    handle = acquire(packages[_i]);
    ck_assert_uint_eq(count_in_memory(), 0);
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
    ck_assert_uint_eq(count_in_memory(), 0);
}
END_TEST

/* A context that is limited to other mechanisms than its credential needs another one of
 * GSSAPI: the password is gone by then. */
START_TEST(a_context_needs_no_password)
{
    static const struct {
        const char *package, *target;
    } rows[] = {{"NTLM", "HTTP/server.home.test"},
                {"NTLM", NULL},
                {"Negotiate", "HTTP/server.home.test"},
                {"Negotiate", NULL}};
    char line[64] = "CORP:alice:";
    struct exchange *exchange;

    for (size_t i = 0; i < PASSWORD_LENGTH; i++)
        line[11 + i] = drowssap[PASSWORD_LENGTH - 1 - i];
    fixture_accounts(line);
    exchange = exchange_new(rows[_i].package, NULL);
    ck_assert_int_eq(FreeCredentialsHandle(&exchange->client.credential), SEC_E_OK);
    exchange->client.credential = acquire(rows[_i].package);
    exchange->target = (char *)(uintptr_t)rows[_i].target;
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi password");
    TCase *cases = fixture_case("password");

    if (!is_sanitized()) {
        tcase_add_test(cases, the_search_finds_a_password);
        tcase_add_loop_test(cases, a_credential_keeps_no_password, 0, 3);
    } else {
        puts("ok - a_credential_keeps_no_password # SKIP memory is not to be searched here");
    }
    tcase_add_loop_test(cases, a_context_needs_no_password, 0, 4);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
