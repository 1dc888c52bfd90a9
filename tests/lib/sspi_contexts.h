/* SPDX-License-Identifier: MIT */
/* sspi_contexts.h - the two ends of one exchange, behind handles of libsspi. GSSAPI
 * itself makes them, so that a test of what comes after an exchange needs
 * neither credentials nor calls of the library. */

#ifndef SSPI_CONTEXTS_H
#define SSPI_CONTEXTS_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

enum contexts_kind {
    CONTEXTS_NTLM,
    CONTEXTS_NTLM_OLD, /* without extended session security */
    CONTEXTS_NEGOTIATE_NTLM,
    CONTEXTS_KERBEROS,     /* AES, RFC 4121 */
    CONTEXTS_KERBEROS_RC4, /* RFC 4757: with padding */
    CONTEXTS_NEGOTIATE_KERBEROS,
    CONTEXTS_KINDS
};

struct contexts {
    CtxtHandle client, server;
};

#define CONTEXTS_SEAL (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)
#define CONTEXTS_SEQUENCE (CONTEXTS_SEAL | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)

/* For main, before the tests run: who has an account (NULL ends them). The first
 * contexts makes the environment: this module, these accounts of DOMAIN, and
 * Kerberos tickets for the first of them, without a KDC. */
void contexts_begin(const char *const *users);

bool contexts_is_ntlm(enum contexts_kind kind);

/* The server's name; the caller releases it. */
gss_name_t contexts_service(enum contexts_kind kind);

struct contexts contexts_make(enum contexts_kind kind, OM_uint32 flags);
struct contexts contexts_make_as(enum contexts_kind kind, OM_uint32 flags, const char *user);
void contexts_end(struct contexts *contexts);

#endif
