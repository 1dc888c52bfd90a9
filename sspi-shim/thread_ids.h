/* SPDX-License-Identifier: MIT */
/* thread_ids.h - the numbers of the calls that change the ids of one thread alone,
 * with ids of 32 bits: on some 32-bit machines the plain names have 16. */

#ifndef THREAD_IDS_H
#define THREAD_IDS_H

#include <sys/syscall.h>

#ifdef SYS_setresuid32
#define CALL_SETGROUPS SYS_setgroups32
#define CALL_SETRESGID SYS_setresgid32
#define CALL_SETRESUID SYS_setresuid32
#define CALL_SETREUID SYS_setreuid32
#define CALL_SETUID SYS_setuid32
#else
#define CALL_SETGROUPS SYS_setgroups
#define CALL_SETRESGID SYS_setresgid
#define CALL_SETRESUID SYS_setresuid
#define CALL_SETREUID SYS_setreuid
#define CALL_SETUID SYS_setuid
#endif

#endif
