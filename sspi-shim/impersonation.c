/* SPDX-License-Identifier: MIT */
/* impersonation.c - ImpersonateSecurityContext and RevertSecurityContext: a server's
 * thread takes the credentials of the client's account, and its own again. The
 * account is the local one that gss_localname finds for the client's name. With
 * it comes what the client delegated, for CredHandles that are acquired
 * meanwhile (credential.c).
 *
 * As on Windows a thread that impersonates one client may go on to the next,
 * reverting leads back to its own credentials at once, and code that runs
 * in the thread could revert too. */

#include "config.h"

#include "impersonation.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gssapi/gssapi_ext.h>

#include "context.h"
#include "package.h"
#include "status.h"
#include "support/outputs.h"
#include "support/sysaccount.h"
#include "thread_cred.h"

/* Of a thread that impersonates. */
struct impersonation {
    struct thread_cred self;       /* its own credentials */
    struct delegation *delegation; /* a reference; NULL: the client delegated nothing */
};

static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;
static bool thread_key_usable;

static void free_impersonation(void *value)
{
    struct impersonation *impersonation = value;

    thread_cred_clear(&impersonation->self);
    delegation_release(impersonation->delegation);
    free(impersonation);
}

static void make_key(void)
{
    thread_key_usable = pthread_key_create(&thread_key, free_impersonation) == 0;
}

/* A thread that ends later must not call a destructor that is unloaded. */
__attribute__((destructor)) static void delete_key(void)
{
    if (thread_key_usable)
        pthread_key_delete(thread_key);
}

/* NULL when the thread impersonates nobody. */
static struct impersonation *find_impersonation(void)
{
    pthread_once(&thread_key_once, make_key);
    return thread_key_usable ? pthread_getspecific(thread_key) : NULL;
}

struct delegation *impersonation_delegation(void)
{
    struct impersonation *impersonation = find_impersonation();

    return impersonation ? impersonation->delegation : NULL;
}

/* In a forked child: a thread that impersonates becomes the client for good, and so does
 * one that such a thread has started. */
static void become_client(void)
{
    /* not find_impersonation, which is not async-signal-safe */
    bool impersonates = thread_key_usable && pthread_getspecific(thread_key);

    if ((impersonates || thread_cred_is_clients()) && !thread_cred_give_up_self())
        _exit(EXIT_FAILURE);
}

__attribute__((constructor)) static void register_for_fork(void)
{
    pthread_atfork(NULL, NULL, become_client);
}

/* *first: the thread did not impersonate. */
static SECURITY_STATUS need_impersonation(struct impersonation **impersonation, bool *first)
{
    SECURITY_STATUS status;

    *impersonation = find_impersonation();
    *first = !*impersonation;
    if (*impersonation)
        return SEC_E_OK;
    if (!thread_key_usable)
        return SEC_E_INTERNAL_ERROR;
    *impersonation = calloc(1, sizeof(**impersonation));
    if (!*impersonation)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = thread_cred_read(&(*impersonation)->self);
    if (status == SEC_E_OK && pthread_setspecific(thread_key, *impersonation) != 0)
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (status != SEC_E_OK)
        free_impersonation(*impersonation);
    return status;
}

static void end_impersonation(struct impersonation *impersonation)
{
    pthread_setspecific(thread_key, NULL);
    free_impersonation(impersonation);
}

/* SEC_E_NO_IMPERSONATION, whatever the reason, but not where memory ended: the next try
 * may succeed. */
static SECURITY_STATUS status_of_refusal(SECURITY_STATUS status)
{
    return status == SEC_E_OK || status == SEC_E_INSUFFICIENT_MEMORY ? status
                                                                     : SEC_E_NO_IMPERSONATION;
}

/* The local account of this name, malloc'd. SEC_E_NO_IMPERSONATION when it has none. */
static SECURITY_STATUS local_account(gss_name_t name, gss_const_OID mech, char **account)
{
    gss_buffer_desc local = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, major = gss_localname(&minor, name, mech, &local);
    SECURITY_STATUS status = status_of_refusal(status_of(major, minor, mech));

    *account = NULL;
    if (status == SEC_E_OK && (local.length == 0 || memchr(local.value, '\0', local.length)))
        status = SEC_E_NO_IMPERSONATION;
    if (status == SEC_E_OK && !(*account = strndup(local.value, local.length)))
        status = SEC_E_INSUFFICIENT_MEMORY;
    gss_release_buffer(&minor, &local);
    return status;
}

/* The client's local account, malloc'd. */
static SECURITY_STATUS find_account(const struct context *context, char **account)
{
    gss_name_t client = GSS_C_NO_NAME;
    SECURITY_STATUS status = status_of_refusal(context_names(context, &client, NULL));
    OM_uint32 minor;

    *account = NULL;
    if (status == SEC_E_OK)
        status = client == GSS_C_NO_NAME ? SEC_E_NO_IMPERSONATION
                                         : local_account(client, GSS_C_NO_OID, account);
    gss_release_name(&minor, &client);
    return status;
}

/* Whether a login may become this account of the system: SEC_E_OK. NTLM's gss_localname
 * knows the setting that lists those; what Kerberos' says is by krb5.conf's rules, which
 * know of none. */
static SECURITY_STATUS check_listed(const char *account)
{
    gss_buffer_desc text = {strlen(account), (void *)(uintptr_t)account};
    gss_const_OID mech = package_of(PACKAGE_NTLM)->mech;
    gss_name_t user = GSS_C_NO_NAME, name = GSS_C_NO_NAME;
    char *local = NULL;
    SECURITY_STATUS status;
    OM_uint32 minor, major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &user);

    if (major == GSS_S_COMPLETE)
        major = gss_canonicalize_name(&minor, user, (gss_OID)(uintptr_t)mech, &name);
    status = status_of_refusal(status_of(major, minor, mech));
    if (status == SEC_E_OK)
        status = local_account(name, mech, &local);
    if (status == SEC_E_OK && strcmp(local, account) != 0)
        status = SEC_E_NO_IMPERSONATION;
    free(local);
    gss_release_name(&minor, &name);
    gss_release_name(&minor, &user);
    return status;
}

static SECURITY_STATUS find_credentials(const char *account, const struct thread_cred *self,
                                        struct thread_cred *client)
{
    SECURITY_STATUS status = thread_cred_of_account(account, self, client);

    if (status == SEC_E_OK && sysaccount_is(client->effective_uid))
        status = check_listed(account);
    return status;
}

/* Takes over the reference to the delegation (NULL is fine). */
static SECURITY_STATUS become(const char *account, struct delegation *delegation)
{
    struct impersonation *impersonation = NULL;
    struct thread_cred client = {0};
    bool first = false;
    SECURITY_STATUS status = need_impersonation(&impersonation, &first);

    if (status != SEC_E_OK)
        goto out;
    status = find_credentials(account, &impersonation->self, &client);
    if (status == SEC_E_OK)
        status = thread_cred_set(&client);
    thread_cred_clear(&client);
    if (status == SEC_E_OK) {
        struct delegation *former = impersonation->delegation;
        impersonation->delegation = delegation;
        delegation = former;
    } else if (first) {
        end_impersonation(impersonation);
    }
out:
    delegation_release(delegation);
    return status;
}

SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);
    struct delegation *delegation = NULL;
    char *account = NULL;

    if (status != SEC_E_OK)
        return status;
    if (context->initiator)
        status = SEC_E_INVALID_HANDLE;
    else if (context->gss_flags & GSS_C_IDENTIFY_FLAG) /* all that the client allows */
        status = SEC_E_NO_IMPERSONATION;
    else
        status = find_account(context, &account);
    if (status == SEC_E_OK)
        delegation = delegation_retain(context->delegation);
    context_leave(context);
    if (status == SEC_E_OK)
        status = become(account, delegation);
    free(account);
    return status;
}

SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);
    struct impersonation *impersonation;

    if (status == SEC_E_OK && context->initiator)
        status = SEC_E_INVALID_HANDLE;
    context_leave(context);
    if (status != SEC_E_OK)
        return status;
    impersonation = find_impersonation();
    if (!impersonation)
        return SEC_E_OK;
    status = thread_cred_set(&impersonation->self);
    if (status == SEC_E_OK)
        end_impersonation(impersonation);
    return status;
}

/* Access tokens are Windows'. */
SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext, void **Token)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);

    EMPTY(Token);
    context_leave(context);
    return status == SEC_E_OK ? SEC_E_UNSUPPORTED_FUNCTION : status;
}
