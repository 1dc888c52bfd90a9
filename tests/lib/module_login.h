/* SPDX-License-Identifier: MIT */
/* module_login.h - a login by the module's own functions, without the mechglue, for tests
 * that call these with what the mechglue would not let through. */

#ifndef MODULE_LOGIN_H
#define MODULE_LOGIN_H

#include <gssapi/gssapi.h>

#include "gss/oids.h"

#define NTLMSSP oid_out(&oid_ntlmssp)

extern OM_uint32 minor;             /* of the last call */
extern gss_name_t alice, service;   /* the test makes and releases them */
extern gss_ctx_id_t client, server; /* the test deletes them */

gss_name_t name_of(const char *name, const gss_OID_desc *type);

/* A step to `service`, by the default identity. The token is released by release_buffer. */
OM_uint32 init(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token);
OM_uint32 accept_token(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token);
void release_buffer(gss_buffer_t buffer);

/* Makes client and server complete. */
void log_in(void);

#endif
