/* SPDX-License-Identifier: MIT */
/* server_rights.h - as whom a server runs: the ids and capabilities that its thread has
 * before it impersonates. Needs root. */

#ifndef SERVER_RIGHTS_H
#define SERVER_RIGHTS_H

#define SERVERS 4
#define UNABLE_SERVERS 2

/* Each makes the calling thread such a server, for good. */
extern void (*const servers[SERVERS])(void);
/* Those that could not get all of that back. */
extern void (*const unable_servers[UNABLE_SERVERS])(void);

/* In a thread of its own, which is joined. */
void in_thread(void (*act)(void));

#endif
