/* SPDX-License-Identifier: MIT */
/* trace.h - lines for people in the trace that NTLM's module writes, about what
 * a caller did wrong and a status cannot say. */

#ifndef SHIM_TRACE_H
#define SHIM_TRACE_H

/* A line of ASCII into the file that NTLM_TRACE (or GSSNTLMSSP_DEBUG) names in the
 * environment, "-" or "stderr" for the standard error; without one nothing. Never
 * a secret. Safe from any thread; errno stays. */
void trace_line(const char *text);

#endif
