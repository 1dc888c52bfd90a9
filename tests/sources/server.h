/* SPDX-License-Identifier: MIT */
/* server.h - an SSPI server in a process of its own, for drivers of programs that
 * bring only the client's half of a login: they hand it the program's tokens. It
 * lets in whom the account file in $SERVER_ACCOUNTS has, and who has a ticket for
 * a key in $KRB5_KTNAME. Compile it without -fshort-wchar or with it. */

#ifndef SOURCES_SERVER_H
#define SOURCES_SERVER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Before the program's first call of SSPI. All of them end the driver, with a text,
 * when the server is not there any more. */
void server_start(const char *package);

/* A token from the client. 1: logged in, 0: goes on, -1: refused. *reply is the
 * server's token, for the client; valid until the next call. */
int server_token(const void *token, size_t length, const void **reply, size_t *reply_length);

/* Who logged in, and by which package: "DOMAIN\user by NTLM". Prints it, and ends
 * the driver with 1 when nobody did. */
void server_greet(void);

/* Whether the client's signature of the message is right. */
int server_verifies(const void *message, size_t length, const void *signature,
                    size_t signature_length);

/* The server's signature of the message. */
void server_sign(const void *message, size_t length, const void **signature,
                 size_t *signature_length);

/* A message as SASL's GSSAPI mechanism has it, in one piece: signed and not
 * encrypted from the server, and what one from the client says (NULL: it is no
 * such message). */
void server_wrap(const void *message, size_t length, const void **wrapped,
                 size_t *wrapped_length);
const void *server_unwrap(const void *wrapped, size_t length, size_t *message_length);

#ifdef __cplusplus
}
#endif

#endif
