/* SPDX-License-Identifier: MIT */
/* attack.h - the attacks of a man in the middle, each by its name: what he alters, who
 * finds out, and for which reason. The names are SECURITY's. */

#ifndef ATTACK_H
#define ATTACK_H

#include <stdbool.h>

#include "alter.h"
#include "gss_exchange.h"

/* What carries NTLM's messages. */
enum carrier { RAW, MIT_SPNEGO, OUR_SPNEGO };

/* The answer of a side. */
enum found_by { CLIENT, SERVER, NOBODY };

struct attack {
    const char *name;
    const char *client_settings, *server_settings; /* lines of [ntlmssp]; NULL: none */
    OM_uint32 flags;                               /* what the client asks for */
    const char *client_channel, *server_channel;   /* their channel bindings; NULL: none */
    const char *target;                            /* whom the client means; NULL: the server */
    const char *service; /* the server's name for its credential; NULL: default */
    void (*alter[WIRE_MESSAGES])(struct wire *wire);
    enum found_by found_by;
    enum ntlm_error error;
    /* SPNEGO asks NTLM for integrity on its own account; where that makes another one
     * find out: its error. NTLM_OK: there is no difference. */
    enum found_by found_by_spnego;
    enum ntlm_error error_spnego;
};

extern const struct attack attacks[];
extern const int attack_count;

/* The server that a client of the tests means, if its row names none. */
#define OUR_SERVICE "HTTP@server.test"

#endif
