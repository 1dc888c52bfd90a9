/* impersonate.c - a server's thread becomes the client's account and itself
 * again: ImpersonateSecurityContext, RevertSecurityContext. A client's account
 * is the local one that gss_localname finds for its name.
 *
 * As on Windows: a thread that impersonates one client may go on to the next,
 * reverting leads back to itself at once, and code that runs as the client
 * could revert too. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context.h"
#include "persona.h"

/* The thread's own persona while it wears another's; gone when it ends. */
static pthread_key_t self_key;
static pthread_once_t self_once = PTHREAD_ONCE_INIT;
static bool self_usable;

static void free_self(void *self)
{
    persona_clear(self);
    free(self);
}

static void make_key(void)
{
    self_usable = pthread_key_create(&self_key, free_self) == 0;
}

/* A thread must not end in a library that is gone. */
__attribute__((destructor)) static void delete_key(void)
{
    if (self_usable)
        pthread_key_delete(self_key);
}

/* Who the thread is when it impersonates nobody. *fresh: it does not yet. */
static SECURITY_STATUS find_self(struct persona **self, bool *fresh)
{
    SECURITY_STATUS status;

    pthread_once(&self_once, make_key);
    if (!self_usable)
        return SEC_E_INTERNAL_ERROR;
    *self = pthread_getspecific(self_key);
    *fresh = !*self;
    if (*self)
        return SEC_E_OK;
    *self = malloc(sizeof(**self));
    if (!*self)
        return SEC_E_INSUFFICIENT_MEMORY;
    status = persona_read(*self);
    if (status == SEC_E_OK && pthread_setspecific(self_key, *self) != 0)
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (status != SEC_E_OK)
        free_self(*self);
    return status;
}

static void forget_self(struct persona *self)
{
    pthread_setspecific(self_key, NULL);
    free_self(self);
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

static SECURITY_STATUS become(const char *account)
{
    struct persona *self, client = {0};
    SECURITY_STATUS status;
    bool fresh;

    status = find_self(&self, &fresh);
    if (status != SEC_E_OK)
        return status;
    status = persona_of_account(account, self, &client);
    if (status == SEC_E_OK)
        status = persona_wear(&client);
    persona_clear(&client);
    if (status != SEC_E_OK && fresh)
        forget_self(self);
    return status;
}

SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);
    char *account = NULL;

    if (status != SEC_E_OK)
        return status;
    if (context->initiator)
        status = SEC_E_INVALID_HANDLE;
    else if (context->gss_flags & GSS_C_IDENTIFY_FLAG) /* the client allows no more */
        status = SEC_E_NO_IMPERSONATION;
    else
        status = find_account(context, &account);
    context_leave(context);
    if (status == SEC_E_OK)
        status = become(account);
    free(account);
    return status;
}

SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext)
{
    struct context *context;
    SECURITY_STATUS status = context_enter_complete(phContext, &context);
    struct persona *self;

    if (status == SEC_E_OK && context->initiator)
        status = SEC_E_INVALID_HANDLE;
    context_leave(context);
    if (status != SEC_E_OK)
        return status;
    pthread_once(&self_once, make_key);
    self = self_usable ? pthread_getspecific(self_key) : NULL;
    if (!self) /* the thread impersonates nobody */
        return SEC_E_OK;
    status = persona_wear(self);
    if (status == SEC_E_OK)
        forget_self(self);
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
