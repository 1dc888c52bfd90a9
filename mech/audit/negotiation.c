/* SPDX-License-Identifier: MIT */
/* negotiation.c - see negotiation.h. */

#include "config.h"

#include "audit/negotiation.h"

#include "audit/record.h"

/* Random, as in audit.c. */
#define NEGOTIATION_ID "c7db6f928cdc4227b7644c6b7b7721d9"
#define REFUSAL_ID "b34ec9f5fa0b41c9b6a30a070a398d61"

struct kind {
    const char *identifier, *message_id, *text;
};

static void record_failure(const struct kind *kind, const struct settings *settings,
                           const char *account, const char *reason)
{
    struct audit_record record;
    struct audit_socket log;

    if (settings && settings->audit_logons == AUDIT_OFF)
        return;
    log = audit_socket_open_system();
    if (log.fd < 0)
        return;
    audit_record_begin(&record, kind->identifier, kind->message_id, AUDIT_NOTICE, kind->text);
    audit_record_add(&record, "outcome", "failure");
    audit_record_add(&record, "account", account);
    audit_record_add(&record, "reason", reason);
    audit_record_send(&record, &log);
}

void audit_negotiation(const struct settings *settings, const char *account, const char *reason)
{
    static const struct kind kind = {"mech_spnego", NEGOTIATION_ID, "negotiation"};

    record_failure(&kind, settings, account, reason);
}

void audit_refusal(const struct settings *settings, const char *account, const char *reason)
{
    static const struct kind kind = {"mech_ntlmssp", REFUSAL_ID, "refusal"};

    record_failure(&kind, settings, account, reason);
}
