/* SPDX-License-Identifier: MIT */
/* input.c - see input.h. */

#include "config.h"

#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "translate.h"

/* Room for more; data is gone when memory ends. */
static char *grow(char *data, size_t size)
{
    char *larger = realloc(data, size + 1);

    if (!larger)
        free(data);
    return larger;
}

enum exit_status input_read(int fd, const char *name, char **data, size_t *len)
{
    enum exit_status status = STATUS_OK;
    size_t size = 0;
    ssize_t got = 1;

    *data = NULL;
    *len = 0;
    while (!status && got != 0) {
        if (*len == size) {
            size = size ? 2 * size : 4096;
            *data = grow(*data, size);
        }
        if (!*data)
            return complain_of_memory();
        got = read(fd, *data + *len, size - *len);
        if (got > 0)
            *len += (size_t)got;
        if (got < 0 && errno != EINTR)
            status =
                complain(STATUS_TROUBLE, _("%s cannot be read: %s"), name, strerror(errno));
        else if (*len > INPUT_MAX)
            status =
                complain(STATUS_TROUBLE, _("%s is longer than %zu bytes"), name, INPUT_MAX);
    }
    (*data)[*len] = '\0';
    return status;
}
