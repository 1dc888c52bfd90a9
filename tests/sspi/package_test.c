/* SPDX-License-Identifier: MIT */
/* package_test.c - the packages are those that the machine's GSSAPI has,
 * and they are described as Windows describes its own. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context_buffer.h"
#include "package_query.h"
#include "suite.h"

static const char *program;

/* The two that come with MIT's GSSAPI are always there. */
START_TEST(the_packages_are_described_as_on_windows)
{
    PSecPkgInfoA info;

    ck_assert_int_eq(QuerySecurityPackageInfoA((char[]){"Negotiate"}, &info), SEC_E_OK);
    ck_assert_str_eq(info->Name, "Negotiate");
    ck_assert_uint_eq(info->wRPCID, 9);
    ck_assert_uint_eq(info->wVersion, 1);
    ck_assert_uint_eq(info->cbMaxToken, 48256);
    ck_assert_uint_eq(info->fCapabilities, 0x83bb3);
    ck_assert_int_eq(FreeContextBuffer(info), SEC_E_OK);

    ck_assert_int_eq(QuerySecurityPackageInfoA((char[]){"Kerberos"}, &info), SEC_E_OK);
    ck_assert_str_eq(info->Name, "Kerberos");
    ck_assert_uint_eq(info->wRPCID, 16);
    ck_assert_uint_eq(info->cbMaxToken, 48000);
    ck_assert_uint_eq(info->fCapabilities, 0xf3bbf);
    ck_assert_int_eq(FreeContextBuffer(info), SEC_E_OK);

    ck_assert_int_eq(package_info_a(package_of(PACKAGE_NTLM), &info), SEC_E_OK);
    ck_assert_str_eq(info->Name, "NTLM");
    ck_assert_str_eq(info->Comment, "NTLM Security Package");
    ck_assert_uint_eq(info->wRPCID, 10);
    ck_assert_uint_eq(info->cbMaxToken, 2888);
    ck_assert_uint_eq(info->fCapabilities, 0x82b37);
    ck_assert_int_eq(FreeContextBuffer(info), SEC_E_OK);
}
END_TEST

START_TEST(the_wide_description_is_the_same)
{
    PSecPkgInfoW info;

    ck_assert_int_eq(QuerySecurityPackageInfoW((WCHAR[]){u"nEGOTIATE"}, &info), SEC_E_OK);
    ck_assert_mem_eq(info->Name, u"Negotiate", sizeof(u"Negotiate"));
    ck_assert_mem_eq(info->Comment, u"Microsoft Package Negotiator",
                     sizeof(u"Microsoft Package Negotiator"));
    ck_assert_uint_eq(info->cbMaxToken, 48256);
    ck_assert_int_eq(FreeContextBuffer(info), SEC_E_OK);
    ck_assert_uint_eq(context_buffer_count(), 0);
}
END_TEST

START_TEST(names_compare_without_case)
{
    const struct package *package;

    ck_assert_int_eq(package_find_a("kERBEROS", &package), SEC_E_OK);
    ck_assert_int_eq(package->id, PACKAGE_KERBEROS);
    ck_assert_int_eq(package_find_w(u"NEGOTIATE", &package), SEC_E_OK);
    ck_assert_int_eq(package->id, PACKAGE_NEGOTIATE);
}
END_TEST

START_TEST(a_package_that_does_not_exist_is_not_found)
{
    static const WCHAR malformed[] = {0xdc00, 0};
    const struct package *package;
    PSecPkgInfoA info;

    ck_assert_int_eq(package_find_a("Schannel", &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_a("Negotiat", &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_a("Negotiate2", &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_a("", &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_a(NULL, &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_w(NULL, &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(package_find_w(malformed, &package), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(QuerySecurityPackageInfoA(NULL, &info), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(QuerySecurityPackageInfoA((char[]){"NTLM"}, NULL),
                     SEC_E_INVALID_PARAMETER);
}
END_TEST

START_TEST(a_package_is_known_by_its_mechanism)
{
    for (enum package_id id = 0; id < PACKAGE_COUNT; id++)
        ck_assert_ptr_eq(package_of_mech(package_of(id)->mech), package_of(id));
    ck_assert_ptr_null(package_of_mech(NULL));
    ck_assert_ptr_null(package_of_mech(GSS_C_NT_USER_NAME));
}
END_TEST

START_TEST(both_lists_are_one_block_and_name_the_same_packages)
{
    PSecPkgInfoA narrow;
    PSecPkgInfoW wide;
    ULONG count, wide_count;

    ck_assert_int_eq(EnumerateSecurityPackagesA(&count, &narrow), SEC_E_OK);
    ck_assert_int_eq(EnumerateSecurityPackagesW(&wide_count, &wide), SEC_E_OK);
    ck_assert_uint_eq(context_buffer_count(), 2);
    ck_assert_uint_eq(count, wide_count);
    ck_assert_uint_ge(count, 2);
    for (ULONG i = 0; i < count; i++) {
        const struct package *package;
        ck_assert_int_eq(package_find_w(wide[i].Name, &package), SEC_E_OK);
        ck_assert_str_eq(narrow[i].Name, package->name);
        ck_assert_str_eq(narrow[i].Comment, package->comment);
        ck_assert_uint_eq(narrow[i].fCapabilities, wide[i].fCapabilities);
        ck_assert_uint_eq(narrow[i].wRPCID, wide[i].wRPCID);
    }
    ck_assert_int_eq(FreeContextBuffer(narrow), SEC_E_OK);
    ck_assert_int_eq(FreeContextBuffer(wide), SEC_E_OK);
    ck_assert_int_eq(EnumerateSecurityPackagesA(NULL, &narrow), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(EnumerateSecurityPackagesA(&count, NULL), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(EnumerateSecurityPackagesW(&count, NULL), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(EnumerateSecurityPackagesW(NULL, &wide), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(QuerySecurityPackageInfoW((WCHAR[]){u"NTLM"}, NULL),
                     SEC_E_INVALID_PARAMETER);
}
END_TEST

/* This program again, in a process where that file is GSSAPI's configuration:
 * the names of its packages. */
static void list_with_config(const char *config, char *names, size_t size)
{
    char command[1024];
    FILE *output;

    snprintf(command, sizeof(command), "GSS_MECH_CONFIG='%s' '%s' --list", config, program);
    output = popen(command, "r");
    ck_assert_ptr_nonnull(output);
    names[fread(names, 1, size - 1, output)] = '\0';
    ck_assert_int_eq(pclose(output), 0);
}

START_TEST(only_what_the_machine_can_load_is_listed)
{
    char config[] = "/tmp/sspi_package_test.XXXXXX", names[256];
    int fd = mkstemp(config);
    FILE *file = fdopen(fd, "w");

    ck_assert_ptr_nonnull(file);
    fputs("ntlmssp 1.3.6.1.4.1.311.2.2.10 /nonexistent/mech_ntlmssp.so\n", file);
    fclose(file);
    list_with_config(config, names, sizeof(names));
    unlink(config);
    ck_assert_str_eq(names, "Negotiate\nKerberos\n");
}
END_TEST

static int list(void)
{
    PSecPkgInfoA infos;
    ULONG count;

    if (EnumerateSecurityPackagesA(&count, &infos) != SEC_E_OK)
        return EXIT_FAILURE;
    for (ULONG i = 0; i < count; i++)
        puts(infos[i].Name);
    return FreeContextBuffer(infos) == SEC_E_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    Suite *suite;
    TCase *cases;

    program = argv[0];
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    suite = suite_create("sspi package");
    cases = tcase_create("package");
    tcase_add_test(cases, the_packages_are_described_as_on_windows);
    tcase_add_test(cases, the_wide_description_is_the_same);
    tcase_add_test(cases, names_compare_without_case);
    tcase_add_test(cases, a_package_that_does_not_exist_is_not_found);
    tcase_add_test(cases, a_package_is_known_by_its_mechanism);
    tcase_add_test(cases, both_lists_are_one_block_and_name_the_same_packages);
    tcase_add_test(cases, only_what_the_machine_can_load_is_listed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
