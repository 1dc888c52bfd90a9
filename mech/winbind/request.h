/* SPDX-License-Identifier: MIT */
/* request.h - one request to winbind, with a time limit.
 *
 * libwbclient waits up to five minutes for a winbind that hangs, and this cannot
 * be changed. Therefore each request has a thread, owns all the memory that the
 * thread uses, and is abandoned to the thread when it takes too long.
 * Connections are kept for the next request and never shared, neither between
 * threads nor with the parent process. */

#ifndef WINBIND_REQUEST_H
#define WINBIND_REQUEST_H

#include <pthread.h>

#include "winbind/library.h"

/* The first member of each kind of request, which is one zeroed block of heap
 * memory. */
struct winbind_request {
    /* Asks, in the thread, and stores the answer in the request. It must not record
     * a failure (failure.h), which would be that thread's. */
    wbcErr (*ask)(struct winbind_request *request, const struct wbclient *library,
                  struct wbcContext *context);
    /* Frees all that the request owns, but not the request. */
    void (*clear)(struct winbind_request *request, const struct wbclient *library);
    /* winbind answers without a domain controller: wait a few seconds only. */
    bool local;
    wbcErr result; /* of ask */

    /* request.c's own */
    const struct wbclient *library;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done, abandoned;
};

/* Sends the request and waits for at most `seconds`; for at most five if it is
 * local or another request is abandoned. After NTLM_OK `result` is set, whatever
 * it is, and the caller releases the request; after an error the request is gone.
 * NTLM_ERR_NO_AUTHORITY: winbind does not run here (known at once), libwbclient is
 * missing, or the time is over; NTLM_ERR_OUT_OF_MEMORY; recorded. Safe from any
 * thread, and after fork. */
enum ntlm_error winbind_ask(struct winbind_request *request, unsigned seconds);
void winbind_release(struct winbind_request *request);

/* Records and returns the error for a `result` that is no answer:
 * NTLM_ERR_NO_AUTHORITY, NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error winbind_failed(const struct winbind_request *request);

#endif
