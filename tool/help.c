/* SPDX-License-Identifier: MIT */
/* help.c - see help.h. */

#include "config.h"

#include "help.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "translate.h"

#define TEXT_WIDTH 80
#define COLUMN 24 /* where the text beside a word begins */

/* Prints text from this column on, in lines between words; a newline in it is kept. */
static void put_text(const char *text, int column)
{
    int width = TEXT_WIDTH - 1 - column;

    while (*text) {
        int len = (int)strcspn(text, "\n");
        if (len > width)
            for (len = width; len > 1 && text[len] != ' '; len--)
                ;
        say_part(STYLE_PLAIN, "%.*s", len, text);
        say_end();
        text += len;
        text += *text == ' ' || *text == '\n';
        if (*text && *text != '\n')
            printf("%*s", column, "");
    }
}

/* "  WORD     text" */
static void put_row(const char *dashes, const char *word, const char *argument,
                    const char *text)
{
    size_t len = 2 + strlen(dashes) + strlen(word) + (argument ? strlen(argument) + 1 : 0);

    say_part(STYLE_PLAIN, "  ");
    say_part(STYLE_NAME, "%s%s", dashes, word);
    say_part(STYLE_PLAIN, "%s%s", argument ? " " : "", argument ? argument : "");
    if (len + 2 > COLUMN) {
        say_end();
        len = 0;
    }
    printf("%*s", COLUMN - (int)len, "");
    put_text(text, COLUMN);
}

void help_table(const struct command *const *table, const char *path, const char *about)
{
    say(_("Usage: %s COMMAND [ARGUMENT ...]"), path);
    say_end();
    put_text(about, 0);
    say_end();
    for (; *table; table++)
        put_row("", (*table)->name, NULL, _((*table)->summary));
    say_end();
    say(_("\"%s COMMAND --help\" tells more about each."), path);
}

void help_command(const struct command *command, const char *path)
{
    const char *operands = command->operands;

    say(_("Usage: %s%s%s%s"), path, _(" [OPTION ...]"), *operands ? " " : "", operands);
    say_end();
    put_text(_(command->summary), 0);
    if (*command->about) {
        say_end();
        put_text(_(command->about), 0);
    }
    say_end();
    for (const struct option_row *row = command->options; row && row->name; row++)
        put_row("--", row->name, row->argument, _(row->text));
    put_row("--", "help", NULL, _("print this text"));
}
