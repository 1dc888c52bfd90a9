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

/* What is good, in words. */
void report_good(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What is not, with the command that mends it, or that tells more. */
void report_mendable(struct report *report, enum verdict verdict, const char *mend,
                     const char *format, ...) __attribute__((format(printf, 4, 5), nonnull(3)));

#endif
