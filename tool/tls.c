/* SPDX-License-Identifier: MIT */
/* tls.c - TLS on a link, with OpenSSL, and the channel bindings that follow from it. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "link.h"
#include "translate.h"

#define BINDINGS_PREFIX "tls-server-end-point:"

static enum exit_status complain_of_tls(const char *host, SSL *tls)
{
    long verified = tls ? SSL_get_verify_result(tls) : X509_V_OK;
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    if (verified != X509_V_OK)
        return complain(STATUS_TROUBLE, _("TLS with %s: %s (--insecure goes on all the same)"),
                        host, X509_verify_cert_error_string(verified));
    return complain(STATUS_TROUBLE, _("TLS with %s: %s"), host,
                    reason ? reason : _("the connection was lost"));
}

/* RFC 5929 4.1: the certificate's hash, by its signature's own digest, but SHA-256 for
 * MD5 and SHA-1. */
static void find_bindings(struct link *link, SSL *tls)
{
    X509 *certificate = SSL_get1_peer_certificate(tls);
    const size_t prefix = strlen(BINDINGS_PREFIX);
    int digest = NID_undef, key;
    const EVP_MD *hash;
    unsigned len = 0;

    if (!certificate)
        return;
    OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, &key);
    if (digest == NID_undef || digest == NID_md5 || digest == NID_sha1)
        digest = NID_sha256;
    hash = EVP_get_digestbynid(digest);
    memcpy(link->bindings, BINDINGS_PREFIX, prefix);
    if (hash && X509_digest(certificate, hash, link->bindings + prefix, &len))
        link->bindings_len = prefix + len;
    X509_free(certificate);
}

static bool set_up(SSL *tls, const char *host, bool verify)
{
    char name[256]; /* OpenSSL's macro takes no const one */

    if (snprintf(name, sizeof(name), "%s", host) >= (int)sizeof(name) ||
        SSL_set_tlsext_host_name(tls, name) != 1)
        return false;
    if (!verify)
        return true;
    SSL_set_verify(tls, SSL_VERIFY_PEER, NULL);
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1 ||
           SSL_set1_host(tls, host) == 1;
}

enum exit_status tls_open(struct link *link, const char *host, bool verify)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = context ? SSL_new(context) : NULL;

    if (context)
        SSL_CTX_set_default_verify_paths(context);
    if (tls)
        SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_free(context); /* counted */
    if (!tls || !set_up(tls, host, verify) || SSL_set_fd(tls, link->fd) != 1 ||
        SSL_connect(tls) != 1) {
        enum exit_status status = complain_of_tls(host, tls);
        SSL_free(tls);
        return status;
    }
    link->tls = tls;
    find_bindings(link, tls);
    return STATUS_OK;
}

long tls_read(struct link *link, void *data, size_t len)
{
    return SSL_read(link->tls, data, (int)len);
}

long tls_write(struct link *link, const void *data, size_t len)
{
    return SSL_write(link->tls, data, (int)(len > 16384 ? 16384 : len));
}

void tls_close(struct link *link)
{
    SSL_shutdown(link->tls);
    SSL_free(link->tls);
    link->tls = NULL;
}
