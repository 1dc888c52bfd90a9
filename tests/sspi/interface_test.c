/* SPDX-License-Identifier: MIT */
/* interface_test.c - the library as a program that loads it at run time
 * finds it: its exported names, and the two tables of functions. */

#include "config.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <sspi.h>

#include "suite.h"

/* Windows' order of the table's members; the letter that ends some of the
 * names is a '?' here, and NULL what is reserved. */
static const char *const members[] = {
    "EnumerateSecurityPackages?",
    "QueryCredentialsAttributes?",
    "AcquireCredentialsHandle?",
    "FreeCredentialsHandle",
    NULL,
    "InitializeSecurityContext?",
    "AcceptSecurityContext",
    "CompleteAuthToken",
    "DeleteSecurityContext",
    "ApplyControlToken",
    "QueryContextAttributes?",
    "ImpersonateSecurityContext",
    "RevertSecurityContext",
    "MakeSignature",
    "VerifySignature",
    "FreeContextBuffer",
    "QuerySecurityPackageInfo?",
    "EncryptMessage", /* Reserved3, SealMessage to old callers */
    "DecryptMessage", /* Reserved4, UnsealMessage */
    "ExportSecurityContext",
    "ImportSecurityContext?",
    "AddCredentials?",
    NULL,
    "QuerySecurityContextToken",
    "EncryptMessage",
    "DecryptMessage",
    "SetContextAttributes?",
    "SetCredentialsAttributes?",
    "ChangeAccountPassword?",
    "QueryContextAttributesEx?",
    "QueryCredentialsAttributesEx?",
};

#define COUNT (sizeof(members) / sizeof(members[0]))

static void *load(void)
{
    void *library = dlopen(LIBSSPI, RTLD_NOW);

    ck_assert_msg(library != NULL, "%s", dlerror());
    return library;
}

static void *exported(void *library, const char *name, char letter)
{
    char full[64];
    size_t length = strlen(name);

    snprintf(full, sizeof(full), "%s", name);
    if (full[length - 1] == '?')
        full[length - 1] = letter;
    return dlsym(library, full);
}

static void has_members(void *library, const void *table, char letter)
{
    void *pointers[COUNT];

    memcpy(pointers, (const char *)table + sizeof(void *), sizeof(pointers));
    for (size_t i = 0; i < COUNT; i++) {
        if (!members[i]) {
            ck_assert_ptr_null(pointers[i]);
            continue;
        }
        ck_assert_ptr_nonnull(pointers[i]);
        ck_assert_msg(pointers[i] == exported(library, members[i], letter), "%s", members[i]);
    }
}

START_TEST(the_tables_have_windows_order)
{
    void *library = load();
    INIT_SECURITY_INTERFACE_W wide;
    INIT_SECURITY_INTERFACE_A narrow;

    *(void **)&wide = dlsym(library, SECURITY_ENTRYPOINT_ANSIW);
    *(void **)&narrow = dlsym(library, SECURITY_ENTRYPOINT_ANSIA);
    ck_assert_uint_eq(sizeof(SecurityFunctionTableW), (1 + COUNT) * sizeof(void *));
    ck_assert_uint_eq(sizeof(SecurityFunctionTableA), (1 + COUNT) * sizeof(void *));
    ck_assert_uint_eq(wide()->dwVersion, 1);
    ck_assert_uint_eq(narrow()->dwVersion, 1);
    has_members(library, wide(), 'W');
    has_members(library, narrow(), 'A');
    dlclose(library);
}
END_TEST

START_TEST(the_tables_functions_work)
{
    void *library = load();
    INIT_SECURITY_INTERFACE_W wide;
    PSecPkgInfoW info;

    *(void **)&wide = dlsym(library, SECURITY_ENTRYPOINT_ANSIW);
    ck_assert_int_eq(wide()->QuerySecurityPackageInfoW((WCHAR[]){u"Negotiate"}, &info),
                     SEC_E_OK);
    ck_assert_uint_eq(info->wRPCID, RPC_C_AUTHN_GSS_NEGOTIATE);
    ck_assert_int_eq(wide()->FreeContextBuffer(info), SEC_E_OK);
    dlclose(library);
}
END_TEST

/* The linker does not complain about a name in the map that nobody defines. */
START_TEST(all_that_the_map_names_is_there)
{
    void *library = load();
    FILE *map = fopen(MAP, "r");
    char line[128], name[128], end;
    size_t count = 0;

    ck_assert_ptr_nonnull(map);
    while (fgets(line, sizeof(line), map)) {
        if (sscanf(line, " %127[A-Za-z]%c", name, &end) != 2 || end != ';')
            continue;
        ck_assert_msg(dlsym(library, name) != NULL, "%s", name);
        count++;
    }
    fclose(map);
    ck_assert_uint_gt(count, 50);
    dlclose(library);
}
END_TEST

START_TEST(what_is_the_librarys_own_is_hidden)
{
    static const char *const hidden[] = {"handle_open", "credential_make", "identity_read",
                                         "context_buffer_alloc"};
    void *library = load();

    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        ck_assert_ptr_null(dlsym(library, hidden[i]));
    dlclose(library);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi interface");
    TCase *cases = tcase_create("interface");

    tcase_add_test(cases, the_tables_have_windows_order);
    tcase_add_test(cases, the_tables_functions_work);
    tcase_add_test(cases, all_that_the_map_names_is_there);
    tcase_add_test(cases, what_is_the_librarys_own_is_hidden);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
