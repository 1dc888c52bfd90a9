/* SPDX-License-Identifier: MIT */
/* gssapi-server.c - lets clients in by whatever mechanism they and the machine have, says
 * who each one is, and sends its encrypted message back. One client at a time. */

#include <arpa/inet.h>
#include <gssapi/gssapi.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "frames.h"

static const char usage_text[] = "usage: gssapi-server [PORT]\n"
                                 "  Listens on 127.0.0.1, on a free port if none is named.\n";

static const OM_uint32 needed = GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;

static int listen_on(const char *port, unsigned *bound)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    address.sin_port = htons((unsigned short)(port ? atoi(port) : 0));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return -1;
    *bound = ntohs(address.sin_port);
    return listener;
}

/* Tokens in turn. The default credential takes whatever the machine has. */
static bool establish(int connection, gss_ctx_id_t *context, gss_name_t *client, gss_OID *mech)
{
    OM_uint32 major, minor, dropped, flags = 0;
    gss_buffer_desc received, token;
    bool alive;

    do {
        if (!frame_receive(connection, &received))
            return false;
        gss_release_name(&dropped, client);
        major = gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL, &received,
                                       GSS_C_NO_CHANNEL_BINDINGS, client, mech, &token, &flags,
                                       NULL, NULL);
        free(received.value);
        alive = token.length == 0 || frame_send(connection, &token);
        gss_release_buffer(&dropped, &token);
        if (GSS_ERROR(major)) {
            print_status("gssapi-server", "a client is refused", major, minor, *mech);
            return false;
        }
    } while (alive && major == GSS_S_CONTINUE_NEEDED);
    if (alive && (flags & needed) != needed)
        fputs("gssapi-server: a client asks for no encryption\n", stderr);
    return alive && (flags & needed) == needed;
}

static void tell(gss_name_t client)
{
    gss_buffer_desc name;
    OM_uint32 minor;

    if (GSS_ERROR(gss_display_name(&minor, client, &name, NULL)))
        return;
    printf("%.*s logged in\n", (int)name.length, (const char *)name.value);
    gss_release_buffer(&minor, &name);
}

static void answer(int connection, gss_ctx_id_t context)
{
    gss_buffer_desc message, text = GSS_C_EMPTY_BUFFER, sealed = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    int encrypted = 0;

    if (!frame_receive(connection, &message))
        return;
    major = gss_unwrap(&minor, context, &message, &text, &encrypted, NULL);
    free(message.value);
    if (major == GSS_S_COMPLETE && encrypted)
        major = gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &text, &encrypted, &sealed);
    if (major == GSS_S_COMPLETE && encrypted)
        frame_send(connection, &sealed);
    else
        print_status("gssapi-server", "a message is refused", major, minor, GSS_C_NO_OID);
    gss_release_buffer(&minor, &text);
    gss_release_buffer(&minor, &sealed);
}

static void serve(int connection)
{
    struct timeval patience = {.tv_sec = 30};
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t client = GSS_C_NO_NAME;
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 minor;

    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (establish(connection, &context, &client, &mech)) {
        tell(client);
        answer(connection, context);
    }
    gss_release_name(&minor, &client);
    gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}

int main(int argc, char **argv)
{
    unsigned port;
    int listener, connection;

    if (argc > 2 || (argc == 2 && (atoi(argv[1]) < 1 || atoi(argv[1]) > 65535))) {
        fputs(usage_text, stderr);
        return EXIT_FAILURE;
    }
    listener = listen_on(argc == 2 ? argv[1] : NULL, &port);
    if (listener < 0) {
        perror("gssapi-server: cannot listen");
        return EXIT_FAILURE;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("listening on %u\n", port);
    while ((connection = accept(listener, NULL, NULL)) >= 0) {
        serve(connection);
        close(connection);
    }
    return EXIT_FAILURE;
}
