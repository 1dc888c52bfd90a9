/* SPDX-License-Identifier: MIT */
/* audit.h - the record of logons for the administrator: one line of the system's log for
 * each login to a server that ended, well or not, and one for each login to elsewhere
 * that restrict_sending_ntlm = audit notes. Whether is audit_logons' to say; where to is
 * socket.h's. No secret is in it. A log that is not there, or full, changes nothing for
 * the login. Safe from any thread and after fork. */

#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "ntlm/acceptor.h"
#include "settings/settings.h"

/* What is known of a login when it ends. Strings are borrowed and may be NULL. */
struct audit_logon {
    enum ntlm_error error;          /* NTLM_OK: it succeeded */
    const char *detail;             /* behind the error */
    const struct ntlm_logon *logon; /* what the client sent; NULL: nothing yet */
    const char *user, *domain;      /* the account, where it succeeded */
    const char *source;             /* where the account was looked up */
    const char *service;            /* the server's own name, where its program gave one */
    const char *target;             /* the one that the client meant (MsvAvTargetName) */
    const char *peer;               /* the client's address, where its program gave one */
    enum ntlm_channel channel;
    bool mic; /* the exchange was protected as a whole */
};

/* Records it, if these settings say so; NULL: they could not be read, so it is. */
void audit_logon(const struct settings *settings, const struct audit_logon *logon);

/* Records that restrict_sending_ntlm = deny would keep us from this host ("": it has no
 * name). */
void audit_sending(const char *host, const char *user, const char *domain);

#endif
