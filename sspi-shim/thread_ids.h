/* SPDX-License-Identifier: MIT */
/* thread_ids.h - the numbers of the system calls that change the ids of one thread
 * alone. Some 32-bit machines have older calls of 16-bit ids under the plain names;
 * elsewhere the names that end in 32 mean the plain ones. */

#ifndef SHIM_THREAD_IDS_H
#define SHIM_THREAD_IDS_H

#include <sys/syscall.h>

#ifndef SYS_setresuid32
#define SYS_setgroups32 SYS_setgroups
#define SYS_setresgid32 SYS_setresgid
#define SYS_setresuid32 SYS_setresuid
#define SYS_setreuid32 SYS_setreuid
#define SYS_setuid32 SYS_setuid
#endif

#endif
