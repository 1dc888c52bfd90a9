/* SPDX-License-Identifier: MIT */
/* readme_test.c - README's table of the settings has each of them, with
 * the variable that is over it, and no other. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "settings/inputs.h"
#include "suite.h"

/* Where a row's name and variable stand. */
enum { NAME_COLUMN = 2, VARIABLE_COLUMN = 29, MAX_ROWS = 64 };

/* One that is no setting: trace.c reads it, whatever krb5.conf says. */
static const struct setting_name trace_name = {NULL, "NTLM_TRACE"};

static struct row {
    char name[40], variable[40];
} rows[MAX_ROWS];
static size_t row_count;

/* The word that stands in this column; "" where there is none. */
static void take_word(const char *line, size_t column, char word[40])
{
    word[0] = '\0';
    if (strlen(line) > column && line[column] != ' ')
        sscanf(line + column, "%39s", word);
}

/* The table begins below its headings' dashes and ends with an empty line. Rows
 * that only go on with a meaning are none. */
static void read_table(void)
{
    FILE *readme = fopen(README, "r");
    bool inside = false;
    char line[256];

    ck_assert_ptr_nonnull(readme);
    while (fgets(line, sizeof(line), readme) && !(inside && line[0] == '\n')) {
        struct row *row = &rows[row_count];
        if (inside) {
            ck_assert_uint_lt(row_count, MAX_ROWS);
            take_word(line, NAME_COLUMN, row->name);
            take_word(line, VARIABLE_COLUMN, row->variable);
            row_count += row->name[0] || row->variable[0];
        } else if (strncmp(line, "  name in [ntlmssp] ", 20) == 0) {
            inside = fgets(line, sizeof(line), readme) != NULL;
        }
    }
    fclose(readme);
}

static bool is_row_of(const struct row *row, const struct setting_name *setting)
{
    return strcmp(row->name, setting->in_file ? setting->in_file : "") == 0 &&
           strcmp(row->variable, setting->in_environment ? setting->in_environment : "") == 0;
}

START_TEST(each_setting_has_one_row)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        size_t found = 0;
        for (size_t k = 0; k < row_count; k++)
            found += is_row_of(&rows[k], &setting_names[i]);
        ck_assert_msg(found == 1, "%s/%s has %zu rows", setting_names[i].in_file,
                      setting_names[i].in_environment, found);
    }
}
END_TEST

START_TEST(each_row_has_a_setting)
{
    ck_assert_uint_gt(row_count, 0);
    for (size_t k = 0; k < row_count; k++) {
        bool known = is_row_of(&rows[k], &trace_name);
        for (size_t i = 0; i < SETTING_COUNT; i++)
            known |= is_row_of(&rows[k], &setting_names[i]);
        ck_assert_msg(known, "there is no setting \"%s\" with a variable \"%s\"", rows[k].name,
                      rows[k].variable);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings in README");
    TCase *cases = tcase_create("table");

    tcase_add_unchecked_fixture(cases, read_table, NULL);
    tcase_add_test(cases, each_setting_has_one_row);
    tcase_add_test(cases, each_row_has_a_setting);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
