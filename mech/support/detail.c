/* SPDX-License-Identifier: MIT */
/* detail.c - formats a detail. */

#include "config.h"

#include "support/detail.h"

#include <stdio.h>

#include "support/printable.h"

void detail_format(char *detail, size_t size, const char *format, va_list args)
{
    char raw[DETAIL_MAX] = "";

    if (format)
        vsnprintf(raw, sizeof(raw), format, args);
    printable(raw, detail, size);
}
