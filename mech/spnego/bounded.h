/* SPDX-License-Identifier: MIT */
/* bounded.h - work that may take too long, in a thread of its own: libkrb5 has no
 * way to be told how long to wait for a KDC. What is late goes on alone, to its end.
 *
 * A process has no more than BOUNDED_THREADS_MAX of these threads. A child that is
 * forked has none; and one that comes back while the process ends does nothing any
 * more. They take no signals. Safe from any thread. */

#ifndef SPNEGO_BOUNDED_H
#define SPNEGO_BOUNDED_H

#define BOUNDED_THREADS_MAX 32

enum bounded {
    BOUNDED_DONE,     /* run is over, and arg is the caller's again */
    BOUNDED_LATE,     /* it is not; drop will be called with arg when it is */
    BOUNDED_TOO_MANY, /* nothing was begun: so many are there, late ones among them */
    BOUNDED_NO_THREAD /* nothing was begun, and the caller may do it itself */
};

/* Calls run(arg) in another thread, and waits for it for so many milliseconds. */
enum bounded bounded_run(unsigned milliseconds, void (*run)(void *arg), void (*drop)(void *arg),
                         void *arg);

#endif
