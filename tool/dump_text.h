/* SPDX-License-Identifier: MIT */
/* dump_text.h - the bytes of a dump: what xxd, hexdump, od, tcpdump and tshark -x print, an
 * offset a line, digits, and often the characters. */

#ifndef TOOL_DUMP_TEXT_H
#define TOOL_DUMP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dump {
    uint8_t *bytes; /* malloc'd */
    size_t len;
    const char *ends; /* behind its last line */
    bool out_of_memory;
};

/* Reads the dump whose first line begins at `at`, with offset 0, and goes on as long as the
 * offsets do. False: there is none; nothing is to be freed then. */
bool dump_read(const char *at, const char *end, struct dump *dump);

#endif
