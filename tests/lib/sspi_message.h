/* SPDX-License-Identifier: MIT */
/* sspi_message.h - a message in the buffers that most callers pass, and what is done to
 * it. One at a time: each takes the place of the one before. */

#ifndef SSPI_MESSAGE_H
#define SSPI_MESSAGE_H

#include <sspi.h>

#define ORDER "Attack at dawn, and bring the ladders."
#define ORDER_SIZE ((ULONG)sizeof(ORDER))

/* TOKEN, DATA, PADDING. */
struct sspi_message {
    BYTE token[128], data[64], padding[16];
    SecBuffer buffers[3];
    SecBufferDesc desc;
};
extern struct sspi_message m;

/* The text with its NUL as data. */
SecBufferDesc *message(const char *text);

/* These fail the test when they fail; decrypt also when another text comes out. */
void encrypt(CtxtHandle *from, const char *text);
void decrypt(CtxtHandle *to, const char *text);
void sign(CtxtHandle *from, const char *text);

SECURITY_STATUS verify(CtxtHandle *to);

#endif
