/* SPDX-License-Identifier: MIT */
/* mongo-c-driver.c - a login by the MongoDB driver's mongoc-sspi.c, which is compiled
 * as it is, in the steps in which its mongoc-cluster-sspi.c takes them. */

#include <mongoc-log.h>
#include <mongoc-sspi-private.h>

#include <stdio.h>
#include <stdlib.h>

#include "beside.h"
#include "server.h"

static mongoc_sspi_client_state_t state;

static void die(const char *what)
{
    fprintf(stderr, "mongo-c-driver: %s\n", what);
    exit(1);
}

void mongoc_log(mongoc_log_level_t level, const char *domain, const char *format, ...)
{
    va_list args;

    (void)level;
    fprintf(stderr, "%s: ", domain);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
}

/* The driver's payloads are base64. */
static char *encode(const void *data, size_t length)
{
    DWORD size;
    char *text;

    CryptBinaryToStringA(data, (DWORD)length, CRYPT_STRING_BASE64, NULL, &size);
    text = malloc(size);
    CryptBinaryToStringA(data, (DWORD)length, CRYPT_STRING_BASE64, text, &size);
    return text;
}

static size_t decode_response(char data[65536])
{
    DWORD length = 65536;

    if (!state.response)
        return 0;
    CryptStringToBinaryA(state.response, 0, CRYPT_STRING_BASE64, (BYTE *)data, &length, NULL,
                         NULL);
    return length;
}

static void log_in(void)
{
    static char token[65536];
    char *challenge = NULL;
    int done = 0, result = MONGOC_SSPI_AUTH_GSS_CONTINUE;
    const void *reply;
    size_t length;

    while (result == MONGOC_SSPI_AUTH_GSS_CONTINUE) {
        result = _mongoc_sspi_auth_sspi_client_step(&state, challenge);
        if (result == MONGOC_SSPI_AUTH_GSS_ERROR || done < 0)
            die("no login");
        free(challenge);
        challenge = NULL;
        length = decode_response(token);
        if (!done) {
            done = server_token(token, length, &reply, &length);
            challenge = encode(reply, length);
        }
    }
    free(challenge);
    if (done != 1)
        die("the server is not done");
}

static void choose_no_layer(void)
{
    static const char layers[4] = {1, 0, 0, 0};
    static char token[65536];
    char *challenge, *offered;
    const void *reply;
    const char *chosen;
    size_t length;

    server_wrap(layers, sizeof(layers), &reply, &length);
    challenge = encode(reply, length);
    if (_mongoc_sspi_auth_sspi_client_unwrap(&state, challenge) !=
        MONGOC_SSPI_AUTH_GSS_COMPLETE)
        die("the server's layers are not understood");
    offered = strdup(state.response);
    if (_mongoc_sspi_auth_sspi_client_wrap(&state, offered, "alice", 5, 0) !=
        MONGOC_SSPI_AUTH_GSS_COMPLETE)
        die("no layer is chosen");
    length = decode_response(token);
    chosen = server_unwrap(token, length, &length);
    if (!chosen || length != 9 || chosen[0] != 1)
        die("the choice of a layer is wrong");
    printf("user %.5s of %s\n", chosen + 4, state.username);
    free(challenge);
    free(offered);
}

int main(void)
{
    WCHAR service[] = L"HTTP@localhost";

    server_start("Kerberos");
    if (_mongoc_sspi_auth_sspi_client_init(service, ISC_REQ_MUTUAL_AUTH, NULL, 0, NULL, 0, NULL,
                                           0, &state) == MONGOC_SSPI_AUTH_GSS_ERROR)
        die("no credential");
    log_in();
    choose_no_layer();
    server_greet();
    _mongoc_sspi_destroy_sspi_client_state(&state);
    return 0;
}
