/* SPDX-License-Identifier: MIT */
/* gss_outputs.h - the output parameters of functions of GSSAPI, and which of them a call that
 * fails has emptied. */

#ifndef GSS_OUTPUTS_TEST_H
#define GSS_OUTPUTS_TEST_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

/* Where calls put what they give. */
extern struct outputs {
    gss_buffer_desc buffer, second, third;
    gss_name_t name, target;
    gss_ctx_id_t context;
    gss_cred_id_t credential;
    gss_OID oid;
    gss_OID_set set, other_set;
    gss_buffer_set_t buffers;
    OM_uint32 flags, time, number;
    int state, answer;
    gss_cred_usage_t usage;
    gss_qop_t qop;
} o;

/* All of them become what no call leaves there. */
void outputs_poison(void);
/* Fails the test unless the call failed and these outputs, by name, are all zeros. One that it
 * was not given is as it was. */
void outputs_assert(const char *call, OM_uint32 major, const char *expected);

/* The call fails, and what it was given for these is empty. The place of a context and a
 * credential is empty before, as a handle goes in there, too. */
#define FAILS(expected, call)                                                                  \
    do {                                                                                       \
        outputs_poison();                                                                      \
        outputs_assert(#call, (call), expected);                                               \
    } while (0)

#endif
