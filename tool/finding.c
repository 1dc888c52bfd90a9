/* SPDX-License-Identifier: MIT */
/* finding.c - see finding.h. */

#include "config.h"

#include "finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "output.h"
#include "translate.h"

void report_topic(struct report *report, const char *topic)
{
    report->topic = topic;
    report->topic_shown = false;
}

static void print_json(struct report *report, enum verdict verdict, const char *text,
                       const char *mend)
{
    static const char *const words[] = {
        [VERDICT_GOOD] = "good", [VERDICT_BAD] = "bad", [VERDICT_UNKNOWN] = "unknown"};

    json_object(report->json, NULL);
    json_text(report->json, "topic", report->topic);
    json_text(report->json, "verdict", words[verdict]);
    json_text(report->json, "text", text);
    json_text(report->json, "mend", mend);
    json_object_end(report->json);
}

static void print(struct report *report, enum verdict verdict, const char *text,
                  const char *mend)
{
    static const char *const words[] = {[VERDICT_GOOD] = N_("good"),
                                        [VERDICT_BAD] = N_("bad"),
                                        [VERDICT_UNKNOWN] = N_("unknown")};
    static const enum style styles[] = {[VERDICT_GOOD] = STYLE_GOOD,
                                        [VERDICT_BAD] = STYLE_BAD,
                                        [VERDICT_UNKNOWN] = STYLE_DOUBT};

    if (!report->topic_shown) {
        say_part(STYLE_NAME, "%s", _(report->topic));
        say_end();
        report->topic_shown = true;
    }
    say_part(styles[verdict], "  %-8s", _(words[verdict]));
    say_part(STYLE_PLAIN, "%s", text);
    say_end();
    if (mend)
        say(_("          mend: %s"), mend);
}

__attribute__((format(printf, 4, 0))) static void add(struct report *report,
                                                      enum verdict verdict, const char *mend,
                                                      const char *format, va_list args)
{
    char text[2048];

    vsnprintf(text, sizeof(text), format, args);
    report->counts[verdict]++;
    if (report->json)
        print_json(report, verdict, text, mend);
    else
        print(report, verdict, text, mend);
}

void report_good(struct report *report, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(report, VERDICT_GOOD, NULL, format, args);
    va_end(args);
}

void report_mendable(struct report *report, enum verdict verdict, const char *mend,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(report, verdict, mend, format, args);
    va_end(args);
}
