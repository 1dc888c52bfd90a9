/* SPDX-License-Identifier: MIT */
/* token_bytes.c - see token_bytes.h. */

#include "config.h"

#include "token_bytes.h"

#include <string.h>

#include "ntlm/message.h"
#include "spnego/der.h"
#include "spnego/token.h"

/* Where the content of a DER element begins; 0: it has no length that DER has. */
static size_t content_at(const uint8_t *bytes, size_t len)
{
    size_t count = len > 1 && bytes[1] > 0x80 ? bytes[1] & 0x7fu : 0;

    return len > 1 && bytes[1] != 0x80 && count <= 4 ? 2 + count : 0;
}

bool begins_as_token(const uint8_t *bytes, size_t len)
{
    size_t at = content_at(bytes, len);

    if (len >= NTLM_MESSAGE_SIGNATURE_SIZE &&
        memcmp(bytes, NTLM_MESSAGE_SIGNATURE, NTLM_MESSAGE_SIGNATURE_SIZE) == 0)
        return true;
    if (at == 0 || at >= len || len < 7)
        return false;
    if (bytes[0] == DER_APPLICATION_0)
        return bytes[at] == DER_OID;
    return (bytes[0] == DER_CONTEXT_0 || bytes[0] == DER_CONTEXT_0 + 1) &&
           bytes[at] == DER_SEQUENCE;
}

/* `end`, or where this field ends, if that is behind. */
static size_t behind(size_t end, const uint8_t *bytes, struct ntlm_bytes field)
{
    size_t ends = field.len > 0 ? (size_t)(field.data - bytes) + field.len : 0;

    return ends > end ? ends : end;
}

static size_t negotiate_length(struct ntlm_bytes token)
{
    struct ntlm_negotiate message;
    size_t end;

    if (ntlm_negotiate_decode(token, &message))
        return 0;
    end = behind(message.header_len, token.data, message.domain);
    return behind(end, token.data, message.workstation);
}

static size_t challenge_length(struct ntlm_bytes token)
{
    struct ntlm_challenge message;
    size_t end;

    if (ntlm_challenge_decode(token, &message))
        return 0;
    end = behind(message.header_len, token.data, message.target_name);
    return behind(end, token.data, message.target_info);
}

static size_t authenticate_length(struct ntlm_bytes token)
{
    struct ntlm_authenticate message;
    size_t end;

    if (ntlm_authenticate_decode(token, &message))
        return 0;
    end = behind(message.header_len, token.data, message.lm_response);
    end = behind(end, token.data, message.nt_response);
    end = behind(end, token.data, message.domain);
    end = behind(end, token.data, message.user);
    end = behind(end, token.data, message.workstation);
    return behind(end, token.data, message.session_key);
}

bool is_well_formed(const uint8_t *bytes, size_t len)
{
    const struct der_bytes der = {bytes, len};
    struct der_bytes oid;
    struct token token;

    if (memcmp(bytes, NTLM_MESSAGE_SIGNATURE, 1) == 0)
        return true; /* its length says so */
    return !token_read(der, &token) ||
           (bytes[0] == DER_APPLICATION_0 && token_frame_oid(der, &oid));
}

size_t token_length(const uint8_t *bytes, size_t len)
{
    struct der_bytes rest = {bytes, len}, content;
    /* no message is larger, whatever stands behind it */
    struct ntlm_bytes token =
        ntlm_bytes(bytes, len > NTLM_MAX_AUTHENTICATE ? NTLM_MAX_AUTHENTICATE : len);
    enum ntlm_message_type type;

    if (ntlm_message_type(token, &type) == NTLM_ERR_NOT_NTLM)
        return der_take(&rest, bytes[0], &content) ? len - rest.len : 0;
    if (ntlm_message_type(token, &type))
        return 0;
    if (type == NTLM_NEGOTIATE && token.len > NTLM_MAX_NEGOTIATE)
        token.len = NTLM_MAX_NEGOTIATE;
    return type == NTLM_NEGOTIATE   ? negotiate_length(token)
           : type == NTLM_CHALLENGE ? challenge_length(token)
                                    : authenticate_length(token);
}
