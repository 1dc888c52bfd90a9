/* SPDX-License-Identifier: MIT */
/* credential.h - a GSSAPI credential: who we are, who may come in, and what
 * was asked of it. gss_cred_id_t values handed to and from the mechglue are
 * `struct credential *`. May serve many contexts and threads at once; only
 * gssspi_set_cred_option changes one, before it is used. */

#ifndef GSS_CREDENTIAL_H
#define GSS_CREDENTIAL_H

#include "accounts/accounts.h"
#include "gss/name.h"
#include "identity/identity.h"
#include "settings/settings.h"

struct credential {
    gss_cred_usage_t usage;          /* what it can really be used for */
    const struct settings *settings; /* a reference */
    struct name *name;               /* whom gss_inquire_cred shows; never NULL */
    struct name *acceptor_name;      /* acceptors: our service; else NULL */
    bool anonymous;                  /* an initiator that logs in as nobody */
    struct identity *identity;       /* initiators that are somebody; else NULL */
    struct accounts *accounts;       /* acceptors; else NULL */
    char *account_file;              /* named by the cred store; else NULL */
    bool knows_hosts;                /* acceptors: the settings' target_names and
                                      * acceptor_name are all that we go by */
    bool no_ci_flags;                /* GSS_KRB5_CRED_NO_CI_FLAGS_X */
    uint32_t neg_flags;              /* default NegotiateFlags; 0: our own */
};

/* What a caller asks for. Everything is borrowed; NULL: not said. */
struct credential_request {
    gss_cred_usage_t usage;
    const struct name *name;
    const char *domain;   /* for a user whose name has none */
    const char *nt_hash;  /* 32 hexadecimal digits */
    const char *password; /* UTF-8 */
    size_t password_len;
    const char *account_file;
};

/* Makes a credential for one usage or for both; with both, one for which there
 * is nothing here is left out as long as the other remains. Quiet and fast when there is
 * nothing: NTLM_ERR_NO_IDENTITY, NTLM_ERR_NO_ACCOUNTS. The caller frees it. */
enum ntlm_error credential_make(const struct credential_request *request,
                                struct credential **credential);

void credential_free(struct credential *credential); /* cleanses; NULL is fine */

#endif
