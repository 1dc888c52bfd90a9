/* SPDX-License-Identifier: MIT */
/* try_ldap.c - a SASL bind to an LDAP server (RFC 4511 4.2) with GSS-SPNEGO ([MS-ADTS]
 * 5.1.1.1.2). Servers write lengths in any form that BER has. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"
#include "translate.h"
#include "try.h"

#define MESSAGE_MAX 262144
#define LEGS_MAX 10
#define SASL_BIND_IN_PROGRESS 14

enum tag {
    TAG_INTEGER = 0x02,
    TAG_OCTET_STRING = 0x04,
    TAG_ENUMERATED = 0x0a,
    TAG_SEQUENCE = 0x30,
    TAG_BIND_REQUEST = 0x60,
    TAG_BIND_RESPONSE = 0x61,
    TAG_SERVER_CREDS = 0x87,
    TAG_SASL = 0xa3
};

/* ---- writing, from the end to the beginning ---- */

struct writer {
    uint8_t *begin, *at;
};

static void put(struct writer *out, const void *data, size_t len)
{
    out->at -= len;
    if (len > 0)
        memcpy(out->at, data, len);
}

static void enclose(struct writer *out, enum tag tag, const uint8_t *end)
{
    size_t len = (size_t)(end - out->at);
    const uint8_t head[] = {(uint8_t)tag, 0x83, (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                            (uint8_t)len};

    put(out, head, sizeof(head));
}

static void put_element(struct writer *out, enum tag tag, const void *data, size_t len)
{
    const uint8_t *end = out->at;

    put(out, data, len);
    enclose(out, tag, end);
}

static bool send_bind(struct link *link, uint8_t id, gss_buffer_t token)
{
    static const char mechanism[] = "GSS-SPNEGO";
    const size_t size = token->length + 256;
    uint8_t *memory = malloc(size), *end = memory ? memory + size : NULL;
    struct writer out = {memory, end};
    bool sent;

    if (!memory)
        return false;
    put_element(&out, TAG_OCTET_STRING, token->value, token->length);
    put_element(&out, TAG_OCTET_STRING, mechanism, sizeof(mechanism) - 1);
    enclose(&out, TAG_SASL, end);
    put_element(&out, TAG_OCTET_STRING, "", 0);
    put_element(&out, TAG_INTEGER, "\3", 1);
    enclose(&out, TAG_BIND_REQUEST, end);
    put_element(&out, TAG_INTEGER, &id, 1);
    enclose(&out, TAG_SEQUENCE, end);
    sent = link_write(link, out.at, (size_t)(end - out.at));
    free(memory);
    return sent;
}

/* ---- reading ---- */

/* Takes an element's tag and length off; false: it is not whole. */
static bool take(struct ntlm_bytes *in, uint8_t *tag, struct ntlm_bytes *content)
{
    size_t at = 2, len, count;

    if (in->len < 2)
        return false;
    *tag = in->data[0];
    len = in->data[1];
    if (len & 0x80) {
        count = len & 0x7f;
        if (count == 0 || count > 4 || in->len < 2 + count)
            return false;
        for (len = 0; count > 0; count--)
            len = len << 8 | in->data[at++];
    }
    if (in->len - at < len)
        return false;
    *content = ntlm_bytes(in->data + at, len);
    *in = ntlm_bytes(in->data + at + len, in->len - at - len);
    return true;
}

/* A whole message, malloc'd; NULL: it does not come. */
static uint8_t *read_message(struct link *link, size_t *len)
{
    uint8_t head[6];
    size_t at = 2, content, count;
    uint8_t *message;

    if (!link_read(link, head, 2) || head[0] != TAG_SEQUENCE)
        return NULL;
    content = head[1];
    if (content & 0x80) {
        count = content & 0x7f;
        if (count == 0 || count > 4 || !link_read(link, head + 2, count))
            return NULL;
        for (content = 0; count > 0; count--)
            content = content << 8 | head[at++];
    }
    if (content > MESSAGE_MAX)
        return NULL;
    *len = at + content;
    message = malloc(*len);
    if (!message)
        return NULL;
    memcpy(message, head, at);
    if (link_read(link, message + at, content))
        return message;
    free(message);
    return NULL;
}

struct answer {
    uint8_t *memory;
    unsigned code;
    struct ntlm_bytes text, token; /* in memory */
};

static bool read_answer(struct link *link, struct answer *answer)
{
    struct ntlm_bytes in, message, response, part;
    size_t len = 0;
    uint8_t tag;

    *answer = (struct answer){.memory = read_message(link, &len)};
    in = ntlm_bytes(answer->memory, len);
    if (!answer->memory || !take(&in, &tag, &message) || !take(&message, &tag, &part) ||
        !take(&message, &tag, &response) || tag != TAG_BIND_RESPONSE ||
        !take(&response, &tag, &part) || tag != TAG_ENUMERATED || part.len != 1)
        return false;
    answer->code = part.data[0];
    if (!take(&response, &tag, &part) || !take(&response, &tag, &answer->text))
        return false;
    while (take(&response, &tag, &part))
        if (tag == TAG_SERVER_CREDS)
            answer->token = part;
    return true;
}

/* ---- the login ---- */

static void tell_answer(const struct answer *answer)
{
    char text[256];

    snprintf(text, sizeof(text), "%u %.*s", answer->code, (int)answer->text.len,
             (const char *)answer->text.data);
    story_tell("answer", _("LDAP result "), text);
}

static enum exit_status bind_once(struct link *link, uint8_t id, gss_buffer_t token,
                                  struct answer *answer)
{
    free(answer->memory);
    *answer = (struct answer){.code = 0};
    if (!send_bind(link, id, token) || !read_answer(link, answer))
        return complain(STATUS_TROUBLE, "%s",
                        _("the server closed the connection, was too slow, or does not speak "
                          "LDAP"));
    tell_answer(answer);
    if (answer->code != 0 && answer->code != SASL_BIND_IN_PROGRESS)
        return complain(STATUS_BAD, _("the server refuses the login: result %u, %.*s"),
                        answer->code, (int)answer->text.len, (const char *)answer->text.data);
    return STATUS_OK;
}

static enum exit_status log_in(struct link *link, struct attempt *attempt)
{
    struct answer answer = {.code = SASL_BIND_IN_PROGRESS};
    enum exit_status status = STATUS_OK;

    for (uint8_t id = 1; !status && id <= LEGS_MAX; id++) {
        gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor;

        if (!attempt->complete && (id == 1 || answer.token.len > 0))
            status = attempt_initiate(attempt, answer.token, &out);
        if (status || answer.code == 0)
            id = LEGS_MAX;
        else
            status = bind_once(link, id, &out, &answer);
        gss_release_buffer(&minor, &out);
    }
    if (!status && (answer.code != 0 || !attempt->complete))
        status = complain(STATUS_BAD, "%s", _("the login does not come to an end"));
    if (!status)
        attempt_tell(attempt);
    free(answer.memory);
    return status;
}

enum exit_status try_ldap(const struct url *url, bool verify,
                          const struct attempt_request *request)
{
    const bool tls = strcmp(url->scheme, "ldaps") == 0;
    struct attempt attempt = {.complete = false};
    struct link link;
    enum exit_status status = link_open(&link, url->host,
                                        *url->port ? url->port
                                        : tls      ? "636"
                                                   : "389",
                                        tls, verify);

    if (!status && request->ntlm)
        status =
            complain(STATUS_USAGE, "%s", _("LDAP has Negotiate (GSS-SPNEGO), not NTLM alone"));
    if (!status)
        status = attempt_begin(request, &attempt);
    if (!status) {
        attempt.bindings_len = link.bindings_len;
        memcpy(attempt.bindings, link.bindings, link.bindings_len);
        status = log_in(&link, &attempt);
    }
    attempt_end(&attempt);
    link_close(&link);
    return status;
}
