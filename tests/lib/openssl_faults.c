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
                                         "RC4_set_key"};

bool fault_knows_openssl(const char *name)
{
#define NAME(name) #name,
    static const char *const fallible[] = {OPENSSL_CALLS(NAME)};

    for (size_t i = 0; i < sizeof(fallible) / sizeof(fallible[0]); i++)
        if (strcmp(name, fallible[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof(infallible) / sizeof(infallible[0]); i++)
        if (strcmp(name, infallible[i]) == 0)
            return true;
    return false;
}
