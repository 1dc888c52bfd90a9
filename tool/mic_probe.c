/* SPDX-License-Identifier: MIT */
/* mic_probe.c - see mic_probe.h.
 *
 * That library looks for a mechListMIC under the tag [4] (krb5 pull request 1451), where
 * RFC 4178 4.2.2 has [3]. So the initiator's is put under the wrong tag here: only such a
 * library sees it there, and so tells a right one from a wrong one. Any other answers the
 * same to both, whatever the mechanism may do wrong. */

#include "config.h"

#include "mic_probe.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi.h>

static const gss_OID_desc spnego = {6, (void *)(uintptr_t) "\x2b\x06\x01\x05\x05\x02"};

/* Both sides of a login. */
struct login {
    gss_name_t target;
    gss_ctx_id_t initiator, acceptor;
};

static OM_uint32 initiate(struct login *login, gss_buffer_t token, gss_buffer_t reply)
{
    OM_uint32 major, minor;

    major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &login->initiator, login->target,
                                 (gss_OID)(uintptr_t)&spnego, GSS_C_INTEG_FLAG, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, reply, NULL, token, NULL, NULL);
    gss_release_buffer(&minor, reply);
    return major;
}

static OM_uint32 accept_token(struct login *login, gss_buffer_t token, gss_buffer_t reply)
{
    OM_uint32 major, minor;

    major =
        gss_accept_sec_context(&minor, &login->acceptor, GSS_C_NO_CREDENTIAL, token,
                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, reply, NULL, NULL, NULL);
    gss_release_buffer(&minor, token);
    return major;
}

/* The mechListMIC is the last field, and NTLM's has 16 bytes. Byte 6 of it belongs to the
 * checksum. */
static bool move_mic(gss_buffer_t token, bool right)
{
    uint8_t *field;

    if (token->length < 20)
        return false;
    field = (uint8_t *)token->value + token->length - 20;
    if (memcmp(field, "\xa3\x12\x04\x10", 4) != 0)
        return false;
    *field = 0xa4;
    field[10] ^= right ? 0 : 1;
    return true;
}

/* The acceptor's status in the end; *begun: it came to that. */
static OM_uint32 log_in(bool right, bool *begun)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, reply = GSS_C_EMPTY_BUFFER,
                    service = {9, (char[]){"HTTP@here"}};
    struct login login = {GSS_C_NO_NAME, GSS_C_NO_CONTEXT, GSS_C_NO_CONTEXT};
    OM_uint32 major = GSS_S_FAILURE, minor;

    *begun = gss_import_name(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &login.target) ==
                 GSS_S_COMPLETE &&
             initiate(&login, &token, &reply) == GSS_S_CONTINUE_NEEDED &&
             accept_token(&login, &token, &reply) == GSS_S_CONTINUE_NEEDED &&
             initiate(&login, &token, &reply) == GSS_S_CONTINUE_NEEDED &&
             move_mic(&token, right);
    if (*begun)
        major = accept_token(&login, &token, &reply);
    gss_release_buffer(&minor, &token);
    gss_release_buffer(&minor, &reply);
    gss_delete_sec_context(&minor, &login.initiator, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &login.acceptor, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &login.target);
    return major;
}

enum mic_probe mic_probe(void)
{
    bool right_begun, wrong_begun;
    OM_uint32 right = log_in(true, &right_begun), wrong = log_in(false, &wrong_begun);

    if (!right_begun || !wrong_begun)
        return MIC_PROBE_UNKNOWN;
    return right == GSS_S_COMPLETE && wrong == GSS_S_BAD_SIG ? MIC_PROBE_LOSES
                                                             : MIC_PROBE_FINDS;
}
