/* SPDX-License-Identifier: MIT */
/* web_client.c - see web_client.h. Requests are small enough to be sent at once. */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "web_accounts.h"
#include "web_client.h"

#define TOKEN_MAX 4096

struct web_client {
    int descriptor;
    enum web_scheme scheme;
    gss_cred_id_t credential;
    gss_name_t target;
    gss_ctx_id_t context;
    bool complete; /* the context is */
    unsigned requests;
    const char *fault;
    char user[64];
    size_t length; /* of the answer as far as it is here */
    char answer[4 * TOKEN_MAX];
    unsigned char token[3 * TOKEN_MAX]; /* that came last */
};

static const char *connect_fault;

static enum web_outcome broken(struct web_client *client, const char *fault)
{
    client->fault = fault;
    return WEB_BROKEN;
}

/* Without a fault it begins to be connected. */
static const char *begin_connection(int descriptor, unsigned port, unsigned slot)
{
    struct sockaddr_in here = {.sin_family = AF_INET}, there = here;
    int on = 1;

    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + slot % 200);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons((uint16_t)port);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    if (bind(descriptor, (struct sockaddr *)&here, sizeof(here)))
        return "there is no loopback address to connect from";
    if (connect(descriptor, (struct sockaddr *)&there, sizeof(there)) && errno != EINPROGRESS)
        return "there is no connection to the server";
    return NULL;
}

struct web_client *web_client_begin(unsigned port, enum web_scheme scheme,
                                    gss_cred_id_t credential, gss_name_t target, unsigned slot)
{
    struct web_client *client = malloc(sizeof(*client));
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    connect_fault = "there is no memory or descriptor";
    if (client && descriptor >= 0)
        connect_fault = begin_connection(descriptor, port, slot);
    if (connect_fault) {
        if (descriptor >= 0)
            close(descriptor);
        free(client);
        return NULL;
    }
    client->descriptor = descriptor;
    client->scheme = scheme;
    client->credential = credential;
    client->target = target;
    client->context = GSS_C_NO_CONTEXT;
    client->complete = false;
    client->requests = 0;
    client->fault = NULL;
    client->user[0] = '\0';
    client->length = 0;
    return client;
}

static const char *scheme_name(const struct web_client *client)
{
    return client->scheme == WEB_NTLM ? "NTLM" : "Negotiate";
}

/* The next request, with this token if there is one. */
static enum web_outcome request(struct web_client *client, gss_buffer_t token)
{
    char text[256 + 2 * TOKEN_MAX], base64[2 * TOKEN_MAX];
    int length;

    if (token->length > TOKEN_MAX)
        return broken(client, "a token is too large");
    EVP_EncodeBlock((unsigned char *)base64, token->value, (int)token->length);
    length = snprintf(
        text, sizeof(text), "GET /%s/ HTTP/1.1\r\nHost: localhost\r\n%s%s%s%s%s\r\n",
        client->scheme == WEB_OPEN ? "open" : "login", token->length ? "Authorization: " : "",
        token->length ? scheme_name(client) : "", token->length ? " " : "",
        token->length ? base64 : "", token->length ? "\r\n" : "");
    client->requests++;
    client->length = 0;
    if (send(client->descriptor, text, (size_t)length, MSG_NOSIGNAL) != length)
        return broken(client, "a request cannot be sent");
    return WEB_GOES_ON;
}

static OM_uint32 initiate(struct web_client *client, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, major;

    major = gss_init_sec_context(&minor, client->credential, &client->context, client->target,
                                 client->scheme == WEB_NTLM ? &web_ntlm : &web_spnego, 0, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, NULL, NULL);
    client->complete = major == GSS_S_COMPLETE;
    return major;
}

/* The next request of a login, which answers the server's token. */
static enum web_outcome go_on(struct web_client *client, gss_buffer_t in)
{
    gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
    enum web_outcome outcome;
    OM_uint32 minor;

    if (client->scheme != WEB_OPEN && GSS_ERROR(initiate(client, in, &out)))
        outcome = broken(client, "the server's token is refused");
    else
        outcome = request(client, &out);
    gss_release_buffer(&minor, &out);
    return outcome;
}

/* The value of a header of the answer, in which all have their ends; NULL: there is none, or
 * it does not begin so. */
static const char *header(const struct web_client *client, const char *name, const char *begin)
{
    const char *at = client->answer;
    size_t name_length = strlen(name), begin_length = strlen(begin);

    while ((at = strstr(at, "\r\n")) != NULL) {
        at += 2;
        if (strncasecmp(at, name, name_length) == 0 && at[name_length] == ':') {
            const char *value = at + name_length + 1 + strspn(at + name_length + 1, " ");

            if (strncasecmp(value, begin, begin_length) == 0)
                return value + begin_length;
        }
    }
    return NULL;
}

/* Whether the whole answer has come. */
static bool is_whole(const struct web_client *client)
{
    const char *end = strstr(client->answer, "\r\n\r\n");
    const char *length = end ? header(client, "Content-Length", "") : NULL;
    size_t body = length ? strtoul(length, NULL, 10) : 0;

    return end && client->length >= (size_t)(end + 4 - client->answer) + body;
}

/* The token that the server has sent; empty where there is none. */
static gss_buffer_desc server_token(struct web_client *client)
{
    const char *text = header(client, "WWW-Authenticate", scheme_name(client));
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    size_t digits, pad = 0;
    int length;

    if (!text || *text++ != ' ')
        return token;
    digits = strcspn(text, "\r, ");
    while (pad < 2 && pad < digits && text[digits - 1 - pad] == '=')
        pad++;
    length = EVP_DecodeBlock(client->token, (const unsigned char *)text, (int)digits);
    if (length > (int)pad) {
        token.value = client->token;
        token.length = (size_t)length - pad;
    }
    return token;
}

static enum web_outcome let_in(struct web_client *client)
{
    gss_buffer_desc last = GSS_C_EMPTY_BUFFER, none = GSS_C_EMPTY_BUFFER;
    const char *user = header(client, "X-User", "");
    OM_uint32 minor;

    if (user)
        snprintf(client->user, sizeof(client->user), "%.*s", (int)strcspn(user, "\r"), user);
    if (!client->complete) {
        last = server_token(client);
        initiate(client, &last, &none);
        gss_release_buffer(&minor, &none);
    }
    return client->complete ? WEB_LET_IN : broken(client, "a login is not complete");
}

static enum web_outcome answered(struct web_client *client)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    unsigned long status = 0;

    if (strncmp(client->answer, "HTTP/1.1 ", 9) == 0)
        status = strtoul(client->answer + 9, NULL, 10);
    if (client->scheme == WEB_OPEN) {
        if (status != 200)
            return broken(client, "there is no open page");
        return client->requests == 2 ? WEB_LET_IN : request(client, &token);
    }
    if (status == 200 && client->requests > 1)
        return let_in(client);
    if (status != 401)
        return broken(client, "the server's answer is neither yes nor no");
    if (client->requests > 1)
        return WEB_REFUSED;
    token = server_token(client);
    return token.length ? go_on(client, &token) : broken(client, "there is no CHALLENGE");
}

enum web_outcome web_client_step(struct web_client *client)
{
    ssize_t got;

    if (client->requests == 0)
        return go_on(client, GSS_C_NO_BUFFER);
    got = recv(client->descriptor, client->answer + client->length,
               sizeof(client->answer) - 1 - client->length, 0);
    if (got < 0 && errno == EAGAIN)
        return WEB_GOES_ON;
    if (got <= 0)
        return broken(client, "the server has closed the connection");
    client->length += (size_t)got;
    client->answer[client->length] = '\0';
    if (is_whole(client))
        return answered(client);
    return client->length < sizeof(client->answer) - 1
               ? WEB_GOES_ON
               : broken(client, "an answer is too long");
}

int web_client_descriptor(const struct web_client *client)
{
    return client->descriptor;
}

const char *web_client_user(const struct web_client *client)
{
    return client->user;
}

const char *web_client_fault(const struct web_client *client)
{
    return client ? client->fault : connect_fault;
}

void web_client_end(struct web_client *client)
{
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &client->context, GSS_C_NO_BUFFER);
    close(client->descriptor);
    free(client);
}
