/* SPDX-License-Identifier: MIT */
/* target.h - pszTargetName: whom an initiator wants to talk to. */

#ifndef SHIM_TARGET_H
#define SHIM_TARGET_H

#include <gssapi/gssapi.h>

#include <sspi.h>

/* A name that every mechanism understands as SSPI's callers mean it. NULL and
 * "" give the anonymous name, for mechanisms that need no target and a
 * mechglue that wants one. SEC_E_TARGET_UNKNOWN for what no name can be;
 * SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS target_import(const char *target, gss_name_t *name);

#endif
