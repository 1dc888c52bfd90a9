/* SPDX-License-Identifier: MIT */
/* restrict.h - "Restrict NTLM": whether the administrator lets NTLM out and in
 * ([MS-NLMP] 3.1.1.1 ClientBlocked and ClientBlockExceptions, 3.2.1.1
 * ServerBlock; in Windows RestrictSendingNTLMTraffic, ClientAllowedNTLMServers
 * and RestrictReceivingNTLMTraffic). */

#ifndef GSS_RESTRICT_H
#define GSS_RESTRICT_H

#include "gss/name.h"
#include "ntlm/logon.h"
#include "settings/settings.h"

/* For each of these: NTLM_ERR_FIPS_MODE or NTLM_ERR_FIPS_MODE_UNKNOWN, unless
 * allow_in_fips_mode says otherwise. */

/* For a credential: NTLM_ERR_SENDING_RESTRICTED when there is no server that
 * NTLM may go to, NTLM_ERR_RECEIVING_RESTRICTED. */
enum ntlm_error restrict_initiator(const struct settings *settings);
enum ntlm_error restrict_acceptor(const struct settings *settings);

/* For a context: NTLM_ERR_SENDING_RESTRICTED when NTLM may not go to this
 * target. NULL: none was named, which only a pattern for all servers allows. A login of
 * `source` that "deny" would refuse is traced and recorded in the system's log. */
enum ntlm_error restrict_target(const struct settings *settings, const struct name *target,
                                const struct name *source);

/* Traces a client whose login "deny" would refuse; its record says so, too. */
void restrict_audit(const struct settings *settings, const struct ntlm_logon *logon);

#endif
