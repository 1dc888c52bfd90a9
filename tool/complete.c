/* SPDX-License-Identifier: MIT */
/* complete.c - see complete.h. The words of the help texts tell what an argument is: where
 * one is called FILE, files are offered. */

#include "config.h"

#include "complete.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "dispatch.h"
#include "service.h"
#include "settings/values.h"
#include "translate.h"

/* What is being written: `before` of it stands, and `begin` is to be gone on with. */
struct writing {
    const char *begin;
    const char *before; /* "--file=", "--", "" */
    int before_len;
    unsigned offers;
};

static void offer(void *arg, const char *word, const char *text)
{
    struct writing *writing = arg;

    if (strncmp(word, writing->begin, strlen(writing->begin)) != 0)
        return;
    printf("%.*s%s\t%s\n", writing->before_len, writing->before, word, text);
    writing->offers++;
}

/* ---- arguments ---- */

static void offer_files(struct writing *writing)
{
    puts(COMPLETE_FILES);
    writing->offers++;
}

static void offer_settings(struct writing *writing)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = &setting_table[i];
        offer(writing, row->name ? row->name : row->variable, row->text);
    }
}

static void offer_keyrings(struct writing *writing)
{
    offer(writing, "session", _("until this session ends"));
    offer(writing, "persistent", _("of the user, beyond sessions"));
}

static void offer_users(struct writing *writing)
{
    const struct passwd *user;

    setpwent();
    while ((user = getpwent()))
        offer(writing, user->pw_name, user->pw_gecos ? user->pw_gecos : "");
    endpwent();
}

static void offer_services(struct writing *writing)
{
    service_units(offer, writing);
}

static const struct argument_row {
    const char *name;
    void (*offer)(struct writing *writing);
} argument_rows[] = {
    {"FILE", offer_files},       {"TEXT", offer_files}, {"SETTING", offer_settings},
    {"KEYRING", offer_keyrings}, {"USER", offer_users}, {"SERVICE", offer_services},
};

/* `argument` is as help has it: "FILE", "[FILE]", "[SETTING ...]". */
static void offer_argument(const char *argument, struct writing *writing)
{
    const char *name = argument + (*argument == '[');
    size_t len = strcspn(name, " ]");

    for (size_t i = 0; i < sizeof(argument_rows) / sizeof(argument_rows[0]); i++)
        if (strlen(argument_rows[i].name) == len &&
            strncmp(argument_rows[i].name, name, len) == 0)
            argument_rows[i].offer(writing);
}

/* ---- options ---- */

static bool is_given(const struct option_row *row, int count, char **words)
{
    for (int i = 0; i < count; i++)
        if (option_named(row, words[i]))
            return true;
    return false;
}

/* Those that are not given yet, for none may be given twice. */
static void offer_options(const struct command *command, int count, char **words,
                          const char *begin)
{
    struct writing writing = {.begin = begin, .before = "--", .before_len = 2};

    for (const struct option_row *row = command->options; row && row->name; row++)
        if (!is_given(row, count, words))
            offer(&writing, row->name, _(row->text));
    offer(&writing, "help", _("tell how the command is used"));
}

static const struct option_row *find_row(const struct command *command, const char *word)
{
    for (const struct option_row *row = command->options; row && row->name; row++)
        if (option_named(row, word))
            return row;
    return NULL;
}

/* ---- the words before ---- */

/* What the words before the last leave to be written. */
struct place {
    const struct option_row *option; /* whose argument comes next; NULL: none's */
    bool options;                    /* whether options may follow */
    int operands;
};

static struct place find_place(const struct command *command, int count, char **words)
{
    struct place place = {.options = true};

    for (int i = 0; i < count; i++) {
        const char *word = words[i];

        if (place.option)
            place.option = NULL;
        else if (place.options && strcmp(word, "--") == 0)
            place.options = false;
        else if (!place.options || word[0] != '-' || !word[1])
            place.operands++;
        else if (!strchr(word, '='))
            place.option = find_row(command, word);
        if (place.option && !place.option->argument)
            place.option = NULL;
    }
    return place;
}

static void complete_command(const struct command *command, int count, char **words)
{
    const struct place place = find_place(command, count - 1, words);
    char *last = words[count - 1], *equals = strchr(last, '=');
    struct writing writing = {.begin = last, .before = ""};
    const struct option_row *row = equals ? find_row(command, last) : NULL;

    if (place.option) {
        offer_argument(place.option->argument, &writing);
    } else if (place.options && row && row->argument) {
        writing.begin = equals + 1;
        writing.before = last;
        writing.before_len = (int)(equals + 1 - last);
        offer_argument(row->argument, &writing);
    } else if (place.options && last[0] == '-') {
        if (!last[1] || last[1] == '-')
            offer_options(command, count - 1, words, last + 1 + (last[1] == '-'));
    } else {
        if (command->most < 0 || place.operands < command->most)
            offer_argument(command->operands, &writing);
        if (!writing.offers && !*last && place.options)
            offer_options(command, count - 1, words, "");
    }
}

static void complete_table(const struct command *const *table, bool top, const char *last)
{
    struct writing writing = {.begin = last, .before = ""};

    for (; last[0] != '-' && *table; table++)
        offer(&writing, (*table)->name, _((*table)->summary));
    if (last[0] != '-')
        return;
    offer(&writing, "--help", _("tell how the command is used"));
    if (top)
        offer(&writing, "--version", _("tell the version"));
}

enum exit_status complete(const struct command *const *table, int count, char **words)
{
    const struct command *const *const top = table;
    const struct command *command = NULL;
    static char nothing[] = "", *empty[] = {nothing};

    if (count == 0)
        return complete(table, 1, empty);
    while (table && count > 1) {
        command = command_find(table, *words++);
        count--;
        table = command ? command->commands : NULL;
        if (!command)
            return STATUS_OK;
    }
    if (table)
        complete_table(table, table == top, words[0]);
    else
        complete_command(command, count, words);
    return STATUS_OK;
}
