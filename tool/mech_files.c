/* SPDX-License-Identifier: MIT */
/* mech_files.c - see mech_files.h. */

#include "config.h"

#include "mech_files.h"

#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MECH_FILE "/etc/gss/mech"
#define MECH_FILES "/etc/gss/mech.d/*.conf"
#define BLANKS " \t\r\n"
#define INTERPOSER "<interposer>"

/* Where the GSSAPI library looks for modules without a path: beside itself, in gss/. */
static char *module_path(const char *module)
{
    Dl_info info;
    char *path = NULL;
    const char *slash;

    if (*module == '/')
        return strdup(module);
    if (!dladdr((const void *)(uintptr_t)gss_indicate_mechs, &info) || !info.dli_fname)
        return strdup(module);
    slash = strrchr(info.dli_fname, '/');
    if (asprintf(&path, "%.*s/gss/%s", slash ? (int)(slash - info.dli_fname) : 1,
                 slash ? info.dli_fname : ".", module) < 0)
        return NULL;
    return path;
}

static void read_oid(const char *text, gss_OID_desc *oid)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    OM_uint32 minor;
    gss_OID made;

    *oid = (gss_OID_desc){0, NULL};
    if (gss_str_to_oid(&minor, &buffer, &made) != GSS_S_COMPLETE)
        return;
    oid->elements = malloc(made->length);
    if (oid->elements) {
        memcpy(oid->elements, made->elements, made->length);
        oid->length = made->length;
    }
    gss_release_oid(&minor, &made);
}

static bool take_line(char *text, const char *path, unsigned number, struct mech_files *files)
{
    char *rest = NULL, *name = strtok_r(text, BLANKS, &rest), *word;
    char *oid = name && *name != '#' ? strtok_r(NULL, BLANKS, &rest) : NULL;
    char *module = oid ? strtok_r(NULL, BLANKS, &rest) : NULL;
    struct mech_line *line = &files->lines[files->count];

    if (!name || *name == '#')
        return true;
    if (files->count == MECH_LINES_MAX) {
        files->cut = true;
        return true;
    }
    files->count++;
    *line = (struct mech_line){.path = strdup(path), .number = number, .name = strdup(name)};
    line->oid_text = strdup(oid ? oid : "");
    line->module = module ? module_path(module) : strdup("");
    while (module && (word = strtok_r(NULL, BLANKS, &rest)))
        if (*word == '<' && !line->kind)
            line->kind = strdup(word);
    line->interposer = line->kind && strcmp(line->kind, INTERPOSER) == 0;
    if (oid)
        read_oid(oid, &line->oid);
    return line->path && line->name && line->oid_text && line->module;
}

static bool read_file(const char *path, struct mech_files *files)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    bool good = true;

    if (!file) {
        if (errno != ENOENT && !files->unreadable &&
            asprintf(&files->unreadable, "%s: %s", path, strerror(errno)) < 0)
            files->unreadable = NULL;
        return true;
    }
    for (unsigned number = 1; good && getline(&text, &size, file) >= 0; number++)
        good = take_line(text, path, number, files);
    free(text);
    fclose(file);
    return good;
}

bool mech_files_read(struct mech_files *files)
{
    const char *named = secure_getenv("GSS_MECH_CONFIG");
    glob_t found = {0};
    bool good = true;

    *files = (struct mech_files){.count = 0};
    if (named)
        return read_file(named, files);
    good = read_file(MECH_FILE, files);
    if (glob(MECH_FILES, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc && good; i++)
            good = read_file(found.gl_pathv[i], files);
    globfree(&found);
    return good;
}

void mech_files_clear(struct mech_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->lines[i].path);
        free(files->lines[i].name);
        free(files->lines[i].module);
        free(files->lines[i].oid.elements);
        free(files->lines[i].oid_text);
        free(files->lines[i].kind);
    }
    free(files->unreadable);
    *files = (struct mech_files){.count = 0};
}

const struct mech_line *mech_files_find(const struct mech_files *files, gss_const_OID oid)
{
    const struct mech_line *found = NULL;

    for (size_t i = 0; i < files->count; i++) {
        const gss_OID_desc *this = &files->lines[i].oid;
        if (!files->lines[i].interposer && this->length == oid->length &&
            memcmp(this->elements, oid->elements, oid->length) == 0)
            found = &files->lines[i];
    }
    return found;
}
