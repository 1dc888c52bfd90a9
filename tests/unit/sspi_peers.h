/* sspi_peers.h - the two ends of one exchange, behind handles of libsspi. GSSAPI
 * itself makes them, so that a test of what comes after an exchange needs
 * neither credentials nor legs of the library. */

#ifndef SSPI_PEERS_H
#define SSPI_PEERS_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

enum peers_kind {
    PEERS_NTLM,
    PEERS_NTLM_OLD, /* without extended session security */
    PEERS_NEGOTIATE_NTLM,
    PEERS_KERBEROS,     /* AES, RFC 4121 */
    PEERS_KERBEROS_RC4, /* RFC 4757: with padding */
    PEERS_NEGOTIATE_KERBEROS,
    PEERS_KINDS
};

struct peers {
    CtxtHandle client, server;
};

#define PEERS_SEAL (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)
#define PEERS_SEQUENCE (PEERS_SEAL | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)

/* For main, before the tests run: who has an account (NULL ends them). The first
 * peers makes the environment: this module, these accounts of DOMAIN, and
 * Kerberos tickets for the first of them, without a KDC. */
void peers_begin(const char *const *users);

bool peers_is_ntlm(enum peers_kind kind);

/* The server's name; the caller releases it. */
gss_name_t peers_service(enum peers_kind kind);

struct peers peers_make(enum peers_kind kind, OM_uint32 flags);
struct peers peers_make_as(enum peers_kind kind, OM_uint32 flags, const char *user);
void peers_end(struct peers *peers);

#endif
