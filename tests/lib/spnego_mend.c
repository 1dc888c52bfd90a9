/* SPDX-License-Identifier: MIT */
/* spnego_mend.c - for a GSSAPI library whose SPNEGO looks for the mechListMIC
 * under a wrong tag (see spnego_probe.c): on the way into it, the field is put
 * where it looks. So every test of NTLM under SPNEGO runs with it too, and what
 * the tests see of the tokens is as it was sent. With any other library,
 * nothing is done.
 *
 * The functions here are found before the library's by whatever is linked with
 * them. */

#include "config.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <gssapi/gssapi.h>

enum { LOSES_MICS = 10 };

static bool library_loses_mics;
static typeof(gss_init_sec_context) *library_init;
static typeof(gss_accept_sec_context) *library_accept;

/* Before main: each test is a process of its own. */
__attribute__((constructor)) static void look_at_the_library(void)
{
    int status = system(SPNEGO_PROBE);

    *(void **)&library_init = dlsym(RTLD_NEXT, "gss_init_sec_context");
    *(void **)&library_accept = dlsym(RTLD_NEXT, "gss_accept_sec_context");
    library_loses_mics = WIFEXITED(status) && WEXITSTATUS(status) == LOSES_MICS;
    if (library_loses_mics)
        puts("# this GSSAPI library's SPNEGO loses the mechListMIC (krb5 pull request 1451):"
             " it is put where it looks");
}

/* Gives the tag of NTLM's mechListMIC, the last field of a NegTokenResp, the
 * number that the library looks for. Without memory, which tests take away. */
static uint8_t *mend(gss_buffer_t token)
{
    static const uint8_t field[] = {0xa3, 0x12, 0x04, 0x10};
    uint8_t *bytes, *tag;

    /* another SPNEGO than the library's may be registered */
    if (!library_loses_mics || getenv("MECHANISM") || !token ||
        token->length < sizeof(field) + 16)
        return NULL;
    bytes = token->value;
    tag = bytes + token->length - 16 - sizeof(field);
    if (bytes[0] != 0xa1 || memcmp(tag, field, sizeof(field)) != 0)
        return NULL;
    *tag = 0xa4;
    return tag;
}

static void restore(uint8_t *tag)
{
    if (tag)
        *tag = 0xa3;
}

OM_uint32 gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
                               gss_ctx_id_t *context, gss_name_t target, gss_OID mech,
                               OM_uint32 flags, OM_uint32 lifetime,
                               gss_channel_bindings_t bindings, gss_buffer_t input,
                               gss_OID *actual_mech, gss_buffer_t output,
                               OM_uint32 *actual_flags, OM_uint32 *actual_lifetime)
{
    uint8_t *tag = mend(input);
    OM_uint32 major;

    major = library_init(minor, credential, context, target, mech, flags, lifetime, bindings,
                         input, actual_mech, output, actual_flags, actual_lifetime);
    restore(tag);
    return major;
}

OM_uint32 gss_accept_sec_context(OM_uint32 *minor, gss_ctx_id_t *context,
                                 gss_cred_id_t credential, gss_buffer_t input,
                                 gss_channel_bindings_t bindings, gss_name_t *source,
                                 gss_OID *mech, gss_buffer_t output, OM_uint32 *flags,
                                 OM_uint32 *lifetime, gss_cred_id_t *delegated)
{
    uint8_t *tag = mend(input);
    OM_uint32 major;

    major = library_accept(minor, context, credential, input, bindings, source, mech, output,
                           flags, lifetime, delegated);
    restore(tag);
    return major;
}
