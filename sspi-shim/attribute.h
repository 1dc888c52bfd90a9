/* SPDX-License-Identifier: MIT */
/* attribute.h - what a context or a credential can be asked: the helpers that
 * attribute.c, its parts and credential.c share, so that A and W differ in the
 * last step only. */

#ifndef SHIM_ATTRIBUTE_H
#define SHIM_ATTRIBUTE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "context.h"

/* A name as its owner displays it, in a context buffer: *text becomes a
 * SEC_WCHAR * when wide, else a SEC_CHAR *. GSS_C_NO_NAME gives "". */
SECURITY_STATUS attribute_name(gss_name_t name, bool wide, void **text);

/* A string of ours, likewise. */
SECURITY_STATUS attribute_text(const char *utf8, bool wide, void **text);

/* One attribute each, of a context that is entered. buffer is the attribute's
 * structure, of the W form when wide, and is written only on SEC_E_OK. */
typedef SECURITY_STATUS attribute_query(struct context *context, bool wide, void *buffer);

/* attribute_name.c */
attribute_query attribute_names, attribute_native_names, attribute_dce_info,
    attribute_client_specified_target;

/* attribute_key.c */
attribute_query attribute_sizes, attribute_key_info, attribute_session_key;

#endif
