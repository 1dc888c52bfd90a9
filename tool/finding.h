/* SPDX-License-Identifier: MIT */
/* finding.h - what a check has found: good, bad or unknown, and what mends it. Each is
 * printed as it is found. */

#ifndef TOOL_FINDING_H
#define TOOL_FINDING_H

#include "json.h"

enum verdict { VERDICT_GOOD, VERDICT_BAD, VERDICT_UNKNOWN, VERDICT_COUNT };

struct report {
    struct json *json; /* NULL: for people */
    const char *topic; /* what is being looked at */
    bool topic_shown;
    unsigned counts[VERDICT_COUNT];
};

/* What comes next is about this; the text is kept. */
void report_topic(struct report *report, const char *topic);

/* A finding in words. */
void report_finding(struct report *report, enum verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with the command, or what else is to be done, that mends it (NULL: none). */
void report_mendable(struct report *report, enum verdict verdict, const char *mend,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
