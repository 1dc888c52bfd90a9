/* SPDX-License-Identifier: MIT */
/* module_login.c - see module_login.h. */

#include "config.h"

#include "module_login.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gss/module.h"
#include "gss/oids.h"
#include "suite.h"

OM_uint32 minor;
gss_name_t alice, service;
gss_ctx_id_t client, server;

gss_name_t name_of(const char *name, const gss_OID_desc *type)
{
    gss_buffer_desc buffer = {strlen(name), (void *)(uintptr_t)name};
    gss_name_t made;

    ck_assert_uint_eq(gss_import_name(&minor, &buffer, oid_out(type), &made), GSS_S_COMPLETE);
    return made;
}

OM_uint32 init(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token)
{
    return gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, context, service, NTLMSSP,
                                GSS_C_CONF_FLAG, 0, GSS_C_NO_CHANNEL_BINDINGS, in, NULL, token,
                                NULL, NULL);
}

OM_uint32 accept_token(gss_ctx_id_t *context, gss_buffer_t in, gss_buffer_t token)
{
    return gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL, in,
                                  GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, token, NULL, NULL,
                                  NULL);
}

void release_buffer(gss_buffer_t buffer)
{
    if (buffer->length > 0)
        free(buffer->value);
    *buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

void log_in(void)
{
    gss_buffer_desc token, answer;

    ck_assert_uint_eq(init(&client, GSS_C_NO_BUFFER, &token), GSS_S_CONTINUE_NEEDED);
    ck_assert_uint_eq(accept_token(&server, &token, &answer), GSS_S_CONTINUE_NEEDED);
    release_buffer(&token);
    ck_assert_uint_eq(init(&client, &answer, &token), GSS_S_COMPLETE);
    release_buffer(&answer);
    ck_assert_uint_eq(accept_token(&server, &token, &answer), GSS_S_COMPLETE);
    release_buffer(&token);
}
