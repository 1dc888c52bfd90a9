/* SPDX-License-Identifier: MIT */
/* request.h - one question to winbind, answered within a time.
 *
 * libwbclient waits up to five minutes for a winbind that hangs, and offers no
 * shorter time. So each question is asked in a thread of its own, with
 * whatever it needs in memory of its own, and left to itself when it takes too
 * long. Connections are kept for the next question and never shared: neither
 * between threads nor with the process that forked us. */

#ifndef WINBIND_REQUEST_H
#define WINBIND_REQUEST_H

#include <pthread.h>

#include "winbind/library.h"

/* The first member of a question, which is one block of heap memory, zeroed
 * when it was made. */
struct winbind_request {
    /* Asks, in the thread, and keeps the answer in the question. No failure is
     * recorded there (failure.h): it would be that thread's. */
    wbcErr (*ask)(struct winbind_request *request, const struct wbclient *library,
                  struct wbcContext *context);
    /* Frees what the question holds, except for its own block. */
    void (*clear)(struct winbind_request *request, const struct wbclient *library);
    /* Needs no domain controller, or an answer that is late is as good as none. */
    bool by_itself;
    wbcErr result; /* of ask */

    /* request.c's own */
    const struct wbclient *library;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done, abandoned;
};

/* Asks, and waits no longer than that; for what winbind answers by itself, and
 * while an earlier question has no answer, a few seconds only. After NTLM_OK the
 * question's result is there, whatever it is, and the caller is to release it;
 * after an error there is no question any more. NTLM_ERR_NO_AUTHORITY: no winbind
 * runs here (found out at once), libwbclient is missing, or the time is over;
 * NTLM_ERR_OUT_OF_MEMORY. Safe from any thread, and after a fork. */
enum ntlm_error winbind_ask(struct winbind_request *request, unsigned seconds);
void winbind_release(struct winbind_request *request);

/* The error, recorded, for a result that is no answer to the question:
 * NTLM_ERR_NO_AUTHORITY, NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error winbind_failed(const struct winbind_request *request);

#endif
