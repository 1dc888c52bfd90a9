/* SPDX-License-Identifier: MIT */
/* sspi-server.c - an HTTP server that asks for a login with Negotiate, greets
 * by name, and for sspi-client answers encrypted messages. The security part is
 * written as for Windows, in its ANSI form. One credential serves all
 * connections, each in a thread of its own. */

#define SECURITY_WIN32
#include <windows.h>

#include <security.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sealed.h"

static const char usage_text[] =
    "usage: sspi-server [PORT]\n"
    "  Listens on the loopback interface, by default on a free port, and says which.\n"
    "  NTLM lets in whom its account file has, Kerberos whoever has a ticket.\n";

static CredHandle credential;

struct connection {
    struct http http;
    char head[HTTP_HEAD]; /* the request's */
    CtxtHandle context;
    BOOL begun;         /* there is a context */
    BOOL authenticated; /* and it is complete: all that follows is the user's */
    char *user, *package;
};

static void end_context(struct connection *connection)
{
    if (connection->begun)
        DeleteSecurityContext(&connection->context);
    FreeContextBuffer(connection->user);
    free(connection->package);
    connection->user = connection->package = NULL;
    connection->begun = connection->authenticated = FALSE;
}

/* Status line, the header with a token for the client (NULL: none) and a body
 * (NULL: what follows is no HTTP). */
static BOOL respond(struct connection *connection, const char *status, const char *challenge,
                    const char *body)
{
    char *head = NULL, *length = NULL;
    BOOL sent = FALSE;

    if (body && asprintf(&length, "Content-Type: text/plain\r\nContent-Length: %zu\r\n",
                         strlen(body)) < 0)
        return FALSE;
    if (asprintf(&head, "HTTP/1.1 %s\r\n%s%s%s%s\r\n%s", status,
                 challenge ? "WWW-Authenticate: " : "", challenge ? challenge : "",
                 challenge ? "\r\n" : "",
                 body ? length : "Connection: Upgrade\r\nUpgrade: sspi-messages\r\n",
                 body ? body : "") >= 0)
        sent = http_send_text(&connection->http, head);
    free(head);
    free(length);
    return sent;
}

/* Who came, and with which package. */
static SECURITY_STATUS learn_user(struct connection *connection)
{
    SecPkgContext_Names names;
    SecPkgContext_NegotiationInfo info;
    SECURITY_STATUS status;

    status = QueryContextAttributes(&connection->context, SECPKG_ATTR_NAMES, &names);
    if (status != SEC_E_OK)
        return status;
    connection->user = names.sUserName;
    status = QueryContextAttributes(&connection->context, SECPKG_ATTR_NEGOTIATION_INFO, &info);
    if (status != SEC_E_OK)
        return status;
    connection->package = strdup(info.PackageInfo->Name);
    FreeContextBuffer(info.PackageInfo);
    return connection->package ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

/* One call. *challenge becomes the header's value, malloc'd; NULL for none. */
static SECURITY_STATUS step(struct connection *connection, void *token, size_t length,
                            char **challenge)
{
    SecBuffer in = {(ULONG)length, SECBUFFER_TOKEN, token}, out = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    SECURITY_STATUS status;
    ULONG attributes;
    TimeStamp expiry;
    char *text;

    status = AcceptSecurityContext(&credential, connection->begun ? &connection->context : NULL,
                                   &input, ASC_REQ_CONFIDENTIALITY | ASC_REQ_ALLOCATE_MEMORY,
                                   SECURITY_NATIVE_DREP, &connection->context, &output,
                                   &attributes, &expiry);
    if (!FAILED(status))
        connection->begun = TRUE;
    if (!FAILED(status) && out.cbBuffer > 0) {
        text = http_encode(out.pvBuffer, out.cbBuffer);
        if (!text || asprintf(challenge, "Negotiate %s", text) < 0)
            *challenge = NULL;
        free(text);
    }
    FreeContextBuffer(out.pvBuffer);
    return status;
}

/* What the request's Authorization header brings. */
static SECURITY_STATUS authenticate(struct connection *connection, const char *authorization,
                                    char **challenge)
{
    SECURITY_STATUS status = SEC_E_INVALID_TOKEN;
    size_t length = 0;
    void *token = http_decode(authorization, &length);

    if (connection->authenticated) /* somebody else comes on this connection */
        end_context(connection);
    if (token)
        status = step(connection, token, length, challenge);
    free(token);
    if (status == SEC_E_OK)
        status = learn_user(connection);
    connection->authenticated = status == SEC_E_OK;
    if (connection->authenticated)
        printf("%s logged in with %s\n", connection->user, connection->package);
    else if (FAILED(status))
        printf("a login failed (status %#010x)\n", (unsigned)status);
    fflush(stdout);
    return status;
}

/* The protocol after the upgrade: each message is answered. */
static void answer_messages(struct connection *connection)
{
    static const char format[] = "%s said: %s";
    char *text = malloc(SEALED_MAX), *answer = NULL;

    while (text && sealed_receive(&connection->http, &connection->context, text) == SEC_E_OK &&
           asprintf(&answer, format, connection->user, text) >= 0) {
        SECURITY_STATUS status = sealed_send(&connection->http, &connection->context, answer);

        free(answer);
        answer = NULL;
        if (status != SEC_E_OK)
            break;
    }
    free(text);
}

/* FALSE: the connection is over. */
static BOOL greet(struct connection *connection, const char *challenge)
{
    char *page = NULL;
    BOOL sent = FALSE;

    if (http_header(connection->head, "Upgrade", "sspi-messages")) {
        if (respond(connection, "101 Switching Protocols", challenge, NULL))
            answer_messages(connection);
        return FALSE;
    }
    if (asprintf(&page, "Welcome, %s. You came by %s.\n", connection->user,
                 connection->package) >= 0)
        sent = respond(connection, "200 OK", challenge, page);
    free(page);
    return sent;
}

static BOOL serve_request(struct connection *connection)
{
    const char *authorization = http_header(connection->head, "Authorization", "Negotiate ");
    SECURITY_STATUS status = connection->authenticated ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    char *challenge = NULL;
    BOOL more;

    if ((http_header(connection->head, "Content-Length", "") ||
         http_header(connection->head, "Transfer-Encoding", "")) &&
        !http_receive_body(&connection->http, connection->head, NULL))
        return FALSE;
    if (authorization)
        status = authenticate(connection, authorization, &challenge);
    if (status == SEC_E_OK) {
        more = greet(connection, challenge);
    } else {
        more = respond(connection, "401 Unauthorized", challenge ? challenge : "Negotiate",
                       "Who are you?\n");
        if (FAILED(status))
            end_context(connection);
    }
    free(challenge);
    return more;
}

static void *serve(void *argument)
{
    struct connection *connection = argument;

    while (http_receive_head(&connection->http, connection->head) && serve_request(connection))
        continue;
    end_context(connection);
    close(connection->http.socket);
    free(connection);
    return NULL;
}

/* -1 when it cannot be. */
static int listen_on(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    printf("listening on http://localhost:%u/\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void start_connection(int socket)
{
    const struct timeval patience = {.tv_sec = 30};
    struct connection *connection = calloc(1, sizeof(*connection));
    pthread_t thread;

    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connection) {
        connection->http.socket = socket;
        if (pthread_create(&thread, NULL, serve, connection) == 0) {
            pthread_detach(thread);
            return;
        }
    }
    free(connection);
    close(socket);
}

int main(int argc, char **argv)
{
    SECURITY_STATUS status;
    TimeStamp expiry;
    int listener, socket;

    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        fputs(usage_text, stderr);
        return EXIT_FAILURE;
    }
    status = AcquireCredentialsHandle(NULL, (LPSTR)NEGOSSP_NAME, SECPKG_CRED_INBOUND, NULL,
                                      NULL, NULL, NULL, &credential, &expiry);
    if (status != SEC_E_OK) {
        fprintf(stderr, "sspi-server: there is nobody to let in (status %#010x)\n",
                (unsigned)status);
        return EXIT_FAILURE;
    }
    listener = listen_on(argc == 2 ? argv[1] : "0");
    if (listener < 0) {
        perror("sspi-server");
        return EXIT_FAILURE;
    }
    while ((socket = accept(listener, NULL, NULL)) >= 0)
        start_connection(socket);
    perror("sspi-server");
    FreeCredentialsHandle(&credential);
    return EXIT_FAILURE;
}
