/* SPDX-License-Identifier: MIT */
/* sspi_outputs.c - see sspi_outputs.h. */

#include "config.h"

#include "sspi_outputs.h"

#include <stddef.h>
#include <string.h>

#include "suite.h"

#define POISON 0x5a

struct outputs o, outputs_before;

static const struct field {
    const char *name;
    size_t at, size;
} fields[] = {
#define FIELD(name)                                                                            \
    {                                                                                          \
#name, offsetof(struct outputs, name), sizeof(o.name)                                  \
    }
    FIELD(handle), FIELD(token),  FIELD(attributes), FIELD(count),
    FIELD(size),   FIELD(expiry), FIELD(pointer),    FIELD(second),
    FIELD(third),  FIELD(info),   FIELD(user),       FIELD(identity),
};

void outputs_poison(void)
{
    static char memory[64];

    memset(&o, POISON, sizeof(o));
    o.token = (SecBuffer){sizeof(memory), SECBUFFER_TOKEN, memory};
    outputs_before = o;
}

static bool is_empty(const struct field *field)
{
    static const struct outputs empty = {.token = {0, SECBUFFER_TOKEN, NULL}};

    return memcmp((char *)&o + field->at, (const char *)&empty + field->at, field->size) == 0;
}

void outputs_assert(const char *call, SECURITY_STATUS status, SECURITY_STATUS expected_status,
                    const char *expected)
{
    char names[256] = "";

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (memcmp((char *)&o + fields[i].at, (char *)&outputs_before + fields[i].at,
                   fields[i].size) == 0)
            continue;
        strcat(strcat(names, *names ? " " : ""), fields[i].name);
        if (!is_empty(&fields[i]))
            strcat(names, "(rubbish)");
    }
    ck_assert_msg(status == expected_status, "%s is %#x", call, (unsigned)status);
    ck_assert_msg(strcmp(names, expected) == 0, "%s empties \"%s\", not \"%s\"", call, names,
                  expected);
}
