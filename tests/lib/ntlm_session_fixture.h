/* SPDX-License-Identifier: MIT */
/* ntlm_session_fixture.h - the two ends of a protected connection, and messages
 * between them, for the tests of session.c. */

#ifndef NTLM_SESSION_FIXTURE_H
#define NTLM_SESSION_FIXTURE_H

#include "ntlm/flags.h"
#include "ntlm/session.h"

#define SIGN NTLMSSP_NEGOTIATE_SIGN
#define SEAL NTLMSSP_NEGOTIATE_SEAL
#define ALWAYS_SIGN NTLMSSP_NEGOTIATE_ALWAYS_SIGN
#define ESS NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY
#define KEY_EXCH NTLMSSP_NEGOTIATE_KEY_EXCH
#define LM_KEY NTLMSSP_NEGOTIATE_LM_KEY
#define DATAGRAM NTLMSSP_NEGOTIATE_DATAGRAM
#define B128 NTLMSSP_NEGOTIATE_128
#define B56 NTLMSSP_NEGOTIATE_56

/* Every combination of protection, key length and the flags that change them;
 * a looped test's number gives one. */
#define MODES (3 * 2 * 2 * 2 * 2)
uint32_t mode(int number);

extern struct ntlm_session *client, *server;
void open_both(uint32_t flags);
void close_both(void);

/* A message of up to four pieces; those that begin with a capital letter are
 * signed only. Afterwards data is what went over the wire. */
#define MAX_PIECES 4
#define ROOM 64
struct message {
    const char *pieces[MAX_PIECES];
    uint8_t data[ROOM], signature[NTLM_SIGNATURE_SIZE];
    size_t len; /* of data */
};

/* Messages of every form: encrypted, signed, empty, of no pieces at all. */
#define SHAPES 6
extern const struct message shapes[SHAPES];

/* Seals in place. Fails the test when it cannot. */
struct message seal(struct ntlm_session *from, const struct message *shape);
struct message seal_text(struct ntlm_session *from, const char *piece);

/* Unseals a copy, so that the message can be used again. `plain`, unless
 * NULL, is what came out. */
enum ntlm_error unseal(struct ntlm_session *to, const struct message *message,
                       struct ntlm_order *order, uint8_t plain[ROOM]);

/* Unseals a message that has to be in order and verified, and looks at what
 * came out. */
void assert_arrives(struct ntlm_session *to, const struct message *message);

/* Unseals the message with each bit of one of its bytes altered; each must be
 * refused, and the message left as it came. */
void assert_refused(struct ntlm_session *to, struct message *message, uint8_t *byte);

/* Sends each shape from client to server and back. */
void converse(void);

#endif
