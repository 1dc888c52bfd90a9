/* sspi_credential_scene.h - credentials of sspi_machine.h's machine, and logins
 * with them. */

#ifndef SSPI_CREDENTIAL_SCENE_H
#define SSPI_CREDENTIAL_SCENE_H

#include "credential.h"
#include "sspi_machine.h"
#include "sspi_words.h"

struct identity *identity_of(struct words words);

/* Takes the identity over. */
struct credential *named(enum package_id package, const char *principal, ULONG use,
                         struct identity *identity);
struct credential *client_of(enum package_id package, struct words words);
struct credential *server_of(enum package_id package);
void let_go(struct credential *credential);

/* Lets the client go. who: NULL when the server is to refuse it. */
void logs_in(struct credential *client, const char *who);

#endif
