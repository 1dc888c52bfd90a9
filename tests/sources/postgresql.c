/* SPDX-License-Identifier: MIT */
/* postgresql.c - a connection of libpq, whose fe-auth.c is compiled for SSPI as it
 * is: to as much of a PostgreSQL server as logs in and asks for SSPI, or for GSSAPI; or
 * to a real one, which is asked who logged in.
 *
 *   postgresql sspi|gss
 *   postgresql PORT */

#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "server.h"

/* Authentication requests: frontend and backend protocol 3, message formats. */
enum request { OK = 0, GSS = 7, CONTINUE = 8, SSPI = 9 };

static int listener, request_first;

static void put32(unsigned char *at, uint32_t value)
{
    value = htonl(value);
    memcpy(at, &value, 4);
}

static uint32_t get32(const unsigned char *at)
{
    uint32_t value;

    memcpy(&value, at, 4);
    return ntohl(value);
}

static void send_message(int fd, char type, const void *data, size_t length)
{
    unsigned char head[5] = {(unsigned char)type};

    put32(head + 1, (uint32_t)length + 4);
    if (write(fd, head, 5) != 5 || write(fd, data, length) != (ssize_t)length)
        exit(2);
}

static void ask(int fd, enum request request, const void *data, size_t length)
{
    unsigned char message[65536];

    put32(message, request);
    memcpy(message + 4, data, length);
    send_message(fd, 'R', message, length + 4);
}

static int whole(int fd, unsigned char *at, size_t length)
{
    while (length > 0) {
        ssize_t got = read(fd, at, length);
        if (got <= 0)
            return 0;
        at += got;
        length -= (size_t)got;
    }
    return 1;
}

/* A password message, which has a token in it; its length, 0 when there is none. */
static size_t token_from(int fd, unsigned char token[65536])
{
    unsigned char head[5];

    if (!whole(fd, head, 5) || head[0] != 'p' || get32(head + 1) > 65536 ||
        !whole(fd, token, get32(head + 1) - 4))
        return 0;
    return get32(head + 1) - 4;
}

static int log_in(int fd)
{
    unsigned char token[65536];
    const void *reply;
    size_t length, reply_length;
    int done = 0;

    ask(fd, (enum request)request_first, "", 0);
    while (done == 0 && (length = token_from(fd, token)) > 0) {
        done = server_token(token, length, &reply, &reply_length);
        if (done >= 0 && reply_length > 0)
            ask(fd, CONTINUE, reply, reply_length);
    }
    return done == 1;
}

static void *serve(void *arg)
{
    unsigned char startup[10000];
    int fd = accept(listener, NULL, NULL);

    for (;;) { /* SSL and GSSAPI encryption, which it asks for first, are not there */
        if (!whole(fd, startup, 4) || get32(startup) > sizeof(startup) ||
            !whole(fd, startup + 4, get32(startup) - 4))
            exit(2);
        if (get32(startup + 4) == 3 << 16)
            break;
        if (write(fd, "N", 1) != 1)
            exit(2);
    }
    if (log_in(fd)) {
        ask(fd, OK, "", 0);
        send_message(fd, 'Z', "I", 1);
    } else {
        send_message(fd, 'E', "SFATAL\0C28000\0Mno login\0", 25);
    }
    return arg;
}

static PGconn *connect_to(int port)
{
    char connection[200];
    PGconn *conn;

    snprintf(
        connection, sizeof(connection),
        "host=localhost hostaddr=127.0.0.1 port=%d user=alice dbname=postgres sslmode=disable "
        "gssencmode=disable gsslib=sspi",
        port);
    conn = PQconnectdb(connection);
    if (PQstatus(conn) == CONNECTION_OK)
        return conn;
    fprintf(stderr, "postgresql: %s", PQerrorMessage(conn));
    exit(1);
}

/* The server's view of this connection. */
static int tell(PGconn *conn)
{
    PGresult *result = PQexec(conn, "SELECT current_user || ' is ' || principal "
                                    "FROM pg_stat_gssapi WHERE pid = pg_backend_pid()");
    int told = PQntuples(result) == 1;

    if (told)
        printf("%s\n", PQgetvalue(result, 0, 0));
    else
        fprintf(stderr, "postgresql: %s", PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return !told;
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    pthread_t thread;
    PGconn *conn;

    if (count != 2)
        return 2;
    if (atoi(arguments[1]) > 0)
        return tell(connect_to(atoi(arguments[1])));
    request_first = strcmp(arguments[1], "gss") == 0 ? GSS : SSPI;
    server_start("Negotiate");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (void *)&address, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (void *)&address, &size) != 0)
        return 2;
    pthread_create(&thread, NULL, serve, NULL);
    conn = connect_to(ntohs(address.sin_port));
    server_greet();
    PQfinish(conn);
    return 0;
}
