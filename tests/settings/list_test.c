/* SPDX-License-Identifier: MIT */
/* list_test.c - README's list of the settings is the one that the table of
 * mech/settings/table.h makes. "list_test print" prints it; make update-readme
 * puts it into README. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings/values.h"
#include "suite.h"

/* Where the meaning begins and how wide it may be. */
enum { MEANING_COLUMN = 52, MEANING_WIDTH = 27 };

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

/* How many bytes of text go into a line: whole words. */
static size_t line_length(const char *text)
{
    size_t len = strlen(text);

    if (len <= MEANING_WIDTH)
        return len;
    for (len = MEANING_WIDTH; len > 0 && text[len] != ' '; len--)
        ;
    return len;
}

static void print_row(FILE *out, const struct setting_row *row)
{
    char meaning[512];
    const char *rest = meaning;
    int column = fprintf(out, "  %-25s  %s", row->name ? row->name : "",
                         row->variable ? row->variable : "");

    put_meaning(row, meaning, sizeof(meaning));
    while (*rest) {
        size_t len = line_length(rest);
        fprintf(out, "%*s%.*s\n", MEANING_COLUMN - column, "", (int)len, rest);
        rest += len + (rest[len] == ' ');
        column = 0;
    }
}

static void print_list(FILE *out)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        print_row(out, &setting_table[i]);
}

static char *read_readme(void)
{
    FILE *file = fopen(README, "r");
    char *text = calloc(1, 200000);

    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fread(text, 1, 199999, file), 199999);
    fclose(file);
    return text;
}

START_TEST(readme_has_the_list_that_the_table_makes)
{
    char *list = NULL, *readme = read_readme();
    size_t size;
    FILE *out = open_memstream(&list, &size);

    ck_assert_ptr_nonnull(out);
    print_list(out);
    fclose(out);
    ck_assert_msg(strstr(readme, list) != NULL,
                  "README's list of settings is old: make update-readme");
    free(list);
    free(readme);
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
    tcase_add_test(cases, readme_has_the_list_that_the_table_makes);
    tcase_add_test(cases, a_row_is_whole);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
