/* SPDX-License-Identifier: MIT */
/* spnego_probe.c - does this GSSAPI library's SPNEGO find a mechListMIC?
 *
 * MIT krb5 1.21 looks for it under the tag [4] (krb5 pull request 1451), where
 * RFC 4178 4.2.2 has [3]. Then no NTLM login with integrity gets through
 * SPNEGO, whoever's mechanism it is. Here an initiator and an acceptor log in,
 * but the initiator's mechListMIC goes under the wrong tag: only such a
 * library sees it there, and so tells a right one from a wrong one. Any other
 * answers the same to both, whatever the mechanism may do wrong.
 *
 * exit status: 10 it is such a library, anything else: it is not known to be */

#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gssapi/gssapi.h>

enum { LOSES_MICS = 10 };

static const gss_OID_desc spnego = {6, (void *)(uintptr_t) "\x2b\x06\x01\x05\x05\x02"};

static gss_name_t target;
static gss_ctx_id_t initiator, acceptor;

static OM_uint32 initiate(gss_buffer_t token, gss_buffer_t reply)
{
    OM_uint32 major, minor;

    major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &initiator, target,
                                 (gss_OID)(uintptr_t)&spnego, GSS_C_INTEG_FLAG, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, reply, NULL, token, NULL, NULL);
    gss_release_buffer(&minor, reply);
    return major;
}

static OM_uint32 accept_token(gss_buffer_t token, gss_buffer_t reply)
{
    OM_uint32 major, minor;

    major =
        gss_accept_sec_context(&minor, &acceptor, GSS_C_NO_CREDENTIAL, token,
                               GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, reply, NULL, NULL, NULL);
    gss_release_buffer(&minor, token);
    return major;
}

/* The mechListMIC is the last field, and NTLM's has 16 bytes. Byte 6 of it
 * belongs to the checksum. */
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

/* The acceptor's status in the end. */
static OM_uint32 log_in(bool right)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, reply = GSS_C_EMPTY_BUFFER,
                    service = {9, (char[]){"HTTP@here"}};
    OM_uint32 major = GSS_S_FAILURE, minor;

    if (gss_import_name(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &target) ==
            GSS_S_COMPLETE &&
        initiate(&token, &reply) == GSS_S_CONTINUE_NEEDED &&
        accept_token(&token, &reply) == GSS_S_CONTINUE_NEEDED &&
        initiate(&token, &reply) == GSS_S_CONTINUE_NEEDED && move_mic(&token, right))
        major = accept_token(&token, &reply);
    gss_release_buffer(&minor, &token);
    gss_release_buffer(&minor, &reply);
    gss_delete_sec_context(&minor, &initiator, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &acceptor, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &target);
    return major;
}

/* This build's module, and no Kerberos. */
static void set_environment(const char *accounts)
{
    setenv("GSS_MECH_CONFIG", GSS_MECH_CONF, 1);
    setenv("NTLM_USER_FILE", accounts, 1);
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("KRB5CCNAME", "FILE:/dev/null", 1);
    setenv("KRB5_KTNAME", "FILE:/dev/null", 1);
    setenv("KRB5_CLIENT_KTNAME", "FILE:/dev/null", 1);
    unsetenv("NTLMUSER");
    unsetenv("LM_COMPAT_LEVEL");
}

int main(void)
{
    static const char account[] = "DOMAIN:alice:secret\n";
    char path[] = "/tmp/spnego_probe.XXXXXX";
    int fd = mkstemp(path);
    bool loses = false;

    if (fd < 0)
        return EXIT_FAILURE;
    if (write(fd, account, strlen(account)) == (ssize_t)strlen(account)) {
        set_environment(path);
        loses = log_in(true) == GSS_S_COMPLETE && log_in(false) == GSS_S_BAD_SIG;
    }
    close(fd);
    unlink(path);
    return loses ? LOSES_MICS : EXIT_SUCCESS;
}
