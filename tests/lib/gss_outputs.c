/* SPDX-License-Identifier: MIT */
/* gss_outputs.c - see gss_outputs.h. */

#include "config.h"

#include "gss_outputs.h"

#include <stddef.h>
#include <string.h>

#include "suite.h"

#define POISON 0x5a

struct outputs o;

static const struct {
    const char *name;
    size_t at, size;
} fields[] = {
#define FIELD(name)                                                                            \
    {                                                                                          \
#name, offsetof(struct outputs, name), sizeof(o.name)                                  \
    }
    FIELD(buffer),  FIELD(second),     FIELD(third), FIELD(name),   FIELD(target),
    FIELD(context), FIELD(credential), FIELD(oid),   FIELD(set),    FIELD(other_set),
    FIELD(buffers), FIELD(flags),      FIELD(time),  FIELD(number), FIELD(state),
    FIELD(answer),  FIELD(usage),      FIELD(qop),
};

/* The fields that are all zeros, by name. */
static const char *emptied(void)
{
    static const struct outputs zeros;
    static char names[256];

    *names = '\0';
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (memcmp((char *)&o + fields[i].at, &zeros, fields[i].size) == 0) {
            strcat(names, *names ? " " : "");
            strcat(names, fields[i].name);
        }
    return names;
}

void outputs_poison(void)
{
    memset(&o, POISON, sizeof(o));
    o.context = GSS_C_NO_CONTEXT;
    o.credential = GSS_C_NO_CREDENTIAL;
}

void outputs_assert(const char *call, OM_uint32 major, const char *expected)
{
    const char *fields_left = emptied();

    ck_assert_msg(GSS_ERROR(major), "%s is %#x", call, major);
    ck_assert_msg(strcmp(fields_left, expected) == 0, "%s empties \"%s\", not \"%s\"", call,
                  fields_left, expected);
}
