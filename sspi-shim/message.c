/* SPDX-License-Identifier: MIT */
/* message.c - MakeSignature, VerifySignature, EncryptMessage, DecryptMessage.
 * In place on the caller's buffers, without allocating; how these are laid out
 * is message_layout.c's. */

#include "config.h"

#include "message_copy.h"
#include "message_layout.h"
#include "message_status.h"
#include "ntlm.h"

/* A Kerberos MIC is longer than its header (RFC 4121 4.2.6.1). One without a
 * checksum fails an assertion in MIT's gss_verify_mic_iov. */
#define KERBEROS_MIC_HEADER 16

/* NTLMSSP_MESSAGE_SIGNATURE ([MS-NLMP] 2.2.2.9), which lies before a message. */
#define NTLM_SIGNATURE_SIZE 16

/* Compares the length that a length function asked for with the caller's, and
 * restores the address, which that function overwrites. */
static SECURITY_STATUS take_room(gss_iov_buffer_desc *iov, const gss_buffer_desc *room)
{
    if (iov->buffer.length > room->length)
        return SEC_E_BUFFER_TOO_SMALL;
    iov->buffer.value = room->value;
    return SEC_E_OK;
}

static SECURITY_STATUS sign(const struct context *context, gss_qop_t qop,
                            struct message *message)
{
    gss_buffer_desc room = message->token->buffer;
    OM_uint32 major, minor;
    SECURITY_STATUS status;

    major = gss_get_mic_iov_length(&minor, context->gss, qop, message->iov, message->count);
    if (major == GSS_S_UNAVAILABLE) {
        message->token->buffer = room;
        return message_copy_sign(context, qop, message);
    }
    if (GSS_ERROR(major))
        return message_status(context, major, minor);
    status = take_room(message->token, &room);
    if (status != SEC_E_OK)
        return status;
    major = gss_get_mic_iov(&minor, context->gss, qop, message->iov, message->count);
    return message_status(context, major, minor);
}

static SECURITY_STATUS verify(const struct context *context, ULONG *qop,
                              struct message *message)
{
    OM_uint32 major, minor;

    if (!ntlm_is(context) && message->token->buffer.length <= KERBEROS_MIC_HEADER)
        return SEC_E_INVALID_TOKEN;
    major = gss_verify_mic_iov(&minor, context->gss, NULL, message->iov, message->count);
    if (major == GSS_S_UNAVAILABLE)
        return message_copy_verify(context, message);
    if (qop && major == GSS_S_COMPLETE && !ntlm_is(context))
        *qop = 0;
    return message_status(context, major, minor);
}

static SECURITY_STATUS seal(const struct context *context, int conf, gss_qop_t qop,
                            struct message *message)
{
    gss_buffer_desc token = message->token->buffer, padding = message->padding->buffer;
    OM_uint32 major, minor;
    SECURITY_STATUS status;

    major = gss_wrap_iov_length(&minor, context->gss, conf, qop, NULL, message->iov,
                                message->count);
    if (major == GSS_S_UNAVAILABLE) {
        message->token->buffer = token;
        message->padding->buffer = padding;
        return message_copy_seal(context, conf, qop, message);
    }
    if (GSS_ERROR(major))
        return message_status(context, major, minor);
    status = take_room(message->token, &token);
    if (status == SEC_E_OK)
        status = take_room(message->padding, &padding);
    if (status != SEC_E_OK)
        return status;
    major = gss_wrap_iov(&minor, context->gss, conf, qop, NULL, message->iov, message->count);
    return message_status(context, major, minor);
}

/* A stream as its signature and the data behind it. */
static void split_stream(struct message *message)
{
    gss_buffer_desc *stream = &message->token->buffer;

    if (!message->stream || stream->length < NTLM_SIGNATURE_SIZE)
        return;
    for (int i = 0; i < message->count; i++)
        if (message->iov[i].type == GSS_IOV_BUFFER_TYPE_DATA)
            message->iov[i].buffer =
                (gss_buffer_desc){stream->length - NTLM_SIGNATURE_SIZE,
                                  (char *)stream->value + NTLM_SIGNATURE_SIZE};
    stream->length = NTLM_SIGNATURE_SIZE;
}

/* SEC_E_OK if NTLM signed the message and did not encrypt it, SEC_E_MESSAGE_ALTERED if
 * not. The message does not say so: then its signature verifies as it is. Only with
 * extended session security, where the signature takes the peer's key. The message is not
 * changed. */
static SECURITY_STATUS check_clear(const struct context *context, struct message *message)
{
    const gss_iov_buffer_desc token = *message->token;
    bool extended;
    SECURITY_STATUS status = ntlm_has_extended_security(context, &extended);
    OM_uint32 major, minor;

    if (status != SEC_E_OK || !extended)
        return status == SEC_E_OK ? SEC_E_MESSAGE_ALTERED : status;
    split_stream(message);
    message->token->type = GSS_IOV_BUFFER_TYPE_MIC_TOKEN;
    major = gss_verify_mic_iov(&minor, context->gss, NULL, message->iov, message->count);
    if (major == GSS_S_COMPLETE)
        return SEC_E_OK;
    *message->token = token;
    return SEC_E_MESSAGE_ALTERED;
}

/* Without SIGN and SEAL NTLM signs each message alike ([MS-NLMP] 3.4): that protects
 * nothing, and DecryptMessage opens no message of such a context. */
static SECURITY_STATUS can_sign(const struct context *context)
{
    return context->gss_flags & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)
               ? SEC_E_OK
               : SEC_E_UNSUPPORTED_FUNCTION;
}

static SECURITY_STATUS decrypt(const struct context *context, int *conf,
                               struct message *message)
{
    OM_uint32 major, minor;

    major = gss_unwrap_iov(&minor, context->gss, conf, NULL, message->iov, message->count);
    if (major == GSS_S_UNAVAILABLE)
        return message_copy_open(context, conf, message);
    return message_status(context, major, minor);
}

/* A caller that does not ask for the quality of protection would take a message that
 * came in clear for an encrypted one: for it NTLM opens encrypted ones only. A peer
 * that sends one message in clear will send the next so, which is then tried first;
 * a failed try leaves the message as it came. */
static SECURITY_STATUS open_sealed(struct context *context, ULONG *qop, struct message *message)
{
    const bool ask = qop && ntlm_is(context);
    const bool guess = ask && context->peer_in_clear;
    SECURITY_STATUS status = guess ? check_clear(context, message) : SEC_E_MESSAGE_ALTERED;
    int conf = 0;

    if (status == SEC_E_MESSAGE_ALTERED) {
        conf = 1;
        status = decrypt(context, &conf, message);
    }
    if (status == SEC_E_MESSAGE_ALTERED && ask && !guess) {
        conf = 0;
        status = check_clear(context, message);
    }
    if (status != SEC_E_OK)
        return status;
    context->peer_in_clear = !conf;
    if (qop && (!conf || !ntlm_is(context)))
        *qop = conf ? 0 : SECQOP_WRAP_NO_ENCRYPT;
    return status;
}

/* Enters the context and lays the message out for it. finish() follows. */
static SECURITY_STATUS begin(PCtxtHandle handle, PSecBufferDesc buffers, enum message_use use,
                             struct context **context, struct message *message)
{
    SECURITY_STATUS status = context_enter_complete(handle, context);

    message->iov = message->inlined;
    return status == SEC_E_OK ? message_lay_out(message, *context, buffers, use) : status;
}

static SECURITY_STATUS finish(struct context *context, struct message *message,
                              enum message_use use, SECURITY_STATUS status)
{
    if (status == SEC_E_OK)
        message_give_back(message, use);
    if (status == SEC_E_OK || status == SEC_E_OUT_OF_SEQUENCE)
        context->used = true;
    message_clear(message);
    context_leave(context);
    return status;
}

SECURITY_STATUS SEC_ENTRY MakeSignature(PCtxtHandle phContext, ULONG fQOP,
                                        PSecBufferDesc pMessage, ULONG MessageSeqNo)
{
    struct context *context;
    struct message message;
    SECURITY_STATUS status = begin(phContext, pMessage, MESSAGE_SIGN, &context, &message);

    if (status == SEC_E_OK)
        status = ntlm_number_datagram(context, MessageSeqNo, false);
    if (status == SEC_E_OK)
        status = sign(context, fQOP, &message);
    return finish(context, &message, MESSAGE_SIGN, status);
}

SECURITY_STATUS SEC_ENTRY VerifySignature(PCtxtHandle phContext, PSecBufferDesc pMessage,
                                          ULONG MessageSeqNo, ULONG *pfQOP)
{
    struct context *context;
    struct message message;
    SECURITY_STATUS status = begin(phContext, pMessage, MESSAGE_SIGN, &context, &message);

    if (status == SEC_E_OK)
        status = ntlm_number_datagram(context, MessageSeqNo, true);
    if (status == SEC_E_OK)
        status = verify(context, pfQOP, &message);
    return finish(context, &message, MESSAGE_SIGN, status);
}

SECURITY_STATUS SEC_ENTRY EncryptMessage(PCtxtHandle phContext, ULONG fQOP,
                                         PSecBufferDesc pMessage, ULONG MessageSeqNo)
{
    bool encrypt = fQOP != SECQOP_WRAP_NO_ENCRYPT;
    enum message_use use = MESSAGE_SEAL;
    struct context *context;
    struct message message = {.iov = message.inlined};
    SECURITY_STATUS status = context_enter_complete(phContext, &context);

    if (status == SEC_E_OK && !encrypt && ntlm_is(context)) {
        status = can_sign(context);
        use = MESSAGE_INTEGRITY;
    }
    if (status == SEC_E_OK)
        status = message_lay_out(&message, context, pMessage, use);
    if (status == SEC_E_OK)
        status = ntlm_number_datagram(context, MessageSeqNo, false);
    if (status == SEC_E_OK && use == MESSAGE_INTEGRITY)
        status = sign(context, GSS_C_QOP_DEFAULT, &message);
    else if (status == SEC_E_OK)
        status = seal(context, encrypt, encrypt ? fQOP : GSS_C_QOP_DEFAULT, &message);
    return finish(context, &message, use, status);
}

SECURITY_STATUS SEC_ENTRY DecryptMessage(PCtxtHandle phContext, PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo, ULONG *pfQOP)
{
    struct context *context;
    struct message message;
    SECURITY_STATUS status = begin(phContext, pMessage, MESSAGE_OPEN, &context, &message);

    if (status == SEC_E_OK)
        status = ntlm_number_datagram(context, MessageSeqNo, true);
    if (status == SEC_E_OK)
        status = open_sealed(context, pfQOP, &message);
    return finish(context, &message, MESSAGE_OPEN, status);
}
