/* SPDX-License-Identifier: MIT */
/* list_test.c - the manual's list of the settings is the one that the table of
 * mech/settings/table.h makes. "list_test print" prints it; make update-manual
 * puts it into ntlmssp.conf(5). */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/values.h"
#include "suite.h"

/* "5 (a number from 0 to 5); see below" */
static void put_meaning(const struct setting_row *row, char *out, size_t size)
{
    const char *standard = row->standard && *row->standard ? row->standard : "none";
    char range[128];

    setting_range_text(row, range, sizeof(range));
    if (row->kind == SETTING_KIND_NUMBER || row->kind == SETTING_KIND_CHOICE ||
        row->kind == SETTING_KIND_CHOICES)
        snprintf(out, size, "%s (%s); %s", standard, range, row->text);
    else
        snprintf(out, size, "%s; %s", standard, row->text);
}

/* mandoc warns of lines above 80 bytes. */
static void print_wrapped(FILE *out, const char *text)
{
    const char *end;

    while (strlen(text) > 80 && (end = memrchr(text, ' ', 79)) != NULL) {
        fprintf(out, "%.*s\n", (int)(end - text), text);
        text = end + 1;
    }
    fprintf(out, "%s\n", text);
}

static void print_row(FILE *out, const struct setting_row *row)
{
    char meaning[512];

    put_meaning(row, meaning, sizeof(meaning));
    fprintf(out, ".It%s%s%s%s%s\n", row->name ? " Cm " : "", row->name ? row->name : "",
            row->name && row->variable ? " ," : "", row->variable ? " Ev " : "",
            row->variable ? row->variable : "");
    print_wrapped(out, meaning);
}

static void print_list(FILE *out)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        print_row(out, &setting_table[i]);
}

static char *read_manual(void)
{
    FILE *file = fopen(MANUAL, "r");
    char *text = calloc(1, 200000);

    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fread(text, 1, 199999, file), 199999);
    fclose(file);
    return text;
}

START_TEST(the_manual_has_the_list_that_the_table_makes)
{
    char *list = NULL, *manual = read_manual();
    size_t size;
    FILE *out = open_memstream(&list, &size);

    ck_assert_ptr_nonnull(out);
    print_list(out);
    fclose(out);
    ck_assert_msg(strstr(manual, list) != NULL,
                  "the manual's list of settings is old: make update-manual");
    free(list);
    free(manual);
}
END_TEST

START_TEST(a_row_is_whole)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = &setting_table[i];

        ck_assert(row->name || row->variable);
        ck_assert_uint_gt(strlen(row->text), 0);
        ck_assert(!setting_is_list(row) || row->standard);
        for (enum setting k = 0; k < i; k++)
            ck_assert(!row->name || !setting_table[k].name ||
                      strcmp(row->name, setting_table[k].name) != 0);
    }
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("list of settings");
    TCase *cases = tcase_create("list");

    if (argc == 2 && strcmp(argv[1], "print") == 0) {
        print_list(stdout);
        return 0;
    }
    tcase_add_test(cases, the_manual_has_the_list_that_the_table_makes);
    tcase_add_test(cases, a_row_is_whole);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
