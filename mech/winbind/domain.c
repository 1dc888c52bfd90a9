/* SPDX-License-Identifier: MIT */
/* domain.c - asks winbind for its domain, and remembers what it said. */

#include "config.h"

#include "winbind/domain.h"

#ifdef HAVE_WBCLIENT

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/failure.h"
#include "support/trace.h"
#include "winbind/request.h"

#define GOOD_FOR 60 /* seconds */

/* What winbind_domain_get hands out is the first member of one of these. */
struct snapshot {
    struct winbind_domain domain;
    atomic_uint references;
    time_t made; /* by the monotonic clock */
    char *texts[3];
};

/* The last answer, which holds a reference. Who looks at it takes it out and
 * puts it back: without a lock, which a fork could leave locked for ever. */
static _Atomic(struct snapshot *) last;

struct domain_request {
    struct winbind_request base;
    struct wbcInterfaceDetails *details;
};

static struct snapshot *snapshot_of(const struct winbind_domain *domain)
{
    return (struct snapshot *)(uintptr_t)domain;
}

static const struct winbind_domain *reference(struct snapshot *snapshot)
{
    atomic_fetch_add(&snapshot->references, 1);
    return &snapshot->domain;
}

static void release(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->references, 1) != 1)
        return;
    for (size_t i = 0; i < sizeof(snapshot->texts) / sizeof(snapshot->texts[0]); i++)
        free(snapshot->texts[i]);
    free(snapshot);
}

void winbind_domain_put(const struct winbind_domain *domain)
{
    release(domain ? snapshot_of(domain) : NULL);
}

static time_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec;
}

static void remember(struct snapshot *snapshot)
{
    release(atomic_exchange(&last, snapshot));
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

/* The names are winbind's configuration: a DNS name may be missing, the others
 * not. */
static enum ntlm_error make_snapshot(const struct wbcInterfaceDetails *details,
                                     struct snapshot **made)
{
    const char *names[] = {details->netbios_name, details->netbios_domain, details->dns_domain};
    struct snapshot *snapshot;

    *made = NULL;
    if (!names[0] || !names[1])
        return fail(NTLM_ERR_NO_AUTHORITY, "winbind does not say what domain it is in");
    snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    atomic_init(&snapshot->references, 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snapshot->texts[i] = strdup(names[i] ? names[i] : "");
        if (!snapshot->texts[i]) {
            release(snapshot);
            return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
        }
    }
    snapshot->domain =
        (struct winbind_domain){.netbios_computer = snapshot->texts[0],
                                .netbios_domain = snapshot->texts[1],
                                .dns_domain = *snapshot->texts[2] ? snapshot->texts[2] : NULL};
    snapshot->made = now();
    trace("winbind: %s is a member of %s (%s)", snapshot->texts[0], snapshot->texts[1],
          snapshot->texts[2]);
    *made = snapshot;
    return NTLM_OK;
}

static enum ntlm_error ask_winbind(unsigned seconds, struct snapshot **made)
{
    struct domain_request *request = calloc(1, sizeof(*request));
    enum ntlm_error error;

    *made = NULL;
    if (!request)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    request->base.ask = ask;
    request->base.clear = clear;
    request->base.by_itself = true;
    error = winbind_ask(&request->base, seconds);
    if (error)
        return error;
    if (request->base.result == WBC_ERR_SUCCESS)
        error = make_snapshot(request->details, made);
    else
        error = winbind_failed(&request->base);
    winbind_release(&request->base);
    return error;
}

enum ntlm_error winbind_domain_get(unsigned seconds, const struct winbind_domain **domain)
{
    struct snapshot *known = atomic_exchange(&last, NULL), *fresh = NULL;
    enum ntlm_error error = NTLM_OK;

    if (!known || now() - known->made >= GOOD_FOR)
        error = ask_winbind(seconds, &fresh);
    if (fresh) {
        release(known);
        known = fresh;
    } else if (known && error) {
        known->made = now(); /* as good as it gets; the next question is a while off */
    }
    *domain = known ? reference(known) : NULL;
    if (known)
        remember(known);
    return *domain ? NTLM_OK : error;
}

#else

#include <stddef.h>

#include "support/failure.h"
#include "winbind/winbind.h"

enum ntlm_error winbind_domain_get(unsigned seconds, const struct winbind_domain **domain)
{
    (void)seconds;
    *domain = NULL;
    return fail(NTLM_ERR_NO_AUTHORITY, WINBIND_LEFT_OUT);
}

void winbind_domain_put(const struct winbind_domain *domain)
{
    (void)domain;
}

#endif
