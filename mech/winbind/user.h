/* SPDX-License-Identifier: MIT */
/* user.h - users who logged in through winbind. It keeps their passwords in its
 * memory and answers CHALLENGEs with them, for processes of the same user only. */

#ifndef WINBIND_USER_H
#define WINBIND_USER_H

#include "ntlm/wire.h"

/* Finds a user whose password winbind has: the named one; with user NULL the domain's
 * account that this process runs as. domain may be "" (this machine's domain) or
 * the domain's DNS name. Waits `seconds` at most. NTLM_ERR_NO_IDENTITY, with the
 * reason; NTLM_ERR_OUT_OF_MEMORY; recorded. On NTLM_OK *user_found and
 * *domain_found are heap memory, the caller's. */
enum ntlm_error winbind_user_find(unsigned seconds, const char *user, const char *domain,
                                  char **user_found, char **domain_found);

/* Makes the AUTHENTICATE as struct ntlm_secret's callback does.
 * NTLM_ERR_NO_IDENTITY when winbind does not have the password any more,
 * NTLM_ERR_NO_AUTHORITY, NTLM_ERR_OUT_OF_MEMORY; recorded. */
enum ntlm_error winbind_user_respond(unsigned seconds, const char *user, const char *domain,
                                     struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                     struct ntlm_writer *authenticate, uint8_t session_key[16]);

#endif
