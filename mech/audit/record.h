/* SPDX-License-Identifier: MIT */
/* record.h - one record of the system's log: a line of name="value" pairs, and the same
 * pairs as fields of the journal. Values may come from a peer: printable_quoted makes
 * them fit, so that none can look like another pair, another line or other text. */

#ifndef AUDIT_RECORD_H
#define AUDIT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/socket.h"

/* A value is cut when it is longer than AUDIT_VALUE_MAX bytes, escapes counted; a record
 * is as long as all its pairs need. */
#define AUDIT_VALUE_MAX 512
#define AUDIT_RECORD_MAX 8192

/* Priorities, as syslog numbers them. */
enum audit_priority { AUDIT_NOTICE = 5, AUDIT_INFO = 6 };

struct audit_record {
    const char *identifier; /* who writes: "mech_ntlmssp" */
    const char *message_id; /* the journal's MESSAGE_ID for records of this kind */
    enum audit_priority priority;
    size_t text_len, fields_len;
    char text[AUDIT_RECORD_MAX], fields[AUDIT_RECORD_MAX];
};

/* Begins a record with this text; the strings must outlive it. */
void audit_record_begin(struct audit_record *record, const char *identifier,
                        const char *message_id, enum audit_priority priority, const char *text);

/* Adds name="value"; in the journal NTLM_NAME=value. name is a word in small letters.
 * A value of NULL or "" is left out. */
void audit_record_add(struct audit_record *record, const char *name, const char *value);

/* Hands it to the log and closes that. */
void audit_record_send(struct audit_record *record, struct audit_socket *log);

#endif
