/* SPDX-License-Identifier: MIT */
/* thread_cred.h - who a thread is to the kernel: its user, its groups and what it
 * may do. On Linux that is a thread's own, and glibc's setuid() and its kin
 * spread a change to all of them; what is here changes the calling thread
 * alone. */

#ifndef SHIM_THREAD_CRED_H
#define SHIM_THREAD_CRED_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <sspi.h>

struct thread_cred {
    uid_t real_uid, effective_uid, saved_uid;
    gid_t real_gid, effective_gid, saved_gid;
    gid_t *groups; /* in ascending order */
    int group_count;
    struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];
};

/* The calling thread's. thread_cred_clear in any case. */
SECURITY_STATUS thread_cred_read(struct thread_cred *cred);

/* A local account's, for a thread that is now `self`: it keeps the way back,
 * asleep (self's user as the saved one, self's capabilities permitted and not
 * in effect). SEC_E_NO_IMPERSONATION when there is no such account. */
SECURITY_STATUS thread_cred_of_account(const char *account, const struct thread_cred *self,
                                       struct thread_cred *cred);

/* The calling thread becomes that. SEC_E_NO_IMPERSONATION when it may not: it is
 * then as it was. What it is already needs no privilege. */
SECURITY_STATUS thread_cred_set(const struct thread_cred *cred);

void thread_cred_clear(struct thread_cred *cred);

#endif
