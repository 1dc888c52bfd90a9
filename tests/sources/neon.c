/* SPDX-License-Identifier: MIT */
/* neon.c - gets a page with neon, which logs in to the server by SSPI.
 *
 *   neon negotiate|ntlm HOST PORT PATH */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ne_auth.h>
#include <ne_request.h>
#include <ne_session.h>
#include <ne_socket.h>

/* On Windows ne_sock_init does it. */
extern int ne_sspi_init(void);

static int write_page(void *stream, const char *data, size_t length)
{
    fwrite(data, 1, length, stream);
    return 0;
}

/* It logs in as who runs it. */
static int no_password(void *arg, const char *realm, int attempt, char *user, char *password)
{
    (void)arg, (void)realm, (void)attempt, (void)user, (void)password;
    return 1;
}

int main(int count, char **arguments)
{
    ne_session *session;
    ne_request *request;
    int result;

    if (count != 5 || ne_sock_init() || ne_sspi_init())
        return 2;
    session = ne_session_create("http", arguments[2], (unsigned)atoi(arguments[3]));
    ne_add_server_auth(session, strcmp(arguments[1], "ntlm") == 0 ? NE_AUTH_NTLM : NE_AUTH_SSPI,
                       no_password, NULL);
    request = ne_request_create(session, "GET", arguments[4]);
    ne_add_response_body_reader(request, ne_accept_2xx, write_page, stdout);
    result = ne_request_dispatch(request);
    if (result == NE_OK && ne_get_status(request)->code != 200)
        result = NE_ERROR;
    if (result != NE_OK)
        fprintf(stderr, "neon: %d: %s\n", ne_get_status(request)->code, ne_get_error(session));
    ne_request_destroy(request);
    ne_session_destroy(session);
    ne_sock_exit();
    return result != NE_OK;
}
