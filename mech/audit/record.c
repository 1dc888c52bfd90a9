/* SPDX-License-Identifier: MIT */
/* record.c - puts records together. The journal's form is that of its native protocol
 * (systemd.io/JOURNAL_NATIVE_PROTOCOL): a datagram of NAME=value lines. Syslog's is that of
 * a local socket: <priority>tag[pid]: text. The daemon adds the time. */

#include "config.h"

#include "audit/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/printable.h"

#define FACILITY_AUTH 4

/* Appends what fits whole, with a byte to spare. */
static void append(char *out, size_t *len, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void append(char *out, size_t *len, const char *format, ...)
{
    size_t room = AUDIT_RECORD_MAX - *len;
    va_list args;
    int needed;

    va_start(args, format);
    needed = vsnprintf(out + *len, room, format, args);
    va_end(args);
    if (needed > 0 && (size_t)needed < room)
        *len += (size_t)needed;
}

void audit_record_begin(struct audit_record *record, const char *identifier,
                        const char *message_id, enum audit_priority priority, const char *text)
{
    record->identifier = identifier;
    record->message_id = message_id;
    record->priority = priority;
    record->text_len = record->fields_len = 0;
    append(record->text, &record->text_len, "%s", text);
}

/* Locale or not, names of fields are ASCII. */
static void upper(const char *name, char *out, size_t out_size)
{
    size_t used = 0;

    for (; *name && used < out_size - 1; name++)
        out[used++] = (char)(*name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
    out[used] = '\0';
}

void audit_record_add(struct audit_record *record, const char *name, const char *value)
{
    char shown[AUDIT_VALUE_MAX], field[32];

    if (!value || !*value)
        return;
    printable_quoted(value, shown, sizeof(shown));
    upper(name, field, sizeof(field));
    append(record->text, &record->text_len, " %s=\"%s\"", name, shown);
    append(record->fields, &record->fields_len, "NTLM_%s=%s\n", field, shown);
}

void audit_record_send(struct audit_record *record, struct audit_socket *log)
{
    char head[256];
    int head_len;

    if (log->journal)
        head_len =
            snprintf(head, sizeof(head),
                     "PRIORITY=%d\nSYSLOG_FACILITY=%d\nSYSLOG_IDENTIFIER=%s\n"
                     "MESSAGE_ID=%s\nMESSAGE=",
                     record->priority, FACILITY_AUTH, record->identifier, record->message_id);
    else
        head_len =
            snprintf(head, sizeof(head), "<%d>%s[%ld]: ", FACILITY_AUTH * 8 + record->priority,
                     record->identifier, (long)getpid());
    if (log->journal)
        record->text[record->text_len++] = '\n';
    struct iovec parts[] = {
        {head, (size_t)head_len},
        {record->text, record->text_len},
        {record->fields, record->fields_len},
    };
    audit_socket_send(log, parts, log->journal ? 3 : 2);
}
