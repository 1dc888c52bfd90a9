/* SPDX-License-Identifier: MIT */
/* recorded.c - see recorded.h. */

#include "config.h"

#include "recorded.h"

#include "describe_token.h"
#include "ntlm/message.h"
#include "spnego/token.h"

static void take_message(struct recorded *login, struct ntlm_bytes message)
{
    const struct ntlm_bytes none = {NULL, 0};
    enum ntlm_message_type type;

    if (message.len == 0 || ntlm_message_type(message, &type))
        return;
    if (type == NTLM_NEGOTIATE)
        *login = (struct recorded){.negotiate = message, .mech_types = login->mech_types};
    else if (type == NTLM_CHALLENGE)
        *login = (struct recorded){.negotiate = login->negotiate,
                                   .challenge = message,
                                   .mech_types = login->mech_types};
    else
        login->authenticate = message;
    if (type != NTLM_AUTHENTICATE)
        login->authenticate = none;
}

/* The initiator's mechListMIC comes with its AUTHENTICATE; the acceptor's comes after it. */
static void take_envelope(struct recorded *login, struct ntlm_bytes bytes)
{
    const struct der_bytes der = {bytes.data, bytes.len};
    struct token token;

    if (token_read(der, &token))
        return;
    if (token.kind == TOKEN_INIT)
        *login = (struct recorded){.mech_types =
                                       ntlm_bytes(token.mech_types.data, token.mech_types.len)};
    take_message(login, token_ntlm_message(bytes));
    if (token.kind != TOKEN_RESPONSE || !token.mic.data || login->authenticate.len == 0)
        return;
    if (token.mech_token.data)
        login->initiator_list_mic = ntlm_bytes(token.mic.data, token.mic.len);
    else
        login->acceptor_list_mic = ntlm_bytes(token.mic.data, token.mic.len);
}

struct recorded recorded_login(const struct tokens *tokens)
{
    struct recorded login = {.negotiate = {NULL, 0}};

    for (size_t i = 0; i < tokens->count; i++) {
        struct ntlm_bytes token = tokens->list[i];
        enum ntlm_message_type type;

        if (ntlm_message_type(token, &type) == NTLM_ERR_NOT_NTLM)
            take_envelope(&login, token);
        else
            take_message(&login, token);
    }
    return login;
}
