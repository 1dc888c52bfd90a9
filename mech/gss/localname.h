/* SPDX-License-Identifier: MIT */
/* localname.h - between NTLM names and this machine's accounts. */

#ifndef GSS_LOCALNAME_H
#define GSS_LOCALNAME_H

#include <sys/types.h>

#include "gss/name.h"
#include "settings/settings.h"

/* The account that a name maps to; *local is the caller's, freed with free().
 * NTLM_ERR_NO_LOCAL_USER. The rule:
 *
 * 1. A user with a domain is the account that the machine itself calls
 *    DOMAIN\user (winbind's and sssd's are).
 * 2. Else, when there is no domain, or it is this machine's own (by any of its
 *    names, settings/domain.h) or one that local_domains lists, the account of that user name
 * with A-Z in lower case, so that every spelling of a user is one account.
 * 3. Never an account of the system (support/sysaccount.h), unless
 *    allowed_system_accounts lists it: an account called root or www-data elsewhere
 *    is not this machine's.
 *
 * Users of other domains, services and the anonymous map to nobody. */
enum ntlm_error local_name_of(const struct name *name, const struct settings *settings,
                              char **local);

/* Why this thread's last gss_localname gave no account of that name; recorded once more
 * (support/failure.h). NTLM_ERR_NO_LOCAL_USER where it was not asked for. */
enum ntlm_error local_name_refusal(const struct name *name);

/* The name of the account with this id. NTLM_ERR_NO_LOCAL_USER. */
enum ntlm_error local_name_of_uid(uid_t uid, char **local);

#endif
