/* SPDX-License-Identifier: MIT */
/* try_alone.c - a login without any server: the acceptor is in this process, too. */

#include "config.h"

#include <stdlib.h>

#include "translate.h"
#include "try.h"

#define LEGS_MAX 10

enum exit_status try_alone(const struct attempt_request *request)
{
    struct attempt client = {.complete = false}, server = {.brief = request->brief};
    gss_buffer_desc sent = GSS_C_EMPTY_BUFFER, answer = GSS_C_EMPTY_BUFFER;
    enum exit_status status = attempt_begin(request, &client);
    OM_uint32 minor;

    for (int i = 0; !status && i < LEGS_MAX && !(client.complete && server.complete); i++) {
        status = attempt_initiate(&client, ntlm_bytes(answer.value, answer.length), &sent);
        gss_release_buffer(&minor, &answer);
        if (!status && sent.length > 0)
            status = attempt_accept(&server, ntlm_bytes(sent.value, sent.length), &answer);
        gss_release_buffer(&minor, &sent);
    }
    if (!status && !(client.complete && server.complete))
        status = complain(STATUS_BAD, "%s", _("the login does not come to an end"));
    if (!status)
        attempt_tell(&server);
    gss_release_buffer(&minor, &answer);
    attempt_end(&client);
    attempt_end(&server);
    return status;
}
