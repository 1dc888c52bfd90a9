/* SPDX-License-Identifier: MIT */
/* negotiation.c - see negotiation.h. */

#include "config.h"

#include "audit/negotiation.h"

#include "audit/record.h"

#define IDENTIFIER "mech_spnego"
#define NEGOTIATION_ID "c7db6f928cdc4227b7644c6b7b7721d9" /* random, as in audit.c */

void audit_negotiation(const struct settings *settings, const char *account, const char *reason)
{
    struct audit_record record;
    struct audit_socket log;

    if (settings && settings->audit_logons == AUDIT_OFF)
        return;
    log = audit_socket_open_system();
    if (log.fd < 0)
        return;
    audit_record_begin(&record, IDENTIFIER, NEGOTIATION_ID, AUDIT_NOTICE, "negotiation");
    audit_record_add(&record, "outcome", "failure");
    audit_record_add(&record, "account", account);
    audit_record_add(&record, "reason", reason);
    audit_record_send(&record, &log);
}
