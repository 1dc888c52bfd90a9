/* SPDX-License-Identifier: MIT */
/* service_unit.c - a service as its unit has it: systemd.unit(5), systemd.exec(5). */

#include "config.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service.h"

/* The first directory that has the unit has it alone; what is dropped in adds up. */
static const char *const directories[] = {"/etc/systemd/system", "/run/systemd/system",
                                          "/usr/local/lib/systemd/system",
                                          "/usr/lib/systemd/system", "/lib/systemd/system"};
#define DIRECTORIES (sizeof(directories) / sizeof(directories[0]))

static void add_entry(struct environment *environment, const char *entry)
{
    char *copy =
        strchr(entry, '=') && environment->count < SERVICE_VARIABLES_MAX ? strdup(entry) : NULL;

    if (copy)
        environment->entries[environment->count++] = copy;
}

/* The next word, with its quotes taken off, in place; NULL at the end. */
static char *next_word(char **rest)
{
    char *at = *rest + strspn(*rest, " \t\n"), *word = at, *out = at, quote = '\0';

    if (!*at)
        return NULL;
    for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        else if (*at == '\\' && at[1])
            *out++ = *++at;
        else
            *out++ = *at;
    }
    *rest = *at ? at + 1 : at;
    *out = '\0';
    return word;
}

/* EnvironmentFile, or a script that exports: assignments a line, with comments. */
static void read_environment_file(const char *path, struct environment *environment)
{
    FILE *file = fopen(*path == '-' ? path + 1 : path, "re");
    char *line = NULL;
    size_t size = 0;

    while (file && getline(&line, &size, file) >= 0) {
        char *rest = line + strspn(line, " \t"), *word;
        if (*rest == '#' || *rest == ';' || !(word = next_word(&rest)))
            continue;
        if (strcmp(word, "export") == 0 && !(word = next_word(&rest)))
            continue;
        add_entry(environment, word);
    }
    free(line);
    if (file)
        fclose(file);
}

/* What a line sets, if it begins with this key; NULL. */
static char *value_of(char *line, const char *key)
{
    size_t len = strlen(key);

    if (strncmp(line, key, len) != 0)
        return NULL;
    line += len + strspn(line + len, " \t");
    return *line == '=' ? line + 1 : NULL;
}

static void read_line(char *line, struct environment *environment, char **user)
{
    char *value, *word;

    line += strspn(line, " \t");
    if ((value = value_of(line, "EnvironmentFile"))) {
        if ((word = next_word(&value)))
            read_environment_file(word, environment);
    } else if ((value = value_of(line, "Environment"))) {
        if (!value[strspn(value, " \t\n")])
            environment_clear(environment);
        while ((word = next_word(&value)))
            add_entry(environment, word);
    } else if ((value = value_of(line, "User"))) {
        if ((word = next_word(&value))) {
            free(*user);
            *user = strdup(word);
        }
    }
}

static bool read_unit(const char *path, struct environment *environment, char **user)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;

    if (!file)
        return false;
    while (getline(&line, &size, file) >= 0)
        read_line(line, environment, user);
    free(line);
    fclose(file);
    return true;
}

static void read_dropped_in(const char *pattern, struct environment *environment, char **user)
{
    glob_t found = {0};

    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            read_unit(found.gl_pathv[i], environment, user);
    globfree(&found);
}

bool service_unit(const char *name, struct environment *environment, char **user)
{
    bool found = false;
    char path[512];

    environment->count = 0;
    *user = NULL;
    for (size_t i = 0; i < DIRECTORIES && !found; i++) {
        snprintf(path, sizeof(path), "%s/%.128s.service", directories[i], name);
        found = read_unit(path, environment, user);
    }
    for (size_t i = DIRECTORIES; i > 0; i--) {
        snprintf(path, sizeof(path), "%s/%.128s.service.d/*.conf", directories[i - 1], name);
        read_dropped_in(path, environment, user);
    }
    snprintf(path, sizeof(path), "/etc/%.128s/envvars", name);
    read_environment_file(path, environment);
    return found;
}

void service_units(void (*take)(void *arg, const char *name, const char *text), void *arg)
{
    static const char suffix[] = ".service";
    char pattern[512];

    for (size_t i = 0; i < DIRECTORIES; i++) {
        glob_t found = {0};

        snprintf(pattern, sizeof(pattern), "%s/*%s", directories[i], suffix);
        if (glob(pattern, 0, NULL, &found) == 0)
            for (size_t k = 0; k < found.gl_pathc; k++) {
                char *name = strrchr(found.gl_pathv[k], '/') + 1;
                name[strlen(name) - strlen(suffix)] = '\0';
                take(arg, name, "");
            }
        globfree(&found);
    }
}
