/* SPDX-License-Identifier: MIT */
/* gssapi-client.c - logs in to gssapi-server with Negotiate, sends it an encrypted
 * message and shows the answer. It knows of no mechanism: who logs in, and by Kerberos
 * or NTLM, is the machine's business. */

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frames.h"

static const char usage_text[] =
    "usage: gssapi-client HOST PORT MESSAGE\n"
    "  Logs in to the service host@HOST as whoever the machine says we are.\n";

/* Without these a login is one that nothing protects afterwards. */
static const OM_uint32 needed = GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;

/* 1.3.6.1.5.5.2 */
static unsigned char spnego_arcs[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};
static gss_OID_desc spnego = {sizeof(spnego_arcs), spnego_arcs};

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found, *address;
    int connection = -1;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (address = found; address && connection < 0; address = address->ai_next) {
        connection = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
        if (connect(connection, address->ai_addr, address->ai_addrlen) != 0) {
            close(connection);
            connection = -1;
        }
    }
    freeaddrinfo(found);
    return connection;
}

static bool import_target(const char *host, gss_name_t *target)
{
    OM_uint32 major, minor;
    char name[300];
    gss_buffer_desc text = {0, name};

    text.length = (size_t)snprintf(name, sizeof(name), "host@%s", host);
    major = text.length < sizeof(name)
                ? gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, target)
                : GSS_S_BAD_NAME;
    if (GSS_ERROR(major))
        print_status("gssapi-client", "the host's name", major, minor, GSS_C_NO_OID);
    return !GSS_ERROR(major);
}

/* Tokens in turn, until both sides are content. */
static bool establish(int connection, gss_name_t target, gss_ctx_id_t *context)
{
    gss_buffer_desc received = {0, NULL}, token;
    OM_uint32 major, minor, dropped, flags = 0;
    bool alive = true;

    do {
        major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, context, target, &spnego,
                                     needed | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG, 0,
                                     GSS_C_NO_CHANNEL_BINDINGS, &received, NULL, &token, &flags,
                                     NULL);
        free(received.value);
        received = (gss_buffer_desc){0, NULL};
        if (token.length > 0) /* on failure too: the peer is to know why */
            alive = frame_send(connection, &token);
        gss_release_buffer(&dropped, &token);
        if (GSS_ERROR(major)) {
            print_status("gssapi-client", "the login failed", major, minor, &spnego);
            return false;
        }
        if (major == GSS_S_CONTINUE_NEEDED)
            alive = alive && frame_receive(connection, &received);
    } while (alive && major == GSS_S_CONTINUE_NEEDED);
    free(received.value);
    if (!alive)
        fputs("gssapi-client: the server refuses us\n", stderr);
    else if ((flags & needed) != needed)
        fputs("gssapi-client: there is no encryption with this server\n", stderr);
    return alive && (flags & needed) == needed;
}

static bool converse(int connection, gss_ctx_id_t context, char *message)
{
    gss_buffer_desc text = {strlen(message), message}, sealed, answer = {0, NULL};
    OM_uint32 major, minor, dropped;
    int encrypted = 0;
    bool alive;

    major = gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &text, &encrypted, &sealed);
    if (GSS_ERROR(major)) {
        print_status("gssapi-client", "the message", major, minor, &spnego);
        return false;
    }
    alive = encrypted && frame_send(connection, &sealed) && frame_receive(connection, &answer);
    gss_release_buffer(&dropped, &sealed);
    if (!alive) {
        fputs("gssapi-client: the server does not answer\n", stderr);
        return false;
    }
    major = gss_unwrap(&minor, context, &answer, &text, &encrypted, NULL);
    free(answer.value);
    /* GSS_S_DUPLICATE_TOKEN and its kin are no GSS_ERROR, and no answer either */
    if (major != GSS_S_COMPLETE || !encrypted) {
        print_status("gssapi-client", "the answer", major, minor, &spnego);
        return false;
    }
    printf("%.*s\n", (int)text.length, (const char *)text.value);
    gss_release_buffer(&dropped, &text);
    return true;
}

int main(int argc, char **argv)
{
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t target = GSS_C_NO_NAME;
    OM_uint32 minor;
    int connection;
    bool done;

    if (argc != 4) {
        fputs(usage_text, stderr);
        return EXIT_FAILURE;
    }
    connection = connect_to(argv[1], argv[2]);
    if (connection < 0) {
        fputs("gssapi-client: the server cannot be reached\n", stderr);
        return EXIT_FAILURE;
    }
    done = import_target(argv[1], &target) && establish(connection, target, &context) &&
           converse(connection, context, argv[3]);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
    gss_release_name(&minor, &target);
    close(connection);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
