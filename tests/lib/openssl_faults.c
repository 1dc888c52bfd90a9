/* SPDX-License-Identifier: MIT */
/* openssl_faults.c - OpenSSL's functions that the project calls, as far as they can
 * fail. hostile_openssl_fault_test looks whether one is missing here. */

#include "config.h"

#include "faults.h"

#include <errno.h>
#include <string.h>

/* They all answer 0 or NULL when they fail. */
#define OPENSSL_CALLS(X)                                                                       \
    X(CONF_get1_default_config_file)                                                           \
    X(EVP_CIPHER_CTX_new)                                                                      \
    X(EVP_CIPHER_CTX_set_padding)                                                              \
    X(EVP_CIPHER_fetch)                                                                        \
    X(EVP_DigestFinal_ex)                                                                      \
    X(EVP_DigestInit_ex2)                                                                      \
    X(EVP_DigestUpdate)                                                                        \
    X(EVP_EncryptInit_ex2)                                                                     \
    X(EVP_EncryptUpdate)                                                                       \
    X(EVP_MD_CTX_new)                                                                          \
    X(EVP_MD_fetch)                                                                            \
    X(EVP_set_default_properties)                                                              \
    X(MD5_Final)                                                                               \
    X(MD5_Init)                                                                                \
    X(MD5_Update)                                                                              \
    X(NCONF_get_string)                                                                        \
    X(NCONF_load)                                                                              \
    X(NCONF_new)                                                                               \
    X(OSSL_LIB_CTX_new)                                                                        \
    X(OSSL_PROVIDER_load)

#define BEFORE(name) FAULT_BEFORE(FAULT_OPENSSL, name, 0, errno = ENOMEM)
OPENSSL_CALLS(BEFORE)

/* The command's, with what each answers when it fails. */
#define COMMAND_CALLS(X)                                                                       \
    X(ERR_reason_error_string, 0)                                                              \
    X(EVP_get_digestbyname, 0)                                                                 \
    X(OBJ_find_sigid_algs, 0)                                                                  \
    X(OBJ_nid2sn, 0)                                                                           \
    X(SSL_CTX_new, 0)                                                                          \
    X(SSL_CTX_set_default_verify_paths, 0)                                                     \
    X(SSL_connect, -1)                                                                         \
    X(SSL_ctrl, 0)                                                                             \
    X(SSL_get1_peer_certificate, 0)                                                            \
    X(SSL_get_verify_result, 1)                                                                \
    X(SSL_new, 0)                                                                              \
    X(SSL_read, -1)                                                                            \
    X(SSL_set1_host, 0)                                                                        \
    X(SSL_set_fd, 0)                                                                           \
    X(SSL_shutdown, -1)                                                                        \
    X(SSL_write, -1)                                                                           \
    X(X509_VERIFY_PARAM_set1_ip_asc, 0)                                                        \
    X(X509_digest, 0)                                                                          \
    X(X509_get_signature_nid, 0)

#define BEFORE_COMMAND(name, failure) FAULT_BEFORE(FAULT_OPENSSL, name, failure, errno = EIO)
COMMAND_CALLS(BEFORE_COMMAND)

/* Nothing that they answer is a failure. */
static const char *const infallible[] = {"CRYPTO_free",
                                         "ERR_peek_last_error",
                                         "ERR_pop_to_mark",
                                         "ERR_set_mark",
                                         "EVP_CIPHER_CTX_free",
                                         "EVP_CIPHER_free",
                                         "EVP_MD_CTX_free",
                                         "EVP_MD_free",
                                         "EVP_default_properties_is_fips_enabled",
                                         "NCONF_free",
                                         "OSSL_LIB_CTX_free",
                                         "OSSL_PROVIDER_unload",
                                         "RC4",
                                         "RC4_set_key",
                                         "SSL_CTX_free",
                                         "SSL_CTX_set_options",
                                         "SSL_free",
                                         "SSL_get0_param",
                                         "SSL_set_verify",
                                         "TLS_client_method",
                                         "X509_free",
                                         "X509_verify_cert_error_string"};

bool fault_knows_openssl(const char *name)
{
#define NAME(name) #name,
#define COMMAND_NAME(name, failure) #name,
    static const char *const fallible[] = {OPENSSL_CALLS(NAME) COMMAND_CALLS(COMMAND_NAME)};

    for (size_t i = 0; i < sizeof(fallible) / sizeof(fallible[0]); i++)
        if (strcmp(name, fallible[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof(infallible) / sizeof(infallible[0]); i++)
        if (strcmp(name, infallible[i]) == 0)
            return true;
    return false;
}
