/* SPDX-License-Identifier: MIT */
/* impersonate.c - a server's thread becomes the client's account and itself
 * again: ImpersonateSecurityContext, RevertSecurityContext. A client's account
 * is the local one that gss_localname finds for its name; with it comes the
 * credential that the client delegated, for CredHandles that are acquired
 * meanwhile (credential.c).
 *
 * As on Windows: a thread that impersonates one client may go on to the next,
 * reverting leads back to itself at once, and code that runs as the client
 * could revert too. */

#include "config.h"

#include "impersonate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context.h"
#include "persona.h"

/* A thread's, while it impersonates. */
struct disguise {
    struct persona self;           /* its own persona */
    struct delegation *delegation; /* a reference; NULL: the client delegated nothing */
};

/* Gone when the thread ends. */
static pthread_key_t disguise_key;
static pthread_once_t disguise_once = PTHREAD_ONCE_INIT;
static bool disguise_usable;

static void free_disguise(void *value)
{
    struct disguise *disguise = value;

    persona_clear(&disguise->self);
    delegation_release(disguise->delegation);
    free(disguise);
}

static void make_key(void)
{
    disguise_usable = pthread_key_create(&disguise_key, free_disguise) == 0;
}

/* A thread must not end in a library that is gone. */
__attribute__((destructor)) static void delete_key(void)
{
    if (disguise_usable)
        pthread_key_delete(disguise_key);
}

/* NULL when the thread impersonates nobody. */
static struct disguise *find_disguise(void)
{
    pthread_once(&disguise_once, make_key);
    return disguise_usable ? pthread_getspecific(disguise_key) : NULL;
}

struct delegation *impersonate_delegation(void)
{
    struct disguise *disguise = find_disguise();

    return disguise ? disguise->delegation : NULL;
}

/* *fresh: the thread impersonates nobody yet. */
static SECURITY_STATUS have_disguise(struct disguise **disguise, bool *fresh)
{
    SECURITY_STATUS status;

    *disguise = find_disguise();
    *fresh = !*disguise;
    if (*disguise)
        return SEC_E_OK;
    if (!disguise_usable)
        return SEC_E_INTERNAL_ERROR;
    *disguise = calloc(1, sizeof(**disguise));
    if (!*disguise)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = persona_read(&(*disguise)->self);
    if (status == SEC_E_OK && pthread_setspecific(disguise_key, *disguise) != 0)
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (status != SEC_E_OK)
        free_disguise(*disguise);
    return status;
}

static void drop_disguise(struct disguise *disguise)
{
    pthread_setspecific(disguise_key, NULL);
    free_disguise(disguise);
}

/* The client's local account, malloc'd. Whoever cannot be found one cannot be
 * impersonated, whatever the reason. */
static SECURITY_STATUS find_account(const struct context *context, char **account)
{
    gss_buffer_desc local = GSS_C_EMPTY_BUFFER;
    gss_name_t client = GSS_C_NO_NAME;
    SECURITY_STATUS status = SEC_E_NO_IMPERSONATION;
    OM_uint32 minor;

    *account = NULL;
    if (context_names(context, &client, NULL) == SEC_E_OK && client != GSS_C_NO_NAME &&
        gss_localname(&minor, client, GSS_C_NO_OID, &local) == GSS_S_COMPLETE &&
        local.length > 0 && !memchr(local.value, '\0', local.length)) {
        *account = strndup(local.value, local.length);
        status = *account ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
    }
    gss_release_buffer(&minor, &local);
    gss_release_name(&minor, &client);
    return status;
}

/* Takes over the reference to the delegation (NULL is fine). */
static SECURITY_STATUS become(const char *account, struct delegation *delegation)
{
    struct disguise *disguise = NULL;
    struct persona client = {0};
    bool fresh = false;
    SECURITY_STATUS status = have_disguise(&disguise, &fresh);

    if (status != SEC_E_OK)
        goto out;
    status = persona_of_account(account, &disguise->self, &client);
    if (status == SEC_E_OK)
        status = persona_wear(&client);
    persona_clear(&client);
    if (status == SEC_E_OK) {
        struct delegation *former = disguise->delegation;
        disguise->delegation = delegation;
        delegation = former;
    } else if (fresh) {
        drop_disguise(disguise);
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
    else if (context->gss_flags & GSS_C_IDENTIFY_FLAG) /* the client allows no more */
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
    struct disguise *disguise;

    if (status == SEC_E_OK && context->initiator)
        status = SEC_E_INVALID_HANDLE;
    context_leave(context);
    if (status != SEC_E_OK)
        return status;
    disguise = find_disguise();
    if (!disguise)
        return SEC_E_OK;
    status = persona_wear(&disguise->self);
    if (status == SEC_E_OK)
        drop_disguise(disguise);
    return status;
}

/* There are no access tokens here. */
SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext, void **Token)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);

    (void)Token;
    context_leave(context);
    return status == SEC_E_OK ? SEC_E_UNSUPPORTED_FUNCTION : status;
}
