/* SPDX-License-Identifier: MIT */
/* fips.c - see fips.h. */

#include "config.h"

#include "fips.h"

#include <openssl/conf.h>
#include <openssl/conferr.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <strings.h>

#include "algorithms.h"

/* What there is to know, when it is known. Threads that do not know it yet may all find
 * out: so there is no lock that a fork could leave taken. */
enum known { UNKNOWN, OFF, ON };
static _Atomic enum known known;

/* Whether these default properties, by OpenSSL's own reading, ask for FIPS. */
static enum ntlm_error ask_properties(const char *properties, bool *on)
{
    OSSL_LIB_CTX *libctx = OSSL_LIB_CTX_new();
    enum ntlm_error error = libctx ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;

    if (!error && EVP_set_default_properties(libctx, properties))
        *on = EVP_default_properties_is_fips_enabled(libctx);
    else if (!error)
        error = ntlm_openssl_error(NTLM_ERR_FIPS_MODE_UNKNOWN);
    OSSL_LIB_CTX_free(libctx);
    return error;
}

/* A value of the configuration; NULL: it has none. */
static enum ntlm_error get(const CONF *conf, const char *section, const char *name,
                           const char **value)
{
    *value = NCONF_get_string(conf, section, name);
    if (*value || ERR_GET_REASON(ERR_peek_last_error()) == CONF_R_NO_VALUE)
        return NTLM_OK;
    return ntlm_openssl_error(NTLM_ERR_FIPS_MODE_UNKNOWN);
}

/* As OpenSSL reads a boolean there. */
static bool is_true(const char *mode)
{
    return *mode == 'y' || *mode == 'Y' || *mode == 't' || *mode == 'T' || *mode == '1' ||
           strcasecmp(mode, "on") == 0;
}

/* As OpenSSL's own modules find them: "openssl_conf" names a section, "alg_section" in it
 * another one, with "default_properties" and the older "fips_mode". */
static enum ntlm_error ask_configuration(const CONF *conf, bool *on)
{
    const char *init, *section = NULL, *properties = NULL, *mode = NULL;
    enum ntlm_error error = get(conf, NULL, "openssl_conf", &init);

    if (!error && init)
        error = get(conf, init, "alg_section", &section);
    if (!error && section)
        error = get(conf, section, "default_properties", &properties);
    if (!error && section)
        error = get(conf, section, "fips_mode", &mode);
    *on = !error && mode && is_true(mode);
    return error || *on || !properties ? error : ask_properties(properties, on);
}

/* OpenSSL itself goes on without a configuration that it cannot read, and with that without
 * what an administrator wrote there. */
static enum ntlm_error look(bool *on)
{
    char *path = CONF_get1_default_config_file();
    CONF *conf = path ? NCONF_new(NULL) : NULL;
    enum ntlm_error error = conf ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
    long line;

    *on = false;
    if (!error && NCONF_load(conf, path, &line) > 0)
        error = ask_configuration(conf, on);
    else if (!error && ERR_GET_REASON(ERR_peek_last_error()) != CONF_R_NO_SUCH_FILE)
        error = ntlm_openssl_error(NTLM_ERR_FIPS_MODE_UNKNOWN);
    NCONF_free(conf);
    OPENSSL_free(path);
    return error;
}

enum ntlm_error ntlm_fips_mode(bool *on)
{
    enum ntlm_error error = NTLM_OK;
    enum known answer = atomic_load(&known);

    *on = answer == ON;
    if (answer != UNKNOWN)
        return NTLM_OK;
    ERR_set_mark(); /* the queue is the program's, as in algorithms.c */
    error = look(on);
    ERR_pop_to_mark();
    if (!error)
        atomic_store(&known, *on ? ON : OFF);
    return error;
}
