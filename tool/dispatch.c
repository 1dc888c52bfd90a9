/* SPDX-License-Identifier: MIT */
/* dispatch.c - see dispatch.h. Help is help.c's, completion complete.c's. */

#include "config.h"

#include "dispatch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "translate.h"

/* How the command that runs is called, for usage_error. */
static const char *running = "gss-negotiate";

enum exit_status usage_error(const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    complain(STATUS_USAGE, "%s", text);
    return complain(STATUS_USAGE, _("\"%s --help\" tells more"), running);
}

const struct command *command_find(const struct command *const *table, const char *name)
{
    for (; *table; table++)
        if (strcmp((*table)->name, name) == 0)
            return *table;
    return NULL;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

bool option_named(const struct option_row *row, const char *word)
{
    const size_t len = strlen(row->name);

    return strncmp(word, "--", 2) == 0 && strncmp(word + 2, row->name, len) == 0 &&
           (word[2 + len] == '\0' || word[2 + len] == '=');
}

/* The row that `word` names; -1. */
static int find_option(const struct option_row *options, const char *word)
{
    for (int i = 0; options && options[i].name; i++)
        if (option_named(&options[i], word))
            return i;
    return -1;
}

/* Takes the option in argv[*at], and its argument. */
static enum exit_status take_option(const struct command *command, char **argv, int *at,
                                    struct arguments *arguments)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    int option = find_option(command->options, word);
    const struct option_row *row = option < 0 ? NULL : &command->options[option];

    if (!row)
        return usage_error(_("there is no option %s"), argv[*at]);
    if (arguments->values[option])
        return usage_error(_("--%s is given twice"), row->name);
    if (!row->argument && equals)
        return usage_error(_("--%s takes no argument"), row->name);
    if (!row->argument)
        arguments->values[option] = "";
    else if (equals)
        arguments->values[option] = equals + 1;
    else if (argv[*at + 1])
        arguments->values[option] = argv[++*at];
    else
        return usage_error(_("--%s needs an argument: %s"), row->name, row->argument);
    return STATUS_OK;
}

/* Options may stand anywhere before "--"; a "-" alone is an operand. */
static enum exit_status parse(const struct command *command, int argc, char **argv,
                              struct arguments *arguments)
{
    enum exit_status status = STATUS_OK;
    bool options = true;

    for (int at = 1; at < argc && !status; at++) {
        char *word = argv[at];

        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            status = take_option(command, argv, &at, arguments);
        else if (options && word[0] == '-' && word[1])
            status = usage_error(_("there is no option %s"), word);
        else
            arguments->operands[arguments->count++] = word;
    }
    if (status)
        return status;
    if (arguments->count < command->least)
        return usage_error(_("an argument is missing: %s"), command->operands);
    if (command->most >= 0 && arguments->count > command->most)
        return usage_error(_("there is an argument too many: %s"),
                           arguments->operands[command->most]);
    return STATUS_OK;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

static enum exit_status run(const struct command *command, const char *path, int argc,
                            char **argv)
{
    struct arguments arguments = {.count = 0};
    enum exit_status status;

    running = path;
    if (asks_for_help(argc, argv)) {
        help_command(command, path);
        return STATUS_OK;
    }
    arguments.operands = calloc((size_t)argc + 1, sizeof(char *));
    if (!arguments.operands)
        return complain_of_memory();
    status = parse(command, argc, argv, &arguments);
    if (!status)
        status = command->run(&arguments);
    free(arguments.operands);
    return status;
}

enum exit_status command_dispatch(const struct command *const *table, const char *path,
                                  const char *about, int argc, char **argv)
{
    const struct command *command;
    enum exit_status status;
    char *longer;

    running = path;
    if (argc < 2)
        return usage_error(_("a command is missing"));
    if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        help_table(table, path, about);
        return STATUS_OK;
    }
    command = command_find(table, argv[1]);
    if (!command)
        return usage_error(argv[1][0] == '-' ? _("there is no option %s")
                                             : _("there is no command \"%s\""),
                           argv[1]);
    if (asprintf(&longer, "%s %s", path, command->name) < 0)
        return complain_of_memory();
    if (command->commands)
        status = command_dispatch(command->commands, longer, _(command->summary), argc - 1,
                                  argv + 1);
    else
        status = run(command, longer, argc - 1, argv + 1);
    running = "gss-negotiate";
    free(longer);
    return status;
}
