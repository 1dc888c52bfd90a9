/* SPDX-License-Identifier: MIT */
/* domain.c - asks winbind for its domain, and remembers what it said. */

#include "config.h"

#include "winbind/domain.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/failure.h"
#include "support/trace.h"
#include "winbind/request.h"

#define MAX_AGE 60 /* seconds */

/* What winbind_domain_get hands out is the first member of one of these. */
struct shared_domain {
    struct winbind_domain domain;
    atomic_uint references;
    time_t made; /* seconds of the monotonic clock */
    char *texts[3];
};

/* The last answer, with a reference of its own. A thread takes it out, uses it
 * and puts it back: there is no lock, which fork could leave locked in the child. */
static _Atomic(struct shared_domain *) last;

struct domain_request {
    struct winbind_request base;
    struct wbcInterfaceDetails *details;
};

static struct shared_domain *shared_of(const struct winbind_domain *domain)
{
    return (struct shared_domain *)(uintptr_t)domain;
}

static const struct winbind_domain *reference(struct shared_domain *shared)
{
    atomic_fetch_add(&shared->references, 1);
    return &shared->domain;
}

static void release(struct shared_domain *shared)
{
    if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
        return;
    for (size_t i = 0; i < sizeof(shared->texts) / sizeof(shared->texts[0]); i++)
        free(shared->texts[i]);
    free(shared);
}

void winbind_domain_put(const struct winbind_domain *domain)
{
    release(domain ? shared_of(domain) : NULL);
}

static time_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec;
}

static void remember(struct shared_domain *shared)
{
    release(atomic_exchange(&last, shared));
}

static wbcErr ask(struct winbind_request *base, const struct wbclient *library,
                  struct wbcContext *context)
{
    struct domain_request *request = (struct domain_request *)base;

    return library->wbcCtxInterfaceDetails(context, &request->details);
}

static void clear(struct winbind_request *base, const struct wbclient *library)
{
    struct domain_request *request = (struct domain_request *)base;

    if (request->details)
        library->wbcFreeMemory(request->details);
}

/* The DNS name may be missing. */
static enum ntlm_error make_domain(const struct wbcInterfaceDetails *details,
                                   struct shared_domain **made)
{
    struct shared_domain *shared;
    const char *names[3];

    *made = NULL;
    if (!details || !wbclient_told(details->netbios_name) ||
        !wbclient_told(details->netbios_domain))
        return fail(NTLM_ERR_NO_AUTHORITY, "winbind does not tell the name of its domain");
    shared = calloc(1, sizeof(*shared));
    if (!shared)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    atomic_init(&shared->references, 1);
    names[0] = details->netbios_name;
    names[1] = details->netbios_domain;
    names[2] = details->dns_domain;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        shared->texts[i] = strdup(names[i] ? names[i] : "");
        if (!shared->texts[i]) {
            release(shared);
            return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
        }
    }
    shared->domain =
        (struct winbind_domain){.netbios_computer = shared->texts[0],
                                .netbios_domain = shared->texts[1],
                                .dns_domain = *shared->texts[2] ? shared->texts[2] : NULL};
    shared->made = now();
    trace("winbind: %s is a member of %s (%s)", shared->texts[0], shared->texts[1],
          shared->texts[2]);
    *made = shared;
    return NTLM_OK;
}

static enum ntlm_error ask_winbind(unsigned seconds, struct shared_domain **made)
{
    struct domain_request *request = calloc(1, sizeof(*request));
    enum ntlm_error error;

    *made = NULL;
    if (!request)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    request->base.ask = ask;
    request->base.clear = clear;
    request->base.local = true;
    error = winbind_ask(&request->base, seconds);
    if (error)
        return error;
    if (request->base.result == WBC_ERR_SUCCESS)
        error = make_domain(request->details, made);
    else
        error = winbind_failed(&request->base);
    winbind_release(&request->base);
    return error;
}

enum ntlm_error winbind_domain_get(unsigned seconds, const struct winbind_domain **domain)
{
    struct shared_domain *known = atomic_exchange(&last, NULL), *fresh = NULL;
    enum ntlm_error error = NTLM_OK;

    if (!known || now() - known->made >= MAX_AGE)
        error = ask_winbind(seconds, &fresh);
    if (fresh) {
        release(known);
        known = fresh;
    } else if (known && error) {
        known->made = now(); /* the old answer stays; winbind is asked again later */
    }
    *domain = known ? reference(known) : NULL;
    if (known)
        remember(known);
    return *domain ? NTLM_OK : error;
}
