/* SPDX-License-Identifier: MIT */
/* stub.c - the whole of winbind in a build without libwbclient (configure
 * --without-winbind): there is none. */

#include "config.h"

#include <stddef.h>

#include "ntlm/secret.h"
#include "support/failure.h"
#include "winbind/domain.h"
#include "winbind/logon.h"
#include "winbind/user.h"
#include "winbind/winbind.h"

#define NOT_BUILT_IN "this module was built without winbind"

bool winbind_is_there(void)
{
    return false;
}

enum ntlm_error winbind_domain_get(unsigned seconds, const struct winbind_domain **domain)
{
    (void)seconds;
    *domain = NULL;
    return fail(NTLM_ERR_NO_AUTHORITY, NOT_BUILT_IN);
}

void winbind_domain_put(const struct winbind_domain *domain)
{
    (void)domain;
}

enum ntlm_error winbind_logon(unsigned seconds, const struct ntlm_logon *logon,
                              struct winbind_account *account, bool *unknown)
{
    (void)seconds;
    (void)logon;
    *account = (struct winbind_account){0};
    *unknown = false;
    return fail(NTLM_ERR_NO_AUTHORITY, NOT_BUILT_IN);
}

void winbind_account_clear(struct winbind_account *account)
{
    ntlm_cleanse(account, sizeof(*account));
}

enum ntlm_error winbind_user_find(unsigned seconds, const char *user, const char *domain,
                                  char **user_found, char **domain_found)
{
    (void)seconds;
    (void)user;
    (void)domain;
    *user_found = *domain_found = NULL;
    return fail(NTLM_ERR_NO_IDENTITY, NOT_BUILT_IN);
}

enum ntlm_error winbind_user_respond(unsigned seconds, const char *user, const char *domain,
                                     struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                     struct ntlm_writer *authenticate, uint8_t session_key[16])
{
    (void)seconds;
    (void)user;
    (void)domain;
    (void)negotiate;
    (void)challenge;
    (void)authenticate;
    (void)session_key;
    return fail(NTLM_ERR_NO_AUTHORITY, NOT_BUILT_IN);
}
