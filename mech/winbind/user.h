/* SPDX-License-Identifier: MIT */
/* user.h - who is logged in through winbind, which keeps the password in its
 * memory and answers servers' CHALLENGEs with it, for this user alone. For
 * identity.c. */

#ifndef WINBIND_USER_H
#define WINBIND_USER_H

#include "ntlm/wire.h"

/* Finds whose password is kept: the user's as named; with user NULL that of the
 * domain's account that this process runs as. domain may be "" (the machine's
 * own) and its DNS name. NTLM_ERR_NO_IDENTITY, with the reason. On NTLM_OK
 * *user_found and *domain_found are heap memory, the caller's. */
enum ntlm_error winbind_user_find(unsigned seconds, const char *user, const char *domain,
                                  char **user_found, char **domain_found);

/* Answers as struct ntlm_secret has it. NTLM_ERR_NO_IDENTITY when the password
 * is not kept any more, NTLM_ERR_NO_AUTHORITY. */
enum ntlm_error winbind_user_answer(unsigned seconds, const char *user, const char *domain,
                                    struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                    struct ntlm_writer *authenticate, uint8_t session_key[16]);

#endif
