/* SPDX-License-Identifier: MIT */
/* door.h - the surroundings of the targets that call the NTLM module's GSSAPI functions
 * themselves: an account file, an environment, and logins by them. The mechglue is not
 * linked: what it would release is released here. */

#ifndef FUZZ_DOOR_H
#define FUZZ_DOOR_H

#include "gss/module.h"
#include "gss/oids.h"
#include "target.h"

#define NTLMSSP oid_out(&oid_ntlmssp)

/* For LLVMFuzzerInitialize: TESTDOM\alice has an account, and logs in where no credential
 * says otherwise. */
void door_begin(void);

/* Buffers over a text or bytes, and as gss_release_buffer and its kin have it. */
gss_buffer_desc door_text(const char *text);
gss_buffer_desc door_bytes(const uint8_t *bytes, size_t len);
void door_release(gss_buffer_t buffer);
void door_release_set(gss_OID_set *set);
void door_release_iov(gss_iov_buffer_desc *iov, int count);

gss_name_t door_name(const char *text, const gss_OID_desc *type);

/* Both ends of a login with these flags, to HTTP@server.test. */
struct door_ends {
    gss_ctx_id_t client, server;
};
void door_log_in(OM_uint32 flags, struct door_ends *ends);
void door_delete(struct door_ends *ends);

#endif
