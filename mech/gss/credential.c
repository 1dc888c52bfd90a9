/* SPDX-License-Identifier: MIT */
/* credential.c - making a credential out of a name, a secret, the account
 * file and the settings. The functions that GSSAPI callers see are in
 * credential_acquire.c, credential_inquire.c and credential_export.c. */

#include "config.h"

#include "gss/credential.h"

#include <stdlib.h>
#include <string.h>

#include "gss/restrict.h"
#include "gss/target.h"
#include "support/failure.h"

void credential_free(struct credential *credential)
{
    if (!credential)
        return;
    identity_release(credential->identity);
    accounts_close(credential->accounts);
    settings_put(credential->settings);
    name_free(credential->name);
    name_free(credential->acceptor_name);
    name_free(credential->login_name);
    free(credential->account_file);
    free(credential);
}

/* In the account file, among the logins, or as winbind has us. */
static enum ntlm_error look_up_identity(struct credential *made, const char *file,
                                        const char *user, const char *domain)
{
    enum ntlm_error error = identity_find(made->settings, file, user, domain, &made->identity);

    if (error || !identity_is_login(made->identity))
        return error;
    made->by_login = true;
    return user ? name_of_user(user, domain, &made->login_name) : NTLM_OK;
}

/* Whoever logs in: by a secret that was given, else by what is found for the name. */
static enum ntlm_error find_identity(struct credential *made,
                                     const struct credential_request *request)
{
    const struct name *name = request->name;
    const char *user = name && name->kind == NAME_USER ? name->user : NULL;
    const char *domain = user ? name->domain : NULL;

    if (name && name->kind == NAME_ANONYMOUS) {
        made->anonymous = true;
        return NTLM_OK;
    }
    if (name && name->kind == NAME_SERVICE)
        return fail(NTLM_ERR_NO_IDENTITY, "a service name cannot initiate");
    if (request->domain && (!domain || !*domain))
        domain = request->domain;
    if ((request->nt_hash || request->password) && !user) {
        user = made->settings->user;
        if (!user)
            return fail(NTLM_ERR_NO_IDENTITY, "a password was given without a user name");
    }
    if (request->nt_hash)
        return identity_from_nt_hash(user, domain, request->nt_hash, &made->identity);
    if (request->password)
        return identity_from_password(user, domain, request->password, request->password_len,
                                      &made->identity);
    return look_up_identity(made, request->account_file, user, domain);
}

/* Our service: as it was asked for, else this host. */
static enum ntlm_error name_acceptor(struct credential *made,
                                     const struct credential_request *request)
{
    const struct settings *settings = made->settings;
    const char *host = !settings                ? "localhost"
                       : settings->dns_computer ? settings->dns_computer
                                                : settings->netbios_computer;

    if (request->name && request->name->kind == NAME_SERVICE) {
        made->knows_hosts = *request->name->host != '\0';
        made->acceptor_name = name_ref(request->name);
        return NTLM_OK;
    }
    return name_of_service("host", host, &made->acceptor_name);
}

/* What gss_inquire_cred shows. mod_auth_gssapi wants a name from an acceptor's
 * credential and the mechglue crashes without one, so there is always one. */
static enum ntlm_error name_it(struct credential *made,
                               const struct credential_request *request)
{
    if (made->identity)
        return name_of_user(identity_user(made->identity), identity_domain(made->identity),
                            &made->name);
    made->name = name_ref(request->name ? request->name : made->acceptor_name);
    return NTLM_OK;
}

/* Whether the error says no more than that this usage has no credential here. A
 * mistake of the caller's or a failure of this process is another error. */
static bool is_nothing_here(enum ntlm_error error)
{
    return error == NTLM_ERR_NO_IDENTITY || error == NTLM_ERR_NO_ACCOUNTS ||
           error == NTLM_ERR_NO_SUCH_LINE || error == NTLM_ERR_FILE_UNREADABLE ||
           error == NTLM_ERR_FILE_INSECURE || error == NTLM_ERR_LOGIN_EXPIRED ||
           error == NTLM_ERR_BAD_LOGIN || error == NTLM_ERR_SENDING_RESTRICTED ||
           error == NTLM_ERR_RECEIVING_RESTRICTED || error == NTLM_ERR_FIPS_MODE ||
           error == NTLM_ERR_FIPS_MODE_UNKNOWN;
}

/* Whether a source is named, so that it is for who accepts to say what is wrong with it.
 * Of a file in the cred store that is to serve both usages, the program hears at once. */
static bool is_source_named(const struct credential *made)
{
    if (made->account_file)
        return made->usage == GSS_C_ACCEPT;
    return settings_account_file(made->settings) || made->settings->account_sources.count > 0;
}

enum ntlm_error credential_open_accounts(struct credential *made)
{
    enum ntlm_error error = accounts_open(made->settings, made->account_file, &made->accounts);

    made->accounts_due = is_nothing_here(error) && is_source_named(made);
    return made->accounts_due ? NTLM_OK : error;
}

static enum ntlm_error find_accounts(struct credential *made)
{
    enum ntlm_error error = restrict_acceptor(made->settings);

    return error ? error : credential_open_accounts(made);
}

enum ntlm_error credential_accounts(const struct credential *credential,
                                    const struct settings *settings, struct accounts **accounts)
{
    *accounts = NULL;
    if (credential->accounts) {
        *accounts = accounts_ref(credential->accounts);
        return NTLM_OK;
    }
    return accounts_open(settings, credential->account_file, accounts);
}

static enum ntlm_error identity_of_login(const struct credential *credential,
                                         const struct settings *settings, const char *host,
                                         struct identity **identity)
{
    const struct name *name = credential->login_name;

    return identity_find_for_host(settings, name ? name->user : NULL,
                                  name ? name->domain : NULL, host, identity);
}

enum ntlm_error credential_identity(const struct credential *credential,
                                    const struct settings *settings, const struct name *target,
                                    struct identity **identity)
{
    enum ntlm_error error;
    char *host;

    *identity = NULL;
    if (!credential->identity)
        return fail(NTLM_ERR_NOT_INITIATOR, NULL);
    if (!identity_is_login(credential->identity)) {
        *identity = identity_ref(credential->identity);
        return NTLM_OK;
    }
    host = target_host(target);
    if (!host)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (credential->by_login) {
        error = identity_of_login(credential, settings, host, identity);
    } else {
        error = identity_check_host(credential->identity, host);
        if (!error)
            *identity = identity_ref(credential->identity);
    }
    free(host);
    return error;
}

OM_uint32 credential_lifetime(const struct credential *credential)
{
    return credential->identity ? identity_lifetime(credential->identity) : GSS_C_INDEFINITE;
}

/* With both usages, one that has no credential here is left out. */
static enum ntlm_error find_usages(struct credential *made,
                                   const struct credential_request *request)
{
    const bool both = request->usage == GSS_C_BOTH;
    enum ntlm_error accept = NTLM_OK, initiate = NTLM_OK;

    made->usage = request->usage;
    if (request->usage != GSS_C_INITIATE)
        accept = find_accounts(made);
    if (accept && !(both && is_nothing_here(accept)))
        return accept;
    if (request->usage != GSS_C_ACCEPT)
        initiate = restrict_initiator(made->settings);
    if (request->usage != GSS_C_ACCEPT && !initiate)
        initiate = find_identity(made, request);
    if (accept) {
        made->usage = GSS_C_INITIATE;
    } else if (both && is_nothing_here(initiate)) {
        made->usage = GSS_C_ACCEPT;
        return NTLM_OK;
    }
    return initiate;
}

static enum ntlm_error fill(struct credential *made, const struct credential_request *request)
{
    enum ntlm_error error = settings_get(&made->settings);

    if (error == NTLM_ERR_BAD_SETTING && request->usage == GSS_C_ACCEPT) {
        made->usage = GSS_C_ACCEPT;
        made->accounts_due = true;
        error = name_acceptor(made, request);
        return error ? error : name_it(made, request);
    }
    if (error)
        return error;
    if (request->account_file) {
        made->account_file = strdup(request->account_file);
        if (!made->account_file)
            return NTLM_ERR_OUT_OF_MEMORY;
    }
    error = find_usages(made, request);
    if (!error && (made->accounts || made->accounts_due))
        error = name_acceptor(made, request);
    if (!error)
        error = name_it(made, request);
    return error;
}

enum ntlm_error credential_make(const struct credential_request *request,
                                struct credential **credential)
{
    struct credential *made = calloc(1, sizeof(*made));
    enum ntlm_error error;

    *credential = NULL;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = fill(made, request);
    if (!error) {
        *credential = made;
        made = NULL;
    }
    credential_free(made);
    return error;
}
