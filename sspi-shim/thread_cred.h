/* SPDX-License-Identifier: MIT */
/* thread_cred.h - the credentials(7) of one thread: its user, its groups and its
 * capabilities. The kernel keeps them for every thread; setuid() and its kin
 * of glibc change all threads, the functions here only the calling one. */

#ifndef SHIM_THREAD_CRED_H
#define SHIM_THREAD_CRED_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <sspi.h>

/* A user ID that no account has (systemd's "Users, Groups, UIDs and GIDs": the
 * 16-bit -1): the real one of a thread that impersonates. */
#define THREAD_CRED_NO_USER 65535

struct thread_cred {
    uid_t real_uid, effective_uid, saved_uid, filesystem_uid;
    gid_t real_gid, effective_gid, saved_gid, filesystem_gid;
    gid_t *groups; /* the supplementary ones, in ascending order */
    int group_count;
    uint64_t permitted, effective, inheritable, ambient; /* capability sets */
};

/* The calling thread's. SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR.
 * thread_cred_clear follows in any case. */
SECURITY_STATUS thread_cred_read(struct thread_cred *cred);

/* Those of a thread that impersonates a local account, and whose own are `self`.
 *
 * The effective user, and all groups, are the account's. The real user is nobody's
 * and the saved one is self's: a process of the account may signal or trace only
 * what has the account for real or saved user, and a program that the thread
 * executes gets the effective user for its saved one, so that no user that it
 * could change to has more rights than the account. Where self is the account
 * already the users stay as they are.
 *
 * Of the capabilities only the permitted ones stay, for the way back; a program
 * that is executed gets none of them. The effective ones are empty, or for root
 * all permitted ones; the inheritable and ambient ones are empty.
 *
 * SEC_E_NO_IMPERSONATION when there is no such account, or when the thread could
 * not get back what self has. thread_cred_clear follows in any case. */
SECURITY_STATUS thread_cred_of_account(const char *account, const struct thread_cred *self,
                                       struct thread_cred *cred);

/* Changes the calling thread's. SEC_E_NO_IMPERSONATION when it may not be changed:
 * it is then as it was. What does not differ needs no privilege. */
SECURITY_STATUS thread_cred_set(const struct thread_cred *cred);

/* Whether the calling thread has a client's credentials with the way back: also one that
 * was only started by a thread which impersonates, if that changed its users.
 * Async-signal-safe. */
bool thread_cred_is_clients(void);

/* For a forked child whose thread impersonates: gives up the way back. All users
 * become the effective one; unless that is root all capabilities go; the session
 * keyring is a new one. False when that failed: the process has to end then.
 * Async-signal-safe. */
bool thread_cred_give_up_self(void);

void thread_cred_clear(struct thread_cred *cred);

#endif
