/* SPDX-License-Identifier: MIT */
/* mapping.c - see mapping.h. */

#include "config.h"

#include "userfile/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ntlm/secret.h"

#define LARGE ((size_t)64 << 10)     /* from here on a mapping */
#define LARGE_PAGE ((size_t)2 << 20) /* the least that is worth them */

bool mapping_new(struct mapping *mapping, size_t size, bool lasting)
{
    *mapping = (struct mapping){.size = size, .mapped = size >= LARGE};
    if (!mapping->mapped) {
        mapping->data = calloc(1, size);
        return mapping->data != NULL;
    }
    mapping->data =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping->data == MAP_FAILED) {
        *mapping = (struct mapping){.data = NULL};
        return false;
    }
    if (lasting && size >= LARGE_PAGE)
        madvise(mapping->data, size, MADV_HUGEPAGE); /* or it is done without */
    return true;
}

/* By hand: realloc would leave a copy of what may be a secret behind. */
static bool move(struct mapping *mapping, size_t size)
{
    void *smaller = malloc(size);

    if (!smaller)
        return false;
    memcpy(smaller, mapping->data, size);
    mapping_free(mapping, mapping->size);
    *mapping = (struct mapping){.data = smaller, .size = size};
    return true;
}

bool mapping_shrink(struct mapping *mapping, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), end = (size + page - 1) & ~(page - 1);

    if (mapping->mapped) {
        if (end > 0 && end < mapping->size &&
            munmap((char *)mapping->data + end, mapping->size - end) == 0)
            mapping->size = end;
        return true;
    }
    return size == 0 || size >= mapping->size || move(mapping, size);
}

void mapping_free(struct mapping *mapping, size_t used)
{
    if (mapping->data)
        ntlm_cleanse(mapping->data, used);
    if (mapping->mapped)
        munmap(mapping->data, mapping->size);
    else
        free(mapping->data);
    *mapping = (struct mapping){.data = NULL};
}
