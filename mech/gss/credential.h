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
    bool by_login;                   /* the identity is a login of our own keyring; each
                                      * context takes the one for its target */
    struct name *login_name;         /* who that must be; NULL: anybody */
    struct accounts *accounts;       /* acceptors; else NULL */
    bool accounts_due;               /* acceptors without accounts: a source is named that
                                      * could not be used; each context tries it again */
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

/* Opens an acceptor's accounts for the credential: accounts_open's errors, but a source
 * that the settings name and that cannot be used is left for later (accounts_due). */
enum ntlm_error credential_open_accounts(struct credential *credential);

/* The accounts for a context of a credential that accepts: a reference to its own, else
 * those that are due. accounts_open's errors. */
enum ntlm_error credential_accounts(const struct credential *credential,
                                    const struct settings *settings,
                                    struct accounts **accounts);

/* The identity for a context to this target (NULL: none was named), a reference.
 * NTLM_ERR_NOT_INITIATOR, identity_find_for_host's errors. */
enum ntlm_error credential_identity(const struct credential *credential,
                                    const struct settings *settings, const struct name *target,
                                    struct identity **identity);

/* For how many seconds it can be used to log in: GSS_C_INDEFINITE, and 0 when its time is
 * over. */
OM_uint32 credential_lifetime(const struct credential *credential);

/* Makes a credential for one usage or for both; with both, one for which there
 * is nothing here is left out as long as the other remains. Quiet and fast when there is
 * nothing: NTLM_ERR_NO_IDENTITY, NTLM_ERR_NO_ACCOUNTS. But where the settings name a
 * source of accounts that cannot be used, or are wrong, an acceptor's credential is made
 * all the same: the server's log then has the reason from gss_accept_sec_context, and
 * not another mechanism's for having no credential. The caller frees it. */
enum ntlm_error credential_make(const struct credential_request *request,
                                struct credential **credential);

void credential_free(struct credential *credential); /* cleanses; NULL is fine */

#endif
