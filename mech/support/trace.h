/* SPDX-License-Identifier: MIT */
/* trace.h - the log of each token and each decision, for people. Off unless
 * the environment names a file: NTLM_TRACE (ours) or GSSNTLMSSP_DEBUG (what
 * gss-ntlmssp has), "-" or "stderr" for the standard error; or trace_open
 * (extension OID .4) did. Never a secret. Lines are written whole, with one
 * write each, so that threads and processes can share a file. Safe from any
 * thread; not after fork in a child that is about to exec. */

#ifndef TRACE_H
#define TRACE_H

#include "ntlm/bytes.h"

/* Whether anything would be written; cheap, for callers whose line is not. */
bool trace_on(void);

void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A token in readable lines (ntlm_describe). `what` says who does what, e.g.
 * "initiator sends". */
void trace_token(const char *what, struct ntlm_bytes token);

/* Goes on in this file from now on (created with mode 0600; a symbolic link
 * or another's file in a shared directory is refused). NULL switches it off.
 * Returns 0, or the errno value of a file that cannot be opened. */
int trace_open(const char *path);

#endif
