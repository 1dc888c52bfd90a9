/* SPDX-License-Identifier: MIT */
/* replay.c - main of a fuzz target where libFuzzer is not: gives it each file of its
 * corpus once, or those files and directories that are named. */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "target.h"

#pragma weak LLVMFuzzerInitialize

static unsigned long inputs;

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    struct stat st;

    if (!file || fstat(fileno(file), &st) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(EXIT_FAILURE);
    }
    bytes = malloc(st.st_size > 0 ? (size_t)st.st_size : 1);
    MUST(bytes && fread(bytes, 1, (size_t)st.st_size, file) == (size_t)st.st_size);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, (size_t)st.st_size);
    free(bytes);
    inputs++;
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *path)
{
    struct dirent **entries;
    char name[4096];
    int count = scandir(path, &entries, not_hidden, alphasort);

    if (count < 0) {
        replay_file(path);
        return;
    }
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
        replay_file(name);
        free(entries[i]);
    }
    free(entries);
}

/* The target's name is the program's, which libtool may have put something before. */
static void replay_corpus(const char *program)
{
    const char *name = strstr(program, "fuzz_");
    char path[4096];

    MUST(name);
    snprintf(path, sizeof(path), "%s/%s", FUZZ_CORPUS, name + strlen("fuzz_"));
    replay(path);
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    if (argc < 2)
        replay_corpus(program_invocation_short_name);
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%lu inputs\n", inputs);
    return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
