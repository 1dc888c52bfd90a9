/* credential.h - a GSSAPI credential: who we are, who may come in, and what
 * was asked of it. gss_cred_id_t values handed to and from the mechglue are
 * `struct credential *`. May serve many contexts and threads at once; only
 * gssspi_set_cred_option changes one, before it is used. */

#ifndef GSS_CREDENTIAL_H
#define GSS_CREDENTIAL_H

#include "accounts/accounts.h"
#include "gss/name.h"
#include "identity/identity.h"
#include "settings.h"

struct credential {
    gss_cred_usage_t usage;
    const struct settings *settings; /* a reference */
    struct name *name;               /* as initiator our user, as acceptor our
                                      * service; NULL when not known */
    bool anonymous;                  /* an initiator that logs in as nobody */
    struct identity *identity;       /* initiators; NULL: none to be had, or anonymous */
    struct accounts *accounts;       /* acceptors; else NULL */
    bool no_ci_flags;                /* GSS_KRB5_CRED_NO_CI_FLAGS_X */
    uint32_t neg_flags;              /* default NegotiateFlags; 0: our own */
};

/* The credential behind GSS_C_NO_CREDENTIAL for this usage (GSS_C_INITIATE or
 * GSS_C_ACCEPT). The caller frees it. Quiet and fast when there is nothing:
 * NTLM_ERR_NO_IDENTITY, NTLM_ERR_NO_ACCOUNTS. */
enum ntlm_error credential_default(gss_cred_usage_t usage, struct credential **credential);
void credential_free(struct credential *credential); /* NULL is fine */

#endif
