/* SPDX-License-Identifier: MIT */
/* accounts.c - opens the sources and asks them in turn. Their order is decided in
 * settings/sources.h. */

#include "config.h"

#include "accounts/accounts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/source.h"
#include "settings/sources.h"
#include "support/failure.h"
#include "support/trace.h"
#include "userfile/userfile.h"
#include "winbind/winbind.h"

struct accounts {
    atomic_uint references;
    struct source_order order; /* never empty */
    char *file;                /* the account file's path; NULL: not a source */
    unsigned winbind_timeout;  /* seconds */
};

static bool has_source(const struct accounts *accounts, enum account_source source)
{
    for (size_t i = 0; i < accounts->order.count; i++)
        if (accounts->order.sources[i] == source)
            return true;
    return false;
}

/* A file that the caller names is the only source. */
static struct source_order choose_sources(const struct settings *settings, const char *file)
{
    if (file)
        return (struct source_order){.sources = {ACCOUNTS_IN_FILE}, .count = 1};
    return settings_sources(settings, settings_account_file(settings) != NULL,
                            winbind_is_there);
}

static enum ntlm_error open_sources(struct accounts *made, const struct settings *settings,
                                    const char *file)
{
    enum ntlm_error error;

    made->order = choose_sources(settings, file);
    if (made->order.count == 0)
        return fail(NTLM_ERR_NO_ACCOUNTS, NULL);
    made->winbind_timeout = settings->winbind_timeout;
    if (!has_source(made, ACCOUNTS_IN_FILE))
        return NTLM_OK;
    if (!file)
        file = settings_account_file(settings);
    error = userfile_check(file);
    if (error)
        return error;
    made->file = strdup(file);
    return made->file ? NTLM_OK : fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
}

enum ntlm_error accounts_open(const struct settings *settings, const char *file,
                              struct accounts **accounts)
{
    struct accounts *made = calloc(1, sizeof(*made));
    enum ntlm_error error;

    *accounts = NULL;
    if (!made)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    atomic_init(&made->references, 1);
    error = open_sources(made, settings, file);
    if (error)
        accounts_close(made);
    else
        *accounts = made;
    return error;
}

struct accounts *accounts_ref(struct accounts *accounts)
{
    atomic_fetch_add(&accounts->references, 1);
    return accounts;
}

void accounts_close(struct accounts *accounts)
{
    if (!accounts || atomic_fetch_sub(&accounts->references, 1) != 1)
        return;
    free(accounts->file);
    free(accounts);
}

const struct winbind_domain *accounts_domain(const struct accounts *accounts)
{
    const struct winbind_domain *domain = NULL;

    if (has_source(accounts, ACCOUNTS_IN_WINBIND))
        winbind_domain_get(accounts->winbind_timeout, &domain);
    return domain;
}

static enum ntlm_error ask(const struct account_source_arg *arg, enum account_source source,
                           const struct ntlm_logon *logon, struct account_reply *reply,
                           bool *unknown)
{
    return source == ACCOUNTS_IN_FILE ? accounts_ask_file(arg, logon, reply, unknown)
                                      : accounts_ask_winbind(arg, logon, reply, unknown);
}

enum ntlm_error accounts_logon(struct accounts *accounts, const struct settings *settings,
                               const struct ntlm_logon *logon, struct account_reply *reply)
{
    const struct account_source_arg arg = {.file = accounts->file,
                                           .settings = settings,
                                           .winbind_timeout = accounts->winbind_timeout};
    bool unknown = true;
    const char *source = NULL;
    enum ntlm_error error = NTLM_ERR_LOGON_DENIED;

    memset(reply, 0, sizeof(*reply));
    for (size_t i = 0; i < accounts->order.count && unknown; i++) {
        source = accounts->order.sources[i] == ACCOUNTS_IN_FILE ? "file" : "winbind";
        error = ask(&arg, accounts->order.sources[i], logon, reply, &unknown);
    }
    if (error)
        account_reply_clear(reply);
    else
        trace("accounts: \"%s%s%s\" logged in", reply->domain, *reply->domain ? "\\" : "",
              reply->user);
    reply->source = source;
    return error;
}
