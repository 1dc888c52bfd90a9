/* SPDX-License-Identifier: MIT */
/* sealed.h - encrypted messages between the two examples, once a security
 * context is established: four bytes of length, the highest first, and what
 * EncryptMessage made. */

#ifndef EXAMPLE_SEALED_H
#define EXAMPLE_SEALED_H

#define SECURITY_WIN32
#include <windows.h>

#include <security.h>

#include "http.h"

#define SEALED_MAX 65536 /* a message is shorter */

/* SEC_E_INTERNAL_ERROR when the connection fails. */
SECURITY_STATUS sealed_send(struct http *http, PCtxtHandle context, const char *text);
SECURITY_STATUS sealed_receive(struct http *http, PCtxtHandle context, char text[SEALED_MAX]);

#endif
