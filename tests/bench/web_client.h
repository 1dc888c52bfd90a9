/* SPDX-License-Identifier: MIT */
/* web_client.h - one login over one connection to a web server, step by step, for an event
 * loop. It knows nothing of who may log in. */

#ifndef WEB_CLIENT_H
#define WEB_CLIENT_H

#include <gssapi/gssapi.h>

/* What a server is asked for: WEB_OPEN is a page for anybody, asked for twice, as often as a
 * login asks. */
enum web_scheme { WEB_OPEN, WEB_NTLM, WEB_NEGOTIATE };

enum web_outcome {
    WEB_GOES_ON, /* wait until the descriptor can be read */
    WEB_LET_IN,  /* by the name that web_client_user gives */
    WEB_REFUSED, /* the server has refused the login */
    WEB_BROKEN   /* no answer that makes sense, or no connection; web_client_fault says which */
};

struct web_client;

/* A connection to 127.0.0.1:port, from one of 200 addresses of the loopback, so that its ports
 * do not run out; no process knows it but this one. NULL: web_client_fault(NULL) says why.
 * The credential remains the caller's. */
struct web_client *web_client_begin(unsigned port, enum web_scheme scheme,
                                    gss_cred_id_t credential, gss_name_t target, unsigned slot);

int web_client_descriptor(const struct web_client *client);

/* After the descriptor can be read; the first time, when it can be written. */
enum web_outcome web_client_step(struct web_client *client);

/* Of WEB_LET_IN: the name by which the server knows the user, "" where it told none. */
const char *web_client_user(const struct web_client *client);

/* Of WEB_BROKEN. */
const char *web_client_fault(const struct web_client *client);

void web_client_end(struct web_client *client);

#endif
