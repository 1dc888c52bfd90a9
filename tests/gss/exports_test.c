/* SPDX-License-Identifier: MIT */
/* exports_test.c - what the module's file shows to a process that loads it. */

#include "config.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

/* What MIT's mechglue looks up in a module by name (krb5 1.20,
 * build_dynamicMech). A function of any other name is never called. */
static const char *const looked_up[] = {
    "gss_accept_sec_context",
    "gss_acquire_cred",
    "gss_acquire_cred_from",
    "gss_acquire_cred_impersonate_name",
    "gss_add_cred",
    "gss_add_cred_impersonate_name",
    "gss_compare_name",
    "gss_complete_auth_token",
    "gss_context_time",
    "gss_delete_name_attribute",
    "gss_delete_sec_context",
    "gss_display_name",
    "gss_display_name_ext",
    "gss_display_status",
    "gss_duplicate_name",
    "gss_export_cred",
    "gss_export_name",
    "gss_export_name_composite",
    "gss_export_sec_context",
    "gss_get_mic",
    "gss_get_mic_iov",
    "gss_get_mic_iov_length",
    "gss_get_name_attribute",
    "gss_import_cred",
    "gss_import_name",
    "gss_import_sec_context",
    "gss_indicate_mechs",
    "gss_init_sec_context",
    "gss_inquire_attrs_for_mech",
    "gss_inquire_context",
    "gss_inquire_cred",
    "gss_inquire_cred_by_mech",
    "gss_inquire_cred_by_oid",
    "gss_inquire_mech_for_saslname",
    "gss_inquire_name",
    "gss_inquire_names_for_mech",
    "gss_inquire_saslname_for_mech",
    "gss_inquire_sec_context_by_oid",
    "gss_internal_release_oid",
    "gss_localname",
    "gss_map_name_to_any",
    "gss_process_context_token",
    "gss_pseudo_random",
    "gss_release_any_name_mapping",
    "gss_release_cred",
    "gss_release_name",
    "gss_set_name_attribute",
    "gss_set_neg_mechs",
    "gss_set_sec_context_option",
    "gss_store_cred",
    "gss_store_cred_into",
    "gss_unwrap",
    "gss_unwrap_aead",
    "gss_unwrap_iov",
    "gss_verify_mic",
    "gss_verify_mic_iov",
    "gss_wrap",
    "gss_wrap_aead",
    "gss_wrap_iov",
    "gss_wrap_iov_length",
    "gss_wrap_size_limit",
    "gssspi_acquire_cred_with_password",
    "gssspi_authorize_localname",
    "gssspi_exchange_meta_data",
    "gssspi_import_cred_by_mech",
    "gssspi_import_name_by_mech",
    "gssspi_import_sec_context_by_mech",
    "gssspi_mech_invoke",
    "gssspi_query_mechanism_info",
    "gssspi_query_meta_data",
    "gssspi_set_cred_option",
};

static bool is_looked_up(const char *symbol)
{
    for (size_t i = 0; i < sizeof(looked_up) / sizeof(looked_up[0]); i++)
        if (strcmp(symbol, looked_up[i]) == 0)
            return true;
    return false;
}

static char *module;
static size_t module_size;

static void read_module(void)
{
    FILE *file = fopen(MODULE, "rb");
    long size;

    ck_assert_msg(file != NULL, "%s is not built", MODULE);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    ck_assert_int_gt(size, (long)sizeof(ElfW(Ehdr)));
    rewind(file);
    module_size = (size_t)size;
    module = malloc(module_size);
    ck_assert_ptr_nonnull(module);
    ck_assert_uint_eq(fread(module, 1, module_size, file), module_size);
    fclose(file);
}

static void forget_module(void)
{
    free(module);
}

/* A section of our own file, which the linker made: it is not distrusted. */
static const ElfW(Shdr) * section(unsigned type)
{
    const ElfW(Ehdr) *elf = (const void *)module;
    const ElfW(Shdr) *sections = (const void *)(module + elf->e_shoff);

    for (size_t i = 0; i < elf->e_shnum; i++)
        if (sections[i].sh_type == type)
            return &sections[i];
    ck_abort_msg("the module has no section of type %u", type);
    return NULL;
}

static const char *strings_of(const ElfW(Shdr) * symbols)
{
    const ElfW(Ehdr) *elf = (const void *)module;
    const ElfW(Shdr) *sections = (const void *)(module + elf->e_shoff);

    return module + sections[symbols->sh_link].sh_offset;
}

START_TEST(only_what_the_mechglue_looks_up_is_exported)
{
    const ElfW(Shdr) *section_header = section(SHT_DYNSYM);
    const ElfW(Sym) *symbols = (const void *)(module + section_header->sh_offset);
    const char *strings = strings_of(section_header);
    size_t exported = 0;

    for (size_t i = 1; i < section_header->sh_size / sizeof(*symbols); i++) {
        const char *symbol = strings + symbols[i].st_name;
        if (symbols[i].st_shndx == SHN_UNDEF)
            continue;
        ck_assert_msg(is_looked_up(symbol), "%s is exported", symbol);
        exported++;
    }
    ck_assert_uint_gt(exported, 10);
}
END_TEST

START_TEST(the_module_stays_loaded_and_binds_its_own_symbols)
{
    const ElfW(Shdr) *section_header = section(SHT_DYNAMIC);
    const ElfW(Dyn) *entry = (const void *)(module + section_header->sh_offset);
    bool stays = false, binds = false;

    for (; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_FLAGS_1)
            stays = entry->d_un.d_val & DF_1_NODELETE;
        if (entry->d_tag == DT_SYMBOLIC ||
            (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_SYMBOLIC))
            binds = true;
    }
    ck_assert(stays);
    ck_assert(binds);
}
END_TEST

START_TEST(the_module_loads_whole_and_brings_no_gssapi_library_with_it)
{
    void *loaded = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);

    ck_assert_msg(loaded != NULL, "%s", dlerror());
    ck_assert_ptr_nonnull(dlsym(loaded, "gss_import_name"));
    ck_assert_ptr_null(dlopen("libgssapi_krb5.so.2", RTLD_NOW | RTLD_NOLOAD));
    /* A function that we lack must be lacking, not the mechglue's. */
    ck_assert_ptr_null(dlsym(loaded, "gss_set_neg_mechs"));
    ck_assert_ptr_null(dlsym(loaded, "gssspi_query_mechanism_info"));
    dlclose(loaded);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exports");
    TCase *cases = tcase_create("exports");
    tcase_add_checked_fixture(cases, read_module, forget_module);
    tcase_add_test(cases, only_what_the_mechglue_looks_up_is_exported);
    tcase_add_test(cases, the_module_stays_loaded_and_binds_its_own_symbols);
    tcase_add_test(cases, the_module_loads_whole_and_brings_no_gssapi_library_with_it);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
