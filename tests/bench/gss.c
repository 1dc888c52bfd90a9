/* SPDX-License-Identifier: MIT */
/* gss.c - the benchmark's subject through GSSAPI: whatever mechanism
 * GSS_MECH_CONFIG names for NTLM, with the acceptor's accounts in
 * NTLM_USER_FILE. Raw, or in the GSSAPI library's own SPNEGO. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "account.h"
#include "measure.h"

struct pair {
    gss_ctx_id_t initiator, acceptor;
};

static char ntlm_der[] = "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
static char spnego_der[] = "\x2b\x06\x01\x05\x05\x02";
static gss_OID_desc ntlm = {sizeof(ntlm_der) - 1, ntlm_der};
static gss_OID_desc spnego = {sizeof(spnego_der) - 1, spnego_der};

static OM_uint32 flags =
    GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;

static gss_OID mech;
static gss_name_t target;
static gss_cred_id_t client, server;

static gss_name_t import(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor;

    gss_import_name(&minor, &buffer, type, &name);
    return name;
}

static OM_uint32 acquire_client(OM_uint32 *minor, gss_OID_set mechs)
{
    gss_buffer_desc password = {strlen(ACCOUNT_PASSWORD), (char[]){ACCOUNT_PASSWORD}};
    gss_name_t user = import(ACCOUNT_DOMAIN "\\" ACCOUNT_USER, GSS_C_NT_USER_NAME);
    OM_uint32 major, ignored;

    major = gss_acquire_cred_with_password(minor, user, &password, GSS_C_INDEFINITE, mechs,
                                           GSS_C_INITIATE, &client, NULL, NULL);
    gss_release_name(&ignored, &user);
    return major;
}

static bool begin(enum login login)
{
    OM_uint32 major, minor;

    mech = login == LOGIN_NTLM ? &ntlm : &spnego;
    gss_OID_set_desc mechs = {1, mech}, negotiated = {1, &ntlm};
    target = import("HTTP@localhost", GSS_C_NT_HOSTBASED_SERVICE);
    if (login == LOGIN_KERBEROS_IN_SPNEGO) {
        flags |= GSS_C_MUTUAL_FLAG; /* as curl and ldapsearch ask */
        major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                 GSS_C_INITIATE, &client, NULL, NULL);
    } else {
        major = acquire_client(&minor, &mechs);
    }
    if (major == GSS_S_COMPLETE)
        major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT,
                                 &server, NULL, NULL);
    /* Kerberos would be tried otherwise, which is not what is measured. */
    if (major == GSS_S_COMPLETE && login == LOGIN_NTLM_IN_SPNEGO)
        major = gss_set_neg_mechs(&minor, client, &negotiated);
    if (major == GSS_S_COMPLETE && login == LOGIN_NTLM_IN_SPNEGO)
        major = gss_set_neg_mechs(&minor, server, &negotiated);
    return major == GSS_S_COMPLETE;
}

static void disconnect(struct pair *pair)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &pair->initiator, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &pair->acceptor, GSS_C_NO_BUFFER);
    free(pair);
}

/* Both sides in turn. The acceptor asks who comes, as every server does. */
static bool establish(struct pair *pair)
{
    gss_name_t source = GSS_C_NO_NAME;
    gss_buffer_desc to_client = GSS_C_EMPTY_BUFFER, to_server = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor, ours = GSS_S_CONTINUE_NEEDED, theirs = GSS_S_CONTINUE_NEEDED, got = 0;

    while (ours == GSS_S_CONTINUE_NEEDED || theirs == GSS_S_CONTINUE_NEEDED) {
        if (ours == GSS_S_CONTINUE_NEEDED)
            ours = gss_init_sec_context(&minor, client, &pair->initiator, target, mech, flags,
                                        0, NULL, &to_client, NULL, &to_server, &got, NULL);
        gss_release_buffer(&minor, &to_client);
        if (theirs == GSS_S_CONTINUE_NEEDED && !GSS_ERROR(ours))
            theirs = gss_accept_sec_context(&minor, &pair->acceptor, server, &to_server, NULL,
                                            &source, NULL, &to_client, NULL, NULL, NULL);
        gss_release_buffer(&minor, &to_server);
        if (GSS_ERROR(ours) || GSS_ERROR(theirs))
            break;
    }
    gss_release_buffer(&minor, &to_client);
    gss_release_name(&minor, &source);
    return ours == GSS_S_COMPLETE && theirs == GSS_S_COMPLETE && (got & GSS_C_CONF_FLAG);
}

static struct pair *new_pair(void)
{
    struct pair *pair = calloc(1, sizeof(*pair));

    if (pair && !establish(pair)) {
        disconnect(pair);
        pair = NULL;
    }
    return pair;
}

/* A CHALLENGE can be answered any number of times. */
static bool initiator(void)
{
    static gss_buffer_desc challenge = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT, acceptor = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;

    major = gss_init_sec_context(&minor, client, &context, target, mech, flags, 0, NULL, NULL,
                                 NULL, &token, NULL, NULL);
    if (!GSS_ERROR(major) && challenge.length == 0)
        major = gss_accept_sec_context(&minor, &acceptor, server, &token, NULL, NULL, NULL,
                                       &challenge, NULL, NULL, NULL);
    gss_delete_sec_context(&minor, &acceptor, GSS_C_NO_BUFFER);
    gss_release_buffer(&minor, &token);
    if (!GSS_ERROR(major))
        major = gss_init_sec_context(&minor, client, &context, target, mech, flags, 0, NULL,
                                     &challenge, NULL, &token, NULL, NULL);
    gss_release_buffer(&minor, &token);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    return major == GSS_S_COMPLETE;
}

static bool wrap(struct pair *pair, struct message *message)
{
    gss_buffer_desc text = {message->len, message->data};
    gss_buffer_desc wrapped = GSS_C_EMPTY_BUFFER, plain = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    int sealed = 0;
    bool good;

    good = gss_wrap(&minor, pair->initiator, 1, GSS_C_QOP_DEFAULT, &text, &sealed, &wrapped) ==
               GSS_S_COMPLETE &&
           sealed &&
           gss_unwrap(&minor, pair->acceptor, &wrapped, &plain, NULL, NULL) == GSS_S_COMPLETE &&
           arrived(message, plain.value, plain.length);
    gss_release_buffer(&minor, &wrapped);
    gss_release_buffer(&minor, &plain);
    return good;
}

static bool in_place(struct pair *pair, struct message *message)
{
    uint8_t header[16];
    gss_iov_buffer_desc iov[] = {
        {GSS_IOV_BUFFER_TYPE_HEADER, {sizeof(header), header}},
        {GSS_IOV_BUFFER_TYPE_DATA, {message->len, message->wire}},
    };
    OM_uint32 minor;
    int sealed = 0;

    return gss_wrap_iov(&minor, pair->initiator, 1, GSS_C_QOP_DEFAULT, &sealed, iov, 2) ==
               GSS_S_COMPLETE &&
           sealed &&
           gss_unwrap_iov(&minor, pair->acceptor, NULL, NULL, iov, 2) == GSS_S_COMPLETE &&
           arrived(message, iov[1].buffer.value, iov[1].buffer.length);
}

static bool mic(struct pair *pair, struct message *message)
{
    gss_buffer_desc text = {message->len, message->data}, token = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    bool good;

    good = gss_get_mic(&minor, pair->initiator, GSS_C_QOP_DEFAULT, &text, &token) ==
               GSS_S_COMPLETE &&
           gss_verify_mic(&minor, pair->acceptor, &text, &token, NULL) == GSS_S_COMPLETE;
    gss_release_buffer(&minor, &token);
    return good;
}

int main(int argc, char **argv)
{
    static const struct subject gss = {.begin = begin,
                                       .connect = new_pair,
                                       .disconnect = disconnect,
                                       .initiator = initiator,
                                       .wrap = wrap,
                                       .in_place = in_place,
                                       .mic = mic};

    return measure(argc, argv, &gss);
}
